/** The PostgreSQL server of the tests: one per checkout, shared by every run that goes on at the same time. */
import path from 'node:path';
import { type Embedded, startEmbedded } from '../../../platform/database/embedded/start.ts';

/** The master key of every test. */
export const testMasterKey = Buffer.alloc(32, 7);

const dataDir = path.resolve(import.meta.dirname, '../../../.data/test');

/** `TEST_DATABASE_URL` (an owner that may create databases and roles) stands in for the embedded server. */
export async function startTestServer(): Promise<Pick<Embedded, 'url' | 'stop'>> {
  const url = process.env.TEST_DATABASE_URL;
  return url === undefined ? startEmbedded(dataDir) : { url, stop: async () => undefined };
}
