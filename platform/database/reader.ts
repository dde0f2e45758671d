/** Reading with few round trips: what is asked for at once travels together. */
import { connect, type Database, type Queryable } from './database.ts';
import { explainOutage, isOutage } from './outage.ts';
import { send } from './send.ts';
import type { Query } from './sql.ts';

type Asked = { query: Query; resolve: (rows: object[]) => void; reject: (error: unknown) => void };

/**
 * The database for the reading of one page: `read()`s that begin at once under one scope share a reader, and so a round trip.
 * They also share a failure: when one statement fails, so do those that travel with it.
 */
export function together(db: Database): Database {
  return { ...db, readers: new Map() };
}

/** Sends what was asked in one turn of the event loop's microtasks behind `settings`, which end with that transaction. */
export function openReader(db: Database, settings: Query): Queryable {
  let asked: Asked[] = [];
  const sendAsked = async (): Promise<void> => {
    const batch = asked;
    asked = [];
    try {
      const [, ...rows] = await sendOnce(db, [settings, ...batch.map(({ query }) => query)]);
      batch.forEach(({ resolve }, index) => resolve(rows[index]!));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };
  const ask = (query: Query): Promise<object[]> =>
    new Promise((resolve, reject) => {
      if (asked.push({ query, resolve, reject }) === 1) queueMicrotask(() => void sendAsked());
    });
  return { query: ask as Queryable['query'] };
}

async function sendOnce(db: Database, statements: readonly Query[]): Promise<object[][]> {
  const client = await connect(db);
  let broken: Error | undefined;
  try {
    return await send(client, statements);
  } catch (error) {
    if (isOutage(error)) broken = error as Error;
    throw explainOutage(error);
  } finally {
    client.release(broken);
  }
}
