/** Deciding several questions of one request: the same question about many records stands in the log as one entry. */
import { type Asking, considerTogether, decideAs } from './decide.ts';
import type { PolicyContext } from './context.ts';
import { drawIds, mostInEntry } from './decision_ids.ts';
import type { Decision, DecisionRequest } from './decision.ts';
import { documentText } from './document.ts';
import { recordTogether } from './record.ts';
import { recorded, settle } from './settle.ts';

/**
 * Decides and records as `decide` does, and gives what `present` makes of each decision and its document (as JSON), in the
 * order of the questions.
 */
export async function decideTogether<T>(
  context: PolicyContext,
  requests: readonly DecisionRequest[],
  asking: Asking,
  present: Present<T>,
): Promise<T[]> {
  const answers: T[] = [];
  const places = groupPlaces(requests);
  await Promise.all(
    places.map(async (group) => {
      const own = group.map((place) => requests[place]!);
      const decided = await decideGroup(context, own, asking, present);
      for (const [index, place] of group.entries()) answers[place] = decided[index]!;
    }),
  );
  return answers;
}

export type Present<T> = (decision: Decision, document: string) => T;

async function decideGroup<T>(
  context: PolicyContext,
  requests: readonly DecisionRequest[],
  asking: Asking,
  present: Present<T>,
): Promise<T[]> {
  if (requests.length === 1)
    return [await decideAs(context, requests[0]!, asking, (decision) => present(decision, documentText(decision)))];
  const ids = drawIds(requests.length, context.clock());
  return settle(context, async (epoch) => {
    const considered = await considerTogether(context, requests, asking, ids);
    const documents = considered.map(({ decision }) => documentText(decision));
    const answers = considered.map(({ decision }, index) => present(decision, documents[index]!));
    return recorded(answers, recordTogether(context, considered, documents, epoch));
  });
}

function groupPlaces(requests: readonly DecisionRequest[]): number[][] {
  const open = new Map<string, number[]>();
  const groups: number[][] = [];
  for (const [place, request] of requests.entries()) {
    const key = questionKey(request);
    let group = open.get(key);
    if (group === undefined || group.length === mostInEntry) {
      open.set(key, (group = []));
      groups.push(group);
    }
    group.push(place);
  }
  return groups;
}

// All of a request but which record it is about, and the attributes of that record.
function questionKey({ subject, action, resource, purpose, userToken, override }: DecisionRequest): string {
  const { type, agency, fields } = resource;
  return JSON.stringify([subject, action, type, agency, fields, purpose, userToken, override]);
}
