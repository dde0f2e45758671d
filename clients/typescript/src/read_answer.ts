/** Reading an answer strictly: what is not exactly an answer is none. */
import type { Clock } from './clock.ts';
import { WayleaveError } from './errors.ts';
import type { Answer, Clause, DutyDesk, Missing, Obligation, OverrideOffer, Withheld } from './types.ts';

/** An answer counts for no longer than this many seconds from its arrival, whatever it says. */
const longest = 60;

type Shape = Record<string, unknown>;

/** The answer, its times by this machine's clock, `valid_until` a minute ahead at most; throws `answer-not-readable`. */
export function readAnswer(value: unknown, clock: Clock): Answer {
  const { decision, context } = record(value);
  if (typeof decision !== 'boolean') throw unreadable('decision');
  const said = record(context);
  if (said.error !== undefined) return readItemError(decision, record(said.error), clock.now());
  const { id, valid_until: until } = said;
  if (typeof id !== 'string' || id === '') throw unreadable('context.id');
  if (typeof until !== 'number' || !Number.isFinite(until)) throw unreadable('context.valid_until');
  return {
    decision,
    context: {
      id,
      // Whatever a refusal lists, it gives nothing.
      fields: decision ? list(said.fields, text) : [],
      withheld: list(said.withheld, withheld),
      reason: reason(said.reason),
      clauses: list(said.clauses, clause),
      obligations: list(said.obligations, obligation),
      missing: list(said.missing, missing),
      valid_until: Math.min(clock.toLocal(until), Math.floor(clock.now()) + longest),
      ...optional('duty_desk', said.duty_desk, dutyDesk),
      ...optional('override', said.override, (one) => override(one, clock)),
    },
  };
}

/** A refusal of the client's own: Wayleave decided nothing. */
export function refuse(failure: WayleaveError, now: number, desk?: DutyDesk): Answer {
  return {
    decision: false,
    context: {
      fields: [],
      withheld: [],
      reason: { code: failure.code, text: sentences[failure.code] ?? nothingShown },
      clauses: [],
      obligations: [],
      missing: [],
      valid_until: Math.floor(now),
      ...(desk && { duty_desk: desk }),
    },
    failure,
  };
}

const nothingShown = 'Wayleave could not be asked, and without its answer nothing is shown. Try again in a minute.';

/** What people read. They can mend few of these, so few say more. */
const sentences: Partial<Record<WayleaveError['code'], string>> = {
  'answer-expired': 'The answer’s time was over before the record could be shown. Open the record again.',
  'record-not-found': 'There is no such record.',
  'obligation-unknown': 'Something must be done when this record is opened that this system cannot do.',
  'obligation-failed': 'Something that must be done when this record is opened did not work. Try again in a minute.',
  'obligation-not-acknowledged': 'Wayleave could not be told that a duty was done. Try again in a minute.',
};

// An item of a batch that could not be read (AuthZEN 1.0, 7.2).
function readItemError(decision: boolean, { status, message }: Shape, now: number): Answer {
  if (decision) throw unreadable('context.error');
  const said = typeof message === 'string' ? message : 'The question was refused.';
  const failure = new WayleaveError('question-refused', said, typeof status === 'number' ? { status } : {});
  return refuse(failure, now);
}

function record(value: unknown): Shape {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unreadable('answer');
  return value as Shape;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw unreadable('text');
  return value;
}

function number(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw unreadable('number');
  return value;
}

function list<Item>(value: unknown, read: (item: unknown) => Item): Item[] {
  if (!Array.isArray(value)) throw unreadable('list');
  return value.map((item) => read(item));
}

function optional<Name extends string, Value>(
  name: Name,
  value: unknown,
  read: (value: unknown) => Value,
): { [key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: read(value) } as { [key in Name]: Value });
}

function reason(value: unknown): { code: string; text: string } {
  const said = record(value);
  return { code: text(said.code), text: text(said.text) };
}

function clause(value: unknown): Clause {
  const said = record(value);
  return {
    protocol: text(said.protocol),
    version: number(said.version),
    clause: text(said.clause),
    hash: text(said.hash),
  };
}

function withheld(value: unknown): Withheld {
  const said = record(value);
  return {
    field: text(said.field),
    reason: text(said.reason),
    text: text(said.text),
    ...optional('clause', said.clause, clause),
  };
}

function obligation(value: unknown): Obligation {
  const said = record(value);
  return { id: text(said.id), type: text(said.type), properties: record(said.properties ?? {}) };
}

function missing(value: unknown): Missing {
  const said = record(value);
  return {
    need: text(said.need),
    text: text(said.text),
    ...optional('clause', said.clause, clause),
    ...optional('override', said.override, offer),
  };
}

function offer(value: unknown): OverrideOffer {
  const said = record(value);
  return { grounds: list(said.grounds, text), fields: list(said.fields, text), minutes: number(said.minutes) };
}

function dutyDesk(value: unknown): DutyDesk {
  const said = record(value);
  return {
    ...optional('agency', said.agency, text),
    name: text(said.name),
    phone: text(said.phone),
    ...optional('hours', said.hours, text),
  };
}

function override(value: unknown, clock: Clock): { review: string; until: number } {
  const said = record(value);
  return { review: text(said.review), until: clock.toLocal(number(said.until)) };
}

function unreadable(what: string): WayleaveError {
  return new WayleaveError('answer-not-readable', `Wayleave’s answer cannot be read: ${what} is missing or wrong.`);
}
