/** Forgetting what was kept long enough, by the settings `KEEP_…_DAYS`. Decisions and their proofs stay. */
import type { Config } from '../../platform/config/config.ts';
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { read } from '../../platform/database/transaction.ts';
import { eraseContent } from '../../platform/log/erase.ts';
import type { Log } from '../../platform/log/log.ts';

type Ground = { db: Database; log: Log; config: Pick<Config, 'keepDays'> };

const lookUps = ['directory.search', 'directory.entry-viewed'];
/** Each is erased under the lock of the log, which no decision passes meanwhile. */
const batch = 100;

/** Runs once a day; what one run does not finish, the next one does. */
export async function forgetOld({ db, log, config: { keepDays } }: Ground): Promise<void> {
  for (const [what, days] of [
    ['change-feed', keepDays.changeFeed],
    ['duties', keepDays.duties],
    ['review-texts', keepDays.reviewTexts],
  ] as const) {
    await db.query(sql`select forget_before(${what}, clock_timestamp() - make_interval(days => ${days}))`);
  }
  await eraseLookUps(db, log, keepDays.lookUps);
}

/** What was looked up in the directory, and by whom: erased in the log, agency by agency, with an entry that says so. */
async function eraseLookUps(db: Database, log: Log, days: number): Promise<void> {
  const old = await read(db, { reading: 'audit' }, (tx) =>
    tx.query<{ agencies: string[]; positions: number[] }>(sql`
      select agencies, array_agg(position) as positions from (
        select agencies, position from log_content
        where log = ${log.name} and event = any (${lookUps}) and erased_by is null
          and time < extract(epoch from clock_timestamp()) - ${days}::float8 * 86400
        order by position limit ${batch}) old
      group by agencies`),
  );
  for (const { agencies, positions } of old) {
    const reason = `look-ups are kept for ${days} days`;
    await eraseContent(log, { actor: { service: 'retention' }, agencies, positions: positions.map(Number), reason });
  }
  if (old.reduce((sum, { positions }) => sum + positions.length, 0) === batch) await eraseLookUps(db, log, days);
}
