import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import type { z } from 'zod';
import { directoryOperations } from '../../../directory/interface/operations.ts';
import { AgencyList, AgencyPage, EntryShape, RoleList, SearchResults } from '../../../directory/interface/shapes.ts';
import { suspendPartner } from '../../../directory/partners/suspend_partner.ts';
import { openKeyRing } from '../../../platform/keys/ring.ts';
import { listEntries } from '../../../platform/log/read.ts';
import { openApiDocument } from '../../../platform/web/openapi.ts';
import { uuidv7 } from '../../../platform/uuid.ts';
import { testMasterKey } from '../../support/platform/database.ts';
import { aPartner, aPractitioner, aStaffedAgency, aTeam, gateshead, load } from '../../support/directory/directory.ts';
import { openTestLog, testLog } from '../../support/platform/log.ts';
import { send, serve, type Served, testApi } from '../../support/platform/web.ts';

const baseUrl = 'http://localhost:4000';
const checkedAt = Math.floor(Date.now() / 1000) - 3 * 86_400 - 100;
const jo = aPractitioner({
  name: 'Jo Featherstonehaugh',
  confirmedAt: checkedAt,
  registrations: [
    { body: 'NMC', number: '08A1234E', source: 'Jo' },
    { body: 'SWE', number: 'SW1', checked: { by: 'Gateshead HR', at: checkedAt }, source: 'register' },
  ],
});
const gone = aPractitioner({ name: 'Gus Gone', status: 'suspended' });
const team = aTeam({ name: 'Front door' });

let database: Awaited<ReturnType<typeof testLog>>;
let served: Served;
let strict: Served;
let authorization: string;

beforeAll(async () => {
  database = await testLog();
  await load(
    database.log,
    aStaffedAgency([jo, gone], {
      teams: [team, aTeam({ name: 'Refuge', listed: false })],
      desks: [{ name: 'Duty desk', phone: '0191 433 2653', hours: 'weekdays 9 to 5', source: 'website' }],
      partners: [aPartner({ clientId: 'casebook' })],
    }),
  );
  const keys = openKeyRing(database.db, testMasterKey);
  await keys.ensure('oidc', ['ES256']);
  const ground = {
    config: { issuer: `${baseUrl}/oidc`, baseUrl },
    db: database.db,
    keys,
    log: database.log,
    clock: () => Date.now() / 1000,
  };
  const start = (limit?: { name: string; points: number; seconds: number }) =>
    serve(testApi(directoryOperations(ground, limit === undefined ? {} : { limit })));
  served = await start();
  strict = await start({ name: 'strict', points: 3, seconds: 60 });
  const { kid, privateKey } = await keys.current('oidc', 'ES256');
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: `${baseUrl}/oidc`,
    aud: `${baseUrl}/api`,
    sub: 'casebook',
    client_id: 'casebook',
    scope: 'directory.read',
    exp: now + 300,
    jti: 'x',
  };
  authorization = `Bearer ${await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid }).sign(privateKey)}`;
});
afterAll(async () => {
  await served.close();
  await strict.close();
  await database.drop();
});

const get = (path: string, url = served.url) => send(url, { path, headers: { Authorization: authorization } });
const shown = async <S extends z.ZodType>(path: string, shape: S): Promise<z.output<S>> => {
  const answer = await get(path);
  expect(answer.status).toBe(200);
  expect(answer.headers['cache-control']).toBe('no-store');
  return shape.parse(answer.json());
};

describe('what partner systems may look up', () => {
  test('a search by a misspelt name finds the person and their post', async () => {
    const page = await shown('/directory/v1/practitioners?name=Jo%20Featherstonehaw', SearchResults);
    expect(page).toMatchObject({ page: 1, pages: 1, total: 1, more: false });
    expect(page.results[0]).toMatchObject({
      id: jo.id,
      name: 'Jo Featherstonehaugh',
      posts: [{ role: 'social-worker', agency: gateshead, team_name: 'Front door' }],
    });
  });

  test('an entry shows each fact with its source, who checked it, its age and the kind of evidence, and the duty desk', async () => {
    const entry = await shown(`/directory/v1/practitioners/${jo.id}`, EntryShape);
    expect(entry.name).toEqual({
      value: 'Jo Featherstonehaugh',
      evidence: 'agency',
      source: 'test region',
      checked_by: 'Gateshead Council',
      checked_at: checkedAt,
      age_days: 3,
    });
    expect(entry.identity).toMatchObject({ value: { level: 2, against: 'passport' }, evidence: 'checked' });
    expect(entry.registrations).toMatchObject([
      {
        value: { body: 'NMC', body_name: 'Nursing and Midwifery Council', number: '08A1234E', lapsed: false },
        evidence: 'format',
      },
      { value: { body: 'SWE', number: 'SW1' }, evidence: 'checked', checked_by: 'Gateshead HR', age_days: 3 },
    ]);
    expect(entry.posts).toMatchObject([
      { value: { role_name: 'Social worker', agency: gateshead }, duty_desk: { phone: '0191 433 2653' } },
    ]);
  });

  test('agencies, one agency with its listed teams and duty desk, and the role catalogue', async () => {
    expect((await shown('/directory/v1/agencies?kind=council', AgencyList)).agencies).toMatchObject([
      { code: gateshead },
    ]);
    const agency = await shown(`/directory/v1/agencies/${gateshead}`, AgencyPage);
    expect(agency).toMatchObject({
      name: 'Gateshead Council',
      duty_desk: { name: 'Duty desk' },
      teams: [{ name: 'Front door' }],
    });
    const { roles } = await shown('/directory/v1/roles', RoleList);
    expect(roles.find(({ code }) => code === 'health-visitor')).toMatchObject({ registers: ['NMC'], sensitive: false });
  });

  test('each look-up is in the log under the partner system', async () => {
    await get(`/directory/v1/practitioners?name=Featherstonehaugh`);
    const { entries } = await listEntries(
      database.db,
      { agency: gateshead },
      { event: 'directory.search' },
      { limit: 1 },
    );
    expect(entries[0]).toMatchObject({
      actor: { client: 'casebook', agency: gateshead },
      content: { name: 'Featherstonehaugh', shown: [jo.id] },
    });
  });
});

