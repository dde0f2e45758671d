/** The record of a search, durable before anybody is told: what was asked and how many were found, never who or which. */
import type { JsonObject } from '../../../../platform/json.ts';
import type { Appended } from '../../../../platform/log/event.ts';
import type { Asked } from '../../deciding/circumstances.ts';
import type { PolicyContext } from '../../deciding/context.ts';
import type { DecisionRequest } from '../../deciding/decision.ts';
import { askedUnder, recordName } from '../../deciding/record.ts';
import type { Found, Kind, Looking } from './looking.ts';

/** Appends the search under the fence: not if anything was revoked since its epoch, nor once something found has ended. */
export function recordSearch(
  context: PolicyContext,
  { kind, requests }: { kind: Kind; requests: readonly DecisionRequest[] },
  looking: Looking<Asked>,
  found: Found<unknown>,
  epoch: number,
): Promise<Appended> {
  const { id, partner, rules, now } = looking;
  const [first] = requests;
  const person = kind === 'subject' ? undefined : first?.subject.id;
  return context.log.append(
    {
      id,
      event: `search.${kind}`,
      actor: { client: partner.clientId },
      agencies: [...new Set([partner.agency, ...requests.map(({ resource }) => resource.agency)])],
      ...(person !== undefined && { subject: person }),
      content: {
        request: first === undefined ? null : askedOf(context, kind, first),
        records: requests.length,
        page: { limit: looking.limit, first: looking.after === undefined },
        looked_at: found.looked,
        found: found.results.length,
        ...askedUnder(looking),
        epoch,
        searched_at: now,
      },
    },
    { epoch, validUntil: Math.min(now + 60, found.until, rules?.boundary ?? Infinity) },
  );
}

// Of a search among records, which they were is not kept: only about what, and how many.
function askedOf({ pseudonym }: PolicyContext, kind: Kind, request: DecisionRequest): JsonObject {
  const { subject, action, resource, purpose } = request;
  const about = resource.dataSubject && pseudonym(resource.dataSubject);
  return {
    subject: { type: subject.type, ...(kind !== 'subject' && { id: subject.id, post: subject.post }) },
    ...(kind !== 'action' && { action }),
    resource: {
      type: resource.type,
      ...(kind !== 'resource' && { id: recordName(resource, about), data_subject: about }),
      agency: resource.agency,
      fields: resource.fields,
    },
    purpose,
  };
}
