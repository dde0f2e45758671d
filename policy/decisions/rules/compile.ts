/**
 * From the register to rules: one CASL ability per (agency, role), built when it is first asked for and kept until the
 * register says something else; then the whole set is swapped. Only protocols in force give rules.
 */
import type { AssetDefinition, Clause } from '../../register/protocols/document.ts';
import type { Acceded, DamagedProtocol, RegisteredProtocol, RegisterState } from '../../register/chain/state.ts';
import { type ClauseAbility, buildAbility } from './ability.ts';
import { addresses, compileClause, type CompiledClause, findJoined, type Written } from './clause.ts';

/** What one role in one agency may be given: the ability that decides, and the clauses by target that explain. */
export type Grants = {
  ability: ClauseAbility;
  /** Permissions for this role about a target, whatever their purpose; what explanations choose the nearest clause from. */
  about(target: string): readonly CompiledClause[];
  /** The same for protocols that are not in force now. */
  dormant(target: string): readonly CompiledClause[];
};

/** A role in an agency. */
export type Reached = { agency: string; role: string };

export type Ruleset = {
  head: RegisterState['head'];
  /** Epoch seconds from which these rules may be out of date by date alone. */
  boundary: number | undefined;
  asset(code: string): AssetDefinition | undefined;
  grants(agency: string, role: string): Grants;
  /** A signed protocol of this agency whose text is damaged and held prohibitions: what it forbids cannot be known. */
  unreadable(agency: string): DamagedProtocol | undefined;
  /** Whether a protocol in force lets anybody have this target, and whether the agency is a party to one that does. */
  coverage(target: string, agency: string): 'nobody' | 'others' | 'agency';
  /** Whom permissions in force about the target speak to, whatever their purpose and conditions. */
  reach(target: string): readonly Reached[];
};

/** An action on a type of record of one holding agency, as one key. */
export function targetKey(action: string, asset: string, holder: string): string {
  return `${action} ${asset}@${holder}`;
}

/** Compiles a verified state. Indexing is linear in the clauses and happens once; a decision touches none but its own. */
export function compile(state: RegisterState): Ruleset {
  const index = indexClauses(state);
  const grants = new Map<string, Grants>();
  const parties = new Map<string, Set<string>>();
  const reached = new Map<string, Reached[]>();
  return {
    head: state.head,
    boundary: state.nextBoundary,
    asset: (code) => state.assets.get(code)?.definition,
    grants: (agency, role) => remember(grants, `${agency} ${role}`, () => buildGrants(state, index, agency, role)),
    unreadable: (agency) =>
      state.damaged.size === 0
        ? undefined
        : [...state.damaged.values()].find((text) => text.prohibits && text.signedBy.includes(agency)),
    coverage: (target, agency) => {
      if (!index.targets.has(target)) return 'nobody';
      return remember(parties, agency, () => new Set(targetsFor(state, index, agency))).has(target)
        ? 'agency'
        : 'others';
    },
    reach: (target) => remember(reached, target, () => listReached(state, index.targets.get(target) ?? [])),
  };
}

/**
 * Compiles states as they come and keeps the last rules. A state that was derived again and says the same keeps its rules;
 * the register's head alone would not tell, because a date or a damaged text changes what is in force without an event.
 */
export function keepRules(): (state: RegisterState) => Ruleset {
  let last: { state: RegisterState; fingerprint: string; ruleset: Ruleset } | undefined;
  return (state) => {
    if (last?.state === state) return last.ruleset;
    const fingerprint = fingerprintOf(state);
    const ruleset = last?.fingerprint === fingerprint ? last.ruleset : compile(state);
    last = { state, fingerprint, ruleset };
    return ruleset;
  };
}

function fingerprintOf(state: RegisterState): string {
  const joined = ({ agency, suspended }: Acceded): string => (suspended ? `(${agency})` : agency);
  const texts = [...state.protocols.values()].map(
    ({ hash, status, acceded }) => `${hash} ${status} ${acceded.map(joined).join()}`,
  );
  const damaged = [...state.damaged.keys()];
  return [state.federation, state.head.sequence, state.head.hash, state.nextBoundary ?? '', ...texts, ...damaged].join(
    '\n',
  );
}

type Index = {
  /** Clauses by whom they speak to: `agency:CODE role` or `kind:KIND role`. */
  byRecipient: Map<string, Written[]>;
  /** In force, by agencies that signed or joined. */
  byMember: Map<string, RegisteredProtocol[]>;
  /** Permissions in force by what they are about. */
  targets: Map<string, Written[]>;
};

