import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { openApiDocument } from '../../../../platform/web/openapi.ts';
import { protocolBytes } from '../../../../policy/register/protocols/read.ts';
import { KeySet, ProtocolList, ProtocolPage, RegisterPage } from '../../../../policy/register/interface/shapes.ts';
import { registerOperations } from '../../../../policy/register/interface/operations.ts';
import { hashOf } from '../../../../policy/register/signatures/canonical.ts';
import { types, verifyFlattened } from '../../../../policy/register/signatures/flattened.ts';
import { publicPart, thumbprint } from '../../../../policy/register/signatures/keys.ts';
import { aToken } from '../../../support/policy/decision_server.ts';
import { anImportedAgency, aPartner, load } from '../../../support/directory/directory.ts';
import { anOpenRegister, append, sign, signByAll, type TestRegister } from '../../../support/policy/register.ts';
import { type Answer, send, serve, type Served, testApi } from '../../../support/platform/web.ts';
import { aClause, anOperationalProtocol, aFramework, federationName } from '../../../support/policy/documents.ts';

const baseUrl = 'http://localhost:4000';
const framework = aFramework();
// The default of `presence` is left out, as an author may: what is shown must be what was signed.
const { presence: _, ...terse } = aClause();
const protocol = anOperationalProtocol(framework, { clauses: [terse] });
const hash = hashOf(protocolBytes(protocol));

