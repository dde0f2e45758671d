/** `main.ts` where it cannot start: it ends at once, and says why. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { endAllStarted, quick, startMain } from '../support/application/start.ts';
import { aServerOfOnesOwn } from '../support/platform/own_server.ts';

const own = aServerOfOnesOwn();
beforeAll(own.start);
afterEach(endAllStarted);
afterAll(own.remove);

describe('a start that cannot be', () => {
  const cases: [string, Record<string, string>, string | RegExp][] = [
    [
      'production without its variables',
      { NODE_ENV: 'production' },
      /cannot be used in production:\n(  [A-Z_]+ is missing\n){7}/,
    ],
    [
      'a server that does not answer',
      { DATABASE_URL: 'postgres://a:hidden@127.0.0.1:1/wayleave' },
      'The database wayleave at 127.0.0.1:1 (DATABASE_URL) cannot be used: nothing answers there.',
    ],
    [
      'a host that does not exist',
      { DATABASE_URL: 'postgres://a:hidden@nowhere.invalid/wayleave' },
      'cannot be used: there is no such host.',
    ],
    ['a variable of the wrong form', { PORT: 'four thousand' }, 'PORT must be a port number'],
  ];

  it.each(cases)('ends with code 1 and says why: %s', async (_, environment, words) => {
    const started = startMain({ dataDir: await own.folder(), environment });
    expect(await started.ended).toEqual({ code: 1, signal: null });
    expect(started.said()).toMatch(words);
    expect(started.said()).not.toMatch(/^ +at |hidden/m);
  });

  it.each([
    ['password', /the server refuses the user or the password/],
    ['pathname', /the server has no database of that name/],
  ] as const)('names what is wrong with an address whose %s is wrong', async (part, words) => {
    const url = new URL(own.url());
    url[part] = '/nonsense';
    const started = startMain({ dataDir: await own.folder(), environment: { ...quick, DATABASE_URL: url.href } });
    expect(await started.ended).toEqual({ code: 1, signal: null });
    expect(started.said()).toMatch(words);
  });
});
