/** A PostgreSQL that answers and refuses: whatever it says, every edge says 503, nothing is ready, and it all comes back by itself. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { appPassword, appRole } from '../../platform/app_role.ts';
import { sql } from '../../platform/database/sql.ts';
import { migrate } from '../../platform/migrate.ts';
import { type RunningApplication, startApplication } from '../support/application/application.ts';
import { actAsPartners, type Partnership } from '../support/directory/partners.ts';
import { type Answer, type Browser, createBrowser } from '../support/idp/idp.ts';
import { openSession, traveller } from '../support/journeys/journey.ts';
import { ask, giveTo, isRoot } from '../support/platform/embedded.ts';
import { aServerOfOnesOwn } from '../support/platform/own_server.ts';
import { testMasterKey } from '../support/platform/server.ts';
import { waitFor } from '../support/platform/web.ts';

const run = promisify(execFile);
const own = aServerOfOnesOwn();
const role = appRole('postgres:///refusing');
let ownerUrl: string;
let service: RunningApplication;
let partners: Partnership;
let practitioner: Browser;
let visitor: { browser: Browser; page: Answer };

beforeAll(async () => {
  await own.start();
  ownerUrl = await own.database('refusing');
  await migrate(ownerUrl, { appPassword: appPassword(testMasterKey) });
  service = await startApplication({}, { ownerUrl, drop: async () => undefined });
  await expectAnswers();
  practitioner = await openSession(service, 'emergency-doctor');
  const browser = createBrowser(service.baseUrl);
  visitor = { browser, page: await browser.open('/sign-in') };
});
afterAll(async () => {
  await service?.close();
  await own.remove();
});

type Reply = { status: number; headers: Headers; text: string };

const reply = async (response: Response): Promise<Reply> => ({
  status: response.status,
  headers: response.headers,
  text: await response.text(),
});
const example = () => service.manifest.examples.find(({ expect: { decision } }) => decision)!;
const several = () => {
  const { request, partner } = example();
  const { resource, ...shared } = request as { resource: object };
  return partners.call(partner, '/access/v1/evaluations', { ...shared, evaluations: [{ resource }, { resource }] });
};

/** Each needs something written down before it answers. */
const doors: Record<string, () => Promise<Reply>> = {
  'a decision': () => partners.ask(example()).then(reply),
  'several decisions': () => several().then(reply),
  'a search, as a page': () => practitioner.send('/directory?name=smith'),
  'signing in, as a page': () =>
    visitor.browser.submit(visitor.page, '/email', { email: traveller(service, 'emergency-doctor').email }),
  'a new session, as a page': () => createBrowser(service.baseUrl).open('/sign-in'),
};

async function expectAnswers(): Promise<void> {
  // With tokens that last for what comes next.
  partners = actAsPartners(service);
  const answer = await doors['a decision']!();
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 });
}

async function readiness(): Promise<Reply> {
  return reply(await fetch(`${service.baseUrl}/readyz`));
}

/** A connection that was cut is found out by using it, and then it is not known how a commit ended: that is another sentence. */
async function expectRefusal(door: string): Promise<void> {
  await waitFor(async () => {
    const { status, headers, text } = await doors[door]!();
    expect({ door, status, text }).toMatchObject({ status: 503 });
    expect({ door, after: headers.get('retry-after') }).toEqual({ door, after: expect.stringMatching(/^\d+$/) });
    return text.includes('nothing could be recorded');
  });
}

async function expectRefusals(why: string): Promise<void> {
  await waitFor(async () => (await readiness()).text.includes(why));
  for (const door of Object.keys(doors)) await expectRefusal(door);
  const ready = await readiness();
  expect(ready).toMatchObject({ status: 503, text: expect.stringContaining(why) });
  expect(ready.headers.get('retry-after')).toMatch(/^\d+$/);
}

async function expectRecovery(): Promise<void> {
  await waitFor(async () => (await readiness()).status === 200);
  await expectAnswers();
}

/** Ends the service's connections, so that it has to come in again. */
const cut = `select pg_terminate_backend(pid) from pg_stat_activity where datname = 'refusing' and pid <> pg_backend_pid()`;

