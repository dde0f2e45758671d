/** Types of record that agencies of the demo region hold: fields with their sensitivity, and attributes for conditions. */
import type { AssetDefinition } from '../../policy/register/protocols/document.ts';
import data from './assets.json' with { type: 'json' };

export const assets = data as readonly AssetDefinition[];
