/** The guard of every page: what it keeps in memory never outlives the right, and what a session's half hour counts from. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Application, createApplication } from '../../../application.ts';
import { namedPerson } from '../../../demo/region/people.ts';
import { appointAdministrator, dismissAdministrator } from '../../../directory/people/appoint_administrator.ts';
import { endPost, restorePost, suspendPost } from '../../../directory/people/end_post.ts';
import { suspendPractitioner } from '../../../directory/people/suspend_practitioner.ts';
import { closeServer, createServer, serve } from '../../../platform/process/server.ts';
import { createLogger } from '../../../platform/telemetry/logger.ts';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import type { Browser } from '../../support/idp/idp.ts';
import { asOwner, openSession } from '../../support/journeys/journey.ts';

let service: RunningApplication;
/** A second process over the same database, whose clock can be moved, and which hears nothing of changes by itself. */
let replica: Application & { server: Server; open(browser: Browser, path: string): Promise<number> };
let ahead = 0;

beforeAll(async () => {
  service = await startApplication();
  replica = await startReplica();
});
afterAll(async () => {
  await closeServer(replica.server);
  await replica.close();
  await service.close();
});

async function startReplica(): Promise<typeof replica> {
  const application = await createApplication(service.config, {
    ownerUrl: service.database.ownerUrl,
    logger: createLogger(service.config),
    demo: true,
    clock: () => Date.now() / 1000 + ahead,
  });
  const { fence } = application.ground.log;
  const { catchUp } = fence;
  fence.catchUp = async (atLeast) => (atLeast === undefined ? undefined : catchUp(atLeast));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  serve(server, application.listener);
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const open = async (browser: Browser, path: string): Promise<number> => {
    const headers = { cookie: browser.cookies(), accept: 'text/html' };
    return (await fetch(base + path, { redirect: 'manual', headers })).status;
  };
  return { ...application, server, open };
}

describe('a right that one process took away, at the next page of another that has not heard of it', () => {
  const gateshead = { agency: 'E08000037', service: 'tests' };
  const reason = 'inquiry';

  it('a post that has ended opens nothing where the process’s clock is behind', async () => {
    const browser = await openSession(service, 'health-visitor');
    ahead = -120;
    try {
      expect(await replica.open(browser, '/directory')).toBe(200);
      const { id: post } = namedPerson('health-visitor').posts[0]!;
      await endPost(
        service.ground.log,
        { agency: namedPerson('health-visitor').agency, service: 'tests' },
        { post, reason },
      );
      expect(await replica.open(browser, '/directory')).toBe(302);
    } finally {
      ahead = 0;
    }
  });

  it('a suspended post opens nothing, and a restored one opens all of it again', async () => {
    const browser = await openSession(service, 'housing-officer');
    const post = namedPerson('housing-officer').posts[0]!.id;
    expect(await replica.open(browser, '/directory')).toBe(200);
    await suspendPost(service.ground.log, gateshead, { post, reason });
    expect(await replica.open(browser, '/directory')).toBe(302);
    await restorePost(service.ground.log, gateshead, { post, reason });
    expect(await replica.open(browser, '/directory')).toBe(200);
  });

  it('a dismissed administrator administers nothing, and an appointed one does', async () => {
    const browser = await openSession(service, 'administrator');
    const practitioner = namedPerson('administrator').id;
    expect(await replica.open(browser, '/posts')).toBe(200);
    await dismissAdministrator(service.ground.log, gateshead, { practitioner });
    expect(await replica.open(browser, '/posts')).toBe(403);
    await appointAdministrator(service.ground.log, gateshead, { practitioner });
    expect(await replica.open(browser, '/posts')).toBe(200);
  });

  it('a suspended person is signed out', async () => {
    const browser = await openSession(service, 'siro');
    const practitioner = namedPerson('siro').id;
    expect(await replica.open(browser, '/directory')).toBe(200);
    await suspendPractitioner(service.ground.log, gateshead, { practitioner, reason });
    expect(await replica.open(browser, '/directory')).toBe(302);
  });
});

describe('the half hour of a session', () => {
  const lastUsed = async (): Promise<number> => {
    const [row] = await asOwner(
      service.database,
      'select extract(epoch from max(last_used_at))::float8 as at from web_session where practitioner = $1',
      [namedPerson('emergency-doctor').id],
    );
    return row?.at as number;
  };

  it('counts from the last page, of which one in a minute is written down', async () => {
    const browser = await openSession(service, 'emergency-doctor');
    const begun = await lastUsed();
    const openAt = async (seconds: number): Promise<number> => {
      ahead = begun + seconds - Date.now() / 1000;
      return replica.open(browser, '/directory');
    };
    expect([await openAt(40), await lastUsed()]).toEqual([200, begun]);
    expect(await openAt(70)).toBe(200);
    const written = await lastUsed();
    expect(written - begun).toBeGreaterThanOrEqual(70);
    expect([await openAt(100), await lastUsed()]).toEqual([200, written]);
    // Kept up page by page it goes on, long past the first half hour.
    for (let minute = 20; minute <= 100; minute += 20) expect(await openAt(minute * 60)).toBe(200);
    expect(await openAt(100 * 60 + 28 * 60)).toBe(200);
    expect(await openAt(128 * 60 + 30 * 60 + 5)).toBe(302);
  });
});