let test: TestRegister;
let served: Served;
let operations: ReturnType<typeof registerOperations>;
let authorization: string;
beforeAll(async () => {
  test = await anOpenRegister();
  await signByAll(test, framework);
  await sign(test, protocol, test.agencies.council);
  const { db, keys, log } = test.ground;
  await keys.ensure('oidc', ['ES256']);
  await load(log, anImportedAgency({ partners: [aPartner({ clientId: 'casebook', scopes: ['audit.read'] })] }));
  const config = { issuer: `${baseUrl}/oidc`, baseUrl, federation: { name: federationName } };
  operations = registerOperations({ config, db, keys, log, clock: () => Date.now() / 1000 }, test.register);
  served = await serve(testApi(operations));
  authorization = `Bearer ${await aToken(keys, { scope: 'audit.read' })}`;
});
afterAll(async () => {
  await served.close();
  await test.drop();
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  send(`${served.url}${path}`, { headers });
async function shaped<S extends z.ZodType>(
  path: string,
  schema: S,
  headers?: Record<string, string>,
): Promise<z.output<S>> {
  const answer = await get(path, headers);
  expect([answer.status, path]).toEqual([200, path]);
  return schema.parse(answer.json());
}

describe('the register of agreements', () => {
  it('lists every protocol with its parties and status, open to all', async () => {
    const list = await shaped('/policy/v1/protocols', ProtocolList);
    expect(list.register).toEqual(test.register.state()?.head);
    expect(list.protocols.map(({ id, status }) => [id, status])).toEqual([
      ['regional-framework', 'in-force'],
      ['safeguarding-children', 'awaiting-signatures'],
    ]);
    expect(list.protocols[1]?.parties.map(({ signed }) => signed)).toEqual([true, false, false]);
    expect(list.next).toBeNull();
  });

  it('is read page by page, by status and by party', async () => {
    const first = await shaped('/policy/v1/protocols?limit=1', ProtocolList);
    const second = await shaped(`/policy/v1/protocols?limit=1&after=${first.next}`, ProtocolList);
    expect([first, second].map(({ protocols }) => protocols.map(({ id }) => id))).toEqual([
      ['regional-framework'],
      ['safeguarding-children'],
    ]);
    expect(second.next).toBeNull();
    expect((await shaped('/policy/v1/protocols?status=in-force', ProtocolList)).protocols).toHaveLength(1);
    expect((await shaped('/policy/v1/protocols?agency=E06000047', ProtocolList)).protocols).toHaveLength(0);
  });

  it('shows a protocol word for word as signed, so that anybody can hash it, and who has signed', async () => {
    const page = await shaped('/policy/v1/protocols/safeguarding-children/1', ProtocolPage);
    expect(hashOf(protocolBytes(page.document as never))).toBe(hash);
    expect(page.hash).toBe(hash);
    expect(page.signatures).toMatchObject([
      { agency: 'E08000037', officer: 'Robin Okafor', capacity: 'director', signed_at: test.clock.now },
    ]);
    expect(page.unsigned).toEqual(['RTD', 'E23000007']);
    const key = test.agencies.council.officer.key;
    for (const { jws } of page.signatures) {
      await verifyFlattened(jws, protocolBytes(page.document as never), publicPart(key), types.protocol);
    }
    const keys = await shaped('/agencies/E08000037/jwks', KeySet);
    expect(keys.keys.map(({ kid }) => kid)).toContain(page.signatures[0]?.kid);
  });

  it.each([
    ['/policy/v1/protocols/safeguarding-children/2', 404, 'unknown-protocol'],
    ['/policy/v1/protocols/nothing/1', 404, 'unknown-protocol'],
    ['/policy/v1/protocols/safeguarding-children/x', 400, 'invalid-input'],
    ['/policy/v1/protocols?status=splendid', 400, 'invalid-input'],
    ['/policy/v1/protocols?limit=0', 400, 'invalid-input'],
    [`/policy/v1/protocols?agency=${encodeURIComponent(`' or 1=1 --{{7*7}}`)}&surprise=1`, 400, 'invalid-input'],
    ['/agencies/E06000047/jwks', 404, 'unknown-agency'],
    [`/agencies/${encodeURIComponent(`' or 1=1 --`)}/jwks`, 404, 'unknown-agency'],
  ])('answers %s with %i', async (path, status, code) => {
    const answer = await get(path);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toMatch(/application\/problem\+json/);
    expect(answer.text).toContain(code);
  });
});

describe('keys and schema', () => {
  it('an agency’s keys are a JWK set of public keys, without those that were revoked', async () => {
    const answer = await get('/agencies/E23000007/jwks');
    expect(answer.headers['content-type']).toMatch(/application\/jwk-set\+json/);
    expect(answer.text).not.toContain('"d"');
    const { keys } = KeySet.parse(answer.json());
    const { officer } = test.agencies.police;
    const kid = thumbprint(publicPart(officer.key));
    expect(keys.map((key) => key.kid)).toContain(kid);
    await append(test, 'key-revoked', { agency: 'E23000007', kid, reason: 'lost' });
    const left = await shaped('/agencies/E23000007/jwks', KeySet);
    expect(left.keys).toHaveLength(keys.length - 1);
  });

  it('the schema of a protocol is published as JSON Schema', async () => {
    const answer = await get('/policy/v1/schemas/protocol');
    expect(answer.headers['content-type']).toMatch(/application\/schema\+json/);
    expect(answer.json()).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object' });
  });

  it('every operation is in the OpenAPI document', () => {
    const info = {
      title: 't',
      version: '1',
      baseUrl,
      description: 'd',
      tokenUrl: `${baseUrl}/oidc/token`,
      scopes: { 'audit.read': 'Read' },
    };
    const document = openApiDocument(operations, info) as { paths: Record<string, unknown> };
    expect(Object.keys(document.paths)).toHaveLength(operations.length);
  });
});

describe('the register’s condition', () => {
  it('is for partner systems with the right', async () => {
    expect((await get('/policy/v1/register')).status).toBe(401);
    const other = await aToken(test.ground.keys, { scope: 'directory.read' });
    expect((await get('/policy/v1/register', { authorization: `Bearer ${other}` })).status).toBe(403);
    const page = await shaped('/policy/v1/register', RegisterPage, { authorization });
    expect(page).toMatchObject({
      federation: federationName,
      verifies: true,
      problems: [],
      head: test.register.state()?.head,
    });
  });

  it('names what was edited by hand; a damaged text is 503 and the rest goes on', async () => {
    await test.asOwner(
      'update protocol_text set bytes = set_byte(bytes, 200, get_byte(bytes, 200) # 1) where hash = $1',
      [hash],
    );
    expect((await get('/policy/v1/protocols/safeguarding-children/1')).status).toBe(503); // even before anybody noticed
    await test.register.verify();
    const page = await shaped('/policy/v1/register', RegisterPage, { authorization });
    expect(page.problems).toMatchObject([{ where: `protocol_text ${hash}` }]);
    expect((await get('/policy/v1/protocols/safeguarding-children/1')).status).toBe(503);
    expect((await shaped('/policy/v1/protocols', ProtocolList)).damaged).toMatchObject([{ hash }]);
  });

  it('a chain that does not verify leaves nothing to show', async () => {
    await test.asOwner('delete from register_event where sequence = 4');
    await test.register.verify();
    const page = await shaped('/policy/v1/register', RegisterPage, { authorization });
    expect(page).toMatchObject({ verifies: false, head: null });
    for (const path of ['/policy/v1/protocols', '/policy/v1/protocols/regional-framework/1', '/agencies/RTD/jwks']) {
      expect((await get(path)).status).toBe(503);
    }
    expect((await get('/policy/v1/schemas/protocol')).status).toBe(200);
  });
});
