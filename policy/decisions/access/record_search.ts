/** The record of a search, durable before anybody is told: what was asked and how many were found, never who or which. */
import type { JsonObject } from '../../../platform/json.ts';
import type { Appended } from '../../../platform/log/event.ts';
import type { Partner } from '../../../directory/partners/partner.ts';
import type { PolicyContext } from '../deciding/context.ts';
import type { DecisionRequest } from '../deciding/decision.ts';
import { recordName } from '../deciding/record.ts';
import type { Ruleset } from '../rules/compile.ts';

/** What is searched for. */
export type Kind = 'subject' | 'resource' | 'action';

export type SearchRecord = {
  kind: Kind;
  id: string;
  requests: readonly DecisionRequest[];
  partner: Partner;
  understands: readonly string[];
  limit: number;
  after: string | undefined;
  rules: Ruleset | undefined;
  found: { results: readonly unknown[]; looked: number; until: number };
  epoch: number;
  now: number;
};

/** Appends the search under the fence: not if anything was revoked since its epoch, nor once something found has ended. */
export function recordSearch(context: PolicyContext, record: SearchRecord): Promise<Appended> {
  const { kind, id, requests, partner, rules, found, epoch, now } = record;
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
        page: { limit: record.limit, first: record.after === undefined },
        looked_at: found.looked,
        found: found.results.length,
        caller: { client: partner.clientId, agency: partner.agency, understands: [...record.understands] },
        register: rules === undefined ? null : { sequence: rules.head.sequence, hash: rules.head.hash },
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
