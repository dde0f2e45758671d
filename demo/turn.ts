/** Of several processes on one database, one at a time loads the demo region, and one shows it: with Casebook and demo.json. */
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** Any two numbers known to all our processes; the locks are per database, and fall with the process that holds them. */
const LOADING = 7_269_003;
const SHOWING = 7_269_004;

type Turn = {
  /** False where another process shows the demo already: its Casebook and its demo.json are left alone. */
  shows: boolean;
  /** Lets the next process come: the region is there. */
  loaded(): Promise<void>;
  end(): Promise<void>;
};

/** Waits until no other process is loading the region. The address must go past any pooler. */
export async function takeTurn(ownerUrl: string, say: (line: string) => void): Promise<Turn> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'wayleave-demo', keepAlive: true });
  client.on('error', () => undefined);
  await client.connect();
  const attempt = async (lock: number): Promise<boolean> => {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [lock]);
    return rows[0]?.taken ?? false;
  };
  if (!(await attempt(LOADING))) {
    say('Demo region: another process is loading it; waiting');
    await client.query('select pg_advisory_lock($1)', [LOADING]);
  }
  return {
    // A process that was killed a moment ago may hold it until PostgreSQL has noticed.
    shows: (await attempt(SHOWING)) || ((await pause(1_000, true)) && (await attempt(SHOWING))),
    loaded: async () => void (await client.query('select pg_advisory_unlock($1)', [LOADING])),
    end: () => client.end(),
  };
}
