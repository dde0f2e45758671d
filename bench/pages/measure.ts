/** What pages cost: statements and processor time of one view, and its time against a bare page of the same size. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { median, printRows, type Row } from '../decisions/row.ts';
import { type Page, pages } from './pages.ts';
import type { Spent, Started } from './server.ts';

const rounds = 15;
const viewsPerRound = 20;
const warmUp = 100;

/** Of one view: milliseconds, but `ratio` is its time against a bare page's, round by round. */
type Measured = {
  statements: number;
  trips: number;
  processor: number;
  time: number;
  bareTime: number;
  ratio: number;
  bytes: number;
};

const child = fork(path.join(import.meta.dirname, 'server.ts'));
const [started] = (await once(child, 'message')) as [Started];
const measured: [Page, Measured][] = [];
for (const page of pages) measured.push([page, await measure(page)]);
child.send('end');
printRows(measured.flatMap(([page, found]) => rowsOf(page, found)));
for (const [{ name }, { ratio, time, bareTime, bytes }] of measured) {
  const each = `${time.toFixed(2)} and ${bareTime.toFixed(2)} ms, ${Math.round(bytes / 1024)} kB`;
  console.log(`       ${name}: ${ratio.toFixed(1)} times a bare page of its size (${each})`);
}

function rowsOf({ name, statements }: Page, found: Measured): Row[] {
  const trips = `${found.trips} round trips`;
  const rounded = `median of ${rounds} rounds of ${viewsPerRound} views, one after another`;
  const atMost = { atLeast: false };
  return [
    { ...atMost, what: `statements of ${name}`, ratio: found.statements, budget: statements, detail: trips },
    { ...atMost, what: `processor milliseconds of ${name}`, ratio: found.processor, budget: 4, detail: rounded },
  ];
}

async function measure({ who, path: page }: Page): Promise<Measured> {
  const view = (): Promise<number> => open(started.url + page, started.cookies[who]!);
  const bytes = await view();
  const bare = (): Promise<number> => open(`${started.bare}/${bytes}`, '');
  for (let time = 0; time < warmUp; time += 1) await Promise.all([view(), bare()]);
  const single: Spent[] = [];
  // One at a time: the fewest, for a look at the change feed falls into some.
  for (let time = 0; time < 5; time += 1) single.push(await spentBy(child, view));
  const times: number[] = [];
  const bareTimes: number[] = [];
  const processor: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const spent = await spentBy(child, async () => void times.push(await timeOf(view)));
    processor.push(spent.processor / viewsPerRound / 1_000);
    bareTimes.push(await timeOf(bare));
  }
  const fewest = single.toSorted((one, other) => one.statements - other.statements)[0]!;
  return {
    ...fewest,
    processor: median(processor),
    time: median(times),
    bareTime: median(bareTimes),
    ratio: median(times.map((time, round) => time / bareTimes[round]!)),
    bytes,
  };
}

/** Milliseconds of one view, of a round of them. */
async function timeOf(view: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  for (let time = 0; time < viewsPerRound; time += 1) await view();
  return (performance.now() - start) / viewsPerRound;
}

async function spentBy(server: ChildProcess, work: () => Promise<unknown>): Promise<Spent> {
  const before = await askSpent(server);
  await work();
  const after = await askSpent(server);
  return {
    processor: after.processor - before.processor,
    statements: after.statements - before.statements,
    trips: after.trips - before.trips,
  };
}

async function askSpent(server: ChildProcess): Promise<Spent> {
  const answer = once(server, 'message');
  server.send('spent?');
  return ((await answer) as [Spent])[0];
}

/** Reads a page to its end and returns how many bytes it was. */
async function open(url: string, cookie: string): Promise<number> {
  const response = await fetch(url, { redirect: 'manual', headers: { cookie, accept: 'text/html' } });
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
  return (await response.arrayBuffer()).byteLength;
}
