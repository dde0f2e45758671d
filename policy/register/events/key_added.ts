/** An agency brings in a further key. */
import { z } from 'zod';
import { refuse } from '../chain/refuse.ts';
import { indexKey } from '../index/members.ts';
import { types } from '../signatures/flattened.ts';
import { thumbprint } from '../signatures/keys.ts';
import { agency, KeyEntry } from './fields.ts';
import { defineEvent } from './kind.ts';
import { aboutAgency, addKey, checkNewKey, getMember } from './members.ts';

export const keyAdded = defineEvent({
  type: 'key-added',
  title: 'Key added to the register',
  data: z.strictObject({ agency, key: KeyEntry }),
  signed: { as: types.event, by: ['root', 'administration'] },
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
  applyVoid(derivation, { data }) {
    const kid = thumbprint(data.key.jwk);
    derivation.keys.add(kid);
    derivation.voidKeys.add(kid);
  },
  index: ({ data, sequence }) => [indexKey(data.agency, data.key, sequence)],
  summarise: aboutAgency,
});
