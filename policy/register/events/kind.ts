/** What a kind of register event is: its form, who signs it, when it may stand, what it does, and what is told of it. */
import { z } from 'zod';
import type { JsonObject } from '../../../platform/json.ts';
import type { PolicyError } from '../../errors.ts';
import { broken, type ChainEvent, envelope, type Link } from '../chain/chain.ts';
import type { Derivation } from '../chain/derivation.ts';
import { VoidEvent } from '../chain/refuse.ts';
import { type Signer, type SignerRule, verifySigner } from '../chain/signer.ts';
import type { IndexChange } from '../index/rows.ts';
import type { Text } from '../protocols/read.ts';

/** What the log of record says of an event, and whose officers may read it. */
export type Summary = { agencies: string[]; subject: string; content: JsonObject };

/** Makes a verified event happen; never waits, so that the state moves from event to event at once. */
export type Effect = () => void;

/** A kind of event as the ledger uses it. `text` is the protocol that it is about, where `needsText` and it can be read. */
export type EventKind<Event extends ChainEvent = ChainEvent> = {
  type: Event['type'];
  /** In words, as in a list of what happened. */
  title: string;
  schema: z.ZodType<Event>;
  /** Who signs it. Absent: officers sign a document away from the register, and the event carries their signatures. */
  signed?: SignerRule;
  /** Hash of the text that the signatures it carries are about: these are verified in turns. */
  signedText?(event: Event): string;
  /** True where the signature is over the text itself. */
  needsText?: true;
  /** Throws PolicyError, in words, where the event may not stand next in the register. Changes nothing. */
  verify(derivation: Derivation, link: Link<Event>, text?: Text): Promise<Effect>;
  /** Notes an event of the chain that `verify` refused; throws `register-broken` where it could not have come to stand. */
  noteRefused(derivation: Derivation, event: Event, why: PolicyError, text?: Text): void;
  /** What it puts into the index tables; an event without effect stands there all the same: it happened. */
  index(event: Event, text?: Text): IndexChange[];
  /** `derivation` is the register before the event. */
  summarise(event: Event, derivation: Derivation, text?: Text): Summary;
};

type Placed<Type extends string, Data> = Omit<ChainEvent, 'type' | 'data'> & { type: Type; data: Data };

type Form<Type extends string, Data> = { type: Type; title: string; data: z.ZodType<Data> };

type SignedKind<Type extends string, Data extends JsonObject, Event extends ChainEvent> = Form<Type, Data> &
  Pick<EventKind<Event>, 'summarise'> &
  Partial<Pick<EventKind<Event>, 'index'>> & {
    signed: SignerRule;
    /** Throws PolicyError where the event cannot happen now. Changes nothing. */
    check(derivation: Derivation, event: Event, signer: Signer): void;
    /** Makes it happen. Only called after `check`. */
    apply(derivation: Derivation, event: Event): void;
    /** True where it takes effect before it is verified, so that it can never be void. */
    mustHold?(event: Event): boolean;
    /** What is kept of it all the same where a compromise makes it void. */
    applyVoid?(derivation: Derivation, event: Event): void;
  };

/** An event with a signature of its own: by the root key, an agency's administration, or an officer. */
export function defineEvent<const Type extends string, Data extends JsonObject>(
  kind: SignedKind<Type, Data, Placed<Type, NoInfer<Data>>>,
): EventKind<Placed<Type, Data>> & { signed: SignerRule } {
  return {
    index: () => [],
    ...kind,
    schema: schemaOf(kind),
    verify: async (derivation, link) => {
      const { event } = link;
      kind.check(derivation, event, await verifySigner(derivation, link, kind.signed));
      return () => kind.apply(derivation, event);
    },
    noteRefused: (derivation, event, why) => {
      if (kind.mustHold?.(event) === true || !isExcused(derivation, why)) throw broken(event.sequence, why.message);
      derivation.voided.push({ position: event.sequence, why: why.message });
      kind.applyVoid?.(derivation, event);
    },
  };
}

// What rests on an event that a compromise made void is void with it; otherwise the service would never have written it.
function isExcused({ compromises }: Derivation, why: PolicyError): boolean {
  return why instanceof VoidEvent || (compromises.size > 0 && why.code !== 'signature-not-valid');
}

type DocumentKind<Type extends string, Data extends JsonObject> = Form<Type, Data> &
  Omit<EventKind<Placed<Type, NoInfer<Data>>>, 'type' | 'title' | 'schema' | 'signed'>;

/** An event that carries what officers signed away from the register. One that does not count is noted as rejected. */
export function defineDocumentEvent<const Type extends string, Data extends JsonObject>(
  kind: DocumentKind<Type, Data>,
): EventKind<Placed<Type, Data>> {
  return { ...kind, schema: schemaOf(kind) };
}

function schemaOf<Type extends string, Data>({ type, data }: Form<Type, Data>): z.ZodType<Placed<Type, Data>> {
  return z.strictObject({ ...envelope, type: z.literal(type), data });
}
