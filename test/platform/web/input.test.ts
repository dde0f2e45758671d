import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect } from 'node:net';
import fc from 'fast-check';
import { findJsonError } from '../../../platform/scan_json.ts';
import { postJson, send, serve, type Served } from '../../support/platform/web.ts';
import { sampleApp } from './sample.ts';

let served: Served;
beforeAll(async () => void (served = await serve(sampleApp())));
afterAll(() => served.close());

type Problem = {
  type: string;
  status: number;
  detail: string;
  instance: string;
  errors?: { pointer: string; detail: string }[];
};
const people = (body: unknown, headers?: Record<string, string>) =>
  postJson(`${served.url}/sample/v1/people`, body, headers);
const problem = (answer: { json(): unknown }): Problem => answer.json() as Problem;

describe('a JSON body', () => {
  test('that fits is taken', async () => {
    const answer = await people({ name: 'Ann', age: 3 });
    expect(answer.status).toBe(201);
    expect(answer.json()).toEqual({ name: 'Ann', age: 3 });
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  });

  test('that is not JSON is refused with the place', async () => {
    const answer = await people('{\n  "name": Ann\n}');
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(problem(answer)).toMatchObject({
      type: 'urn:wayleave:problem:malformed-json',
      detail: 'The body is not JSON at line 2, column 11: a value is expected here.',
    });
  });

  test.each([
    ['', 'The body is empty; JSON is expected.'],
    ['{"name":"a"', 'the text ends too early; a comma or a closing bracket'],
    ['{"name":"a",}', 'column 13: a field name in double quotes is expected'],
    ["{'name':1}", 'column 2: a field name in double quotes or }'],
    ['{"name" "a"}', 'column 9: a colon'],
    ['{"name":"a"} x', 'column 14: nothing more'],
    ['{"name":"a\nb"}', 'this string is not closed or not valid'],
    ['[01]', 'column 3'],
    ['[1}', 'column 3'],
  ])('%j is refused in words', async (body, words) => {
    const answer = await people(body);
    expect(answer.status).toBe(400);
    expect(problem(answer).detail).toContain(words);
  });

  test('with wrong types and unknown fields is refused with a pointer for each', async () => {
    const answer = await people({ name: 7, tags: ['a', 5], 'a/b~c': true });
    expect(answer.status).toBe(400);
    expect(problem(answer).errors).toEqual([
      { pointer: '/name', detail: 'must be a string' },
      { pointer: '/tags/1', detail: 'must be a string' },
      { pointer: '/a~1b~0c', detail: 'is not a field that is known here' },
    ]);
  });

  test('says what is missing', async () => {
    expect(problem(await people({})).errors).toEqual([{ pointer: '/name', detail: 'is missing' }]);
    expect(problem(await people([])).errors).toEqual([{ pointer: '', detail: 'must be an object' }]);
    expect(problem(await people({ name: 'a', age: 1.5 })).errors).toEqual([
      { pointer: '/age', detail: 'must be a whole number' },
    ]);
  });

  test('may have more fields where the schema leaves room (AuthZEN)', async () => {
    const answer = await postJson(`${served.url}/access/v1/evaluation`, {
      subject: { type: 'user', id: 'alice', more: 1 },
      extra: true,
    });
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({ decision: true });
  });

  test('never quotes what was sent back', async () => {
    const answer = await people({ name: 12, secret: 'hunter2-value', tags: 'hunter3-value' });
    expect(answer.status).toBe(400);
    expect(answer.text).not.toMatch(/hunter/);
  });

  test.each([
    ['a __proto__ field', '{"name":"a","__proto__":{"admin":true}}'],
    ['two __proto__ fields, one of them escaped', '{"name":"a","__proto__":1,"\\u005f_proto__":{"admin":true}}'],
    ['U+0000, which PostgreSQL cannot hold', '{"name":"a\\u0000b"}'],
    ['half of a surrogate pair', '{"name":"\\ud800"}'],
    ['a field name with U+0000', '{"na\\u0000me":"a"}'],
    ['nesting that would exhaust a stack', `{"name":${'['.repeat(40_000)}${']'.repeat(40_000)}}`],
  ])('with %s is refused', async (_what, body) => {
    const answer = await people(body);
    expect(answer.status).toBe(400);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test('may name its character set as people do', async () => {
    for (const charset of ['utf-8', 'UTF-8', 'utf8', 'UTF8', '"utf-8"', '"utf8"']) {
      const answer = await people('{"name":"a"}', { 'Content-Type': `application/json; charset=${charset}` });
      expect({ charset, status: answer.status }).toEqual({ charset, status: 201 });
    }
  });

  test('of another media type, encoding or character set is 415', async () => {
    for (const headers of [
      { 'Content-Type': 'text/plain' },
      { 'Content-Type': 'application/x-www-form-urlencoded' },
      { 'Content-Type': 'application/json; charset=utf-16' },
      { 'Content-Encoding': 'gzip' },
    ]) {
      const answer = await people('{"name":"a"}', headers);
      expect({ headers, status: answer.status }).toEqual({ headers, status: 415 });
      expect(problem(answer).type).toBe('urn:wayleave:problem:unsupported-media-type');
    }
    const none = await send(`${served.url}/sample/v1/people`, { method: 'POST', body: '{"name":"a"}' });
    expect(none.status).toBe(415);
  });

  test('that is not UTF-8 is refused', async () => {
    const body = Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    const answer = await send(`${served.url}/sample/v1/people`, {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/json' },
    });
    expect(answer.status).toBe(400);
    expect(problem(answer).detail).toBe('The body is not valid UTF-8.');
  });
});

describe('a body of 2 MB', () => {
  const large = JSON.stringify({ name: 'a'.repeat(2_000_000) });

  test('is refused with 413 in words, and the connection stays usable', async () => {
    const answer = await people(large);
    expect(answer.status).toBe(413);
    expect(problem(answer).detail).toBe('The request is larger than 100 kB, the most that is taken here.');
    expect(answer.headers.connection).toBe('keep-alive');
  });

  test('is refused when it comes in chunks without a length', async () => {
    const answer = await people(large, { 'Transfer-Encoding': 'chunked' });
    expect(answer.status).toBe(413);
  });

  test('does no harm where nobody reads bodies', async () => {
    const answer = await postJson(`${served.url}/sample/v1/nothing-here`, large);
    expect(answer.status).toBe(404);
  });

  test('is answered by fetch too, twenty at once', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const response = await fetch(`${served.url}/sample/v1/people`, {
          method: 'POST',
          body: large,
          headers: { 'Content-Type': 'application/json' },
        });
        await response.text();
        return response.status;
      }),
    );
    expect(new Set(statuses)).toEqual(new Set([413]));
  });

  test('that never ends is cut off with an answer', async () => {
    const socket = connect(served.port, '127.0.0.1');
    let received = '';
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
    socket.on('error', () => undefined);
    socket.write(
      'POST /sample/v1/people HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    const chunk = `${(1 << 20).toString(16)}\r\n${'a'.repeat(1 << 20)}\r\n`;
    for (let sent = 0; sent < 40 && !socket.destroyed && received === ''; sent += 1) {
      await new Promise((resolve) => socket.write(chunk, resolve));
    }
    await new Promise((resolve) => (socket.destroyed ? resolve(undefined) : socket.once('close', resolve)));
    expect(received).toMatch(/^HTTP\/1\.1 413/);
    expect(received).toMatch(/connection: close/i);
  });
});

