/** All kinds of register event. Nothing else can be written into the register. */
import { z } from 'zod';
import type { ChainEvent } from '../chain/chain.ts';
import { agencyAdmitted } from './agency_admitted.ts';
import { agencyEnded } from './agency_ended.ts';
import { definitionPublished } from './definition_published.ts';
import { keyAdded } from './key_added.ts';
import { keyRevoked } from './key_revoked.ts';
import type { EventKind } from './kind.ts';
import { officerAppointed } from './officer_appointed.ts';
import { officerEnded } from './officer_ended.ts';
import { protocolAcceded } from './protocol_acceded.ts';
import { protocolSigned } from './protocol_signed.ts';
import { protocolSuspended } from './protocol_suspended.ts';
import { protocolWithdrawn } from './protocol_withdrawn.ts';

export const eventKinds = [
  agencyAdmitted,
  agencyEnded,
  keyAdded,
  keyRevoked,
  officerAppointed,
  officerEnded,
  definitionPublished,
  protocolSigned,
  protocolAcceded,
  protocolSuspended,
  protocolWithdrawn,
] as const;

export type RegisterEvent = z.infer<(typeof eventKinds)[number]['schema']>;
export type EventType = RegisterEvent['type'];
export type EventOf<Type extends EventType> = Extract<RegisterEvent, { type: Type }>;
export type EventData<Type extends EventType> = EventOf<Type>['data'];

const schemas = eventKinds.map(({ schema }) => schema) as unknown as [z.ZodObject, ...z.ZodObject[]];

/** What may be written into the register: an event of one of these kinds, and of no other. */
export const RegisterEvent = z.discriminatedUnion('type', schemas) as unknown as z.ZodType<RegisterEvent>;

const byType = new Map<string, unknown>(eventKinds.map((kind) => [kind.type, kind]));

/** The kind of an event. Throws TypeError where there is none: the event was not read with `RegisterEvent`. */
export function kindOf<Event extends ChainEvent>({ type }: Event): EventKind<Event> {
  const kind = byType.get(type);
  if (kind === undefined) throw new TypeError('there is no such kind of register event');
  return kind as EventKind<Event>;
}
