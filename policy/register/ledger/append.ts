/** Adding to the register: events are verified against the chain as it stands, sealed, written and recorded, or refused. */
import type { z } from 'zod';
import { clocksApartSeconds } from '../../../platform/clock.ts';
import type { Scope } from '../../../platform/database/transaction.ts';
import type { Change } from '../../../platform/log/change.ts';
import type { LogEvent } from '../../../platform/log/log.ts';
import { PolicyError } from '../../errors.ts';
import { readAccession } from '../protocols/accession.ts';
import { pointer, prohibits, readProtocol, type Text } from '../protocols/read.ts';
import { type PrivateKey, Signature } from '../signatures/flattened.ts';
import { checkEnvelope, takeEffect } from './apply.ts';
import { type Head, linkBody, sealLink } from '../chain/chain.ts';
import type { Derivation } from '../chain/derivation.ts';
import { kindOf, RegisterEvent } from '../events/table.ts';
import { holdRegister } from './hold.ts';
import type { OpenRegister, RegisterGround } from './open.ts';
import { refuse } from '../chain/refuse.ts';
import { insertLink } from './store.ts';

declare module '../../../platform/log/event.ts' {
  interface Topics {
    register: true;
  }
}

/** What somebody wants to add: a signed event, an officer's signature on a protocol, or an accession (canonical bytes). */
export type Submission =
  | { event: RegisterEvent; signature: Signature }
  | { text: Uint8Array; agency: string; signature: Signature }
  | { accession: Uint8Array; signature: Signature; countersignature: Signature };

/** A submission may be made when its turn comes: then it knows the head that it follows. */
export type Submitted = Submission | ((head: Head) => Promise<Submission>);

/** What belongs to an event beside the chain: it commits with the event, or neither does. */
export type AppendOptions = {
  /** Settles, in the event's own transaction, the rows that tell of it. Runs for each event, when it is verified and
   *  written at `head`; what it throws refuses the event. It locks rows after the chain: whoever holds such a row's lock
   *  must never wait for the chain. */
  within?: (tx: Change, head: Head) => Promise<unknown>;
  /** On whose behalf `within` reads and writes. */
  scope?: Scope;
};

/**
 * Adds one event. Throws PolicyError in words where it is refused; nothing is written then. When this has returned, no
 * decision on the register as it was before can be recorded any more.
 */
export async function appendEvent(
  ground: RegisterGround,
  register: OpenRegister,
  actor: LogEvent['actor'],
  submitted: Submitted,
  options: AppendOptions = {},
): Promise<Head> {
  const [head] = await appendEvents(ground, register, actor, [submitted], options);
  if (head === undefined) throw new TypeError('one event gives one head');
  return head;
}

/** Adds several events in one transaction: all, or none. Returns the head after each. */
export async function appendEvents(
  ground: RegisterGround,
  register: OpenRegister,
  actor: LogEvent['actor'],
  submitted: readonly Submitted[],
  { within, scope = {} }: AppendOptions = {},
): Promise<Head[]> {
  return holdRegister(ground, register, scope, async (tx, derivation) => {
    const heads: Head[] = [];
    for (const one of submitted) heads.push(await add(ground, tx, derivation, actor, one, within));
    return heads;
  });
}

async function add(
  ground: RegisterGround,
  tx: Change,
  derivation: Derivation,
  actor: LogEvent['actor'],
  submitted: Submitted,
  within: AppendOptions['within'],
): Promise<Head> {
  const submission = typeof submitted === 'function' ? await submitted({ ...derivation.head }) : submitted;
  const { event, signatures, text } = readSubmission(submission, derivation, ground.clock());
  checkPlace(derivation, event, ground.clock());
  const { body, hash } = linkBody(event, signatures);
  const link = { event, signatures, hash, proved: false };
  const kind = kindOf(event);
  const effect = await kind.verify(derivation, link, text);
  const key = await ground.keys.current('register');
  const seal = await sealLink(event, hash, key.privateJwk as PrivateKey, ground.clock());
  await insertLink(tx, { sequence: event.sequence, body, hash, seal });
  for (const one of kind.index(event, text)) await one.write(tx);
  const { agencies, subject, content } = kind.summarise(event, derivation, text);
  tx.record({
    event: `register.${event.type}`,
    actor,
    agencies,
    subject,
    content: { ...content, sequence: event.sequence, hash },
  });
  tx.affects('register', '*');
  await within?.(tx, { sequence: event.sequence, hash });
  takeEffect(derivation, link, effect);
  return { ...derivation.head };
}

type Read = { event: RegisterEvent; signatures: Signature[]; text?: Text };

function readSubmission(submission: Submission, derivation: Derivation, now: number): Read {
  if ('event' in submission) {
    const event = parseOr('event-malformed', RegisterEvent, submission.event);
    return { event, signatures: [parseOr('signature-not-valid', Signature, submission.signature)] };
  }
  const envelope = {
    federation: derivation.trust.federation,
    sequence: derivation.head.sequence + 1,
    previous: derivation.head.hash,
    // Never before the event that went ahead: this machine's clock may be a little behind another's.
    time: Math.max(Math.floor(now), derivation.time),
  };
  const made = 'text' in submission ? protocolSigned(submission) : { data: protocolAcceded(submission) };
  const type = 'text' in submission ? 'protocol-signed' : 'protocol-acceded';
  const event = parseOr('signature-not-valid', RegisterEvent, { ...envelope, type, data: made.data });
  return { event, signatures: [], ...('text' in made && { text: made.text }) };
}

function protocolSigned(submission: Extract<Submission, { text: Uint8Array }>): { data: object; text: Text } {
  const text: Text = { ...readProtocol(submission.text), bytes: submission.text };
  const { id, version } = text.document;
  const { agency, signature } = submission;
  return {
    text,
    data: { protocol: text.hash, id, version, agency, prohibits: prohibits(text.document), signature },
  };
}

function protocolAcceded(submission: Extract<Submission, { accession: Uint8Array }>): object {
  const accession = readAccession(submission.accession);
  const { protocol, id, version, party } = accession;
  const { signature, countersignature } = submission;
  return { protocol, id, version, agency: party.agency, accession, signature, countersignature };
}

function parseOr<S extends z.ZodType>(code: string, schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => ({ pointer: pointer(...path), message }));
  throw new PolicyError('invalid', code, 'What was sent does not have the form that the register takes.', { issues });
}

function checkPlace(derivation: Derivation, event: RegisterEvent, now: number): void {
  checkEnvelope(derivation, event);
  if (event.sequence !== derivation.head.sequence + 1 || event.previous !== derivation.head.hash) {
    throw refuse(
      'conflict',
      'register-moved',
      'The register has moved on since this event was made. Make and sign it again.',
    );
  }
  if (Math.abs(event.time - now) > clocksApartSeconds) {
    throw refuse(
      'invalid',
      'event-time',
      'The event’s time lies more than five minutes from now. Make and sign it again.',
    );
  }
}
