/** The first four budgets: what audit costs, what the service costs over bare HTTP, and what a decision costs in process. */
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import autocannon from 'autocannon';
import { openDatabase } from '../platform/database/database.ts';
import { consider } from '../policy/decisions/decide.ts';
import type { RegisterState } from '../policy/register/state.ts';
import { buildAbility } from '../policy/rules/ability.ts';
import type { CompiledClause } from '../policy/rules/clause.ts';
import { compile, type Grants, type Ruleset } from '../policy/rules/compile.ts';
import {
  aClause,
  aParty,
  aProtocol,
  aRequest,
  aState,
  gateshead,
  hospitals,
  inMemory,
} from '../test/support/decisions.ts';
import { anEvaluation, loadRegion } from '../test/support/decision_server.ts';
import { openTestLog } from '../test/support/log.ts';
import { benchDatabase } from './database.ts';

const rounds = 5;
const seconds = 4;
// As many as keep the server busy while a commit is under way.
const connections = 128;

type Row = { what: string; ratio: number; budget: number; atLeast: boolean; detail: string };

const clauses = [
  aClause({ id: 'who', fields: ['name', 'school'] }),
  aClause({ id: 'plan', fields: ['plan'], conditions: [{ attribute: 'risk', operator: 'lt', value: 5 }] }),
  aClause({
    id: 'shield',
    effect: 'prohibit',
    fields: ['name', 'address'],
    conditions: [{ attribute: 'shielded', operator: 'eq', value: true }],
  }),
];

const rows = [...(await overHttp()), ...(await inProcess())];
for (const { what, ratio, budget, atLeast, detail } of rows) {
  const kept = atLeast ? ratio >= budget : ratio <= budget;
  console.log(
    `${kept ? 'kept  ' : 'MISSED'} ${what}: ${ratio.toFixed(2)} (${atLeast ? 'at least' : 'at most'} ${budget}) — ${detail}`,
  );
}
if (rows.some(({ ratio, budget, atLeast }) => (atLeast ? ratio < budget : ratio > budget))) process.exitCode = 1;

async function overHttp(): Promise<Row[]> {
  const database = await benchDatabase();
  const db = openDatabase(database.url);
  const log = await openTestLog({ db, url: database.url });
  const { people } = await loadRegion(log, 50);
  const children: ChildProcess[] = [];
  try {
    const servers: Record<string, Server> = {};
    for (const mode of ['audited', 'unaudited', 'echo'])
      servers[mode] = await startServer(mode, database.url, children);
    const rates: Record<string, number[]> = { audited: [], unaudited: [], echo: [] };
    for (const mode of Object.keys(rates)) await load(servers[mode]!, people, 2);
    // Turn by turn, so that whatever else this machine does falls on all of them alike.
    for (let round = 0; round < rounds; round += 1) {
      for (const mode of Object.keys(rates)) rates[mode]!.push(await load(servers[mode]!, people, seconds));
    }
    const [audited, unaudited, echo] = ['audited', 'unaudited', 'echo'].map((mode) => median(rates[mode]!)) as [
      number,
      number,
      number,
    ];
    const figures = `medians a second: audited ${Math.round(audited)}, without audit ${Math.round(unaudited)}, bare echo ${Math.round(echo)}`;
    return [
      {
        what: 'audited over HTTP against without audit',
        ratio: audited / unaudited,
        budget: 0.75,
        atLeast: true,
        detail: figures,
      },
      {
        what: 'audited over HTTP against a bare echo',
        ratio: audited / echo,
        budget: 0.5,
        atLeast: true,
        detail: figures,
      },
    ];
  } finally {
    for (const child of children) child.disconnect();
    await log.close();
    await db.close();
    await database.drop();
  }
}

type Server = { port: number; token: string };

function startServer(mode: string, url: string, children: ChildProcess[]): Promise<Server> {
  const child = fork(path.join(import.meta.dirname, 'decision_server.ts'), [mode, url]);
  children.push(child);
  return new Promise((resolve, reject) => {
    child.once('message', (server) => resolve(server as Server));
    child.once('exit', (code) => reject(new Error(`the ${mode} server ended with ${code}`)));
  });
}

async function load({ port, token }: Server, people: readonly string[], duration: number): Promise<number> {
  const result = await autocannon({
    url: `http://127.0.0.1:${port}/access/v1/evaluation`,
    connections,
    duration,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    requests: people.map((person) => ({ body: JSON.stringify(anEvaluation(person)) })),
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refusals, ${result.errors} errors`);
  return result['2xx'] / result.duration;
}

async function inProcess(): Promise<Row[]> {
  const [ten, forty, tenThousand] = [region(10), region(40), region(10_000)];
  const perRequest: Ruleset = {
    ...forty.rules,
    grants: (agency, role) => buildAgain(forty.rules.grants(agency, role)),
  };
  const deciders = [
    decider(ten, ten.rules),
    decider(tenThousand, tenThousand.rules),
    decider(forty, forty.rules),
    decider(forty, perRequest),
  ];
  const times = deciders.map((): number[] => []);
  for (let round = 0; round < 60; round += 1) {
    for (const [index, decide] of deciders.entries()) times[index]!.push(await timed(decide));
  }
  // The first rounds warm the compiler up.
  const [few, many, kept, built] = times.map((all) => median(all.slice(20))) as [number, number, number, number];
  return [
    {
      what: 'decision in process against an ability built per request',
      ratio: built / kept,
      budget: 8,
      atLeast: true,
      detail: `medians: ${kept.toFixed(1)} µs kept, ${built.toFixed(1)} µs built, a role with ${40 * clauses.length} clauses`,
    },
    {
      what: '10 protocols to 10,000, one decision',
      ratio: many / few,
      budget: 1.3,
      atLeast: false,
      detail: `medians: ${few.toFixed(1)} µs and ${many.toFixed(1)} µs, all with the same agency and role`,
    },
  ];
}

type Region = { state: RegisterState; rules: Ruleset };

/** A federation of so many protocols, all with the same trust and role; each agency's records are under one of them. */
function region(protocols: number): Region {
  const holders = Array.from({ length: protocols }, (_, index) => (index === 0 ? gateshead : `X${index}`));
  const state = aState(
    holders.map((holder, index) => {
      const parties = [holder, hospitals].map(aParty);
      return aProtocol({
        id: `protocol-${index}`,
        parties,
        clauses: clauses.map((one) => ({ ...one, holders: [holder] })),
      });
    }),
  );
  const council = state.agencies.get(gateshead)!;
  for (const code of holders) state.agencies.set(code, { ...council, code });
  return { state, rules: compile(state) };
}

function buildAgain(grants: Grants): Grants {
  return {
    ...grants,
    ability: buildAbility(grants.ability.rules.map((rule) => (rule as unknown as { entry: CompiledClause }).entry)),
  };
}

function decider({ state }: Region, rules: Ruleset): () => Promise<unknown> {
  const context = { ...inMemory({ state }), rules: () => rules };
  const request = aRequest({}, { fields: ['name', 'school', 'plan'], attributes: { shielded: false, risk: 2 } });
  return async () => {
    context.read.length = 0;
    const { decision } = await consider(context, request, { clientId: 'casebook' });
    if (!decision.decision || decision.fields.length !== 3)
      throw new Error('The bench decides something else than it should.');
  };
}

/** Microseconds for one decision, over a few hundred. */
async function timed(decide: () => Promise<unknown>): Promise<number> {
  const times = 300;
  const start = performance.now();
  for (let time = 0; time < times; time += 1) await decide();
  return ((performance.now() - start) * 1000) / times;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)]!;
}