describe('a body that ends early', () => {
  test('leaves the server well', async () => {
    const socket = connect(served.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      'POST /sample/v1/people HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"na',
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await people({ name: 'after' })).status).toBe(201);
  });
});

describe('path and query', () => {
  const find = (path: string) => send(served.url, { path: `/sample/v1/people/${path}` });

  test('are parsed together', async () => {
    expect((await find('7?q=a+b&limit=5')).json()).toEqual({ id: '7', q: 'a b', limit: 5 });
  });

  test.each([
    ['7?zz=1', '/zz'],
    ['7?id=8', '/id'],
    ['7?limit=many', '/limit'],
    ['7?q=a&q=b', '/q'],
    ['7?q=%00', '/q'],
    ['%00', '/id'],
    ['7?__proto__=1', ''],
    ['7?q=123456789012345678901', '/q'],
  ])('%s is refused with a pointer to %s', async (path, pointer) => {
    const answer = await find(path);
    expect(answer.status).toBe(400);
    expect(problem(answer).errors?.[0]?.pointer).toBe(pointer);
  });

  test('that cannot be decoded do not break the server', async () => {
    const paths = ['%ff', '%', '7?q=%ff%', '7?%', '..%2f..%2fetc'];
    const statuses = await Promise.all(paths.map(async (path) => (await find(path)).status));
    // What cannot be decoded stands for itself; `%` is a parameter that nobody knows.
    expect(statuses).toEqual([200, 200, 200, 400, 200]);
  });
});

describe('findJsonError', () => {
  test('agrees with JSON.parse on what is JSON', () => {
    const valid = (text: string): boolean => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    const mutated = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.constantFrom(
          '',
          '{',
          '}',
          '[',
          ']',
          '"',
          ',',
          ':',
          '\\',
          '0',
          '-',
          '.',
          'e',
          'n',
          ' ',
          '\n',
          '\u0001',
          '\ufeff',
        ),
      )
      .map(([json, at, with_]) => {
        const place = at % (json.length + 1);
        return json.slice(0, place) + with_ + json.slice(place + (at % 2));
      });
    fc.assert(
      fc.property(mutated, (text) => (findJsonError(text) === undefined) === valid(text)),
      { numRuns: 3000 },
    );
  });

  test('copes with long strings and many levels', () => {
    expect(findJsonError(`"${'a\\n'.repeat(200_000)}`)?.column).toBe(1);
    expect(findJsonError('['.repeat(100_000))?.position).toBe(100_000);
  });
});
