/** What a session knows of overrides, for each case and purpose. */
import type { Answer } from './decisions.ts';
import type { Emergency, Session } from './sessions.ts';

/** Of one case for one purpose. */
export function emergencyOf(session: Session, reference: string, purpose: string): Emergency {
  const key = `${reference} ${purpose}`;
  const known = session.emergencies.get(key) ?? {};
  session.emergencies.set(key, known);
  return known;
}

/** Keeps what the answer says: the offer that opens most, and the override that it rests on, if any. */
export function noteAnswer(emergency: Emergency, { context }: Answer): void {
  const offers = context.missing.flatMap(({ override }) => (override === undefined ? [] : [override]));
  emergency.offer = offers.toSorted((left, right) => right.fields.length - left.fields.length)[0];
  emergency.opened = context.override;
  if (context.override !== undefined) emergency.typed = undefined;
}