describe('what they may not', () => {
  test('somebody suspended, somebody unknown and a text that is no id are all the same 404', async () => {
    const answers = await Promise.all(
      [gone.id, uuidv7(), 'x', "x'--"].map((id) => get(`/directory/v1/practitioners/${encodeURIComponent(id)}`)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
    const documents = answers.map((answer) => ({ ...(answer.json() as object), instance: '' }));
    expect(new Set(documents.map((document) => JSON.stringify(document))).size).toBe(1);
  });

  test('the list leaks nobody suspended and no unlisted team', async () => {
    const everybody = await get(`/directory/v1/practitioners?agency=${gateshead}`);
    expect(everybody.text).not.toMatch(/Gus|Refuge/);
    expect((await get(`/directory/v1/agencies/${gateshead}`)).text).not.toContain('Refuge');
  });

  test.each([
    ['nothing to search for', '', 'search-needs-more'],
    ['a page beyond the last', '?name=x&page=11', 'invalid-input'],
    ['page zero', '?name=x&page=0', 'invalid-input'],
    ['a page that is no number', '?name=x&page=1e1', 'invalid-input'],
    ['an unknown parameter', '?name=x&colour=red', 'invalid-input'],
    ['a parameter given twice', '?name=x&name=y', 'invalid-input'],
    ['a role with SQL in it', "?role=x'%3B%20drop%20table%20post%20--", 'invalid-input'],
    ['an agency with a template in it', '?agency={{7*7}}', 'invalid-input'],
    ['a name with a null byte', '?name=a%00b', 'invalid-input'],
    ['a name of 201 letters', `?name=${'a'.repeat(201)}`, 'invalid-input'],
  ])('%s: 400', async (_, query, code) => {
    const answer = await get(`/directory/v1/practitioners${query}`);
    expect(answer.status).toBe(400);
    expect((answer.json() as { type: string }).type).toBe(`urn:wayleave:problem:${code}`);
  });

  test('SQL and template metacharacters in a name are only a name', async () => {
    for (const name of ["'; drop table practitioner; --", '{{7*7}}', '${7*7}', '%_%', '<script>', '\\']) {
      const answer = await get(`/directory/v1/practitioners?name=a${encodeURIComponent(name)}`);
      expect(answer.status).toBe(200);
    }
    expect((await shown('/directory/v1/practitioners?name=Featherstonehaugh', SearchResults)).total).toBe(1);
  });

  test('without a token, 401 before the input is looked at', async () => {
    const answer = await send(served.url, { path: '/directory/v1/practitioners?page=nonsense' });
    expect(answer.status).toBe(401);
  });

  test('too many look-ups in a minute: 429, and when to try again', async () => {
    const statuses: number[] = [];
    for (let time = 0; time < 4; time += 1) statuses.push((await get('/directory/v1/roles', strict.url)).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect((await get('/directory/v1/roles', strict.url)).headers['retry-after']).toMatch(/^\d+$/);
  });
});

test('the OpenAPI document names every operation and its scope', () => {
  const operations = directoryOperations({
    config: { issuer: '', baseUrl },
    db: database.db,
    keys: openKeyRing(database.db, testMasterKey),
    log: database.log,
    clock: () => 0,
  });
  const document = openApiDocument(operations, { title: 'x', version: '1', baseUrl, tokenUrl: 'x', scopes: {} }) as {
    paths: Record<string, unknown>;
  };
  expect(Object.keys(document.paths)).toEqual([
    '/directory/v1/practitioners',
    '/directory/v1/practitioners/{id}',
    '/directory/v1/agencies',
    '/directory/v1/agencies/{code}',
    '/directory/v1/roles',
  ]);
});

test('a partner system that another process suspended is refused at its next look-up', async () => {
  const elsewhere = await openTestLog(database);
  expect((await get('/directory/v1/roles')).status).toBe(200);
  await suspendPartner(elsewhere, { agency: gateshead, service: 'tests' }, { clientId: 'casebook', reason: 'breach' });
  expect((await get('/directory/v1/roles')).status).toBe(403);
  await elsewhere.close();
});
