/**
 * Facts about a data subject that an asker may not know: refused, never asked, withdrawn, a condition not met, shielded, known to
 * another agency, unknown. Every interface on which a partner system asks or reads answers all of them alike: in bytes, sizes,
 * counts, entries of the log, statements and round trips, whatever lengths the caller chooses.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openKeyRing } from '../../platform/keys/ring.ts';
import { recordConsent, withdrawConsent } from '../../policy/decisions/consent/record_consent.ts';
import { createPseudonym, type DataSubject } from '../../policy/decisions/involvement/pseudonym.ts';
import { recordInvolvement } from '../../policy/decisions/involvement/record_involvement.ts';
import {
  aPractitioner,
  aStaffedAgency,
  gateshead,
  hospitals,
  load,
  newcastle,
} from '../support/directory/directory.ts';
import { type TestDatabase, testDatabase, testMasterKey } from '../support/platform/database.ts';
import { type Answer, postJson, send } from '../support/platform/web.ts';
import {
  aToken,
  anEvaluation,
  type DecisionServer,
  loadRegion,
  startDecisionServer,
} from '../support/policy/decision_server.ts';
import { aState } from '../support/policy/decisions.ts';
import { aClause, aProtocol } from '../support/policy/documents.ts';
import { comparable, type Seen, see, tellApart } from './told_apart.ts';

const holders = [gateshead, hospitals];
const shield = [{ attribute: 'shielded', operator: 'eq' as const, value: true }];
const risk = [{ attribute: 'risk', operator: 'lt' as const, value: 5 }];
const state = aState([
  aProtocol({
    clauses: [
      aClause({ id: 'names', fields: ['name'], holders }),
      aClause({
        id: 'health',
        fields: ['health_summary', 'plan'],
        holders,
        conditions: risk,
        consent: { rule: 'required', as: 'confidence' },
      }),
      aClause({
        id: 'worker',
        fields: ['allocated_worker', 'school'],
        holders,
        conditions: risk,
        involvement: 'required',
      }),
      aClause({
        id: 'shield',
        effect: 'prohibit',
        fields: ['health_summary', 'plan', 'allocated_worker', 'school'],
        holders,
        conditions: shield,
      }),
    ],
  }),
]);

let database: TestDatabase;
let server: DecisionServer;
let ada: string;
const bea = aPractitioner();
const tokens: Record<string, string> = {};

beforeAll(async () => {
  database = await testDatabase();
  server = await startDecisionServer(database, { state });
  [ada = ''] = (await loadRegion(server.log)).people;
  await load(server.log, aStaffedAgency([bea], { code: newcastle, name: 'Newcastle City Council' }));
  for (const clientId of ['casebook', 'trust-system'])
    tokens[clientId] = await aToken(openKeyRing(database.db, testMasterKey), { clientId });
});
afterAll(async () => {
  await server.close();
  await database.drop();
});

const bearer = (client: string) => ({ Authorization: `Bearer ${tokens[client]}` });
const pseudonym = createPseudonym(testMasterKey);
const council = { agency: gateshead, service: 'case system' };

/** Ten digits each time: the caller's choice is never what differs between two worlds. */
let drawn = 1_000_000_000;
const aNumber = (): DataSubject => ({ system: 'https://example.org/person', value: String((drawn += 1)) });

type World = {
  name: string;
  /** The attributes that the asker's own system sends. */
  attributes?: { risk: number; shielded: boolean };
  prepare?: (subject: DataSubject) => Promise<unknown>;
};

const said = (subject: DataSubject) => ({
  subject: pseudonym(subject),
  protocol: 'safeguarding-children',
  basis: 'confidence' as const,
});
const agree = (subject: DataSubject) => recordConsent(server.log, council, { ...said(subject), state: 'given' });
const worksWith = (subject: DataSubject, { agency = hospitals, practitioner = ada, confirmed = true } = {}) =>
  recordInvolvement(
    server.log,
    { agency, service: 'staff system' },
    {
      subject: pseudonym(subject),
      practitioner,
      from: Date.now() / 1000 - 60,
      ...(confirmed && { confirmedBy: 'staff system' }),
    },
  );

