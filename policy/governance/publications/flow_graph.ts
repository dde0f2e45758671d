/** The map's nodes and arrows: holders, types of record and recipients, grouped by kind of agency; one kind may be opened. */
import type { Flow } from './flows.ts';

/** `open`: the kind whose agencies (left) and jobs (right) are shown one by one. */
export type Node = { id: string; label: string; count?: number; kind?: string; open: boolean };

/** What one recipient receives of one type of record for one purpose; several clauses may say so. */
export type Arrow = { number: number; from: string; to: string; flows: Flow[] };

export type FlowGraph = {
  holders: Node[];
  assets: Node[];
  recipients: Node[];
  /** Which holder has which type of record. */
  holdings: { from: string; to: string }[];
  arrows: Arrow[];
};

type Place = { id: string; label: string; kind: string; member: string; open: boolean };

export function flowGraph(flows: readonly Flow[], open?: string): FlowGraph {
  const assets = new Map(flows.map(({ asset, assetName }) => [asset, { id: asset, label: assetName, open: false }]));
  const left = flows.flatMap((flow) => holdersOf(flow, open).map((place) => ({ ...place, flow })));
  const right = flows.flatMap((flow) => recipientsOf(flow, open).map((place) => ({ ...place, flow })));
  const holdings = new Map(left.map(({ id, flow }) => [`${id} ${flow.asset}`, { from: id, to: flow.asset }]));
  const graph = {
    assets: [...assets.values()],
    holders: nodes(left),
    recipients: nodes(right),
    holdings: [...holdings.values()],
  };
  return number(untangle({ ...graph, arrows: arrows(right) }));
}

function holdersOf({ share, kinds }: Flow, open: string | undefined): Place[] {
  return share.holders.map(({ agency, name, kind }) => {
    const single = kind === open;
    return {
      id: single ? `agency:${agency}` : `kind:${kind}`,
      label: single ? name : (kinds.get(kind) ?? kind),
      kind,
      member: agency,
      open: single,
    };
  });
}

function recipientsOf({ share, kinds }: Flow, open: string | undefined): Place[] {
  return share.receivers.flatMap(({ role, name, parties }) =>
    [...new Set(parties.map(({ kind }) => kind))].map((kind) => {
      const single = kind === open;
      return {
        id: single ? `role:${kind}:${role}` : `kind:${kind}`,
        label: single ? name : (kinds.get(kind) ?? kind),
        kind,
        member: role,
        open: single,
      };
    }),
  );
}

function nodes(places: readonly Place[]): Node[] {
  return [...Map.groupBy(places, ({ id }) => id)].map(([id, all]) => {
    const { label, kind, open } = all[0]!;
    return { id, label, kind, open, count: new Set(all.map(({ member }) => member)).size };
  });
}

function arrows(right: readonly (Place & { flow: Flow })[]): Arrow[] {
  const byArrow = Map.groupBy(right, ({ id, flow }) => JSON.stringify([flow.asset, id, flow.purpose.name]));
  return [...byArrow.values()].map((all) => ({
    number: 0,
    from: all[0]!.flow.asset,
    to: all[0]!.id,
    flows: [...new Set(all.map(({ flow }) => flow))],
  }));
}

/** Each column in the order of what its nodes are joined to: few crossings, without a search for the fewest. */
function untangle(graph: FlowGraph): FlowGraph {
  const holders = graph.holders.toSorted((a, b) => a.label.localeCompare(b.label, 'en'));
  const assets = inOrderOf(graph.assets, holders, (id) =>
    graph.holdings.filter(({ to }) => to === id).map(({ from }) => from),
  );
  const recipients = inOrderOf(graph.recipients, assets, (id) =>
    graph.arrows.filter(({ to }) => to === id).map(({ from }) => from),
  );
  return { ...graph, holders, assets, recipients };
}

function inOrderOf(these: readonly Node[], others: readonly Node[], joined: (id: string) => string[]): Node[] {
  const middle = (id: string): number => {
    const places = joined(id).map((other) => others.findIndex((node) => node.id === other));
    return places.reduce((sum, place) => sum + place, 0) / Math.max(1, places.length);
  };
  return these.toSorted((a, b) => middle(a.id) - middle(b.id) || a.label.localeCompare(b.label, 'en'));
}

/** Numbered from the top, so that map and table read in the same order. */
function number(graph: FlowGraph): FlowGraph {
  const place = (nodes: readonly Node[], id: string): number => nodes.findIndex((node) => node.id === id);
  const sorted = graph.arrows.toSorted(
    (a, b) =>
      place(graph.assets, a.from) - place(graph.assets, b.from) ||
      place(graph.recipients, a.to) - place(graph.recipients, b.to) ||
      a.flows[0]!.purpose.name.localeCompare(b.flows[0]!.purpose.name, 'en'),
  );
  return { ...graph, arrows: sorted.map((arrow, index) => ({ ...arrow, number: index + 1 })) };
}
