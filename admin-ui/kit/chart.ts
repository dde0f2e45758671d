/** Charts, drawn as SVG on the server. The numbers always stand beside them as a table: a chart shows how, a table says what. */

/** A value with its name; a series of them is in the order in which they are shown. */
type Figure = { text: string; count: number };

type Bars = { title: string; head: string; unit: string; bars: (Figure & { percent: number })[] };

/** `head`: what the bars are (Month, Agency); `unit`: what is counted. A bar is as long as its share of all, in percent. */
export function bars(title: string, head: string, unit: string, figures: readonly Figure[]): Bars {
  const all = figures.reduce((sum, { count }) => sum + count, 0);
  const percent = (count: number): number => (all === 0 ? 0 : rounded((count / all) * 100));
  return { title, head, unit, bars: figures.map((figure) => ({ ...figure, percent: percent(figure.count) })) };
}

type Lines = {
  title: string;
  /** What the drawing shows, for those who do not see it. */
  summary: string;
  /** What the points of time are, for the table. */
  head: string;
  points: string[];
  most: number;
  lines: { title: string; drawn: string; number: number; counts: number[] }[];
};

/** The box that lines are drawn in; it is stretched to the room there is. */
const width = 600;
const height = 200;

/** Lines over time: each of `series` has a count for each of `points`, the oldest first. */
export function lines(
  title: string,
  head: string,
  points: readonly string[],
  series: readonly { title: string; counts: number[] }[],
): Lines {
  const most = Math.max(1, ...series.flatMap(({ counts }) => counts));
  const at = (count: number, index: number): string => {
    const x = points.length < 2 ? width / 2 : (index / (points.length - 1)) * width;
    return `${rounded(x)},${rounded(height - (count / most) * height)}`;
  };
  return {
    title,
    head,
    points: [...points],
    most,
    summary: `${title}: ${series.map(describe).join('; ')}, from ${points[0] ?? ''} to ${points.at(-1) ?? ''}`,
    lines: series.map(({ title, counts }, index) => ({
      title,
      counts,
      number: index + 1,
      drawn: counts.map(at).join(' '),
    })),
  };
}

function describe({ title, counts }: { title: string; counts: number[] }): string {
  return `${title} between ${Math.min(...counts)} and ${Math.max(...counts)}`;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
