/** The answers that the kit gives in Wayleave's place, one for each case. */
import { randomUUID } from 'node:crypto';

/** What comes back for a question. */
export type Script =
  | {
      kind: 'answer';
      decision: boolean;
      fields: string[];
      obligations?: Duty[];
      seconds?: number;
      delayMs?: number;
      /** Seconds by which Wayleave's clock, and so the `Date` of its reply, is ahead of this machine's. */
      ahead?: number;
    }
  | { kind: 'status'; status: number }
  | { kind: 'text'; type: string; text: string }
  | { kind: 'cut' };

export type Duty = { id: string; type: string; properties: { text: string } };

/** Words that a refusal must put before the person; they stand nowhere else. */
export const reasonText = 'Kit-reason: nobody has confirmed that you work with this person.';
export const deskPhone = '0191 555 0142';

/** A whole answer of Wayleave's form. `seconds`: for how long it counts from `now` (epoch seconds). */
export function toAnswer(script: Extract<Script, { kind: 'answer' }>, now: number) {
  const { decision, fields, obligations = [], seconds = 60 } = script;
  return {
    decision,
    context: {
      id: randomUUID(),
      fields,
      withheld: [],
      reason: decision
        ? { code: 'permitted', text: 'The partner kit permits this.' }
        : { code: 'involvement-needed', text: reasonText },
      clauses: [],
      obligations,
      missing: [],
      valid_until: Math.floor(now) + seconds,
      duty_desk: { agency: 'KIT', name: 'Duty desk of the partner kit', phone: deskPhone, hours: 'Always' },
    },
  };
}
