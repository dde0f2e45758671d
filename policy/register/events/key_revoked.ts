/** An agency's key is revoked, or counts as compromised from an earlier event on. */
import { z } from 'zod';
import type { Derivation } from '../chain/derivation.ts';
import { refuse } from '../chain/refuse.ts';
import { indexRevocation } from '../index/members.ts';
import { types } from '../signatures/flattened.ts';
import { agency, hash, position, words } from './fields.ts';
import { defineEvent } from './kind.ts';
import { aboutAgency } from './members.ts';

export const keyRevoked = defineEvent({
  type: 'key-revoked',
  title: 'Key revoked in the register',
  /** `compromised_from`: position from which on nothing signed with it counts. Only the federation's root key may say so. */
  data: z.strictObject({ agency, kid: hash, reason: words, compromised_from: position.optional() }),
  signed: { as: types.event, by: ['root', 'administration'], removes: true },
  check(derivation, { data, sequence }, { header }) {
    const key = derivation.agencies.get(data.agency)?.keys.get(data.kid);
    const rooted = header.agency === undefined;
    if (key === undefined && rooted && derivation.voidKeys.has(data.kid)) return; // no key any more, for another compromise
    if (key === undefined) throw refuse('not-found', 'unknown-key', `${data.agency} has no such key.`);
    if (data.compromised_from === undefined) {
      if (key.revokedAt !== undefined)
        throw refuse('conflict', 'key-revoked', `The key was revoked by event ${key.revokedAt}.`);
      return;
    }
    // It reaches back in time, so an agency cannot use it to shake off what it signed itself.
    if (!rooted) {
      throw refuse(
        'forbidden',
        'not-entitled',
        'Only the federation’s root key can say from when on a key was compromised.',
      );
    }
    if (data.compromised_from > sequence) throw refuse('invalid', 'position', 'The position lies ahead of this event.');
  },
  apply(derivation, { data, sequence }) {
    const key = derivation.agencies.get(data.agency)?.keys.get(data.kid);
    if (key === undefined) return;
    key.revokedAt ??= sequence;
    if (data.compromised_from !== undefined) key.compromisedFrom = data.compromised_from;
  },
  // The declaration of a compromise counts before it is verified.
  mustHold: ({ data }) => data.compromised_from !== undefined,
  index: ({ data, sequence }) => [indexRevocation(data.kid, sequence, data.compromised_from)],
  summarise: aboutAgency,
});

/** The key that an event, not verified yet, declares compromised, and the position from which on. */
export function compromiseIn(event: unknown): { kid: string; from: number } | undefined {
  const { type, data } = (event ?? {}) as { type?: string; data?: { kid?: string; compromised_from?: number } };
  if (type !== keyRevoked.type || data?.compromised_from === undefined || data.kid === undefined) return undefined;
  return { kid: data.kid, from: data.compromised_from };
}

/** True where an event says of a key what was not known when the derivation began. */
export function declaresCompromise({ compromises }: Derivation, event: object): boolean {
  const declared = compromiseIn(event);
  return declared !== undefined && (compromises.get(declared.kid) ?? Infinity) > declared.from;
}