const worlds: World[] = [
  { name: 'nobody ever asked' },
  { name: 'refused', prepare: (subject) => recordConsent(server.log, council, { ...said(subject), state: 'refused' }) },
  {
    name: 'withdrawn',
    prepare: async (subject) => {
      await agree(subject);
      await withdrawConsent(server.log, council, said(subject));
    },
  },
  {
    name: 'agreed and involved, but a condition is not met',
    attributes: { risk: 9, shielded: false },
    prepare: (subject) => Promise.all([agree(subject), worksWith(subject)]),
  },
  {
    name: 'agreed and involved, but shielded',
    attributes: { risk: 2, shielded: true },
    prepare: (subject) => Promise.all([agree(subject), worksWith(subject)]),
  },
  { name: 'a condition is not met, and nobody ever asked', attributes: { risk: 9, shielded: false } },
  { name: 'shielded, and nobody ever asked', attributes: { risk: 2, shielded: true } },
  {
    name: 'somebody else works with them',
    prepare: (subject) => worksWith(subject, { agency: newcastle, practitioner: bea.id }),
  },
  { name: 'an involvement that nobody confirmed', prepare: (subject) => worksWith(subject, { confirmed: false }) },
  {
    name: 'another agency’s system asked a moment ago',
    prepare: (subject) =>
      postJson(
        `${server.url}/access/v1/evaluation`,
        ask(subject, { fields: ['health_summary', 'allocated_worker'], agency: hospitals }),
        bearer('trust-system'),
      ),
  },
];

/** Lengths that a caller may choose. */
type Lengths = { fields: string[]; record: number; note: number };
const lengths: Lengths[] = [
  { fields: ['health_summary'], record: 1, note: 0 },
  { fields: ['allocated_worker'], record: 1, note: 0 },
  { fields: ['health_summary', 'plan', 'allocated_worker', 'school'], record: 40, note: 300 },
];
// Nothing makes it shorter.
const noise = randomBytes(512).toString('base64url');
const usual = { risk: 2, shielded: false };

function ask(subject: DataSubject, properties: object, { record = 1, note = 0 }: Partial<Lengths> = {}) {
  const known = { ...usual, data_subject: subject, category: noise.slice(0, note), ...properties };
  const { resource, ...question } = anEvaluation(ada, known);
  return { ...question, resource: { ...resource, id: 'r'.repeat(record) } };
}

type Door = {
  name: string;
  /** What a partner system sends and gets. `first`: a decision of that question that was made before, for doors that read it. */
  open: (question: ReturnType<typeof ask>, first: string) => Promise<Answer>;
  strip?: (text: string) => string;
};

const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  postJson(`${server.url}/access/v1/${path}`, body, { ...bearer('casebook'), ...headers });

// Which other records are asked about is the caller's choice; this one stands among as many as a list may hold.
function among(question: ReturnType<typeof ask>): object {
  const { resource, ...rest } = question;
  const others = Array.from({ length: 99 }, (_, index) => ({
    resource: { ...resource, id: `other-${index}`, properties: { ...resource.properties, data_subject: undefined } },
  }));
  return { ...rest, evaluations: [...others.slice(0, 40), { resource }, ...others.slice(40)] };
}

/** Without the proof, whose place and path in the log grow with every entry, whoever it is about. */
function withoutProof(text: string): string {
  const { proof, entry, ...rest } = JSON.parse(text) as Record<string, unknown>;
  return JSON.stringify({ ...rest, proof: typeof proof, entry: typeof entry });
}

const audited = (id: string, client: string) =>
  send(`${server.url}/audit/v1/decisions/${id}`, { headers: bearer(client) });

