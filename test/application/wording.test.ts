/** Whatever is sent wrongly is answered in our words: no library's wording reaches a caller, of any operation or form. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningApplication, startApplication } from '../support/application/application.ts';
import type { Browser } from '../support/idp/idp.ts';
import { openSession, partnerToken } from '../support/journeys/journey.ts';

/** How zod, jose, pg, the JSON parser and Node say things. */
const wording =
  /Too (big|small)|Invalid (input|string|option|key|element|value|UUID|URL|email|ISO|date|number|discriminator)|expected (string|number|array|object|boolean|record|int|one of)|received (undefined|null|string|number|array|object|boolean|NaN)|Unrecognized|must match pattern|ZodError|Unexpected (token|end)|in JSON at|JSON\.parse|invalid input syntax|violates|SQLSTATE|node_modules|\bat \S+ \(.*:\d+:\d+\)|ERR_|ECONN|is not a function|Cannot (read|convert)|"alg"|JWS|JWE|compact/;

type Schema = { type?: string; properties?: Record<string, Schema>; items?: Schema; $ref?: string; anyOf?: Schema[] };
type Operation = {
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
};

let service: RunningApplication;
let document: {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};
let token: string;
beforeAll(async () => {
  service = await startApplication();
  document = (await (await fetch(`${service.baseUrl}/openapi.json`)).json()) as typeof document;
  const casebook = service.manifest.partners.find(({ scopes }) => scopes.includes('directory.read'))!;
  token = await partnerToken(service, casebook.client_id);
});
afterAll(() => service.close());

const wrong: unknown[] = [null, 7, -1, 1e30, true, '', 'x', 'x'.repeat(20_000), [], {}, [[]], ['x', 7], Array(3_000).fill('x'), { x: 1 }]; // prettier-ignore

/** A value that has the schema's parts, so that each of them can be wrong alone. */
function sample(schema: Schema = {}, depth = 0): unknown {
  const known = schema.$ref === undefined ? schema : document.components.schemas[schema.$ref.split('/').at(-1)!]!;
  if (depth > 6) return 'x';
  if (known.anyOf !== undefined) return sample(known.anyOf[0], depth + 1);
  if (known.type === 'array') return [sample(known.items, depth + 1)];
  if (known.type === 'integer' || known.type === 'number') return 1;
  if (known.type === 'boolean') return true;
  if (known.properties === undefined) return known.type === 'object' ? {} : 'x';
  return Object.fromEntries(Object.entries(known.properties).map(([name, inner]) => [name, sample(inner, depth + 1)]));
}

/** The value with one part after the other replaced by each wrong one, or left out. */
function* spoil(value: unknown): Generator {
  yield* wrong;
  if (typeof value !== 'object' || value === null) return;
  for (const name of Object.keys(value)) {
    const part = (value as Record<string, unknown>)[name];
    for (const other of spoil(part)) yield Array.isArray(value) ? [other] : { ...value, [name]: other };
    if (!Array.isArray(value)) yield { ...value, [name]: undefined };
  }
  if (!Array.isArray(value)) yield { ...value, unheard_of: 1 };
}

async function send(method: string, where: string, body?: string, authorization = `Bearer ${token}`): Promise<string> {
  const headers = { authorization, ...(body !== undefined && { 'content-type': 'application/json' }) };
  const response = await fetch(service.baseUrl + where, { method, headers, ...(body !== undefined && { body }) });
  const text = await response.text();
  expect({ where, body: body?.slice(0, 300), text: wording.exec(text)?.[0], status: response.status < 500 }).toEqual({
    where,
    body: body?.slice(0, 300),
    text: undefined,
    status: true,
  });
  return text;
}

const operations = () =>
  Object.entries(document.paths).flatMap(([where, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ where, method: method.toUpperCase(), operation })),
  );

describe('operations', () => {
  it('say in our words what is wrong with a body, whatever part of it is', async () => {
    let sent = 0;
    for (const { where, method, operation } of operations()) {
      const schema = operation.requestBody?.content['application/json']?.schema;
      if (schema === undefined) continue;
      const path = where.replaceAll(/\{\w+\}/g, 'x');
      for (const body of ['', '{', '{"a":}', 'nul', '"\\ud800"', '[1,]']) await send(method, path, body);
      for (const body of spoil(sample(schema))) {
        await send(method, path, JSON.stringify(body));
        sent += 1;
      }
    }
    expect(sent).toBeGreaterThan(300);
  });

  it('and with parameters of an address', async () => {
    for (const { where, method, operation } of operations()) {
      if (operation.requestBody !== undefined) continue;
      for (const { name, in: place } of operation.parameters ?? []) {
        for (const value of ['', 'x', '-1', '1e99', 'x'.repeat(3_000), '%E2%82', '{"a":1}']) {
          const path = place === 'path' ? where.replace(`{${name}}`, value || '-') : `${where}?${name}=${value}`;
          await send(method, path.replaceAll(/\{\w+\}/g, 'x'));
        }
      }
    }
  });

  it('and with a token', async () => {
    const parts = token.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const { where, method } of operations()) {
      for (const bad of ['x', 'x.y.z', `${none}.${parts[1]}.`, `${parts[0]}.${parts[1]}.AAAA`, parts.join('..')]) {
        await send(method, where.replaceAll(/\{\w+\}/g, 'x'), method === 'GET' ? undefined : '{}', `Bearer ${bad}`);
      }
    }
  });
});

describe('pages', () => {
  /** Sends every form of the page with each of its fields wrong, one at a time. */
  async function spoilForms(browser: Browser, path: string): Promise<number> {
    const page = await browser.send(path);
    const forms = [...page.text.matchAll(/<form([^>]*)>([\s\S]*?)<\/form>/g)];
    let sent = 0;
    for (const [, attributes = '', inside = ''] of forms) {
      const target = /action="([^"]*)"/.exec(attributes)?.[1]?.replaceAll('&amp;', '&') ?? path;
      const csrf = /name="_csrf" value="([^"]*)"/.exec(inside)?.[1] ?? '';
      const names = new Set(
        [...inside.matchAll(/ name="([^"]+)"/g)].map(([, name]) => name!).filter((name) => name !== '_csrf'),
      );
      if (/sign-out/.test(target)) continue;
      for (const name of names) {
        for (const value of ['', 'x'.repeat(20_000), '-1', '[object Object]']) {
          const answer = /method="post"/i.test(attributes)
            ? await browser.send(target, { _csrf: csrf, [name]: value })
            : await browser.send(
                `${target.split('?')[0]}?${new URLSearchParams({ [name]: value.slice(0, 3_000) }).toString()}`,
              );
          sent += 1;
          expect([target, name, wording.exec(answer.text)?.[0], answer.status < 500]).toEqual([
            target,
            name,
            undefined,
            true,
          ]);
        }
      }
    }
    return sent;
  }

  it('say in our words what is wrong with any field of any form', async () => {
    const visits: [string, string[]][] = [
      ['siro', ['/directory', '/log', '/drafts', '/drafts/start', '/consent', '/consent/objections', '/signing', '/protocols', '/agencies', '/try-a-decision', '/who-can-see', '/register', '/passkey', '/statistics']],
      ['administrator', ['/posts', '/posts/give', '/agencies/E08000037/officers/propose', '/agencies/E08000037/keys']],
    ]; // prettier-ignore
    let sent = 0;
    for (const [key, paths] of visits) {
      const browser = await openSession(service, key);
      for (const path of paths) sent += await spoilForms(browser, path);
    }
    expect(sent).toBeGreaterThan(150);
  });
});
