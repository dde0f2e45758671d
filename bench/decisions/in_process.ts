/** What a decision costs in process: with abilities that are kept against built for each request, and as protocols grow. */
import { foresee } from '../../policy/decisions/deciding/decide.ts';
import type { RegisterState } from '../../policy/register/chain/state.ts';
import { buildAbility } from '../../policy/decisions/rules/ability.ts';
import type { CompiledClause } from '../../policy/decisions/rules/clause.ts';
import { compile, type Grants, type Ruleset } from '../../policy/decisions/rules/compile.ts';
import { batch, clauses, region, sizes } from './region.ts';
import { median, type Row } from './row.ts';
import { aRequest, inMemory } from '../../test/support/policy/decisions.ts';

type Decide = () => Promise<unknown>;
/** Protocols of one role of one agency: what an ability built for each request has to be built from. */
const ofOneRole = 40;

/** Microseconds for one decision, by itself and as one of a hundred at once, for every size of federation. */
export async function inProcess(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const items of [1, batch]) {
    const kept = sizes.map((size) => decider(region(size), items));
    const built = decider(region(ofOneRole), items, true);
    const few = decider(region(ofOneRole), items);
    const [first, ...rest] = await timeTurnByTurn([...kept, built, few], items);
    const [perRequest, once] = rest.slice(-2) as [number, number];
    const how = items === 1 ? 'one by one' : `${items} at once`;
    rows.push({
      what: `decision in process against an ability built per request (${how})`,
      ratio: perRequest / once,
      budget: 8,
      atLeast: true,
      detail: `medians: ${once.toFixed(1)} µs kept, ${perRequest.toFixed(1)} µs built, a role with ${ofOneRole * clauses.length} clauses`,
    });
    for (const [index, size] of sizes.slice(1).entries()) {
      const many = rest[index]!;
      rows.push({
        what: `10 protocols to ${size.toLocaleString('en')} in process (${how})`,
        ratio: many / first!,
        budget: 1.3,
        atLeast: false,
        detail: `medians: ${first!.toFixed(1)} µs and ${many.toFixed(1)} µs, all with the same agency and role`,
      });
    }
  }
  return rows;
}

async function timeTurnByTurn(deciders: readonly Decide[], items: number): Promise<number[]> {
  const times = deciders.map((): number[] => []);
  for (let round = 0; round < 60; round += 1) {
    for (const [index, decide] of deciders.entries()) times[index]!.push(await timed(decide, items));
  }
  // The first rounds warm the compiler up.
  return times.map((all) => median(all.slice(20)));
}

function decider(state: RegisterState, items: number, buildEachTime = false): Decide {
  const kept = compile(state);
  const rules: Ruleset = buildEachTime
    ? { ...kept, grants: (agency, role) => buildAgain(kept.grants(agency, role)) }
    : kept;
  const context = { ...inMemory({ state }), rules: () => rules };
  const request = aRequest({}, { fields: ['name', 'school', 'plan'], attributes: { shielded: false, risk: 2 } });
  const decide = async (): Promise<void> => {
    const { decision } = await foresee(context, request, { clientId: 'casebook' });
    if (!decision.decision || decision.fields.length !== 3)
      throw new Error('The bench decides something else than it should.');
  };
  return async () => {
    context.read.length = 0;
    if (items === 1) await decide();
    else await Promise.all(Array.from({ length: items }, decide));
  };
}

function buildAgain(grants: Grants): Grants {
  return {
    ...grants,
    ability: buildAbility(grants.ability.rules.map((rule) => (rule as unknown as { entry: CompiledClause }).entry)),
  };
}

/** Microseconds for one decision, over a few hundred. */
async function timed(decide: Decide, items: number): Promise<number> {
  const times = Math.ceil(300 / items);
  const start = performance.now();
  for (let time = 0; time < times; time += 1) await decide();
  return ((performance.now() - start) * 1000) / (times * items);
}
