import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type Koa from 'koa';
import { z } from 'zod';
import { type ApiOperation, apiRouter } from '../../../platform/web/api.ts';
import { openApiDocument } from '../../../platform/web/openapi.ts';
import { WebError } from '../../../platform/web/web_error.ts';
import { postJson, send, serve, testPipeline, type Served } from '../../support/platform/web.ts';
import { operations } from './sample.ts';

type Document = {
  openapi: string;
  paths: Record<string, Record<string, Record<string, unknown>>>;
  components: { schemas: Record<string, { properties?: Record<string, unknown> }>; securitySchemes: object };
};

const info = {
  title: 'Sample',
  version: '1',
  baseUrl: 'http://x',
  tokenUrl: 'http://x/oidc/token',
  scopes: { 'directory.read': 'Read' },
};
const documentOf = (list: ApiOperation[]): Document => openApiDocument(list, info) as Document;

describe('the OpenAPI document', () => {
  const document = documentOf(operations);

  test('has each declared operation once, with its parameters where they stand', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual([
      '/sample/v1/people',
      '/sample/v1/people/{id}',
      '/access/v1/evaluation',
    ]);
    const get = document.paths['/sample/v1/people/{id}']!.get!;
    expect(get.operationId).toBe('getSampleV1PeopleId');
    expect(get.security).toEqual([{ token: ['directory.read'] }]);
    expect(get.parameters).toEqual([
      { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
      { name: 'q', in: 'query', required: false, schema: { type: 'string', maxLength: 20 } },
      {
        name: 'limit',
        in: 'query',
        required: false,
        schema: { type: 'integer', minimum: -9007199254740991, maximum: 100 },
      },
    ]);
  });

  test('describes bodies as they are parsed: strict ones close, lenient ones stay open', () => {
    const strict = body(document.paths['/sample/v1/people']!.post!);
    expect(strict).toMatchObject({ type: 'object', required: ['name'], additionalProperties: false });
    const lenient = body(document.paths['/access/v1/evaluation']!.post!);
    expect(lenient.additionalProperties).toBeUndefined();
  });

  test('refers to named schemas and to the problem document, and every reference leads somewhere', () => {
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name!);
    expect(new Set(references)).toEqual(new Set(['Person', 'Problem']));
    for (const name of references) expect(document.components.schemas[name]?.properties).toBeDefined();
    expect(text).not.toContain('$defs');
  });
});

describe('an API route', () => {
  let served: Served;
  const order: string[] = [];
  beforeAll(async () => {
    const guard: Koa.Middleware = async (ctx, next) => {
      order.push('guard');
      if (ctx.get('Authorization') === '') {
        throw new WebError('unauthenticated', 'token-needed', 'An access token is needed.', {
          headers: { 'WWW-Authenticate': 'Bearer' },
        });
      }
      await next();
    };
    const app = testPipeline();
    app.use(
      apiRouter([
        {
          method: 'put',
          path: '/x/v1/things/{id}',
          summary: 'Set',
          tag: 'x',
          guards: [guard],
          parameters: z.strictObject({ id: z.uuid() }),
          body: z.strictObject({ on: z.boolean() }),
          bodyOptions: { types: ['application/scim+json', 'application/json'], limit: 200 },
          responses: { 204: { description: 'Set' } },
          handlers: [(ctx) => void (ctx.status = 204)],
        },
      ]),
    );
    served = await serve(app);
  });
  afterAll(() => served.close());

  const put = (body: string, headers: Record<string, string> = {}) =>
    send(`${served.url}/x/v1/things/0190a0a0-0000-7000-8000-000000000000`, {
      method: 'PUT',
      body,
      headers: { 'Content-Type': 'application/scim+json', Authorization: 'Bearer t', ...headers },
    });

  test('asks who is there before it reads what was sent', async () => {
    const answer = await put('not json at all', { Authorization: '' });
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(answer.json()).toMatchObject({ type: 'urn:wayleave:problem:token-needed', title: 'Sign-in is needed' });
  });

  test('takes the media types and the length that it declares', async () => {
    expect((await put('{"on":true}')).status).toBe(204);
    expect((await put('{"on":true}', { 'Content-Type': 'application/merge-patch+json' })).status).toBe(415);
    expect((await put(`{"on":true${' '.repeat(300)}}`)).status).toBe(413);
  });

  test('reads no cookie and needs no CSRF token', async () => {
    const answer = await put('{"on":false}', { Origin: 'https://elsewhere.example', 'Sec-Fetch-Site': 'cross-site' });
    expect(answer.status).toBe(204);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test('lets other routers have what it does not know', async () => {
    expect((await postJson(`${served.url}/x/v1/others`, {})).status).toBe(404);
  });
});

function body(operation: Record<string, unknown>): Record<string, unknown> {
  const { content } = operation.requestBody as { content: Record<string, { schema: Record<string, unknown> }> };
  return content['application/json']!.schema;
}
