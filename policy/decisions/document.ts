/** A decision as it leaves the building and as the log keeps it: AuthZEN's shape, in snake_case. */
import type { JsonObject } from '../../platform/json.ts';
import type { Decision } from './decision.ts';

/** The answer to one evaluation. `valid_until` is in whole epoch seconds. */
export function toDocument(decision: Decision): { decision: boolean; context: JsonObject } {
  const { id, fields, withheld, reason, clauses, obligations, missing, dutyDesk, override, validUntil } = decision;
  const context = {
    id,
    fields,
    withheld,
    reason,
    clauses,
    obligations: obligations as unknown as JsonObject[],
    missing,
    valid_until: Math.floor(validUntil),
    ...(dutyDesk && { duty_desk: dutyDesk }),
    ...(override && { override }),
  };
  return { decision: decision.decision, context };
}
