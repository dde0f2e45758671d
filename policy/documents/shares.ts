/** What a protocol gives, once what it forbids is taken away: each share is one set of fields, the same for all whom it names. */
import type { Clause, Party } from '../protocols/document.ts';
import { fieldTitle, nameOf, type Receiver, receiversOf, type Source } from './source.ts';

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
export type Bar = { clause: Clause; asset: string; assetName: string; fields: string[]; always: boolean };

/** What is permitted. A clause of which a prohibition takes something from some becomes several shares. */
export function listShares(source: Source): Share[] {
  const { clauses } = source.protocol;
  const bars = clauses.filter((clause) => clause.effect === 'prohibit' && isAlways(clause));
  return clauses.filter(({ effect }) => effect === 'permit').flatMap((clause) => split(source, clause, bars));
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
function split(source: Source, clause: Clause, bars: Clause[]): Share[] {
  const holders = source.parties.filter(({ agency }) => clause.holders.includes(agency));
  const seats = receiversOf(source, clause).flatMap(({ role, name, parties }) =>
    parties.map((party): Seat => ({ role, name, party })),
  );
  const left = (seat: Seat, holder: Party, purpose: string): string[] =>
    clause.fields.filter((field) => !bars.some((bar) => takesAway(bar, clause, { seat, holder, purpose, field })));
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

function takesAway(bar: Clause, clause: Clause, { seat, holder, purpose, field }: Place): boolean {
  return (
    bar.asset === clause.asset &&
    bar.fields.includes(field) &&
    bar.holders.includes(holder.agency) &&
    bar.purposes.includes(purpose) &&
    clause.actions.every((action) => bar.actions.includes(action)) &&
    bar.recipients.some(
      (one) =>
        one.role === seat.role && ('agency' in one ? one.agency === seat.party.agency : one.kind === seat.party.kind),
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
