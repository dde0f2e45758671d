/** Agencies that a text treats alike: what holds for one of them holds for all, so that it is worked out once. */
import type { Clause } from '../../register/protocols/document.ts';
import type { RegisteredProtocol, RegisterState } from '../../register/chain/state.ts';
import { addresses, compileClause, type CompiledClause } from '../../decisions/rules/clause.ts';

/** Agencies by the one that stands for all that are treated like it. */
type Classes = ReadonlyMap<string, string[]>;
export type Alike = { recipients: Classes; holders: Classes };

/** A text with its clauses as they would be enforced. */
export type Compiled = { registered: RegisteredProtocol; entries: CompiledClause[] };

/** The clauses of a text, compiled. */
export function compileText(state: RegisterState, registered: RegisteredProtocol): Compiled {
  const entries = registered.document.clauses
    .map((clause) => compileClause(state, registered, clause))
    .filter((entry) => entry !== undefined);
  return { registered, entries };
}

/** Who is treated alike as recipient, and who as holder, by every one of these versions. */
export function findAlike(state: RegisterState, versions: readonly Compiled[]): Alike {
  return { recipients: recipientsAlike(state, versions), holders: holdersAlike(versions) };
}

function recipientsAlike(state: RegisterState, versions: readonly Compiled[]): Classes {
  return classesOf(
    versions.flatMap(({ registered }) => membersOf(registered)),
    (agency) =>
      versions.map(({ registered, entries }) =>
        entries.map(({ clause }) => rolesOf(clause).map((role) => addresses(state, registered, clause, agency, role))),
      ),
  );
}

function holdersAlike(versions: readonly Compiled[]): Classes {
  const lists = versions.flatMap(({ entries }) => entries.map(({ holders }) => new Set(holders)));
  return classesOf(
    lists.flatMap((holders) => [...holders]),
    (holder) => lists.map((holders) => holders.has(holder)),
  );
}

function classesOf(agencies: readonly string[], treatment: (agency: string) => unknown): Classes {
  const classes = Map.groupBy(new Set(agencies), (agency) => JSON.stringify(treatment(agency)));
  return new Map([...classes.values()].map((some) => [some[0] ?? '', some]));
}

function membersOf({ document, acceded }: RegisteredProtocol): string[] {
  return [...document.parties, ...acceded].map(({ agency }) => agency);
}

/** Each role that a clause speaks to. */
export function rolesOf({ recipients }: Clause): string[] {
  return [...new Set(recipients.map(({ role }) => role))];
}
