/** Names for the ids and codes that entries of the log hold, so that a page reads as people speak. */
import { listNames } from '../../directory/people/list_names.ts';
import type { LogEntry } from '../../platform/log/read.ts';
import type { RegisterState } from '../../policy/register/chain/state.ts';
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
  const people = entries.flatMap(({ actor, subject }) => [actor?.practitioner ?? '', subject ?? '']);
  const [names, systems] = await Promise.all([
    listNames(context.ground.db, [...people, ...more]),
    loadSystems(
      context,
      entries.flatMap(({ actor }) => actor?.client ?? []),
    ),
  ]);
  return namesIn(context.register.state(), names, systems);
}

/** What the register names, and nobody and nothing else unless given by id. */
export function namesIn(
  state: RegisterState | undefined,
  people: ReadonlyMap<string, string> = new Map(),
  systems: ReadonlyMap<string, string> = new Map(),
): EntryNames {
  return {
    person: (id) => people.get(id ?? ''),
    system: (client) => systems.get(client) ?? client,
    agency: (code) => state?.agencies.get(code)?.name ?? code,
    asset: (code) => state?.assets.get(code)?.definition.name ?? code.replaceAll('-', ' '),
    protocol: (hash) => {
      const document = state?.protocols.get(hash)?.document;
      return document && `${document.title}, version ${document.version}`;
    },
  };
}

async function loadSystems({ policy }: WebContext, clients: string[]): Promise<Map<string, string>> {
  const found = await Promise.all([...new Set(clients)].map((client) => policy.partners.get(client)));
  return new Map([
    ['wayleave-web', 'Wayleave'],
    ...found.flatMap((partner) => (partner === undefined ? [] : [[partner.clientId, partner.name] as const])),
  ]);
}
