/** The audit interface: a decision with everything that proves it, and the log's checkpoint. */
import { z } from 'zod';
import { callerOf, type CallerGround, requireCaller } from '../../../directory/partners/require_caller.ts';
import { currentCheckpoint } from '../../../platform/log/prove.ts';
import type { ApiOperation, ApiStep } from '../../../platform/web/api.ts';
import { queryOf } from '../../../platform/web/input.ts';
import type { PolicyContext } from '../deciding/context.ts';
import { PolicyError } from '../../errors.ts';
import { findDecision, type RecordedDecision } from './find_decision.ts';

const Parameters = z.object({ id: z.string().max(64) });

/** Shapes, for the OpenAPI document. */
const Proof = z.object({
  log: z.string(),
  leaf: z.string().describe('RFC 9162 leaf hash of `entry`, base64'),
  leaf_index: z.int(),
  tree_size: z.int(),
  hashes: z.array(z.string()).describe('Inclusion path, base64'),
  root: z.string(),
  checkpoint: z.string().describe('C2SP signed note over `tree_size` and `root`'),
});
const DecisionResponse = z.object({
  id: z.uuid(),
  decision: z.record(z.string(), z.unknown()).nullable().describe('As it was answered; null once erased'),
  entry: z.string().describe('The canonical leaf, exactly as hashed'),
  salt: z.string().nullable().describe('base64; null where `committed` is'),
  committed: z
    .record(z.string(), z.unknown())
    .nullable()
    .describe(
      '`commitment` in the entry is SHA-256(salt ‖ RFC 8785 text of this), base64url. `sealed` in it stands for what only ' +
        'officers of the holding agency may know; it is as long whatever that is. Null once erased, and for records that ' +
        'were made before such things stood apart',
    ),
  part: z
    .object({ number: z.int(), line: z.string() })
    .nullable()
    .describe('For one of several decisions of an entry: `committed.parts[number]` is SHA-256(line), base64url'),
  data_subject: z
    .string()
    .nullable()
    .describe(
      'The person concerned, by a pseudonym that is shown to this partner system alone; null where none was named',
    ),
  intact: z.boolean(),
  proof: Proof,
});

/** Reading decisions back (scope `audit.read`) and the public checkpoint. */
export function auditOperations(context: PolicyContext, ground: CallerGround): ApiOperation[] {
  const tag = 'Audit';
  return [
    {
      method: 'get',
      path: '/audit/v1/decisions/{id}',
      summary: 'A decision as recorded, with its inclusion proof',
      description:
        'For the partner system that asked, and those of agencies that may read it; nobody else learns that it exists.',
      tag,
      security: ['audit.read'],
      guards: [requireCaller(ground, 'audit.read')],
      parameters: Parameters,
      responses: {
        200: { description: 'The decision and what proves it', schema: DecisionResponse },
        401: { description: 'No valid access token of a partner system' },
        403: { description: 'The token does not carry the scope audit.read' },
        404: { description: 'There is no such decision, or it is not for this partner' },
      },
      handlers: [answerDecision(context)],
    },
    {
      method: 'get',
      path: '/audit/v1/checkpoint',
      summary: 'The log’s last checkpoint',
      description: 'A C2SP signed note, open to all: keep it, and nobody can take anything back unnoticed.',
      tag,
      responses: {
        200: { description: 'The signed note', schema: z.string(), type: 'text/plain' },
        404: { description: 'Nothing has been recorded yet' },
      },
      handlers: [answerCheckpoint(context)],
    },
  ];
}

function answerDecision(context: PolicyContext): ApiStep {
  return async (ctx) => {
    const { id } = queryOf(ctx, Parameters);
    const { partner } = callerOf(ctx);
    const found = await findDecision(context, partner, id);
    if (found === undefined) {
      throw new PolicyError(
        'not-found',
        'decision-not-found',
        'There is no such decision, or it is not for this partner system.',
      );
    }
    ctx.set('Cache-Control', 'no-store');
    ctx.body = toDocument(found);
  };
}

function toDocument({ id, salt, committed, part, answer, dataSubject, intact, proof }: RecordedDecision) {
  const { log, leaf, position, size, path, root, checkpoint, entry } = proof;
  return {
    id,
    decision: answer ?? null,
    entry,
    salt: salt ?? null,
    committed: committed ?? null,
    part: part ?? null,
    data_subject: dataSubject ?? null,
    intact,
    proof: { log, leaf, leaf_index: position, tree_size: size, hashes: path, root, checkpoint },
  };
}

function answerCheckpoint(context: PolicyContext): ApiStep {
  return async (ctx) => {
    const checkpoint = await currentCheckpoint(context.db);
    if (checkpoint === undefined) throw new PolicyError('not-found', 'log-empty', 'Nothing has been recorded yet.');
    ctx.set('Cache-Control', 'no-store');
    ctx.set('Content-Type', 'text/plain; charset=utf-8');
    ctx.body = checkpoint;
  };
}
