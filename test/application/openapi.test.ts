/** The OpenAPI document against the running service: the routes are those it names, and the answers are of the shapes it gives. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { glob, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type RunningApplication, startApplication } from '../support/application/application.ts';
import { askWith, userToken } from '../support/policy/override.ts';

type Schema = Record<string, unknown>;
type Content = Record<string, { schema: Schema }>;
type Operation = {
  operationId: string;
  summary: string;
  security: Record<string, string[]>[];
  parameters?: { name: string; in: string; required: boolean }[];
  requestBody?: { content: Content };
  responses: Record<string, { description: string; content?: Content }>;
};
type Document = {
  openapi: string;
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, Schema>;
    securitySchemes: Record<
      string,
      { flows: { clientCredentials: { tokenUrl: string; scopes: Record<string, string> } } }
    >;
  };
};
type Called = { status: number; type: string; text: string; headers: Headers };

let service: RunningApplication;
let document: Document;
let token: string;

beforeAll(async () => {
  service = await startApplication();
  document = (await (await fetch(`${service.baseUrl}/openapi.json`)).json()) as Document;
  const casebook = service.manifest.partners.find(({ scopes }) => scopes.includes('directory.read'))!;
  const response = await fetch(document.components.securitySchemes.token!.flows.clientCredentials.tokenUrl, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${casebook.client_id}:${casebook.client_secret}`).toString('base64')}`,
    },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'decisions audit.read directory.read consent',
    }),
  });
  token = ((await response.json()) as { access_token: string }).access_token;
});
afterAll(() => service.close());

async function call(method: string, where: string, body?: object, authorization = `Bearer ${token}`): Promise<Called> {
  const response = await fetch(service.baseUrl + where, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  const type = (response.headers.get('content-type') ?? '').split(';')[0]!;
  return { status: response.status, type, text: await response.text(), headers: response.headers };
}

const listOperations = () =>
  Object.entries(document.paths).flatMap(([where, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ where, method, operation })),
  );
const nameOf = ({ method, where }: { method: string; where: string }) => `${method} ${where}`;

/** A schema of the document as something that tells whether a value has its shape. */
function shapeOf(schema: Schema): z.ZodType {
  const definitions = { ...schema, $defs: document.components.schemas };
  return z.fromJSONSchema(JSON.parse(JSON.stringify(definitions).replaceAll('#/components/schemas/', '#/$defs/')));
}

