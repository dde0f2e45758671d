/** What documents are written from: one signed protocol, who is in it now, and the definitions that it pins. */
import type {
  AssetDefinition,
  Clause,
  KindDefinition,
  Party,
  Protocol,
  RoleDefinition,
} from '../../register/protocols/document.ts';
import type { RegisteredProtocol, RegisterState } from '../../register/chain/state.ts';

export type Source = {
  protocol: Protocol;
  hash: string;
  /** Parties that have not left, in the order of the text. */
  parties: Party[];
  /** Agencies that joined since: they receive what is open to them. */
  joined: Party[];
  framework: Protocol | undefined;
  assets: ReadonlyMap<string, AssetDefinition>;
  roles: ReadonlyMap<string, RoleDefinition>;
  kinds: ReadonlyMap<string, KindDefinition>;
};

/** The definitions are those that the parties signed, whatever was published since. */
export function sourceOf(state: RegisterState, registered: RegisteredProtocol): Source {
  const { document, hash, withdrawn, acceded, framework } = registered;
  return {
    protocol: document,
    hash,
    parties: document.parties.filter(({ agency }) => !withdrawn.includes(agency)),
    joined: acceded.filter(({ suspended }) => !suspended).map(({ party }) => party),
    framework: framework === undefined ? undefined : state.protocols.get(framework)?.document,
    assets: pinned(state, document.pins.assets, 'wayleave-asset'),
    roles: pinned(state, document.pins.roles, 'wayleave-role'),
    kinds: pinned(state, document.pins.kinds, 'wayleave-kind'),
  };
}

type Definition = AssetDefinition | RoleDefinition | KindDefinition;

function pinned<Type extends Definition['type']>(
  state: RegisterState,
  pins: Readonly<Record<string, string>>,
  type: Type,
): Map<string, Extract<Definition, { type: Type }>> {
  return new Map(
    Object.entries(pins).flatMap(([code, hash]) => {
      const definition = state.definitions.get(hash)?.definition;
      return definition?.type === type ? [[code, definition as Extract<Definition, { type: Type }>] as const] : [];
    }),
  );
}

/** Everybody who gives or receives under it: what each of them publishes is its own. */
export function membersOf({ parties, joined }: Source): Party[] {
  return [...parties, ...joined];
}

export function findMember(source: Source, agency: string): Party | undefined {
  return membersOf(source).find((party) => party.agency === agency);
}

export type Receiver = { role: string; name: string; parties: Party[] };

/** Who may receive under a clause, the agencies by role. */
export function receiversOf(source: Source, clause: Clause): Receiver[] {
  const all = clause.open_to_accession ? membersOf(source) : source.parties;
  const byRole = Map.groupBy(clause.recipients, ({ role }) => role);
  return [...byRole].map(([role, recipients]) => ({
    role,
    name: nameOf(source.roles, role),
    parties: all.filter(({ agency, kind }) =>
      recipients.some((one) => ('agency' in one ? one.agency === agency : one.kind === kind)),
    ),
  }));
}

/** A name for a code that nobody gave a title. */
export function nameOf(definitions: ReadonlyMap<string, { name: string }>, code: string): string {
  return definitions.get(code)?.name ?? wordsFor(code);
}

/** `service-planning` as words. */
function wordsFor(code: string): string {
  const words = code.replaceAll(/[-_]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function fieldTitle(source: Source, asset: string, field: string): string {
  return source.assets.get(asset)?.fields.find(({ name }) => name === field)?.title ?? wordsFor(field);
}

/** A term of an operational protocol: "As in the framework." is put into words where the framework has them. */
export function termOf({ protocol, framework }: Source, term: 'retention' | 'rights' | 'complaints'): string {
  const own = protocol[term];
  const above = framework?.[term];
  return above === undefined ? own : own.replace(/^As in the framework[.,]/u, above);
}
