/** The AuthZEN and audit interfaces over HTTP, on a real log and directory. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { canonicalText, type Json } from '../../../../platform/json.ts';
import { read } from '../../../../platform/database/transaction.ts';
import { openKeyRing } from '../../../../platform/keys/ring.ts';
import { parseCheckpoint } from '../../../../platform/log/checkpoint.ts';
import { leafHash, verifyInclusion } from '../../../../platform/log/merkle.ts';
import { uuidv7 } from '../../../../platform/uuid.ts';
import { endInvolvement, recordInvolvement } from '../../../../policy/decisions/involvement/record_involvement.ts';
import { recordConsent, withdrawConsent } from '../../../../policy/decisions/consent/record_consent.ts';
import { type TestDatabase, testDatabase, testMasterKey } from '../../../support/platform/database.ts';
import {
  anEvaluation,
  aToken,
  type DecisionServer,
  loadRegion,
  startDecisionServer,
} from '../../../support/policy/decision_server.ts';
import { type Answer, postJson, send } from '../../../support/platform/web.ts';
import { childId, theChild } from '../../../support/policy/decisions.ts';
import { gateshead, hospitals, newcastle } from '../../../support/directory/directory.ts';

let database: TestDatabase;
let server: DecisionServer;
let ada: string;
const keys = () => openKeyRing(database.db, testMasterKey);

beforeAll(async () => {
  database = await testDatabase();
  server = await startDecisionServer(database);
  [ada = ''] = (await loadRegion(server.log)).people;
});

afterAll(async () => {
  await server.close();
  await database.drop();
});

type Body = {
  decision: boolean;
  context: Record<string, never> & { id: string; fields: string[]; reason: { code: string } };
};
const bearer = (token = server.token) => ({ Authorization: `Bearer ${token}` });
const evaluate = (body: unknown, headers: Record<string, string> = bearer()): Promise<Answer> =>
  postJson(`${server.url}/access/v1/evaluation`, body, headers);
const evaluations = (body: unknown, headers: Record<string, string> = bearer()): Promise<Answer> =>
  postJson(`${server.url}/access/v1/evaluations`, body, headers);
const audit = (id: string, token?: string): Promise<Answer> =>
  send(`${server.url}/audit/v1/decisions/${id}`, { headers: bearer(token) });
const entries = async (): Promise<number> =>
  (await database.db.query<{ count: number }>({ text: `select size as count from log_head`, values: [] }))[0]!.count;
/** What is recorded, counting each part of an entry. */
const decisions = async (): Promise<number> => {
  const text = `select sum(greatest(1, json_array_length(committed::json -> 'parts')))::int as count from log_content`;
  const [row] = await read(database.db, { reading: 'audit' }, (tx) =>
    tx.query<{ count: number }>({ text, values: [] }),
  );
  return row!.count;
};

