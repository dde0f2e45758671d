/** Builders for tests that need the log. */
import pg from 'pg';
import { systemClock } from '../../../platform/clock.ts';
import { openKeyRing } from '../../../platform/keys/ring.ts';
import type { Appended, LogEvent, Recorded } from '../../../platform/log/event.ts';
import { type Log, type LogOptions, openLog } from '../../../platform/log/log.ts';
import { type TestDatabase, testDatabase, testMasterKey } from './database.ts';

export const testOrigin = 'test.wayleave.example/log/main';

/** Collects what would have been logged. */
export function quietLogger() {
  const lines: { level: 'warn' | 'error'; details: Record<string, unknown>; message: string }[] = [];
  return {
    lines,
    warn: (details: object, message: string) => void lines.push({ level: 'warn', details: { ...details }, message }),
    error: (details: object, message: string) => void lines.push({ level: 'error', details: { ...details }, message }),
  };
}

/** Opens the log of a test database as one process would; `close()` it before the database is dropped. */
export function openTestLog(
  database: Pick<TestDatabase, 'db' | 'url'>,
  options: Partial<LogOptions> = {},
): Promise<Log> {
  return openLog({
    db: database.db,
    listenUrl: database.url,
    keys: openKeyRing(database.db, testMasterKey),
    origin: testOrigin,
    registerHead: () => undefined,
    clock: systemClock,
    logger: quietLogger(),
    ...options,
  });
}

/** A test database with its log open. */
export async function testLog(options: Partial<LogOptions> = {}): Promise<TestDatabase & { log: Log }> {
  const database = await testDatabase();
  const log = await openTestLog(database, options);
  const drop = async (): Promise<void> => {
    await log.close();
    await database.drop();
  };
  return { ...database, log, drop };
}

/** Runs statements as the owner, as somebody would who edits rows by hand. */
export async function byHand(database: Pick<TestDatabase, 'ownerUrl'>, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** The recorded outcome of an append, or a failure that says what came instead. */
export function recorded(appended: Appended): Recorded {
  if (appended.outcome !== 'recorded') throw new Error(`not recorded but ${appended.outcome}`);
  return appended;
}

/** A valid event. */
export function anEvent(changes: Partial<LogEvent> = {}): LogEvent {
  return {
    event: 'directory.search',
    actor: { practitioner: 'p-1', post: 'post-1', agency: 'E08000021' },
    agencies: ['E08000021'],
    content: { words: 'ann smyth', found: 3 },
    ...changes,
  };
}
