/** Deciding several questions of one request: the same question about many records stands in the log as one entry. */
import { type Asking, readCircumstances } from './circumstances.ts';
import type { PolicyContext } from './context.ts';
import { decide } from './decide.ts';
import { drawIds, mostInEntry } from './decision_ids.ts';
import type { Decision, DecisionRequest } from './decision.ts';
import { documentText } from './document.ts';
import { recordTogether } from './record.ts';
import { recorded, settle } from './settle.ts';
import { workOut } from './work_out.ts';

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

type Present<T> = (decision: Decision, document: string) => T;

async function decideGroup<T>(
  context: PolicyContext,
  requests: readonly DecisionRequest[],
  asking: Asking,
  present: Present<T>,
): Promise<T[]> {
  if (requests.length === 1)
    return [await decide(context, requests[0]!, asking, (decision) => present(decision, documentText(decision)))];
  const ids = drawIds(requests.length, context.clock());
  return settle(context, async (epoch) => {
    const circumstances = await readCircumstances(context, requests, asking);
    const unrecorded = await Promise.all(
      requests.map((request, index) => workOut(context, request, circumstances, ids[index]!)),
    );
    const documents = unrecorded.map(({ decision }) => documentText(decision));
    const answers = unrecorded.map(({ decision }, index) => present(decision, documents[index]!));
    return recorded(answers, recordTogether(context, unrecorded, documents, epoch));
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
