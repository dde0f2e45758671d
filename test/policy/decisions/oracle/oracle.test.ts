/** The engine against an oracle that shares nothing with it, on random registers and random questions. */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foresee } from '../../../../policy/decisions/deciding/decide.ts';
import { keepRules } from '../../../../policy/decisions/rules/compile.ts';
import { type Built, buildRegister } from './build.ts';
import { expectedAnswer, worldAt } from './naive_decision.ts';
import { type QuestionPlan, questionPlan, registerPlan } from './plan.ts';
import { openedFor, poseQuestion } from './pose_question.ts';
import { inMemory } from '../../../support/policy/decisions.ts';

const registers = Number(process.env.ORACLE_REGISTERS ?? 400);
const questions = 250;

describe('the engine and the oracle', () => {
  it(`agree on ${registers * questions} random pairs of a register and a question`, async () => {
    const tally = { permitted: 0, refused: 0, inForce: 0, overridden: 0 };
    await fc.assert(
      fc.asyncProperty(
        registerPlan,
        fc.array(questionPlan, { minLength: questions, maxLength: questions }),
        async (plan, asked) => {
          const built = await buildRegister(plan);
          await compare(built, asked, tally);
        },
      ),
      {
        numRuns: registers,
        ...(process.env.ORACLE_SEED && { seed: Number(process.env.ORACLE_SEED) }),
        // Two hundred questions are shown as the one that differs, never shrunk.
        endOnFailure: true,
        reporter: ({ failed, seed, errorInstance, counterexamplePath }) => {
          if (failed) throw new Error(`seed ${seed}, path ${counterexamplePath}`, { cause: errorInstance });
        },
      },
    );
    // Worlds in which nothing is ever permitted would agree on everything and show nothing.
    expect(tally.permitted).toBeGreaterThan((registers * questions) / 100);
    expect(tally.inForce).toBeGreaterThan(registers / 2);
    expect(tally.overridden).toBeGreaterThan(registers / 20);
  }, 600_000);
});

async function compare(built: Built, asked: QuestionPlan[], tally: Record<string, number>): Promise<void> {
  const state = await built.federation.state(built.now);
  const world = worldAt(built.chain, built.now);
  const inForce = [...state.protocols.values()].filter(({ status }) => status === 'in-force').map(({ hash }) => hash);
  expect([...inForce].sort()).toEqual([...world.inForce].sort());
  tally.inForce! += inForce.length;
  const rules = keepRules();
  for (const plan of asked) {
    const { question, partner, presences } = poseQuestion(built, plan);
    const context = {
      ...inMemory({
        state,
        now: built.now,
        partners: [partner],
        presences,
        standings: question.standing ? [question.standing] : [],
        consents: [...question.consents],
        involvements: [...question.involvements],
      }),
      rules,
    };
    if (question.resumed !== undefined)
      context.opened.push(openedFor(plan, question.resumed, question.request, built.now));
    const { decision } = await foresee(context, question.request, {
      clientId: partner.clientId,
      plain: plan.plain,
      alone: plan.alone,
    });
    const got = {
      decision: decision.decision,
      overridden: decision.reason.code === 'permitted-by-override',
      fields: decision.fields,
      clauses: decision.decision ? decision.clauses.map(({ hash, clause }) => `${hash} ${clause}`).sort() : [],
      obligations: decision.obligations.map(({ id }) => id).sort(),
    };
    const { reasons, ...rest } = expectedAnswer(world, question);
    // The plan stands in both, so that a difference shows what was asked.
    if (!isDeepStrictEqual(got, rest)) expect({ plan, ...got }).toEqual({ plan, ...rest });
    for (const { field, reason } of decision.withheld) {
      if (reasons.get(field)?.has(reason) === true) continue;
      expect({ plan, field, reasons: [...(reasons.get(field) ?? [])] }).toEqual({
        plan,
        field,
        reasons: expect.arrayContaining([reason]),
      });
    }
    if (got.overridden) tally.overridden! += 1;
    tally[decision.decision ? 'permitted' : 'refused']! += 1;
  }
}
