/** Roles belong to a whole server, databases do not: who makes the application's roles, for whom, and what becomes of earlier ones. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { appPassword, appRole, appUrl } from '../../../platform/app_role.ts';
import { migrate } from '../../../platform/migrate.ts';
import { ask } from '../../support/platform/embedded.ts';
import { aServerOfOnesOwn } from '../../support/platform/own_server.ts';

const [first, second] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const own = aServerOfOnesOwn();
beforeAll(own.start);
afterAll(own.remove);

const up = (url: string, key: Buffer) => migrate(url, { appPassword: appPassword(key) });
const signsIn = (url: string, key: Buffer) =>
  ask<{ agencies: number }>(appUrl(url, key), 'select count(*)::int as agencies from agency');
const none = [{ agencies: 0 }];

describe('the role that signs in', () => {
  it.each([
    ['one', 'wayleave_app_one'],
    ['With%20blank', 'wayleave_app_With blank'],
    ['a'.repeat(50), `wayleave_app_${'a'.repeat(50)}`],
    ['a'.repeat(51), expect.stringMatching(/^wayleave_app_[0-9a-f]{32}$/)],
    [encodeURIComponent('ü'.repeat(26)), expect.stringMatching(/^wayleave_app_[0-9a-f]{32}$/)],
  ])('of the database %s is named after it, in 63 bytes at most', (database, name) => {
    expect(appRole(`postgres://owner:secret@localhost/${database}`)).toEqual(name);
  });

  it('is another one for names that only differ late', () => {
    const roles = ['x', 'y'].map((end) => appRole(`postgres:///${'a'.repeat(60)}${end}`));
    expect(new Set(roles).size).toBe(2);
  });

  it('takes any name of a database', async () => {
    const odd = `O'Brien "and" Sons 100% ünïcode`;
    await ask(own.url(), `create database ${pg.escapeIdentifier(odd)}`);
    const url = Object.assign(new URL(own.url()), { pathname: `/${encodeURIComponent(odd)}` }).href;
    await up(url, first);
    expect(await signsIn(url, first)).toEqual(none);
  });

  it('lets two installations with keys of their own share a server, whichever starts first or again', async () => {
    const urls = [await own.database('here'), await own.database('there')] as const;
    const keys = [first, second] as const;
    const made = new Set<0 | 1>();
    for (const turn of [0, 1, 1, 0, 0, 1] as const) {
      await up(urls[turn], keys[turn]);
      made.add(turn);
      for (const each of made) expect(await signsIn(urls[each], keys[each])).toEqual(none);
    }
  });

  it('is made when many databases are migrated at the same moment', async () => {
    const urls = await Promise.all([1, 2, 3, 4].map((number) => own.database(`at_once_${number}`)));
    await Promise.all(urls.map((url) => up(url, second)));
    for (const url of urls) expect(await signsIn(url, second)).toEqual(none);
  });
});

describe('an owner who may not make roles', () => {
  const statementsIn = ({ message }: Error): string[] => message.split('\n').slice(1);

  it.each(['', 'createrole'])('(%s) is told what a superuser has to run, and nothing is touched', async (attribute) => {
    const tenant = `tenant${attribute}`;
    await up(await own.database(`before_${tenant}`), first);
    await ask(
      own.url(),
      `create role ${tenant} login password 'tenant' ${attribute}`,
      `create database of_${tenant} owner ${tenant}`,
    );
    const url = Object.assign(new URL(own.url()), {
      username: tenant,
      password: 'tenant',
      pathname: `/of_${tenant}`,
    }).href;
    const refused: Error = await up(url, second).then(
      () => new Error('It was not refused.'),
      (error: Error) => error,
    );
    expect(refused).toMatchObject({ code: 'roles-not-allowed', message: expect.stringContaining('A superuser') });
    expect(await ask(url, `select from pg_class where relnamespace = 'public'::regnamespace`)).toEqual([]);
    expect(await ask(own.url(), `select from pg_roles where rolname = '${appRole(url)}'`)).toEqual([]);
    await ask(own.url(), ...statementsIn(refused));
    await up(url, second);
    expect(await signsIn(url, second)).toEqual(none);
    await up(url, second);
  });
});

describe('an installation of an earlier version', () => {
  const mayLogIn = async () =>
    (
      await ask<{ may: boolean }>(own.url(), "select rolcanlogin as may from pg_roles where rolname = 'wayleave_app'")
    )[0]!.may;

  it('goes on while it is connected, and then the shared role signs in nowhere any more', async () => {
    const url = await own.database('earlier');
    await up(url, first);
    // As earlier versions left it.
    await ask(own.url(), "alter role wayleave_app login password 'shared'", `drop role ${appRole(url)}`);
    const shared = Object.assign(new URL(url), { username: 'wayleave_app', password: 'shared' }).href;
    const earlier = new pg.Client({ connectionString: shared });
    await earlier.connect();
    await up(url, first);
    expect(await signsIn(url, first)).toEqual(none);
    expect(await ask(shared, 'select count(*)::int as agencies from agency')).toEqual(none);
    expect(await mayLogIn()).toBe(true);
    await earlier.end();
    while ((await ask(own.url(), "select from pg_stat_activity where usename = 'wayleave_app'")).length > 0);
    await up(url, first);
    expect(await mayLogIn()).toBe(false);
    await expect(ask(shared, 'select 1')).rejects.toThrow(/not permitted to log in|authentication failed/);
    expect(await signsIn(url, first)).toEqual(none);
  });
});
