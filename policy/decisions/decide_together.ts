/** Deciding several questions of one request: the same question about many records stands in the log as one entry. */
import { decide, type Asking, considerTogether } from './decide.ts';
import type { PolicyContext } from './context.ts';
import { drawIds, mostInEntry } from './decision_ids.ts';
import type { Decision, DecisionRequest } from './decision.ts';
import { recordTogether } from './record.ts';
import { settle } from './settle.ts';

/** Decides and records as `decide` does, and answers in the order of the questions. */
export async function decideTogether(
  context: PolicyContext,
  requests: readonly DecisionRequest[],
  asking: Asking,
): Promise<Decision[]> {
  const answers: Decision[] = [];
  const places = groupPlaces(requests);
  await Promise.all(
    places.map(async (group) => {
      const decided = await decideGroup(
        context,
        group.map((place) => requests[place]!),
        asking,
      );
      for (const [index, place] of group.entries()) answers[place] = decided[index]!;
    }),
  );
  return answers;
}

async function decideGroup(
  context: PolicyContext,
  requests: readonly DecisionRequest[],
  asking: Asking,
): Promise<Decision[]> {
  if (requests.length === 1) return [await decide(context, requests[0]!, asking)];
  const ids = drawIds(requests.length, context.clock());
  return settle(context, async (epoch) => {
    const considered = await considerTogether(context, requests, asking, ids);
    return {
      value: considered.map(({ decision }) => decision),
      appended: await recordTogether(context, considered, epoch),
    };
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
