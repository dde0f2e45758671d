/** One event after another: each is verified against what the events before it amount to, then takes effect at once. */
import { PolicyError } from '../../errors.ts';
import { thumbprint } from '../signatures/keys.ts';
import { broken, type Link } from '../chain/chain.ts';
import type { Derivation } from '../chain/derivation.ts';
import type { EventOf, RegisterEvent } from '../chain/event.ts';
import { refuse, TextUnreadable, VoidEvent } from '../chain/refuse.ts';
import { type DocumentEventType, type Signer, verifySigner } from '../chain/signer.ts';
import { agencyAdmitted, agencyEnded } from '../events/agency.ts';
import { definitionPublished } from '../events/definition.ts';
import { keyAdded, keyRevoked } from '../events/key.ts';
import { officerAppointed, officerEnded } from '../events/officer.ts';
import {
  applyAccessionRejected,
  applyAccessionUnreadable,
  applyProtocolAcceded,
  checkProtocolAcceded,
} from '../events/protocol_acceded.ts';
import {
  applyProtocolSigned,
  applyRejected,
  applyUnreadable,
  checkProtocolSigned,
  type Text,
} from '../events/protocol_signed.ts';
import { protocolSuspended, protocolWithdrawn } from '../events/protocol_stopped.ts';
import type { Step } from '../events/step.ts';

type OtherEvent = Exclude<RegisterEvent, { type: DocumentEventType }>;

const steps: { [Type in OtherEvent['type']]: Step<Type> } = {
  'agency-admitted': agencyAdmitted,
  'agency-ended': agencyEnded,
  'key-added': keyAdded,
  'key-revoked': keyRevoked,
  'officer-appointed': officerAppointed,
  'officer-ended': officerEnded,
  'definition-published': definitionPublished,
  'protocol-suspended': protocolSuspended,
  'protocol-withdrawn': protocolWithdrawn,
};

/** The text of a protocol by its hash, or undefined where it is missing or damaged. */
export type Texts = ReadonlyMap<string, Text>;

/** A step of the same type as the event; the table above guarantees that they belong together. */
function stepFor(event: OtherEvent): Step<OtherEvent['type']> {
  return steps[event.type] as Step<OtherEvent['type']>;
}

/**
 * Throws PolicyError, in words, where the event may not stand next in the register. Changes nothing. For a protocol's
 * signature the text must be given.
 */
export async function checkEvent(derivation: Derivation, link: Link, text?: Text): Promise<void> {
  const { event } = link;
  if (event.type === 'protocol-signed') {
    if (text === undefined) throw refuse('invalid', 'text-missing', 'The text that was signed is missing.');
    await checkProtocolSigned(derivation, event, text, link.proved);
  } else if (event.type === 'protocol-acceded') await checkProtocolAcceded(derivation, event);
  else await checkOther(derivation, link, event);
}

async function checkOther(derivation: Derivation, link: Link, event: OtherEvent): Promise<void> {
  const signer: Signer = await verifySigner(derivation, link);
  stepFor(event).check(derivation, event, signer);
}

/** Refuses an event of another federation, or one whose time lies before the event that went ahead of it. */
export function checkEnvelope(derivation: Derivation, { federation, time }: RegisterEvent): void {
  const ours = derivation.trust.federation;
  if (federation !== ours) {
    throw refuse('invalid', 'wrong-federation', `The event belongs to ${federation}; this federation is ${ours}.`);
  }
  if (time < derivation.time - clocksApart) {
    throw refuse('invalid', 'event-time', 'The event’s time lies before the one that went ahead of it.');
  }
}

// Events are made on several machines.
const clocksApart = 5 * 60;

/**
 * Lets the next link take effect. Throws `register-broken` where the chain does not verify; an event
 * that a compromised key made stands without effect, and a signature on a protocol or an accession that does not verify is noted as rejected.
 */
export async function applyLink(derivation: Derivation, link: Link, texts: Texts): Promise<boolean> {
  const { event, hash } = link;
  try {
    checkEnvelope(derivation, event);
  } catch (error) {
    throw broken(event.sequence, (error as Error).message);
  }
  const effect = await effectOf(derivation, link, texts);
  const counts = effect();
  if (declaresCompromise(derivation, event)) derivation.outdated = true;
  derivation.head = { sequence: event.sequence, hash };
  derivation.time = Math.max(derivation.time, event.time);
  return counts;
}

/** True where an event says of a key what was not known when the derivation began. */
export function declaresCompromise({ compromises }: Derivation, event: RegisterEvent): boolean {
  if (event.type !== 'key-revoked' || event.data.compromised_from === undefined) return false;
  return (compromises.get(event.data.kid) ?? Infinity) > event.data.compromised_from;
}

/** Takes effect at once; true where a signature of the link verified and counts. */
type Effect = () => boolean;

function without(effect: () => void): Effect {
  return () => {
    effect();
    return false;
  };
}

function effectOf(derivation: Derivation, link: Link, texts: Texts): Promise<Effect> {
  const { event } = link;
  if (event.type === 'protocol-signed') return signed(derivation, link, event, texts);
  if (event.type === 'protocol-acceded') return acceded(derivation, link, event);
  return other(derivation, link, event);
}

async function signed(
  derivation: Derivation,
  link: Link,
  event: EventOf<'protocol-signed'>,
  texts: Texts,
): Promise<Effect> {
  const text = texts.get(event.data.protocol);
  if (text === undefined) return without(() => applyUnreadable(derivation, event));
  try {
    const signature = await checkProtocolSigned(derivation, event, text, link.proved);
    return () => {
      applyProtocolSigned(derivation, event, text.document, signature);
      return true;
    };
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return without(() => applyRejected(derivation, event, text.document, error));
  }
}

async function acceded(derivation: Derivation, link: Link, event: EventOf<'protocol-acceded'>): Promise<Effect> {
  if (!derivation.protocols.has(event.data.protocol)) throw broken(event.sequence, 'nobody signed what was acceded to');
  try {
    const signatures = await checkProtocolAcceded(derivation, event, link.proved);
    return () => {
      applyProtocolAcceded(derivation, event, signatures);
      return true;
    };
  } catch (error) {
    if (error instanceof TextUnreadable) return without(() => applyAccessionUnreadable(derivation, event));
    if (!(error instanceof PolicyError)) throw error;
    return without(() => applyAccessionRejected(derivation, event, error));
  }
}

async function other(derivation: Derivation, link: Link, event: OtherEvent): Promise<Effect> {
  try {
    await checkOther(derivation, link, event);
    return () => {
      stepFor(event).apply(derivation, event, link);
      return true;
    };
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    if (!isExcused(derivation, event, error)) throw broken(event.sequence, error.message);
    return without(() => makeVoid(derivation, event, error.message));
  }
}

// What rests on an event that a compromise made void is void with it; otherwise the service would never have written it.
// The declaration itself counted before it was verified, so it must hold.
function isExcused({ compromises }: Derivation, event: OtherEvent, error: PolicyError): boolean {
  if (event.type === 'key-revoked' && event.data.compromised_from !== undefined) return false;
  return error instanceof VoidEvent || (compromises.size > 0 && error.code !== 'signature-not-valid');
}

function makeVoid(derivation: Derivation, event: OtherEvent, why: string): void {
  derivation.voided.push({ position: event.sequence, why });
  if (event.type !== 'key-added') return;
  const kid = thumbprint(event.data.key.jwk);
  derivation.keys.add(kid);
  derivation.voidKeys.add(kid);
}
