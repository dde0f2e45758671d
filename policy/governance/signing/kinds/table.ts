/** Every kind of thing that an officer signs. */
import { accession } from './accession.ts';
import { countersignature } from './countersignature.ts';
import type { Kind } from './kind.ts';
import { protocol } from './protocol.ts';
import { suspension, withdrawal } from './stop.ts';

export const kinds = { protocol, accession, countersignature, suspension, withdrawal } satisfies Record<string, Kind>;
export type SigningKind = keyof typeof kinds;
