/** A decision as it leaves the building and as the log keeps it: AuthZEN's shape, in snake_case. */
import type { JsonObject } from '../../../platform/json.ts';
import type { Decision } from './decision.ts';

/** The same as JSON, written once for the caller and the log. */
export function documentText(decision: Decision): string {
  return JSON.stringify(toDocument(decision));
}

/** The answer to one evaluation. `valid_until` is in whole epoch seconds. */
export function toDocument(decision: Decision): { decision: boolean; context: JsonObject } {
  const { id, fields, withheld, reason, clauses, obligations, missing, dutyDesk, override, validUntil } = decision;
  // In the order of the canonical form, which is then only checked.
  const context = {
    clauses,
    ...(dutyDesk && { duty_desk: dutyDesk }),
    fields,
    id,
    missing,
    obligations: obligations as unknown as JsonObject[],
    ...(override && { override }),
    reason,
    valid_until: Math.floor(validUntil),
    withheld,
  };
  return { decision: decision.decision, context };
}