describe('the OpenAPI document', () => {
  it('names where the service is, and a token endpoint that gave us a token', () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(document.servers).toEqual([{ url: service.baseUrl }]);
    expect(token).toEqual(expect.any(String));
  });

  it('describes the operations that are mounted, each once, and no other', () => {
    const mounted = service.operations.map(({ method, path: where }) => `${method} ${where}`);
    expect(listOperations().map(nameOf).toSorted()).toEqual(mounted.toSorted());
    const ids = listOperations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('leaves out no route that the code declares for programs', async () => {
    const root = path.resolve(import.meta.dirname, '../..');
    const declared = new Set<string>();
    for await (const file of glob('{platform,directory,idp,policy,admin-ui}/**/*.ts', { cwd: root })) {
      const text = await readFile(path.join(root, file), 'utf8');
      for (const [, where = ''] of text.matchAll(/'(\/(?:[a-z-]+\/v\d+|scim|fhir|services|\.well-known)\/[^'\s]*)'/g))
        declared.add(where);
    }
    expect(declared.size).toBeGreaterThan(5);
    expect([...declared].filter((where) => !(where in document.paths))).toEqual([]);
  });

  it('asks for scopes that its token endpoint knows', () => {
    const { scopes } = document.components.securitySchemes.token!.flows.clientCredentials;
    const asked = new Set(
      listOperations().flatMap(({ operation }) => operation.security.flatMap(({ token: of = [] }) => of)),
    );
    expect([...asked].filter((scope) => !(scope in scopes))).toEqual([]);
    expect(Object.keys(scopes).filter((scope) => !asked.has(scope))).toEqual([]);
  });
});

/** Addresses of the web application that look like the parents of described ones. */
const isPage = (where: string): boolean => where === '/' || where === '/directory/v1' || where.startsWith('/agencies');

describe('the routes', () => {
  /** The path with something in each place. */
  const fill = (where: string): string => where.replaceAll(/\{\w+\}/g, '7');

  it('are there: none of the described operations answers that there is nothing at this address', async () => {
    for (const { where, method, operation } of listOperations()) {
      const { status, text } = await call(method, fill(where), operation.requestBody && {});
      const { type } = (status >= 400 ? JSON.parse(text) : {}) as { type?: string };
      expect({ where, method, type }).not.toMatchObject({ type: 'urn:wayleave:problem:not-found' });
      expect({ where, method, wrong: status === 405 || status >= 500 }).toEqual({ where, method, wrong: false });
    }
  });

  it('take the described methods and no others', async () => {
    for (const [where, methods] of Object.entries(document.paths)) {
      for (const method of ['get', 'post', 'put', 'patch', 'delete'].filter((one) => !(one in methods))) {
        const { status, headers } = await call(method.toUpperCase(), fill(where), method === 'get' ? undefined : {});
        const allowed = (headers.get('allow') ?? '')
          .toLowerCase()
          .split(', ')
          .filter((one) => one !== 'head');
        expect({ where, method, status, allowed }).toEqual({
          where,
          method,
          status: 405,
          allowed: Object.keys(methods),
        });
      }
    }
  });

  it('end where the document ends: what is not described is not there', async () => {
    const parents = Object.keys(document.paths).flatMap((where) => [path.dirname(where), `${where}/more`]);
    const others = [
      '/access/v1/search/subject',
      '/directory/v2/practitioners',
      '/audit/v1/entries',
      '/policy/v1',
      '/scim/v2/E08000037/Users',
      '/fhir/R4/Practitioner',
    ];
    const absent = [...new Set([...parents, ...others])].map(fill).filter((where) => {
      const pattern = Object.keys(document.paths).map(
        (one) => new RegExp(`^${one.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
      );
      return !isPage(where) && !pattern.some((one) => one.test(where));
    });
    expect(absent.length).toBeGreaterThan(10);
    for (const where of absent) {
      const { status, type, text } = await call('GET', where);
      expect({ where, status, type }).toEqual({ where, status: 404, type: 'application/problem+json' });
      const { type: problem } = JSON.parse(text) as { type: string };
      expect({ where, problem }).toEqual({ where, problem: 'urn:wayleave:problem:not-found' });
    }
  });

  it('that ask for a scope let nobody in without a token', async () => {
    for (const { where, method, operation } of listOperations().filter((one) => one.operation.security.length > 0)) {
      const { status, type, text, headers } = await call(
        method,
        fill(where),
        operation.requestBody && {},
        'Bearer nonsense',
      );
      expect({ where, status, type }).toEqual({ where, status: 401, type: 'application/problem+json' });
      expect(headers.get('www-authenticate')).toMatch(/^Bearer /);
      expect(Object.keys(operation.responses)).toContain('401');
      expect(
        shapeOf(operation.responses.default!.content!['application/problem+json']!.schema).safeParse(JSON.parse(text))
          .error,
      ).toBeUndefined();
    }
  });
});

describe('the answers', () => {
  const aboutTheChild = {
    agency: 'E08000037',
    data_subject: { system: 'https://fhir.nhs.uk/Id/nhs-number', value: '9990001243' },
    protocol: 'safeguarding-children',
  };
  const statement = {
    ...aboutTheChild,
    state: 'refused',
    basis: 'confidence',
    purpose: 'early-help',
    said_at: 1_790_000_000,
    given_by: 'self',
    capacity: 'competent-child',
    wording: 'spoken',
    language: 'en',
  };
  /** How to get a full answer of each operation. */
  const requests = (): Record<string, { where?: string; body?: object }[]> => {
    const { examples, partners } = service.manifest;
    const mine = examples.filter(({ partner }) => partner === partners[0]!.client_id);
    const subject = (mine[0]!.request as { subject: { id: string } }).subject.id;
    const question = mine[0]!.request as {
      subject: object;
      action: object;
      resource: { type: string; id: string; properties: object };
      context: object;
    };
    const { id, ...withoutId } = question.resource;
    const { action: _, ...withoutAction } = question;
    return {
      'post /access/v1/search/subject': [
        { body: { ...question, subject: { type: 'practitioner' }, page: { limit: 1 } } },
        { body: { ...question, subject: { type: 'practitioner' } } },
      ],
      'post /access/v1/search/resource': [
        { body: { ...question, resource: withoutId, context: { ...question.context, candidates: [{ id }] } } },
      ],
      'post /access/v1/search/action': [{ body: withoutAction }],
      'post /access/v1/evaluation': mine.map(({ request }) => ({ body: request })),
      'post /access/v1/evaluations': [
        { body: { evaluations: mine.slice(0, 5).map(({ request }) => request) } },
        { body: mine[0]!.request },
      ],
      'get /access/v1/obligations/{decision}': [{ where: `/access/v1/obligations/${owing}` }],
      'post /access/v1/obligations/{decision}': [
        {
          where: `/access/v1/obligations/${owing}`,
          body: { obligations: [{ id: 'tell-allocated-worker', state: 'done' }] },
        },
      ],
      'get /.well-known/authzen-configuration': [{}],
      'get /audit/v1/decisions/{id}': decisions.map((id) => ({ where: `/audit/v1/decisions/${id}` })),
      'get /audit/v1/checkpoint': [{}],
      'get /policy/v1/protocols': [{}, { where: '/policy/v1/protocols?limit=1' }],
      'get /policy/v1/protocols/{id}/{version}': [{ where: '/policy/v1/protocols/safeguarding-children/1' }],
      'get /policy/v1/schemas/protocol': [{}],
      'get /policy/v1/agreements': [{}, { where: '/policy/v1/agreements?state=in-force&subject=children&limit=1' }],
      'get /policy/v1/assets': [{}, { where: '/policy/v1/assets?agency=E08000037' }],
      'get /policy/v1/templates': [{}],
      'get /policy/v1/templates/{code}': [
        { where: '/policy/v1/templates/framework' },
        { where: '/policy/v1/templates/youth-justice' },
      ],
      'get /agencies/{code}/jwks': [{ where: '/agencies/E08000037/jwks' }],
      'get /policy/v1/register': [{}],
      'post /policy/v1/consents': [{ body: statement }],
      'post /policy/v1/consents/find': [{ body: aboutTheChild }],
      'get /directory/v1/practitioners': [
        { where: '/directory/v1/practitioners?name=robson' },
        { where: '/directory/v1/practitioners?role=teacher&agency=URN:146752' },
      ],
      'get /directory/v1/practitioners/{id}': [{ where: `/directory/v1/practitioners/${subject}` }],
      'get /directory/v1/agencies': [{}, { where: '/directory/v1/agencies?kind=police' }],
      'get /directory/v1/agencies/{code}': [{ where: '/directory/v1/agencies/E08000037' }],
      'get /directory/v1/roles': [{}],
    };
  };
  const decisions: string[] = [];
  /** A decision that came with a duty. */
  let owing: string;

  it('of every operation have the media type and the shape that the document gives', async () => {
    const there = await userToken(service, 'social-worker');
    owing = (await askWith(service, 'social-worker', there, undefined, { record: 'GC-1001' })).context.id;
    const described = listOperations();
    expect(Object.keys(requests()).toSorted()).toEqual(described.map(nameOf).toSorted());
    for (const { where, method, operation } of described) {
      const [[type, { schema }] = [] as never] = Object.entries(operation.responses['200']!.content!);
      const shape = shapeOf(schema);
      for (const request of requests()[nameOf({ method, where })]!) {
        const answer = await call(method, request.where ?? where, request.body);
        expect({ where, status: answer.status, type: answer.type }).toEqual({ where, status: 200, type });
        const value: unknown = type.includes('json') ? JSON.parse(answer.text) : answer.text;
        expect({ where, issues: shape.safeParse(value).error?.issues ?? [] }).toEqual({ where, issues: [] });
        if (where === '/access/v1/evaluation') decisions.push((value as { context: { id: string } }).context.id);
      }
    }
    expect(decisions.length).toBeGreaterThan(5);
  });

  it('to bad input are problem documents of the shape that the document gives', async () => {
    for (const { where, method, operation } of listOperations()) {
      const bad = operation.requestBody
        ? { where, body: { nonsense: true } }
        : { where: `${where.replaceAll(/\{\w+\}/g, '%00')}?nonsense=1`, body: undefined };
      const { status, type, text } = await call(method, bad.where, bad.body);
      if (status < 400) continue;
      expect({ where, type }).toEqual({ where, type: 'application/problem+json' });
      const shape = shapeOf(operation.responses.default!.content!['application/problem+json']!.schema);
      expect({ where, issues: shape.safeParse(JSON.parse(text)).error?.issues ?? [] }).toEqual({ where, issues: [] });
    }
  });
});
