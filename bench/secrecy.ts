/**
 * What the time of an answer tells: how often one look at it, against the best threshold, tells two things apart that an asker may
 * not know. A half is a guess.
 */
import { openDatabase } from '../platform/database/database.ts';
import { uuidv7 } from '../platform/uuid.ts';
import { recordConsent } from '../policy/decisions/consent/record_consent.ts';
import { gateshead, hospitals } from '../test/support/directory/directory.ts';
import { aToken, anEvaluation, loadRegion, startDecisionServer } from '../test/support/policy/decision_server.ts';
import { aState } from '../test/support/policy/decisions.ts';
import { aClause, aProtocol } from '../test/support/policy/documents.ts';
import { openKeyRing } from '../platform/keys/ring.ts';
import { testMasterKey } from '../test/support/platform/database.ts';
import { benchDatabase } from './database.ts';
import { median, printRows, type Row } from './decisions/row.ts';

/** Looks at each of the two. Half of them find the threshold, the other half are told apart by it. */
const looks = 400;
const warmUp = 200;

const holders = [gateshead, hospitals];
const health = aClause({ fields: ['health_summary'], holders, consent: { rule: 'required', as: 'confidence' } });
const state = aState([aProtocol({ clauses: [health] })]);

const database = await benchDatabase();
const db = openDatabase(database.url);
const server = await startDecisionServer({ db, url: database.url }, { state });
const [ada = ''] = (await loadRegion(server.log)).people;
const tokens = {
  casebook: server.token,
  'trust-system': await aToken(openKeyRing(db, testMasterKey), { clientId: 'trust-system' }),
};
type Client = keyof typeof tokens;

let drawn = 1_000_000_000;
const aNumber = () => ({ system: 'https://example.org/person', value: String((drawn += 1)) });
const ask = (subject: object, client: Client = 'casebook', agency = gateshead): Promise<Response> =>
  request(
    client,
    '/access/v1/evaluation',
    anEvaluation(ada, { agency, data_subject: subject, fields: ['health_summary'] }),
  );
const audit = (id: string): Promise<Response> => request('trust-system', `/audit/v1/decisions/${id}`);

async function request(client: Client, path: string, body?: object): Promise<Response> {
  const response = await fetch(server.url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { Authorization: `Bearer ${tokens[client]}`, 'Content-Type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  await response.arrayBuffer();
  return response;
}

/** A decision about nobody known: the trust's system may not read it. */
async function decideAboutNobody(): Promise<string> {
  const body = JSON.stringify(anEvaluation(uuidv7()));
  const headers = { Authorization: `Bearer ${tokens.casebook}`, 'Content-Type': 'application/json' };
  const response = await fetch(`${server.url}/access/v1/evaluation`, { method: 'POST', headers, body });
  return ((await response.json()) as { context: { id: string } }).context.id;
}

/** Each makes ready what is then looked at once. */
type Side = () => Promise<() => Promise<Response>>;

const never: Side = async () => {
  const subject = aNumber();
  return () => ask(subject);
};
const askedElsewhere: Side = async () => {
  const subject = aNumber();
  await ask(subject, 'trust-system', hospitals);
  return () => ask(subject);
};
const refused: Side = async () => {
  const subject = aNumber();
  const said = {
    subject: server.policy.pseudonym(subject),
    protocol: 'safeguarding-children',
    basis: 'confidence' as const,
  };
  await recordConsent(server.log, { agency: gateshead, service: 'case system' }, { ...said, state: 'refused' });
  return () => ask(subject);
};
const notForThem: Side = async () => {
  const id = await decideAboutNobody();
  return () => audit(id);
};
const notThere: Side = async () => {
  await decideAboutNobody();
  return () => audit(uuidv7());
};

const rows: Row[] = [];
for (const [what, one, other] of [
  ['another agency’s system asked a moment ago, or nobody ever', askedElsewhere, never],
  ['refused, or never asked', refused, never],
  ['a decision that is not for the reader, or none', notForThem, notThere],
] as const)
  rows.push(await rowOf(what, one, other));
printRows(rows);
await server.close();
await db.close();
await database.drop();

async function rowOf(what: string, one: Side, other: Side): Promise<Row> {
  const times: [number[], number[]] = [[], []];
  for (let look = -warmUp; look < looks; look += 1) {
    // Turn by turn, each time in the other order: whatever else this machine does falls on both alike.
    for (const side of look % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const open = await [one, other][side]!();
      const start = performance.now();
      await open();
      if (look >= 0) times[side].push(performance.now() - start);
    }
  }
  const [first, second] = times.map((all) => median(all).toFixed(2));
  return {
    what: `told apart by time: ${what}`,
    ratio: toldRightly(times),
    budget: 0.6,
    atLeast: false,
    detail: `of one look each at ${looks / 2} and ${looks / 2}; medians ${first} and ${second} ms`,
  };
}

/** The share that is told rightly by the threshold that tells the first half best. */
function toldRightly(times: readonly [number[], number[]]): number {
  const half = looks / 2;
  const [known, asked] = [times.map((all) => all.slice(0, half)), times.map((all) => all.slice(half))];
  const right = ([one, other]: number[][], threshold: number): number =>
    (one!.filter((time) => time <= threshold).length + other!.filter((time) => time > threshold).length) / (2 * half);
  let best = { threshold: 0, right: 0, below: true };
  for (const threshold of known.flat()) {
    const share = right(known, threshold);
    for (const [rightly, below] of [
      [share, true],
      [1 - share, false],
    ] as const)
      if (rightly > best.right) best = { threshold, right: rightly, below };
  }
  const share = right(asked, best.threshold);
  return best.below ? share : 1 - share;
}