const doors: Door[] = [
  { name: 'an evaluation', open: (question) => post('evaluation', question) },
  {
    name: 'an evaluation that wants the boolean alone',
    open: (question) => post('evaluation', question, { Prefer: 'return=minimal' }),
  },
  { name: 'a list of a hundred', open: (question) => post('evaluations', among(question)) },
  {
    name: 'a search for actions',
    open: ({ action: _, ...question }) => post('search/action', question),
  },
  {
    name: 'a search for people',
    open: (question) => post('search/subject', { ...question, subject: { type: 'practitioner' } }),
  },
  {
    name: 'a search for records',
    open: ({ resource: { id, type, properties }, ...question }) =>
      post('search/resource', {
        ...question,
        resource: { type },
        context: { ...question.context, candidates: [{ id, properties }] },
      }),
  },
  { name: 'the audit of whoever asked', open: (_, id) => audited(id, 'casebook'), strip: withoutProof },
  { name: 'the audit of the acting agency', open: (_, id) => audited(id, 'trust-system'), strip: withoutProof },
];

/** The door, opened for somebody of that world who was not asked about through it before. */
async function look(door: Door, world: World, given: Lengths): Promise<Seen & { entries: number }> {
  const subject = aNumber();
  await world.prepare?.(subject);
  const question = ask(subject, { ...world.attributes, fields: given.fields }, given);
  const first = door.strip === undefined ? '' : await decide(question);
  const before = await size();
  const seen = await see(() => door.open(question, first), door.strip);
  return { ...seen, entries: (await size()) - before };
}

async function decide(question: object): Promise<string> {
  return ((await post('evaluation', question)).json() as { context: { id: string } }).context.id;
}

async function size(): Promise<number> {
  const [row] = await database.db.query<{ size: number }>({ text: 'select size from log_head', values: [] });
  return row!.size;
}

const opened = doors.flatMap((door) => lengths.map((given) => ({ door, given })));

test.each(opened)(
  '$door.name tells nothing: $given.fields, a reference of $given.record, a note of $given.note',
  async ({ door, given }) => {
    const looks = worlds.map((world) => [world.name, () => look(door, world, given)] as const);
    expect(await tellApart(Object.fromEntries(looks))).toEqual([worlds.map(({ name }) => name)]);
  },
);

describe('by no length of a field, from none to 511 letters, is “refused” told from “never asked”', () => {
  const pair = worlds.slice(0, 2);
  const all = Array.from({ length: 512 }, (_, note) => note);
  /** The lengths of what an audit gives, by the length of the field, in each of the two worlds. */
  const readLengths = async (
    question: (subject: DataSubject, note: number) => Promise<string>,
  ): Promise<number[][]> => {
    const found: number[][] = [];
    for (const { prepare } of pair) {
      const subject = aNumber();
      await prepare?.(subject);
      const read = async (note: number): Promise<number> => {
        const { text } = await audited(await question(subject, note), 'casebook');
        return comparable(withoutProof(text)).length;
      };
      // A few at a time, as a caller would.
      const lengthsOf: number[] = [];
      for (let note = 0; note < all.length; note += 32)
        lengthsOf.push(...(await Promise.all(all.slice(note, note + 32).map(read))));
      found.push(lengthsOf);
    }
    return found;
  };

  test('in the record of one decision', async () => {
    const fields = ['health_summary'];
    const [never, refused] = await readLengths((subject, note) => decide(ask(subject, { fields }, { note })));
    expect(refused).toEqual(never);
  });

  test('in the record of a list', async () => {
    const fields = ['health_summary'];
    const [never, refused] = await readLengths(async (subject, note) => {
      const { resource, ...question } = ask(subject, { fields }, { note });
      const evaluations = [{ resource }, { resource: { ...resource, id: 'q' } }];
      const answer = (await post('evaluations', { ...question, evaluations })).json();
      return (answer as { evaluations: { context: { id: string } }[] }).evaluations[0]!.context.id;
    });
    expect(refused).toEqual(never);
  });
});
