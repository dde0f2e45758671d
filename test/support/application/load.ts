/** Load on a running service: its own examples, asked over many connections without end, and what became of each answer. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Manifest } from '../../../demo/load/manifest.ts';
import type { Database } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import { read } from '../../../platform/database/transaction.ts';
import { canonicalText, type JsonObject } from '../../../platform/json.ts';
import { readPart, unpackParts } from '../../../platform/log/parts.ts';
import { decisionsIn, entriesOf } from '../../../policy/decisions/audit/recorded.ts';
import type { Caller } from '../platform/processes.ts';

export type Answer = JsonObject & { decision: boolean; context: { id: string } };
export type Answered = { partner: string; answer: Answer };

type LoadOptions = {
  caller: Caller;
  manifest: Manifest;
  address: string;
  /** Questions at once. */
  lanes?: number;
  /** Told of every decision that arrived whole. */
  onAnswer: (answered: Answered) => void;
  /** Statuses beside 200 that may come; such an answer is no decision. Any other ends the load. */
  mayRefuse?: readonly number[];
};

/** Asks until it is told to stop. `stop` throws what went wrong meanwhile. */
export function startLoad(options: LoadOptions): { failed: Promise<unknown>; stop(): Promise<void> } {
  const { caller, manifest, address, lanes = 48, onAnswer, mayRefuse = [] } = options;
  const { examples } = manifest;
  let going = true;
  const ask = async (lane: number): Promise<void> => {
    for (let turn = lane; going; turn += 1) {
      const { partner, request } = examples[turn % examples.length]!;
      // Every sixth asks the same about several records at once.
      const [path, body] = lane % 6 === 0 ? ['evaluations', aboutSeveral(request)] : ['evaluation', request];
      type Body = Answer & { evaluations?: Answer[] };
      const reply = await caller.call<Body>(address, partner, `/access/v1/${path}`, body);
      if (reply?.status === 200) {
        for (const answer of reply.body.evaluations ?? [reply.body]) onAnswer({ partner, answer });
      } else if (reply === undefined || mayRefuse.includes(reply.status)) await pause(5);
      else throw new Error(`${reply.status}: ${JSON.stringify(reply.body)}`);
    }
  };
  const failed = Promise.all(Array.from({ length: lanes }, (_, lane) => ask(lane)));
  failed.catch(() => undefined);
  return {
    failed,
    stop: async () => {
      going = false;
      await failed;
    },
  };
}

/** The same question about four records. */
function aboutSeveral(question: object): object {
  const { resource, ...shared } = question as { resource: { id: string } };
  const ids = [1, 2, 3, 4].map((number) => `${resource.id}-${number}`);
  return { ...shared, evaluations: ids.map((id) => ({ resource: { ...resource, id } })) };
}

/** Those of the answers that are not in the log, or not as they were given. */
export async function listUnrecorded(db: Database, answers: readonly Answered[]): Promise<Answered[]> {
  const recorded = await findDecisions(
    db,
    answers.map(({ answer }) => answer.context.id),
  );
  return answers.filter(({ answer }) => recorded.get(answer.context.id) !== canonicalText(answer));
}

async function findDecisions(db: Database, ids: readonly string[]): Promise<Map<string, string>> {
  const entries = await read(db, { reading: 'audit' }, (tx) =>
    tx.query<{ id: string; event: string; content: JsonObject; parts: Buffer | null }>(sql`
      select leaf.id, beside.event, beside.committed::json -> 'content' as content, beside.parts
      from log_leaf leaf join log_content beside using (log, position)
      where leaf.id = any (${ids.flatMap(entriesOf)}::uuid[])`),
  );
  const decisions = entries.flatMap(({ parts, ...entry }) =>
    decisionsIn({ ...entry, ...(parts && { parts: unpackParts(parts)!.map(readPart) }) }),
  );
  return new Map(decisions.map(({ id, content }) => [id, canonicalText(content.answer!)]));
}
