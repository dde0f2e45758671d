/** Names for the ids and codes that entries of the log hold, so that a page reads as people speak. */
import { findPartner } from '../../directory/partners/find_partner.ts';
import { listNames } from '../../directory/people/list_names.ts';
import type { LogEntry } from '../../platform/log/read.ts';
import type { WebContext } from '../context.ts';

export type EntryNames = {
  /** Undefined for an id that is nobody's. */
  person(id: string | undefined): string | undefined;
  system(client: string): string;
  agency(code: string): string;
  asset(code: string): string;
  /** Title and version of the protocol with that hash. */
  protocol(hash: string): string | undefined;
};

/** Loads what these entries need: the people that they name (and `more`), and the systems that they came through. */
export async function loadNames(
  context: WebContext,
  entries: readonly LogEntry[],
  more: readonly string[] = [],
): Promise<EntryNames> {
  const { db } = context.ground;
  const people = entries.flatMap(({ actor, subject }) => [actor?.practitioner ?? '', subject ?? '']);
  const [names, systems] = await Promise.all([
    listNames(db, [...people, ...more]),
    loadSystems(
      context,
      entries.flatMap(({ actor }) => actor?.client ?? []),
    ),
  ]);
  const state = context.register.state();
  return {
    person: (id) => names.get(id ?? ''),
    system: (client) => systems.get(client) ?? client,
    agency: (code) => state?.agencies.get(code)?.name ?? code,
    asset: (code) => state?.assets.get(code)?.definition.name ?? code.replaceAll('-', ' '),
    protocol: (hash) => {
      const document = state?.protocols.get(hash)?.document;
      return document && `${document.title}, version ${document.version}`;
    },
  };
}

async function loadSystems({ ground }: WebContext, clients: string[]): Promise<Map<string, string>> {
  const found = await Promise.all([...new Set(clients)].map((client) => findPartner(ground.db, client)));
  return new Map([
    ['wayleave-web', 'Wayleave'],
    ...found.flatMap((partner) => (partner === undefined ? [] : [[partner.clientId, partner.name] as const])),
  ]);
}
