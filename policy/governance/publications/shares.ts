/** What a protocol gives, once what it forbids is taken away: each share is one set of fields, the same for all whom it names. */
import type { Clause, Party } from '../../register/protocols/document.ts';
import { fieldTitle, membersOf, nameOf, type Receiver, receiversOf, type Source } from './source.ts';

export type Share = {
  clause: Clause;
  asset: string;
  assetName: string;
  /** Codes, and the titles that people read. */
  fields: { name: string; title: string }[];
  holders: Party[];
  receivers: Receiver[];
  purposes: { code: string; name: string }[];
};

/** A prohibition; `always` when no condition narrows it. */
type Bar = { clause: Clause; asset: string; assetName: string; fields: string[]; always: boolean };

/** A prohibition without conditions, and the agencies that its kinds speak of: the members of its own protocol. */
export type Barrier = { clause: Clause; members: ReadonlySet<string> };

/** What is permitted. A clause of which a prohibition takes something from some becomes several shares. */
export function listShares(source: Source, barriers: readonly Barrier[] = barriersOf(source)): Share[] {
  const permits = source.protocol.clauses.filter(({ effect }) => effect === 'permit');
  return permits.flatMap((clause) => split(source, clause, barriers));
}

export function barriersOf(source: Source): Barrier[] {
  const members = new Set(membersOf(source).map(({ agency }) => agency));
  return source.protocol.clauses
    .filter((clause) => clause.effect === 'prohibit' && isAlways(clause))
    .map((clause) => ({ clause, members }));
}

export function listBars(source: Source): Bar[] {
  return source.protocol.clauses
    .filter(({ effect }) => effect === 'prohibit')
    .map((clause) => ({
      clause,
      asset: clause.asset,
      assetName: nameOf(source.assets, clause.asset),
      fields: clause.fields.map((field) => fieldTitle(source, clause.asset, field)),
      always: isAlways(clause),
    }));
}

const isAlways = (bar: Clause): boolean => bar.conditions.length === 0 && bar.area === undefined;

type Seat = { role: string; name: string; party: Party };

// Grouped by what each may see, outermost whoever receives: so that every share is true of all its parts together.
function split(source: Source, clause: Clause, barriers: readonly Barrier[]): Share[] {
  const holders = source.parties.filter(({ agency }) => clause.holders.includes(agency));
  const seats = receiversOf(source, clause).flatMap(({ role, name, parties }) =>
    parties.map((party): Seat => ({ role, name, party })),
  );
  const left = (seat: Seat, holder: Party, purpose: string): string[] =>
    clause.fields.filter(
      (field) => !barriers.some((barrier) => takesAway(barrier, clause, { seat, holder, purpose, field })),
    );
  const ofHolder = (seat: Seat, holder: Party): string =>
    JSON.stringify(clause.purposes.map((purpose) => left(seat, holder, purpose)));
  const bySeat = Map.groupBy(seats, (seat) => JSON.stringify(holders.map((holder) => ofHolder(seat, holder))));
  return [...bySeat.values()].flatMap((alike) =>
    [...Map.groupBy(holders, (holder) => ofHolder(alike[0]!, holder)).values()].flatMap((givers) => {
      const byFields = Map.groupBy(clause.purposes, (purpose) => left(alike[0]!, givers[0]!, purpose).join());
      return [...byFields]
        .filter(([fields]) => fields !== '')
        .map(([fields, purposes]) => describe(source, clause, { alike, givers, purposes, fields: fields.split(',') }));
    }),
  );
}

type Part = { alike: Seat[]; givers: Party[]; purposes: string[]; fields: string[] };

function describe(source: Source, clause: Clause, { alike, givers, purposes, fields }: Part): Share {
  return {
    clause,
    asset: clause.asset,
    assetName: nameOf(source.assets, clause.asset),
    fields: fields.map((name) => ({ name, title: fieldTitle(source, clause.asset, name) })),
    holders: givers,
    receivers: [...Map.groupBy(alike, ({ role }) => role)].map(([role, seats]) => ({
      role,
      name: seats[0]!.name,
      parties: seats.map(({ party }) => party),
    })),
    purposes: source.protocol.purposes.filter(({ code }) => purposes.includes(code)),
  };
}

type Place = { seat: Seat; holder: Party; purpose: string; field: string };

function takesAway(
  { clause: bar, members }: Barrier,
  clause: Clause,
  { seat, holder, purpose, field }: Place,
): boolean {
  return (
    bar.asset === clause.asset &&
    bar.fields.includes(field) &&
    bar.holders.includes(holder.agency) &&
    bar.purposes.includes(purpose) &&
    clause.actions.every((action) => bar.actions.includes(action)) &&
    bar.recipients.some(
      (one) =>
        one.role === seat.role &&
        ('agency' in one
          ? one.agency === seat.party.agency
          : one.kind === seat.party.kind && members.has(seat.party.agency)),
    )
  );
}

/** Jobs that receive, by name, each once. */
export function jobsOf(shares: readonly Share[]): string[] {
  const jobs = new Set(shares.flatMap(({ receivers }) => receivers.map(({ name }) => name)));
  return [...jobs].sort((a, b) => a.localeCompare(b));
}

export function titlesOf(shares: readonly Share[]): string[] {
  return [...new Set(shares.flatMap(({ fields }) => fields.map(({ title }) => title)))];
}

export function gives({ holders }: Share, agency: string): boolean {
  return holders.some((party) => party.agency === agency);
}

export function receives({ receivers }: Share, agency: string): boolean {
  return receivers.some(({ parties }) => parties.some((party) => party.agency === agency));
}
