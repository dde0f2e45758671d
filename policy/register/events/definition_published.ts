/** The federation publishes what an asset, a role or a kind of agency is. */
import { z } from 'zod';
import { refuse } from '../chain/refuse.ts';
import { indexDefinition } from '../index/definitions.ts';
import { AssetDefinition, KindDefinition, RoleDefinition } from '../protocols/document.ts';
import { hashOfJson } from '../signatures/canonical.ts';
import { types } from '../signatures/flattened.ts';
import { defineEvent } from './kind.ts';

export const definitionPublished = defineEvent({
  type: 'definition-published',
  title: 'Definition published',
  data: z.strictObject({
    definition: z.discriminatedUnion('type', [AssetDefinition, RoleDefinition, KindDefinition]),
  }),
  signed: { as: types.event, by: ['root'] },
  check(derivation, { data }) {
    if (derivation.definitions.has(hashOfJson(data.definition))) {
      throw refuse('conflict', 'definition-known', 'Exactly this definition is published already.');
    }
  },
  apply(derivation, { data: { definition }, sequence }) {
    const common = { hash: hashOfJson(definition), position: sequence };
    derivation.definitions.set(common.hash, { definition, ...common });
    if (definition.type === 'wayleave-asset') derivation.assets.set(definition.code, { definition, ...common });
    else if (definition.type === 'wayleave-role') derivation.roles.set(definition.code, { definition, ...common });
    else derivation.kinds.set(definition.code, { definition, ...common });
  },
  index: ({ data, sequence }) => [indexDefinition(data.definition, sequence)],
  summarise: ({ data: { definition } }, derivation) => {
    const { type, code } = definition;
    return { agencies: [...derivation.agencies.keys()], subject: code, content: { type, code } };
  },
});
