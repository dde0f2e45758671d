/** One process of a deployment, for the tests that need several: `node member.ts <url> <work>`; talks over IPC. */
import { systemClock } from '../../../../platform/clock.ts';
import { openDatabase } from '../../../../platform/database/database.ts';
import { openKeyRing } from '../../../../platform/keys/ring.ts';
import { openLog } from '../../../../platform/log/log.ts';
import { uuidv7 } from '../../../../platform/uuid.ts';

const [url = '', work = ''] = process.argv.slice(2);
const db = openDatabase(url);
const log = await openLog({
  db,
  listenUrl: url,
  keys: openKeyRing(db, Buffer.alloc(32, 7)),
  origin: 'test.wayleave.example/log/main',
  registerHead: () => '1:register',
  clock: systemClock,
  logger: { warn: () => undefined, error: () => undefined },
});

/** Answers as fast as it can: an answer goes out only after its record. */
async function answer(): Promise<never> {
  for (;;) {
    const id = uuidv7();
    const appended = await log.append({
      id,
      event: 'decision',
      actor: { client: 'casebook' },
      agencies: ['RTD'],
      content: { filler: 'x'.repeat(300) },
    });
    if (appended.outcome === 'recorded') process.send?.(`${id} ${appended.position}`);
  }
}

/** Decides, again and again, whether a person may, from a cached fact; a permit goes out only if it was recorded. */
async function decide(): Promise<never> {
  const suspended = log.fence.cache('practitioner', async (key) => {
    const rows = await db.query({ text: 'select from suspended where person = $1', values: [key] });
    return rows.length > 0;
  });
  for (let count = 0; ; count += 1) {
    const person = `p-${count % 40}`;
    const epoch = log.fence.epoch();
    const decision = !(await suspended.get(person));
    const appended = await log.append(
      { event: 'decision', actor: {}, agencies: [], subject: person, content: { answer: { decision } } },
      decision ? { epoch, validUntil: systemClock() + 60 } : undefined,
    );
    if (appended.outcome === 'stale') await log.fence.catchUp(appended.epoch);
  }
}

process.on('disconnect', () => process.exit());
process.send?.('ready');
await Promise.all(Array.from({ length: 50 }, () => (work === 'answer' ? answer() : decide())));
