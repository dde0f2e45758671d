/** What audit costs over HTTP, and what the service costs over bare HTTP: one question a request, and a hundred. */
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import autocannon from 'autocannon';
import { openDatabase } from '../../platform/database/database.ts';
import { loadRegion } from '../../test/support/policy/decision_server.ts';
import { openTestLog } from '../../test/support/platform/log.ts';
import { benchDatabase } from '../database.ts';
import { batch, question, questions, sizes } from './region.ts';
import { median, type Row } from './row.ts';

const rounds = 7;
const seconds = 3;
// A service in use is compiled: measured in the first seconds, it would be measured while it compiles itself.
const warmUp = 10;
// As many as keep the server busy while a commit is under way.
const connections = { 1: 256, [batch]: 8 } as Record<number, number>;

const modes = ['audited', 'unaudited', 'echo'] as const;
/** Decisions a second, round by round. */
type Rates = Record<(typeof modes)[number], number[]>;
type Server = { port: number; token: string };

/** Rows for every size of federation; rates count decisions, not requests. */
export async function overHttp(): Promise<Row[]> {
  const database = await benchDatabase();
  const db = openDatabase(database.url);
  const log = await openTestLog({ db, url: database.url });
  try {
    const { people } = await loadRegion(log, 50);
    const rows: Row[] = [];
    const audited = new Map<string, number>();
    for (const protocols of sizes) {
      for (const [items, rates] of await measure(database.url, protocols, people)) {
        const where = `${protocols.toLocaleString('en')} protocols, ${items === 1 ? 'one a request' : `${items} a request`}`;
        audited.set(`${protocols} ${items}`, median(rates.audited));
        rows.push(...rowsOf(where, rates));
      }
    }
    for (const items of [1, batch]) {
      const [few, many] = [sizes[0], sizes.at(-1)!].map((size) => audited.get(`${size} ${items}`)!) as [number, number];
      rows.push({
        what: `10 protocols to 10,000 over HTTP, ${items === 1 ? 'one a request' : `${items} a request`}`,
        ratio: few / many,
        budget: 1.3,
        atLeast: false,
        detail: `medians a second: ${Math.round(few)} and ${Math.round(many)}`,
      });
    }
    return rows;
  } finally {
    await log.close();
    await db.close();
    await database.drop();
  }
}

function rowsOf(where: string, { audited, unaudited, echo }: Rates): Row[] {
  const [kept, free, bare] = [audited, unaudited, echo].map((rates) => Math.round(median(rates)));
  const detail = `decisions a second: audited ${kept}, without audit ${free}, bare echo ${bare}`;
  // Round by round: whatever else this machine does falls on neighbours alike.
  const against = (others: readonly number[]): number => median(audited.map((rate, round) => rate / others[round]!));
  return [
    {
      what: `audited against without audit (${where})`,
      ratio: against(unaudited),
      budget: 0.75,
      atLeast: true,
      detail,
    },
    { what: `audited against a bare echo (${where})`, ratio: against(echo), budget: 0.5, atLeast: true, detail },
  ];
}

/** Rates by the number of questions in a request. */
async function measure(url: string, protocols: number, people: readonly string[]): Promise<[number, Rates][]> {
  const children: ChildProcess[] = [];
  try {
    const servers = {} as Record<keyof Rates, Server>;
    for (const mode of modes) servers[mode] = await startServer(mode, url, protocols, children);
    const found: [number, Rates][] = [];
    for (const items of [1, batch]) found.push([items, await measureTurnByTurn(servers, people, items)]);
    return found;
  } finally {
    for (const child of children) child.disconnect();
  }
}

async function measureTurnByTurn(
  servers: Record<keyof Rates, Server>,
  people: readonly string[],
  items: number,
): Promise<Rates> {
  const rates: Rates = { audited: [], unaudited: [], echo: [] };
  for (const mode of modes) await load(servers[mode], people, items, warmUp);
  for (let round = 0; round < rounds; round += 1) {
    for (const mode of modes) rates[mode].push(await load(servers[mode], people, items, seconds));
  }
  return rates;
}

function startServer(mode: string, url: string, protocols: number, children: ChildProcess[]): Promise<Server> {
  const child = fork(path.join(import.meta.dirname, 'server.ts'), [mode, url, String(protocols)]);
  children.push(child);
  return new Promise((resolve, reject) => {
    child.once('message', (server) => resolve(server as Server));
    child.once('exit', (code) => reject(new Error(`the ${mode} server ended with ${code}`)));
  });
}

/** Decisions a second. */
async function load({ port, token }: Server, people: readonly string[], items: number, duration: number) {
  const result = await autocannon({
    url: `http://127.0.0.1:${port}/access/v1/${items === 1 ? 'evaluation' : 'evaluations'}`,
    connections: connections[items]!,
    duration,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    requests: people.map((person) => ({ body: JSON.stringify(items === 1 ? question(person) : questions(person)) })),
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refusals, ${result.errors} errors`);
  return (result['2xx'] * items) / result.duration;
}
