/** The versions of a protocol, and which of a framework's applies at a moment (epoch seconds). */
import { startOfDay } from '../protocols/dates.ts';
import type { Protocol } from '../protocols/document.ts';
import type { Derivation, ProtocolRecord } from './derivation.ts';

export type Readable = ProtocolRecord & { document: Protocol };

export function isReadable(record: ProtocolRecord): record is Readable {
  return record.document !== undefined;
}

/** The texts known under the same id with a higher number. */
export function laterVersions(derivation: Derivation, record: ProtocolRecord): ProtocolRecord[] {
  return (derivation.versions.get(record.id) ?? []).flatMap((hash) => {
    const other = derivation.protocols.get(hash);
    return other !== undefined && other.version > record.version ? [other] : [];
  });
}

/** True once a version was signed by every party and its first day has come: it then has taken the place of those before. */
export function hasBegun(record: ProtocolRecord, now: number): boolean {
  return record.completedAt !== undefined && isReadable(record) && startOfDay(record.document.valid.from) <= now;
}

/** The framework named, or the latest version that has taken its place. */
export function resolveFramework(derivation: Derivation, hash: string, now: number): Readable | undefined {
  const named = derivation.protocols.get(hash);
  if (named === undefined) return undefined;
  const latest = laterVersions(derivation, named)
    .filter((one) => hasBegun(one, now))
    .toSorted((left, right) => right.version - left.version)[0];
  const standing = latest ?? named;
  return isReadable(standing) ? standing : undefined;
}
