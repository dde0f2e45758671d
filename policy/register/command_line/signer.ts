/** Who signs, as the options say it. */
import { PolicyError } from '../../errors.ts';
import type { Party } from '../protocols/document.ts';
import type { Capacity } from '../signatures/capacity.ts';
import { capacities } from '../signatures/capacity.ts';
import type { OfficerSigner } from '../events/sign.ts';
import { readKey } from './files.ts';
import { needed, type Terminal, type Typed, usageError } from './verb.ts';

/** Options of every verb that an officer signs with. */
export const signerOptions = {
  key: { type: 'string' },
  agency: { type: 'string' },
  officer: { type: 'string' },
  capacity: { type: 'string' },
  out: { type: 'string' },
} as const;

export const signerUsage = '--key <file> --agency <code> --officer <id> --capacity <capacity> [--out <file>]';

export async function readSigner(typed: Typed, terminal: Terminal): Promise<OfficerSigner> {
  const [agency, officer, capacity] = [needed(typed, 'agency'), needed(typed, 'officer'), needed(typed, 'capacity')];
  if (!isCapacity(capacity)) throw usageError(`--capacity must be one of ${capacities.join(', ')}.`);
  return { agency, officer, capacity, key: await readKey(needed(typed, 'key'), terminal) };
}

function isCapacity(text: string): text is Capacity {
  return (capacities as readonly string[]).includes(text);
}

/** Refuses where the party's own officer must sign in another capacity; the register would refuse it too. */
export function checkCapacity(party: Pick<Party, 'signs_as'>, { agency, capacity }: OfficerSigner): void {
  if (party.signs_as === capacity) return;
  throw new PolicyError('forbidden', 'capacity-missing', `For ${agency} this must be signed as ${party.signs_as}.`);
}
