/** What a draft would change: who gains and who loses which fields, and what is asked of them, against the version in force. */
import type { JsonObject } from '../../../platform/json.ts';
import type { RegisterState } from '../../register/chain/state.ts';
import { type Access, accessUnder, type Place } from './access.ts';
import { compileText, findAlike } from './alike.ts';
import { compareRequirements } from './compare_requirements.ts';
import { asIfSigned, versionInForce } from './hypothetical.ts';
import { readablePart } from './readable.ts';
import type { Requirement } from './requirements.ts';

/** Fields by name. `stricter`, `looser`: what is asked, in words, about the fields that are given before and after. */
type ProtocolChange = Place & { gains: string[]; loses: string[]; stricter: string[]; looser: string[] };

/** One change that is the same for each of these recipients and holders. */
export type AlikeChange = Omit<ProtocolChange, 'agency' | 'holder'> & { agencies: string[]; holders: string[] };

/**
 * Lists every place where something changes; without a version in force everything is gained. Agencies that every clause
 * treats alike stand together: a protocol of two hundred parties is compared as fast as one of five.
 */
export function listAlikeChanges(state: RegisterState, document: JsonObject): AlikeChange[] {
  const text = readablePart(state, document);
  const inForce = versionInForce(state, text.id);
  const after = compileText(state, asIfSigned(text));
  const before = inForce === undefined ? undefined : compileText(state, inForce);
  const versions = before === undefined ? [after] : [before, after];
  const alike = findAlike(state, versions);
  const old = before === undefined ? new Map<string, Access>() : accessUnder(state, before, alike);
  const now = accessUnder(state, after, alike);
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((key) => {
    const change = compare(old.get(key), now.get(key));
    if (change === undefined) return [];
    const { agency, holder, ...rest } = change;
    return [{ ...rest, agencies: alike.recipients.get(agency) ?? [], holders: alike.holders.get(holder) ?? [] }];
  });
}

function compare(old: Access | undefined, now: Access | undefined): ProtocolChange | undefined {
  const place = (now ?? old)?.place;
  if (place === undefined) return undefined;
  const before = old?.fields ?? new Map<string, Requirement[][]>();
  const after = now?.fields ?? new Map<string, Requirement[][]>();
  const gains = [...after.keys()].filter((field) => !before.has(field));
  const loses = [...before.keys()].filter((field) => !after.has(field));
  const kept = [...after.keys()].filter((field) => before.has(field));
  const { stricter, looser } = compareRequirements(kept, before, after);
  return [gains, loses, stricter, looser].every((list) => list.length === 0)
    ? undefined
    : { ...place, gains, loses, stricter, looser };
}