describe('one evaluation', () => {
  test('is answered with the decision, the fields, the clauses and how long it counts', async () => {
    const answer = await evaluate(anEvaluation(ada), { ...bearer(), 'X-Request-ID': 'request-7' });
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'x-request-id': 'request-7' });
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    const body = answer.json() as Body & { context: { valid_until: number } };
    expect(body).toMatchObject({
      decision: true,
      context: { fields: ['name'], withheld: [], reason: { code: 'permitted' }, obligations: [], missing: [] },
    });
    expect(body.context.clauses).toEqual([
      expect.objectContaining({ protocol: 'safeguarding-children', version: 1, clause: 'name' }),
    ]);
    expect(body.context.valid_until).toBeLessThanOrEqual(Date.now() / 1000 + 60);
  });

  test('that is refused is 200, with the duty desk', async () => {
    const answer = await evaluate(anEvaluation(ada, { fields: ['plan'] }));
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({
      decision: false,
      context: { reason: { code: 'sign-in-needed' }, duty_desk: { agency: gateshead, phone: '0191 433 2653' } },
    });
  });

  test('in plain mode is the boolean alone', async () => {
    const answer = await evaluate(anEvaluation(ada), { ...bearer(), Prefer: 'return=minimal' });
    expect(answer.json()).toEqual({ decision: true });
    expect(answer.headers['preference-applied']).toBe('return=minimal');
    const subset = await evaluate(anEvaluation(ada, { fields: ['name', 'plan'] }), {
      ...bearer(),
      Prefer: 'return=minimal',
    });
    expect(subset.json()).toEqual({ decision: false });
  });

  test('ignores fields that nobody knows', async () => {
    const body = { ...anEvaluation(ada, { colour: 'red' }), extra: { deep: [1, { more: true }] } };
    expect((await evaluate(body)).json()).toMatchObject({ decision: true });
  });

  test('takes the partner’s only agency where none is named, and asks where there are two', async () => {
    const request = anEvaluation(ada, { agency: undefined });
    expect((await evaluate(request)).json()).toMatchObject({ decision: true });
    const token = await aToken(keys(), { clientId: 'two-agencies' });
    const answer = await evaluate(request, bearer(token));
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ errors: [{ pointer: '/resource/properties/agency' }] });
  });

  test.each([
    ['an identifier that is no UUID', { subject: { type: 'practitioner', id: "' or 1=1 --" } }],
    ['somebody nobody knows', { subject: { type: 'practitioner', id: uuidv7() } }],
  ])('about %s is a refusal', async (_who, changes) => {
    expect((await evaluate(anEvaluation(ada, {}, changes))).json()).toMatchObject({
      decision: false,
      context: { reason: { code: 'unknown-subject' } },
    });
  });
});

