/** The information-asset register: which types of record there are, who holds them, and who receives what of them for what. */
import { toCsv } from '../../../platform/web/csv.ts';
import type { AssetDefinition } from '../../register/protocols/document.ts';
import type { RegisterState } from '../../register/chain/state.ts';
import { listFlows, type Flow } from './flows.ts';

export type AssetEntry = {
  definition: AssetDefinition;
  /** Agencies that hold such records under a protocol in force, by name, with the protocols. */
  holders: { agency: string; name: string; protocols: { title: string; href: string }[] }[];
  flows: Flow[];
};

/** By name; `agency` narrows to what that agency holds or receives. */
export function listAssets(state: RegisterState, agency?: string): AssetEntry[] {
  const flows = listFlows(state, agency === undefined ? {} : { agency });
  return [...state.assets.values()]
    .map(({ definition }) => describe(definition, flows))
    .filter((entry) => agency === undefined || entry.flows.length > 0)
    .sort((a, b) => a.definition.name.localeCompare(b.definition.name, 'en'));
}

function describe(definition: AssetDefinition, all: readonly Flow[]): AssetEntry {
  const flows = all.filter(({ asset }) => asset === definition.code);
  const held = flows.flatMap(({ share, protocol, href }) =>
    share.holders.map(({ agency, name }) => ({ agency, name, title: protocol.title, href: href.replace(/#.*$/u, '') })),
  );
  const holders = [...Map.groupBy(held, ({ agency }) => agency)].map(([agency, rows]) => ({
    agency,
    name: rows[0]!.name,
    protocols: [...new Map(rows.map(({ title, href }) => [href, { title, href }])).values()],
  }));
  return { definition, holders: holders.sort((a, b) => a.name.localeCompare(b.name, 'en')), flows };
}

const columns = [
  'Type of record',
  'Part',
  'Sensitivity',
  'Held by',
  'Given to',
  'Purpose',
  'Protocol',
  'Version',
  'Clause',
];

/** An agency's own register as CSV (RFC 4180): a line for each part that is given, to each job and agency, for each purpose. */
export function assetsAsCsv(state: RegisterState, agency: string): string {
  const rows = listAssets(state, agency).flatMap(({ definition, flows }) =>
    flows.flatMap(({ share, protocol }) =>
      share.fields.flatMap(({ name, title }) =>
        share.purposes.map((purpose) => [
          definition.name,
          title,
          definition.fields.find((field) => field.name === name)?.sensitivity.replaceAll('-', ' ') ?? '',
          share.holders.map((party) => party.name).join('; '),
          share.receivers.map((one) => `${one.name} (${one.parties.map((party) => party.name).join('; ')})`).join('; '),
          purpose.name,
          protocol.title,
          String(protocol.version),
          share.clause.id,
        ]),
      ),
    ),
  );
  return toCsv([columns, ...rows]);
}
