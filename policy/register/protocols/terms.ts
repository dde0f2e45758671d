/** What a protocol is checked against. */
import type { AssetDefinition, KindDefinition, Protocol, RoleDefinition } from './document.ts';

/** A definition as it was published: by the event at `position`. */
export type Registered<Definition> = { definition: Definition; hash: string; position: number };

/** A signed text as others refer to it: without a document where the text cannot be read. */
export type SignedText = { hash: string; version: number; document: Protocol | undefined; signedBy: string[] };

export type Terms = {
  federation: string;
  assets: ReadonlyMap<string, Registered<AssetDefinition>>;
  roles: ReadonlyMap<string, Registered<RoleDefinition>>;
  kinds: ReadonlyMap<string, Registered<KindDefinition>>;
  agencies: ReadonlyMap<string, { kind: string; endedAt?: number }>;
  findText(hash: string): SignedText | undefined;
  listVersions(id: string): SignedText[];
};

/** Says that the value at `path` is wrong, and why. */
export type Complain = (message: string, ...path: PropertyKey[]) => void;

/** Complains about each value that stands in the list a second time. */
export function noDuplicates(values: readonly string[], complain: Complain, ...path: PropertyKey[]): void {
  const seen = new Set<string>();
  values.forEach((value, index) => {
    if (seen.has(value)) complain(`${value} stands here twice.`, ...path, index);
    seen.add(value);
  });
}
