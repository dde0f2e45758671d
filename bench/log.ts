/** How many records a second the log takes, with and without the fence: `node bench/log.ts`. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import pg from 'pg';
import { systemClock } from '../platform/clock.ts';
import { appPassword, appRole, appUrl } from '../platform/app_role.ts';
import { openDatabase } from '../platform/database/database.ts';
import { startEmbedded } from '../platform/database/embedded/start.ts';
import { migrate } from '../platform/migrate.ts';
import { openKeyRing } from '../platform/keys/ring.ts';
import { change } from '../platform/log/change.ts';
import type { LogEvent } from '../platform/log/event.ts';
import { type Log, openLog } from '../platform/log/log.ts';

const records = 40_000;
const inFlight = 512;
const runs = 5;

const masterKey = Buffer.alloc(32, 7);

/** A decision as it is recorded, about 900 bytes of content. */
function aDecision(): LogEvent {
  const clause = {
    protocol: 'childrens-safeguarding',
    version: 1,
    clause: 'c4',
    hash: randomBytes(32).toString('base64url'),
  };
  return {
    event: 'decision',
    actor: {
      practitioner: '01a1fc0e-4755-7365-bb23-397522442bb1',
      post: '01a1fc0e-4755-7365-bb23-397522442bb2',
      agency: 'E08000021',
      client: 'casebook',
    },
    agencies: ['E08000021', 'RTD'],
    subject: randomBytes(16).toString('hex'),
    content: {
      request: {
        subject: { type: 'practitioner', id: '01a1fc0e-4755-7365-bb23-397522442bb1' },
        action: 'read',
        resource: {
          type: 'child-record',
          id: 'case-17',
          agency: 'E08000021',
          fields: ['name', 'address', 'school', 'lead-practitioner'],
        },
        purpose: 'safeguarding-children',
      },
      answer: {
        decision: true,
        fields: ['name', 'school', 'lead-practitioner'],
        withheld: [{ field: 'address', reason: 'fields-not-covered' }],
        reason: { code: 'permitted', text: 'Permitted by clause c4 of the protocol.' },
        clauses: [clause],
        obligations: [],
      },
      standing: { role: 'social-worker', agency: 'RTD', identityLevel: 2 },
      register: { sequence: 41, hash: clause.hash },
    },
  };
}

async function measure(log: Log, guarded: boolean): Promise<number> {
  let left = records;
  const work = async (): Promise<void> => {
    while (left-- > 0) {
      const guard = { epoch: log.fence.epoch(), validUntil: systemClock() + 60 };
      const appended = await log.append(aDecision(), guarded ? guard : undefined);
      if (appended.outcome !== 'recorded') left += 1;
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: inFlight }, work));
  return records / ((performance.now() - start) / 1000);
}

/** A median of few runs: this machine has other things to do as well. */
function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)]!;
}

async function measureRevocations(log: Log): Promise<number[]> {
  const times: number[] = [];
  for (let count = 0; count < 100; count += 1) {
    const start = performance.now();
    await change(log, {}, async (tx) => {
      tx.record({ event: 'practitioner.suspended', actor: {}, agencies: [], content: {} });
      tx.affects('practitioner', String(count));
    });
    times.push(performance.now() - start);
  }
  return times;
}

const server = await startEmbedded(path.resolve(import.meta.dirname, '../.data/bench'));
const name = `bench_log_${randomBytes(4).toString('hex')}`;
const admin = new pg.Client({ connectionString: server.url });
await admin.connect();
await admin.query(`create database ${name}`);
const ownerUrl = Object.assign(new URL(server.url), { pathname: `/${name}` }).href;
await migrate(ownerUrl, { appPassword: appPassword(masterKey) });
const url = appUrl(ownerUrl, masterKey);
const db = openDatabase(url);
const log = await openLog({
  db,
  listenUrl: url,
  keys: openKeyRing(db, masterKey),
  origin: 'bench.wayleave.example/log/main',
  registerHead: () => '41:bench',
  clock: systemClock,
  logger: { warn: console.warn, error: console.error },
});
try {
  await measure(log, false);
  const rates: Record<'without' | 'with', number[]> = { without: [], with: [] };
  for (let run = 0; run < runs; run += 1) {
    rates.without.push(await measure(log, false));
    rates.with.push(await measure(log, true));
  }
  const revocations = await measureRevocations(log);
  console.log(
    `records/s without the fence ${median(rates.without).toFixed(0)}, with it ${median(rates.with).toFixed(0)}`,
  );
  console.log(`a revocation, idle log: median ${median(revocations).toFixed(1)} ms`);
  console.log(JSON.stringify(rates, (_, value: unknown) => (typeof value === 'number' ? Math.round(value) : value)));
} finally {
  await log.close();
  await db.close();
  await admin.query(`drop database ${name} with (force)`);
  await admin.query(`drop role ${appRole(ownerUrl)}`);
  await admin.end();
  await server.stop();
}
