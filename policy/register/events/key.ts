/** An agency's key is added or revoked. */
import { refuse } from '../chain/refuse.ts';
import { addKey, checkNewKey, getMember } from './members.ts';
import type { Step } from './step.ts';

export const keyAdded: Step<'key-added'> = {
  check(derivation, { data }, { held }) {
    getMember(derivation, data.agency);
    checkNewKey(derivation, data.key.jwk);
    // Otherwise one person could bring in a key that appoints officers with nobody's approval.
    if (held === 'service' && data.key.use === 'administration' && data.key.held !== 'service') {
      throw refuse(
        'forbidden',
        'not-entitled',
        'A key that the service holds cannot hand the administration over to another holder. The federation’s root key can.',
      );
    }
  },
  apply: (derivation, { data, sequence }) => addKey(derivation, getMember(derivation, data.agency), data.key, sequence),
};

export const keyRevoked: Step<'key-revoked'> = {
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
};
