/** Letting out of a record exactly what an answer gives. */
import { localClock } from './clock.ts';
import { WayleaveError } from './errors.ts';
import type { Answer } from './types.ts';

/**
 * A copy of the record with the permitted fields and no other: its own enumerable properties, each whole, on an object
 * without prototype. Nothing on a refusal, and nothing once `valid_until` is past. `now`: epoch seconds. Properties that
 * are not permitted are not even read. Throws `record-not-an-object` for a list, whose records must be shown one by one.
 */
export function show<Shown extends object>(answer: Answer, record: Shown, now: number = localClock()): Partial<Shown> {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) {
    throw new WayleaveError('record-not-an-object', 'Only one record can be shown at a time, as an object.');
  }
  const shown = Object.create(null) as Partial<Shown>;
  if (!answer.decision || !holds(answer, now)) return shown;
  for (const field of answer.context.fields) {
    if (!Object.prototype.propertyIsEnumerable.call(record, field)) continue;
    const value: unknown = record[field as keyof Shown];
    // Defined, not assigned: a field may be called `__proto__`.
    Object.defineProperty(shown, field, { value, enumerable: true, writable: true, configurable: true });
  }
  return shown;
}

/** Whether the answer's time is not over; an answer without one counts for no time at all. */
export function holds(answer: Answer, now: number): boolean {
  return now < answer.context.valid_until;
}
