/** Who gives what to whom, for what: every share of the protocols in force, as the register of assets and the map show it. */
import type { RegisterState } from '../../register/chain/state.ts';
import { type Barrier, barriersOf, gives, listShares, receives, type Share } from './shares.ts';
import { nameOf, type Source, sourceOf } from './source.ts';

export type Flow = {
  share: Share;
  asset: string;
  assetName: string;
  purpose: { code: string; name: string };
  protocol: { id: string; version: number; title: string };
  /** The clause on the protocol's page. */
  href: string;
  /** Names of the kinds of agency that stand in it, by code. */
  kinds: ReadonlyMap<string, string>;
};

/** `purpose` and `protocol` by code; `agency` gives or receives. */
type FlowFilter = { agency?: string | undefined; purpose?: string | undefined; protocol?: string | undefined };

/** One flow for each share and purpose. Prohibitions of every protocol in force are taken away first. */
export function listFlows(state: RegisterState, filter: FlowFilter = {}): Flow[] {
  const sources = [...state.protocols.values()]
    .filter(({ status }) => status === 'in-force')
    .map((registered) => sourceOf(state, registered));
  const barriers = sources.flatMap(barriersOf);
  const kinds = new Map([...state.kinds].map(([code, { definition }]) => [code, definition.name]));
  return sources
    .flatMap((source) => flowsOf(source, barriers, kinds))
    .filter(({ share, purpose, protocol }) => {
      const { agency } = filter;
      return (
        (agency === undefined || gives(share, agency) || receives(share, agency)) &&
        (filter.purpose === undefined || purpose.code === filter.purpose) &&
        (filter.protocol === undefined || protocol.id === filter.protocol)
      );
    });
}

function flowsOf(source: Source, barriers: readonly Barrier[], kinds: ReadonlyMap<string, string>): Flow[] {
  const { id, version, title } = source.protocol;
  return listShares(source, barriers).flatMap((share) =>
    share.purposes.map((purpose) => ({
      share,
      asset: share.asset,
      assetName: nameOf(source.assets, share.asset),
      purpose: { code: purpose.code, name: purpose.name },
      protocol: { id, version, title },
      href: `/protocols/${id}/${version}#clause-${share.clause.id}`,
      kinds,
    })),
  );
}