describe('a server whose settings refuse', () => {
  let verifier = '';
  beforeAll(async () => {
    const [row] = await ask<{ verifier: string }>(
      own.url(),
      `select rolpassword as verifier from pg_authid where rolname = '${role}'`,
    );
    verifier = row!.verifier;
  });

  const reload = 'select pg_reload_conf()';
  it.each<[string, string, () => string[], () => string[]]>([
    [
      '25006, it only lets itself be read',
      'it only lets itself be read',
      () => ['alter system set default_transaction_read_only = on', reload, cut],
      () => ['alter system reset default_transaction_read_only', reload],
    ],
    [
      '28P01, another password was set',
      'it refuses the service’s sign-in',
      () => [`alter role ${role} password 'another'`, cut],
      () => [`alter role ${role} password '${verifier}'`],
    ],
    [
      '28000, the role may not sign in',
      'it refuses the service’s sign-in',
      () => [`alter role ${role} nologin`, cut],
      () => [`alter role ${role} login`],
    ],
    [
      '53300, no connection is left',
      'it has no connection left',
      () => [`alter role ${role} connection limit 0`, cut],
      () => [`alter role ${role} connection limit -1`],
    ],
    [
      '55000, the database takes no connections',
      'it takes no connections',
      () => ['alter database refusing allow_connections false', cut],
      () => ['alter database refusing allow_connections true'],
    ],
  ])('%s', async (_, why, begin, end) => {
    await ask(own.url(), ...begin());
    try {
      await expectRefusals(why);
    } finally {
      await ask(own.url(), ...end());
    }
    await expectRecovery();
  });
});

describe('a server that fails while it works', () => {
  /** Whatever is written into any of our tables fails with the code that stands in `refusal`. */
  beforeAll(() =>
    ask(
      ownerUrl,
      `create function refuse() returns trigger language plpgsql security definer as $$
       declare found text := (select code from refusal);
       begin if found is not null then raise exception 'refused' using errcode = found; end if; return null; end $$;
       do $$ declare name text; begin
         for name in select tablename from pg_tables where schemaname = 'public' and tablename <> 'migration' loop
           execute format('create trigger refuse before insert or update or delete on %I execute function refuse()', name);
         end loop;
       end $$;
       create table refusal (code text)`,
    ),
  );

  it.each([
    ['40P01', 'in favour of other work'],
    ['53100', 'its disk is full'],
    ['53200', 'no memory left'],
    ['53300', 'no connection left'],
    ['57014', 'told to give up'],
    ['57P03', 'starting, stopping or being restored'],
    ['58030', 'cannot read or write its files'],
    ['XX001', 'found damage in itself'],
  ])('%s, %s', async (code, why) => {
    await ask(ownerUrl, `insert into refusal values ('${code}')`);
    try {
      await expectRefusals(why);
    } finally {
      await ask(ownerUrl, 'delete from refusal');
    }
    await expectRecovery();
  });
});

(isRoot ? describe : describe.skip)('a disk that is full', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'wayleave-full-'));
    await run('chmod', ['755', folder]);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=8m,mode=755', 'wayleave', folder]);
    const [{ owner } = { owner: '' }] = await ask<{ owner: string }>(
      own.url(),
      `select current_setting('data_directory') as owner`,
    );
    const { stdout } = await run('stat', ['-c', '%u %g', owner]);
    const [uid = 0, gid = 0] = stdout.trim().split(' ').map(Number);
    await mkdir(path.join(folder, 'space'));
    await giveTo(path.join(folder, 'space'), { uid, gid });
    await ask(own.url(), `create tablespace tiny location '${path.join(folder, 'space')}'`);
  });
  afterAll(async () => {
    await run('umount', ['-l', folder]).catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  });

  it('53100, its disk is full', async () => {
    await ask(
      ownerUrl,
      'alter table log_content set tablespace tiny',
      'create table filler (junk text) tablespace tiny',
    );
    const fill = `do $$ begin loop insert into filler select string_agg(sha512(random()::text::bytea)::text, '') from generate_series(1, 60); end loop; end $$`;
    await expect(ask(ownerUrl, fill)).rejects.toMatchObject({ code: '53100' });
    try {
      // What fits into a page that is there already is still taken.
      for (const door of ['a decision', 'several decisions']) {
        await waitFor(async () => (await doors[door]!()).status !== 200);
        await expectRefusal(door);
      }
      await waitFor(async () => (await readiness()).text.includes('its disk is full'));
      for (const open of Object.values(doors)) expect([200, 503]).toContain((await open()).status);
    } finally {
      await ask(ownerUrl, 'drop table filler', 'alter table log_content set tablespace pg_default');
    }
    await expectRecovery();
  });
});

describe('a log that does not verify', () => {
  it('is named: nothing is ready, nothing is answered, until it has been put right', async () => {
    await ask(ownerUrl, 'update log_head set epoch = epoch + 1');
    const damaged = expect.stringContaining('does not verify');
    await waitFor(async () => (await readiness()).status === 503);
    expect(await readiness()).toMatchObject({ status: 503, text: damaged });
    for (const open of [doors['a decision']!, doors['several decisions']!, doors['a search, as a page']!]) {
      const refused = await open();
      expect(refused).toMatchObject({ status: 503, text: damaged });
      expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    }
    await ask(ownerUrl, 'update log_head set epoch = epoch - 1');
    await expectRecovery();
  });

  it('has lost nothing, and no trace of having been asked', async () => {
    const probes = await service.ground.db.query(sql`select from log_content where event = 'probe'`);
    expect(probes).toEqual([]);
  });
});
