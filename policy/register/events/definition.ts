/** The federation publishes what an asset, a role or a kind of agency is. */
import { hashOfJson } from '../signatures/canonical.ts';
import { refuse } from '../chain/refuse.ts';
import type { Step } from './step.ts';

export const definitionPublished: Step<'definition-published'> = {
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
};