function indexClauses(state: RegisterState): Index {
  const index: Index = { byRecipient: new Map(), byMember: new Map(), targets: new Map() };
  for (const registered of state.protocols.values()) {
    if (registered.status === 'superseded') continue;
    for (const clause of registered.document.clauses) indexRecipients(index, { registered, clause });
    if (registered.status === 'in-force') indexProtocol(index, registered);
  }
  return index;
}

function indexRecipients(index: Index, written: Written): void {
  for (const recipient of written.clause.recipients) {
    const whom = 'agency' in recipient ? `agency:${recipient.agency}` : `kind:${recipient.kind}`;
    remember(index.byRecipient, `${whom} ${recipient.role}`, () => []).push(written);
  }
}

function indexProtocol(index: Index, registered: RegisteredProtocol): void {
  for (const { agency } of registered.document.parties) remember(index.byMember, agency, () => []).push(registered);
  for (const { agency } of registered.acceded) remember(index.byMember, agency, () => []).push(registered);
  for (const clause of permissions(registered)) {
    for (const target of targetsOfClause(clause))
      remember(index.targets, target, () => []).push({ registered, clause });
  }
}

function permissions({ document }: RegisteredProtocol): Clause[] {
  return document.clauses.filter((clause) => clause.effect === 'permit');
}

/** What an agency has to do with: of protocols that it joined, what is open to accession. */
function targetsFor(state: RegisterState, { byMember }: Index, agency: string): string[] {
  return (byMember.get(agency) ?? []).flatMap((registered) => {
    const joined = findJoined(state, registered, agency) !== undefined;
    return permissions(registered).flatMap((clause) =>
      joined && !clause.open_to_accession ? [] : targetsOfClause(clause),
    );
  });
}

function targetsOfClause(clause: Pick<Clause, 'actions' | 'asset' | 'holders'>): string[] {
  return clause.actions.flatMap((action) => clause.holders.map((holder) => targetKey(action, clause.asset, holder)));
}

function listReached(state: RegisterState, written: readonly Written[]): Reached[] {
  const found = new Map<string, Reached>();
  for (const { registered, clause } of written) {
    for (const recipient of clause.recipients) {
      const { role } = recipient;
      const agencies = 'agency' in recipient ? [recipient.agency] : ofKind(state, recipient.kind);
      for (const agency of agencies) {
        if (isPaused(state, registered, agency)) continue;
        if (addresses(state, registered, clause, agency, role)) found.set(`${agency} ${role}`, { agency, role });
      }
    }
  }
  return [...found.values()];
}

function ofKind(state: RegisterState, kind: string): string[] {
  return [...state.agencies.values()].filter((agency) => agency.kind === kind).map(({ code }) => code);
}

function buildGrants(state: RegisterState, index: Index, agency: string, role: string): Grants {
  // A party's kind in a protocol is its kind in the register: the register refuses a protocol that says otherwise.
  const kind = state.agencies.get(agency)?.kind;
  const keys = [`agency:${agency} ${role}`, `kind:${kind} ${role}`];
  const written = new Set(keys.flatMap((key) => index.byRecipient.get(key) ?? []));
  const clauses = [...written]
    .filter(({ registered, clause }) => addresses(state, registered, clause, agency, role))
    .map((one) => compileFor(state, one, agency))
    .filter((clause) => clause !== undefined);
  const inForce = clauses.filter((entry) => entry.status === 'in-force');
  const about = byTarget(inForce);
  const dormant = byTarget(clauses.filter((entry) => entry.status !== 'in-force'));
  return {
    ability: buildAbility(inForce),
    about: (target) => about.get(target) ?? [],
    dormant: (target) => dormant.get(target) ?? [],
  };
}

// An agency that joined and stopped it for itself receives nothing meanwhile; what is forbidden stays forbidden.
function compileFor(state: RegisterState, { registered, clause }: Written, agency: string): CompiledClause | undefined {
  const compiled = compileClause(state, registered, clause);
  const paused = clause.effect === 'permit' && isPaused(state, registered, agency);
  return paused && compiled?.status === 'in-force' ? { ...compiled, status: 'suspended' } : compiled;
}

function isPaused(state: RegisterState, registered: RegisteredProtocol, agency: string): boolean {
  return findJoined(state, registered, agency)?.suspended === true;
}

function byTarget(clauses: readonly CompiledClause[]): Map<string, CompiledClause[]> {
  const targets = new Map<string, CompiledClause[]>();
  for (const entry of clauses.filter(({ clause }) => clause.effect === 'permit')) {
    const { clause, holders } = entry;
    for (const target of targetsOfClause({ ...clause, holders })) remember(targets, target, () => []).push(entry);
  }
  return targets;
}

function remember<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
