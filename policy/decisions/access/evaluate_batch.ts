/** Many evaluations in one request: `POST /access/v1/evaluations`. */
import { describeIssues } from '../../../platform/web/input.ts';
import { confirmPartner } from '../deciding/confirm_partner.ts';
import type { PolicyContext } from '../deciding/context.ts';
import { foresee } from '../deciding/decide.ts';
import { decideTogether } from '../deciding/decide_together.ts';
import type { Decision, DecisionRequest } from '../deciding/decision.ts';
import { type EvaluationAnswer, toAnswer } from './answer.ts';
import { type Asker, noAgency } from './evaluate.ts';
import { Evaluation, type Evaluations, type Semantic, toRequest } from './request.ts';

/** An item that can be decided, or why it cannot be read. */
type Item = { request: DecisionRequest } | { unreadable: string };

/**
 * Decides the items in order, and with a short-circuit semantic up to and including the item that ends it. Items decided
 * together share one commit of the log. An item that cannot be read is refused by itself. An item about records that the
 * partner may not ask about refuses the whole request (403), before anything is decided.
 */
export async function evaluateBatch(
  context: PolicyContext,
  batch: Evaluations,
  asker: Asker,
): Promise<EvaluationAnswer[]> {
  const items = readItems(batch, asker);
  await confirmPartner(context, asker.clientId, requestsOf(items));
  const last = endings[batch.options?.evaluations_semantic ?? 'execute_all'];
  const evaluations: EvaluationAnswer[] = [];
  while (evaluations.length < items.length) {
    const rest = items.slice(evaluations.length);
    const together = last === undefined ? rest : rest.slice(0, await countToEnd(context, rest, asker, last));
    for (const answer of await answerItems(context, together, asker)) {
      evaluations.push(answer);
      if (answer.decision === last) return evaluations;
    }
  }
  return evaluations;
}

/** The answer that ends a batch; undefined: none does. */
const endings: Record<Semantic, boolean | undefined> = {
  execute_all: undefined,
  deny_on_first_deny: false,
  permit_on_first_permit: true,
};

function readItems(batch: Evaluations, asker: Asker): Item[] {
  const { subject, action, resource, context } = batch;
  return (batch.evaluations ?? []).map((own) => {
    const parsed = Evaluation.safeParse({ subject, action, resource, context, ...own });
    if (!parsed.success) return { unreadable: sentence(describeIssues(parsed.error.issues)) };
    const request = toRequest(parsed.data, asker.holds);
    return request === undefined ? { unreadable: sentence([noAgency]) } : { request };
  });
}

function sentence(issues: readonly { pointer: string; message: string }[]): string {
  return `${issues.map(({ pointer, message }) => `${pointer} ${message}`).join('; ')}.`;
}

function requestsOf(items: readonly Item[]): DecisionRequest[] {
  return items.flatMap((item) => ('request' in item ? [item.request] : []));
}

/** How many items there are up to the one that will end the batch, as far as can be told before recording any. */
async function countToEnd(
  context: PolicyContext,
  items: readonly Item[],
  asker: Asker,
  last: boolean,
): Promise<number> {
  for (const [index, item] of items.entries()) {
    const decision = 'request' in item && (await foresee(context, item.request, asker)).decision.decision;
    if (decision === last) return index + 1;
  }
  return items.length;
}

async function answerItems(context: PolicyContext, items: readonly Item[], asker: Asker): Promise<EvaluationAnswer[]> {
  const present = (decision: Decision, document: string): EvaluationAnswer => toAnswer(decision, document, asker.plain);
  const [answers] = await Promise.all([
    decideTogether(context, requestsOf(items), asker, present),
    ...items.map((item) => 'unreadable' in item && recordUnreadable(context, item.unreadable, asker)),
  ]);
  const next = answers.values();
  return items.map((item) => ('request' in item ? next.next().value! : refuse(item.unreadable, asker)));
}

function refuse(message: string, { plain }: Asker): EvaluationAnswer {
  const context = { error: { status: 400, message } };
  return { decision: false, text: JSON.stringify({ decision: false, ...(!plain && { context }) }) };
}

// "No" has gone out for it, so it stands in the log, without what could not be read.
async function recordUnreadable(context: PolicyContext, why: string, { clientId }: Asker): Promise<void> {
  const partner = await context.partners.get(clientId);
  await context.log.append({
    event: 'evaluation-not-readable',
    actor: { client: clientId },
    agencies: partner === undefined ? [] : [partner.agency],
    content: { why },
  });
}
