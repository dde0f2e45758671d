/** The interface on which partner systems say what became of the duties that came with an answer. */
import { z } from 'zod';
import type { ApiOperation } from '../../../platform/web/api.ts';
import { bodyOf, queryOf } from '../../../platform/web/input.ts';
import { callerOf, type CallerGround, catchUp, requireCaller } from '../../../directory/partners/require_caller.ts';
import type { Log } from '../../../platform/log/log.ts';
import { acknowledgeObligations, type DutyState, listObligations, outstanding } from './acknowledge.ts';
import { states } from './duty.ts';

const Parameters = z.object({ decision: z.string().max(64).describe('Id of the decision that carried the duties') });

const Acknowledgements = z.strictObject({
  obligations: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(64).describe('As the answer gave it'),
        state: z.enum(states).describe('`refused`: it cannot or will not be done'),
        note: z.string().trim().min(1).max(2_000).optional().describe('Read by officers of the holding agency only'),
      }),
    )
    .min(1)
    .max(100),
});

const Outstanding = z.object({ outstanding: z.array(z.string()).describe('Ids of the duties not yet done') });
const Duties = Outstanding.extend({
  obligations: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      properties: z.record(z.string(), z.unknown()),
      due: z.int().describe('Epoch seconds'),
      said: z.array(z.object({ state: z.enum(states), at: z.int() })).describe('Oldest first'),
    }),
  ),
});

/** Reading and acknowledging the duties of a decision (scope `decisions`), for the client that was given it. */
export function obligationOperations(
  ground: CallerGround & { log: Log; config: CallerGround['config'] & { masterKey: Buffer } },
): ApiOperation[] {
  const shared = {
    path: '/access/v1/obligations/{decision}',
    tag: 'Decisions',
    security: ['decisions'],
    guards: [catchUp(ground.log), requireCaller(ground, 'decisions')],
    parameters: Parameters,
  };
  const refusals = {
    401: { description: 'No valid access token of a partner system' },
    403: { description: 'The partner may not ask for decisions' },
    404: { description: 'There is no such decision, it gave nothing, or it was not given to this partner' },
  };
  return [
    {
      ...shared,
      method: 'get',
      summary: 'The duties that came with a decision',
      responses: { 200: { description: 'The duties, and what was said of each', schema: Duties }, ...refusals },
      handlers: [
        async (ctx) => {
          const { decision } = queryOf(ctx, Parameters);
          ctx.body = toDocument(await listObligations(ground.db, callerOf(ctx).clientId, decision));
        },
      ],
    },
    {
      ...shared,
      method: 'post',
      summary: 'Say that duties were done, or refused',
      description:
        'Said twice, it is said once. What is never said to be done is shown to officers of the agency that holds the record.',
      body: Acknowledgements,
      responses: {
        200: { description: 'Written down', schema: Outstanding },
        400: { description: 'A duty that did not come with this decision' },
        ...refusals,
      },
      handlers: [
        async (ctx) => {
          const { decision } = queryOf(ctx, Parameters);
          const { obligations } = bodyOf(ctx, Acknowledgements);
          const duties = await acknowledgeObligations(ground, callerOf(ctx).clientId, decision, obligations);
          ctx.body = { outstanding: outstanding(duties) };
        },
      ],
    },
  ];
}

function toDocument(duties: readonly DutyState[]) {
  return {
    obligations: duties.map(({ id, type, properties, dueAt, said }) => ({
      id,
      type,
      properties,
      due: Math.floor(dueAt),
      said: said.map(({ state, at }) => ({ state, at: Math.floor(at) })),
    })),
    outstanding: outstanding(duties),
  };
}
