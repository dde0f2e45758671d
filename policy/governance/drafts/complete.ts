/** What nobody has to type: number, predecessor, framework's hash and pins follow from the register as it stands. */
import type { JsonObject } from '../../../platform/json.ts';
import type { RegisterState } from '../../register/chain/state.ts';
import { isObject, objectsIn } from './text.ts';

/** The document, however incomplete, with everything filled in that follows from the register. */
export function completeDocument(state: RegisterState, document: JsonObject): JsonObject {
  const { supersedes: _, ...typed } = document;
  const before = latestVersion(state, document.id);
  return {
    ...typed,
    type: 'wayleave-protocol',
    federation: state.federation,
    version: (before?.version ?? 0) + 1,
    ...(before !== undefined && { supersedes: before.hash }),
    ...(isObject(document.framework) && { framework: standUnder(state, document.framework) }),
    pins: fillPins(state, document),
  };
}

/** Hashes of the definitions as published now, of everything that the document names. What is not published is left out. */
function fillPins(
  state: RegisterState,
  document: JsonObject,
): Record<'assets' | 'roles' | 'kinds', Record<string, string>> {
  const clauses = objectsIn(document.clauses);
  const recipients = clauses.flatMap((clause) => objectsIn(clause.recipients));
  const examples = objectsIn(document.examples);
  const overriding = clauses.flatMap(({ override }) => (isObject(override) ? listOf(override.roles) : []));
  return {
    assets: hashes(
      state.assets,
      [...clauses, ...examples].map(({ asset }) => asset),
    ),
    roles: hashes(state.roles, [...recipients.map(({ role }) => role), ...overriding]),
    kinds: hashes(
      state.kinds,
      [...objectsIn(document.parties), ...recipients].map(({ kind }) => kind),
    ),
  };
}

function hashes(published: ReadonlyMap<string, { hash: string }>, named: readonly unknown[]): Record<string, string> {
  const codes = [...new Set(named.filter((code) => typeof code === 'string'))].sort();
  return Object.fromEntries(
    codes.flatMap((code) => {
      const known = published.get(code);
      return known === undefined ? [] : [[code, known.hash]];
    }),
  );
}

/** The last version of that id that anybody signed. */
function latestVersion(state: RegisterState, id: unknown): { version: number; hash: string } | undefined {
  const signed = [...state.protocols.values()].map(({ hash, document }) => ({ ...document, hash }));
  return [...signed, ...state.damaged.values()]
    .filter((one) => one.id === id)
    .toSorted((left, right) => right.version - left.version)[0];
}

function standUnder(state: RegisterState, { id }: JsonObject): JsonObject {
  const frameworks = [...state.protocols.values()].filter(
    ({ status, document }) => status === 'in-force' && document.tier === 'framework' && document.id === id,
  );
  const [latest] = frameworks.toSorted((left, right) => right.document.version - left.document.version);
  return { ...(id !== undefined && { id }), ...(latest && { hash: latest.hash }) };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
