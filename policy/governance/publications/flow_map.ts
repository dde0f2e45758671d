/** The map of flows as SVG: three columns, holders to types of record to recipients. No style and no script, for a strict CSP. */
import type { Arrow, FlowGraph, Node } from './flow_graph.ts';

/** Addresses for what can be followed: an arrow to its clauses, a kind of agency to the map with that kind opened. */
export type MapLinks = { arrow(arrow: Arrow): string; kind(node: Node): string | undefined };

type Box = { node: Node; x: number; y: number; height: number };

const box = { width: 200, gap: 18, line: 18, padding: 10 };
const column = { holders: 0, assets: 330, recipients: 690 };
const port = 24;
const width = column.recipients + box.width;
const top = 40;

/** Dark enough on white for WCAG 1.4.11; the number says which is which, colour only helps. */
const inks = ['#14505c', '#8a2d5b', '#7a4a00', '#1d4f91', '#4c6b1f', '#5b3d8f', '#9c3a1f', '#3d4a52'];

export function drawFlows(graph: FlowGraph, links: MapLinks): string {
  const boxes = layOut(graph);
  const height = Math.max(top, ...[...boxes.values()].map(({ y, height }) => y + height)) + 10;
  const purposes = [...new Set(graph.arrows.map((arrow) => purposeOf(arrow)))];
  const ink = (arrow: Arrow): string => inks[purposes.indexOf(purposeOf(arrow)) % inks.length]!;
  const parts = [
    heading(column.holders, 'Held by'),
    heading(column.assets, 'Type of record'),
    heading(column.recipients, 'Given to'),
    ...graph.holdings.map((holding) => holdingLine(boxes, holding)),
    ...graph.arrows.map((arrow) => arrowLine(graph, boxes, arrow, { ink: ink(arrow), href: links.arrow(arrow) })),
    ...[...boxes.values()].map((one) => nodeBox(one, links)),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="group" aria-label="Map of flows" font-family="system-ui, sans-serif" font-size="14">`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    ...parts,
    '</svg>',
  ].join('\n');
}

const purposeOf = ({ flows }: Arrow): string => flows[0]!.purpose.name;

/** Boxes by column and id; a type of record is as tall as the arrows that leave it need. */
function layOut(graph: FlowGraph): Map<string, Box> {
  const boxes = new Map<string, Box>();
  const columns: [keyof typeof column, Node[]][] = [
    ['holders', graph.holders],
    ['assets', graph.assets],
    ['recipients', graph.recipients],
  ];
  const heightOf = (name: keyof typeof column, node: Node): number => {
    const ends = graph.arrows.filter(
      ({ from, to }) => (name === 'assets' ? from : name === 'recipients' ? to : '') === node.id,
    );
    return Math.max(linesOf(node).length * box.line + 2 * box.padding, ends.length * port + box.padding);
  };
  const total = (name: keyof typeof column, nodes: Node[]): number =>
    nodes.reduce((sum, node) => sum + heightOf(name, node) + box.gap, 0);
  const tallest = Math.max(...columns.map(([name, nodes]) => total(name, nodes)));
  for (const [name, nodes] of columns) {
    let y = top + (tallest - total(name, nodes)) / 2;
    for (const node of nodes) {
      const height = heightOf(name, node);
      boxes.set(`${name} ${node.id}`, { node, x: column[name], y, height });
      y += height + box.gap;
    }
  }
  return boxes;
}

function linesOf({ label, count, open }: Node): string[] {
  const words = `${label}${count === undefined || open ? '' : ` (${count})`}`.split(' ');
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < 25) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function heading(x: number, label: string): string {
  return `<text x="${x}" y="20" font-weight="700" fill="#0b0c0c">${escape(label)}</text>`;
}

function holdingLine(boxes: Map<string, Box>, { from, to }: { from: string; to: string }): string {
  const [a, b] = [boxes.get(`holders ${from}`)!, boxes.get(`assets ${to}`)!];
  const [y1, y2] = [a.y + a.height / 2, b.y + b.height / 2];
  return `<path d="${curve(a.x + box.width, y1, b.x, y2)}" fill="none" stroke="#6f777b" stroke-width="1.5"/>`;
}

function arrowLine(
  graph: FlowGraph,
  boxes: Map<string, Box>,
  arrow: Arrow,
  { ink, href }: { ink: string; href: string },
): string {
  const [a, b] = [boxes.get(`assets ${arrow.from}`)!, boxes.get(`recipients ${arrow.to}`)!];
  const y1 = portOf(
    a,
    graph.arrows.filter(({ from }) => from === arrow.from),
    arrow,
  );
  const y2 = portOf(
    b,
    graph.arrows.filter(({ to }) => to === arrow.to),
    arrow,
  );
  const [x1, x2] = [a.x + box.width, b.x];
  const label = `${arrow.number}: ${a.node.label}, to ${b.node.label}, for: ${purposeOf(arrow)}`;
  return [
    `<a href="${escape(href)}" aria-label="${escape(label)}"><title>${escape(label)}</title>`,
    `<path d="${curve(x1 + 20, y1, x2 - 8, y2)}" fill="none" stroke="${ink}" stroke-width="2"/>`,
    `<path d="M ${x2} ${y2} l -9 -5 l 0 10 z" fill="${ink}"/>`,
    `<circle cx="${x1 + 12}" cy="${y1}" r="11" fill="${ink}"/>`,
    `<text x="${x1 + 12}" y="${y1 + 4}" text-anchor="middle" font-size="12" font-weight="700" fill="#ffffff">${arrow.number}</text></a>`,
  ].join('');
}

function portOf({ y, height }: Box, all: readonly Arrow[], arrow: Arrow): number {
  return y + ((all.indexOf(arrow) + 0.5) / all.length) * height;
}

function nodeBox({ node, x, y, height }: Box, links: MapLinks): string {
  const lines = linesOf(node);
  const start = y + height / 2 - ((lines.length - 1) * box.line) / 2 + 5;
  const href = links.kind(node);
  const drawn = [
    `<rect x="${x}" y="${y}" width="${box.width}" height="${height}" fill="${href === undefined ? '#eef4f4' : '#ffffff'}" stroke="#14505c" stroke-width="1.5"/>`,
    ...lines.map(
      (line, index) =>
        `<text x="${x + box.padding}" y="${start + index * box.line}" fill="#0b0c0c"${href === undefined ? '' : ' text-decoration="underline"'}>${escape(line)}</text>`,
    ),
  ].join('');
  return href === undefined ? drawn : `<a href="${escape(href)}">${drawn}</a>`;
}

function curve(x1: number, y1: number, x2: number, y2: number): string {
  const middle = (x1 + x2) / 2;
  return `M ${x1} ${y1} C ${middle} ${y1}, ${middle} ${y2}, ${x2} ${y2}`;
}

function escape(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/\p{Cc}/gu, '');
}