describe('bad input', () => {
  test.each<[string, unknown, number, string]>([
    ['JSON that is cut off', '{"subject": {', 400, 'malformed-json'],
    ['an empty body', '', 400, 'malformed-json'],
    ['a list', [], 400, 'invalid-input'],
    ['a subject of the wrong type', { ...anEvaluation(uuidv7()), subject: 'ada' }, 400, 'invalid-input'],
    ['no subject', { ...anEvaluation(uuidv7()), subject: undefined }, 400, 'invalid-input'],
    ['no action', { ...anEvaluation(uuidv7()), action: undefined }, 400, 'invalid-input'],
    ['no resource', { ...anEvaluation(uuidv7()), resource: undefined }, 400, 'invalid-input'],
    ['an action without a name', { ...anEvaluation(uuidv7()), action: {} }, 400, 'invalid-input'],
    ['fields that are no list', anEvaluation(uuidv7(), { fields: 'name' }), 400, 'invalid-input'],
    ['a data subject without a value', anEvaluation(uuidv7(), { data_subject: { system: 'x' } }), 400, 'invalid-input'],
    ['a purpose that is a number', { ...anEvaluation(uuidv7()), context: { purpose: 7 } }, 400, 'invalid-input'],
    ['a character that nothing can hold', anEvaluation('nul\u0000'), 400, 'invalid-input'],
    ['2 MB', anEvaluation('x'.repeat(2 * 1024 * 1024)), 413, 'body-too-large'],
  ])('%s is refused with a clear error, and nothing is recorded', async (_what, body, status, code) => {
    const before = await decisions();
    const answer = await evaluate(body);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toMatch(/problem\+json/);
    expect(answer.json()).toMatchObject({ type: `urn:wayleave:problem:${code}`, detail: expect.any(String) });
    expect(await decisions()).toBe(before);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json-seq', 'application/ld+json'])(
    'sent as %s is 400',
    async (type) => {
      const answer = await evaluate(anEvaluation(ada), { ...bearer(), 'Content-Type': type });
      expect(answer.status).toBe(400);
      expect(answer.json()).toMatchObject({ type: 'urn:wayleave:problem:unsupported-media-type' });
    },
  );

  test('a content type with a parameter is taken', async () => {
    const typed = { ...bearer(), 'Content-Type': 'application/json; charset=utf-8' };
    expect((await evaluate(anEvaluation(ada), typed)).json()).toMatchObject({ decision: true });
  });

  test('__proto__ cannot be slipped in as an attribute', async () => {
    const text = JSON.stringify(anEvaluation(ada)).replace('"agency"', '"__proto__": {"shielded": false}, "agency"');
    expect((await evaluate(text)).status).toBe(400);
  });
});

describe('the caller', () => {
  test.each<[string, () => Promise<Record<string, string>>, number]>([
    ['without a token', async () => ({}), 401],
    ['with nonsense for a token', async () => bearer('nonsense'), 401],
    ['with an expired token', async () => bearer(await aToken(keys(), { expiresIn: -10 })), 401],
    [
      'with a token for another audience',
      async () => bearer(await aToken(keys(), { audience: 'http://localhost:4000/api' })),
      401,
    ],
    ['with a person’s token', async () => bearer(await aToken(keys(), { subject: ada })), 401],
    ['that nobody knows', async () => bearer(await aToken(keys(), { clientId: 'nobody' })), 401],
    ['without the scope', async () => bearer(await aToken(keys(), { scope: 'directory.read' })), 403],
    [
      'whose registration has no such scope',
      async () => bearer(await aToken(keys(), { clientId: 'no-decisions' })),
      403,
    ],
  ])('%s gets no answer', async (_who, headers, status) => {
    const before = await decisions();
    const answer = await evaluate(anEvaluation(ada), await headers());
    expect(answer.status).toBe(status);
    if (status === 401) expect(answer.headers['www-authenticate']).toMatch(/^Bearer /);
    expect(await decisions()).toBe(before);
  });

  test('may not ask about another agency’s records, alone or in a batch', async () => {
    const before = await decisions();
    const theirs = anEvaluation(ada, { agency: newcastle });
    expect(await evaluate(theirs)).toMatchObject({ status: 403 });
    const answer = await evaluations({ evaluations: [anEvaluation(ada), theirs] });
    expect(answer.status).toBe(403);
    expect(answer.json()).toMatchObject({ type: 'urn:wayleave:problem:not-your-records' });
    expect(await decisions()).toBe(before);
  });
});

describe('many evaluations', () => {
  const yes = { resource: { type: 'child-record', id: '1', properties: { agency: gateshead, fields: ['name'] } } };
  const no = { resource: { type: 'child-record', id: '2', properties: { agency: gateshead, fields: ['plan'] } } };
  const unreadable = { action: { verb: 'read' } };
  const ask = async (items: object[] | undefined, semantic?: string, headers = bearer()) => {
    const options = semantic === undefined ? {} : { options: { evaluations_semantic: semantic } };
    return evaluations({ ...anEvaluation(ada), ...options, evaluations: items }, headers);
  };
  const outcomes = async (items: object[], semantic?: string) =>
    ((await ask(items, semantic)).json() as { evaluations: Body[] }).evaluations.map(({ decision }) => decision);

  test('are answered in order', async () => {
    expect(await outcomes([yes, no, yes, {}])).toEqual([true, false, true, true]);
    expect(await outcomes([yes, no, yes], 'execute_all')).toEqual([true, false, true]);
  });

  test('end at the first refusal, or at the first permission, where that is asked for', async () => {
    expect(await outcomes([yes, yes, no, yes], 'deny_on_first_deny')).toEqual([true, true, false]);
    expect(await outcomes([no, no, yes, no], 'permit_on_first_permit')).toEqual([false, false, true]);
    expect(await outcomes([yes, yes], 'deny_on_first_deny')).toEqual([true, true]);
    expect(await outcomes([no], 'permit_on_first_permit')).toEqual([false]);
  });

  test('record what is answered and nothing more', async () => {
    const before = await decisions();
    await ask([yes, no, yes, yes], 'deny_on_first_deny');
    expect(await decisions()).toBe(before + 2);
  });

  test('on the same question are one entry of the log', async () => {
    const [before, known] = [await entries(), await decisions()];
    await ask([yes, no, yes, yes]);
    expect([await entries(), await decisions()]).toEqual([before + 2, known + 4]);
  });

  test('replace a whole entity by the item’s own', async () => {
    const bare = { resource: { type: 'child-record', id: '3' } };
    const answer = (await ask([bare])).json() as { evaluations: Body[] };
    // The default's list of fields is gone with the entity: every field is asked for.
    expect(answer.evaluations[0]!.context.fields).toEqual(['name', 'school']);
    expect(answer.evaluations[0]!.context.withheld).toHaveLength(6);
    const noPurpose = { context: {} };
    expect((await ask([noPurpose])).json()).toMatchObject({
      evaluations: [{ decision: false, context: { reason: { code: 'purpose-not-covered' } } }],
    });
  });

  test('refuse an item that cannot be read by itself, and record that', async () => {
    const before = await decisions();
    const answer = (await ask([yes, unreadable, yes])).json() as { evaluations: Body[] };
    expect(answer.evaluations.map(({ decision }) => decision)).toEqual([true, false, true]);
    expect(answer.evaluations[1]).toMatchObject({
      context: { error: { status: 400, message: '/action/name is missing.' } },
    });
    expect(await decisions()).toBe(before + 3);
    expect(await outcomes([unreadable, yes], 'deny_on_first_deny')).toEqual([false]);
  });

  test('without items are one evaluation', async () => {
    expect((await ask([])).json()).toMatchObject({ decision: true, context: { fields: ['name'] } });
    expect((await ask(undefined)).json()).toMatchObject({ decision: true });
    expect((await evaluations({ evaluations: [] })).status).toBe(400);
  });

  test('in plain mode are booleans alone', async () => {
    const answer = await ask([yes, no, unreadable], undefined, { ...bearer(), Prefer: 'return=minimal' } as never);
    expect(answer.json()).toEqual({ evaluations: [{ decision: true }, { decision: false }, { decision: false }] });
  });

  test.each([
    ['an unknown semantic', { options: { evaluations_semantic: 'guess' } }],
    ['items that are no list', { evaluations: {} }],
    ['an item that is no object', { evaluations: ['x'] }],
    ['more than a hundred items', { evaluations: Array.from({ length: 101 }, () => ({})) }],
  ])('%s is 400', async (_what, changes) => {
    expect((await evaluations({ ...anEvaluation(ada), ...changes })).status).toBe(400);
  });
});

describe('the caller’s request id', () => {
  test.each<[string, () => Promise<Record<string, string>>, unknown, number]>([
    ['a decision', async () => bearer(), undefined, 200],
    ['a body that cannot be read', async () => bearer(), '{', 400],
    ['another media type', async () => ({ ...bearer(), 'Content-Type': 'text/plain' }), 'x', 400],
    ['no token', async () => ({}), undefined, 401],
    ['no right', async () => bearer(await aToken(keys(), { scope: 'directory.read' })), undefined, 403],
  ])('comes back with %s, whatever it looks like', async (_what, headers, body, status) => {
    for (const id of ['bfe9eb29-ab87-4ca3-be83-a1d5d8305716', 'pep/7 #42 = "x"']) {
      const answer = await evaluate(body ?? anEvaluation(ada), { ...(await headers()), 'X-Request-ID': id });
      expect(answer.status).toBe(status);
      expect(answer.headers['x-request-id']).toBe(id);
    }
  });

  test('is made up where none is sent', async () => {
    expect((await evaluate(anEvaluation(ada))).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('metadata', () => {
  test('says where to ask, open to all', async () => {
    const answer = await send(`${server.url}/.well-known/authzen-configuration`);
    expect(answer.json()).toEqual({
      policy_decision_point: 'http://localhost:4000',
      access_evaluation_endpoint: 'http://localhost:4000/access/v1/evaluation',
      access_evaluations_endpoint: 'http://localhost:4000/access/v1/evaluations',
      search_subject_endpoint: 'http://localhost:4000/access/v1/search/subject',
      search_resource_endpoint: 'http://localhost:4000/access/v1/search/resource',
      search_action_endpoint: 'http://localhost:4000/access/v1/search/action',
      supported_obligations: ['notification', 'custom', 'step-up', 'session_termination'],
    });
  });
});

describe('facts about a data subject', () => {
  const actor = { agency: gateshead, service: 'case system' };
  const health = { data_subject: childId, fields: ['health_summary'] };
  const worker = { data_subject: childId, fields: ['allocated_worker'] };
  const reason = async (properties: object) =>
    ((await evaluate(anEvaluation(ada, properties))).json() as Body).context.reason.code;
  const consent = { subject: theChild, protocol: 'safeguarding-children', basis: 'confidence' as const };

  test('consent opens and closes a clause from the moment the call returns', async () => {
    expect(await reason(health)).toBe('consent-needed');
    await recordConsent(server.log, actor, { ...consent, state: 'given' });
    expect(await reason(health)).toBe('permitted');
    await withdrawConsent(server.log, actor, consent);
    expect(await reason(health)).toBe('consent-refused');
    await recordConsent(server.log, actor, { ...consent, state: 'given', scope: { clause: 'health' } });
    expect(await reason(health)).toBe('consent-refused');
    await recordConsent(server.log, actor, { ...consent, state: 'given', until: Date.now() / 1000 + 600 });
    expect(await reason(health)).toBe('permitted');
  });

  test('involvement counts once it is confirmed, and until it ends', async () => {
    const trust = { agency: hospitals, service: 'staff system' };
    const from = Date.now() / 1000 - 60;
    expect(await reason(worker)).toBe('involvement-needed');
    await recordInvolvement(server.log, trust, { subject: theChild, practitioner: ada, from });
    expect(await reason(worker)).toBe('involvement-needed');
    const id = await recordInvolvement(server.log, trust, {
      subject: theChild,
      practitioner: ada,
      from,
      confirmedBy: 'staff system',
    });
    expect(await reason(worker)).toBe('permitted');
    await expect(endInvolvement(server.log, actor, id)).rejects.toMatchObject({ code: 'involvement-not-found' });
    expect(await reason(worker)).toBe('permitted');
    await endInvolvement(server.log, trust, id);
    expect(await reason(worker)).toBe('involvement-needed');
    await expect(endInvolvement(server.log, trust, id)).rejects.toMatchObject({ code: 'involvement-not-found' });
  });

  test('an involvement that a clock ahead of ours names counts from now', async () => {
    const trust = { agency: hospitals, service: 'staff system' };
    const from = Date.now() / 1000 + 120;
    const said = { subject: theChild, practitioner: ada, confirmedBy: 'staff system' };
    const id = await recordInvolvement(server.log, trust, { ...said, from });
    expect(await reason(worker)).toBe('permitted');
    await endInvolvement(server.log, trust, id);
    expect(await reason(worker)).toBe('involvement-needed');
    await recordInvolvement(server.log, trust, { ...said, from: from + 600 });
    expect(await reason(worker)).toBe('involvement-needed');
  });

  test('involvement recorded eight times at once is one record: ended, none goes on beside it', async () => {
    const trust = { agency: hospitals, service: 'staff system' };
    const said = { subject: theChild, practitioner: ada, from: Date.now() / 1000 - 60, confirmedBy: 'staff system' };
    const ids = await Promise.all(Array.from({ length: 8 }, () => recordInvolvement(server.log, trust, said)));
    expect(new Set(ids).size).toBe(1);
    expect(await reason(worker)).toBe('permitted');
    await endInvolvement(server.log, trust, ids[0]!);
    expect(await reason(worker)).toBe('involvement-needed');
    const again = await recordInvolvement(server.log, trust, said);
    expect(again).not.toBe(ids[0]);
    await endInvolvement(server.log, trust, again);
  });

  test('nobody confirms their own involvement', () => {
    expect(() =>
      recordInvolvement(
        server.log,
        { agency: hospitals, practitioner: ada },
        { subject: theChild, practitioner: ada, from: 1, confirmedBy: ada },
      ),
    ).toThrow('Nobody confirms their own involvement');
  });

  test('consent that was recorded can neither be changed nor deleted by the application', async () => {
    for (const text of [`update consent set state = 'given'`, 'delete from consent']) {
      await expect(database.db.query({ text, values: [] })).rejects.toThrow(/permission denied/);
    }
  });

  test('an agency sees only what it recorded itself', async () => {
    const rows = await database.db.query({ text: 'select * from consent', values: [] });
    expect(rows).toEqual([]);
  });
});

describe('the audit of a decision', () => {
  test('gives whoever asked everything that an outsider needs to check it', async () => {
    const { context, decision } = (await evaluate(anEvaluation(ada))).json() as Body;
    const answer = await audit(context.id);
    expect(answer.status).toBe(200);
    const found = answer.json() as {
      decision: unknown;
      entry: string;
      salt: string;
      committed: Json & { content: { answer: unknown } };
      intact: boolean;
      proof: {
        leaf: string;
        leaf_index: number;
        tree_size: number;
        hashes: string[];
        root: string;
        checkpoint: string;
      };
    };
    expect(found.decision).toEqual({ decision, context });
    expect(found.intact).toBe(true);
    // The content is what the leaf commits to …
    const commitment = createHash('sha256')
      .update(Buffer.from(found.salt, 'base64'))
      .update(canonicalText(found.committed))
      .digest('base64url');
    expect((JSON.parse(found.entry) as { commitment: string }).commitment).toBe(commitment);
    // … the leaf stands in the tree …
    const { leaf, leaf_index: index, tree_size: size, hashes, root, checkpoint } = found.proof;
    expect(leafHash(found.entry).toString('base64')).toBe(leaf);
    const path = hashes.map((hash) => Buffer.from(hash, 'base64'));
    expect(verifyInclusion(Buffer.from(leaf, 'base64'), index, size, path, Buffer.from(root, 'base64'))).toBe(true);
    // … and the tree is the one that the signed note names.
    const note = parseCheckpoint(checkpoint)!;
    expect({ size: note.size, root: note.root.toString('base64') }).toEqual({ size, root });
  });

  test('is for the partner that asked and for agencies that may read it, and nobody else learns that it exists', async () => {
    const { context } = (await evaluate(anEvaluation(ada))).json() as Body;
    const stranger = await aToken(keys(), { clientId: 'trust-system' });
    // The trust is the acting agency of this decision, so its own system may read it.
    expect((await audit(context.id, stranger)).status).toBe(200);
    const unknown = (await evaluate(anEvaluation(uuidv7()))).json() as Body;
    const hidden = await audit(unknown.context.id, stranger);
    const absent = await audit(uuidv7(), stranger);
    expect([hidden.status, absent.status]).toEqual([404, 404]);
    const { instance: _, ...told } = hidden.json() as { instance: string };
    expect(absent.json()).toMatchObject(told);
  });

  test.each(['not-an-id', '%27%20or%201=1', '..%2Fcheckpoint'])('of %s is 404', async (id) => {
    expect((await audit(id)).status).toBe(404);
  });

  test('needs the scope audit.read', async () => {
    const token = await aToken(keys(), { scope: 'decisions' });
    expect((await audit(uuidv7(), token)).status).toBe(403);
  });

  test('the checkpoint is open to all', async () => {
    const answer = await send(`${server.url}/audit/v1/checkpoint`);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^text\/plain/);
    expect(parseCheckpoint(answer.text)?.size).toBe(await entries());
  });
});
