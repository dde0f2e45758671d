/**
 * `npm run log-clock`: what the clocks of the log, the database and this machine say, and the way out where the log was written
 * at a time that has not come (docs/decisions/0025). The service may run meanwhile.
 */
import { parseArgs } from 'node:util';
import { listAgencies } from './directory/agencies/list_agencies.ts';
import { loadConfig } from './platform/config/config.ts';
import { startEmbedded } from './platform/database/embedded/start.ts';
import { PlatformError, ServiceError } from './platform/errors.ts';
import { type Ground, openGround } from './platform/ground.ts';
import { parseCheckpoint } from './platform/log/checkpoint.ts';
import { findHead } from './platform/log/head.ts';
import { putClockBack, readClocks } from './platform/log/put_clock_back.ts';
import { createLogger } from './platform/telemetry/logger.ts';

const usage = `npm run log-clock                              what the clocks say
npm run log-clock -- --put-back "<reason>"      puts the log's clock back to the database's

The reason stands in the log for every agency to read: say what went wrong and when, and name nobody.`;

const atLeast = 20;
const say = (line: string): void => console.log(line);

async function run(args: string[]): Promise<void> {
  const { help, 'put-back': reason } = read(args);
  if (help === true) return say(usage);
  if (reason !== undefined && reason.trim().length < atLeast) {
    throw new PlatformError('invalid', 'usage', `Give the reason in at least ${atLeast} characters.\n\n${usage}`);
  }
  await withGround(async (ground) => {
    await show(ground);
    if (reason === undefined) return;
    const agencies = (await listAgencies(ground.db)).map(({ code }) => code);
    const { position, time } = await putClockBack(ground.log, { agencies, reason: reason.trim() });
    say(`\nThe log’s clock is put back to ${timeOf(time)}. Entry ${position} of the log says so.`);
  });
}

function read(args: string[]): { help?: boolean | undefined; 'put-back'?: string | undefined } {
  try {
    const options = { help: { type: 'boolean', short: 'h' }, 'put-back': { type: 'string' } } as const;
    return parseArgs({ args, options }).values;
  } catch (cause) {
    throw new PlatformError('invalid', 'usage', `${(cause as Error).message}\n\n${usage}`);
  }
}

async function show({ log }: Ground): Promise<void> {
  const clocks = await readClocks(log);
  say(`the log’s last entry   ${timeOf(clocks.log)}`);
  say(`the database           ${timeOf(clocks.database)}`);
  say(`this machine           ${timeOf(clocks.machine)}`);
  say(log.followed.problem()?.message ?? 'Nothing is wrong with them.');
}

/** Opens what the service stands on, in its own database or in that of the embedded server, which may run already. */
async function withGround(work: (ground: Ground) => Promise<void>): Promise<void> {
  const config = loadConfig();
  const { databaseUrl, databaseDirectUrl = databaseUrl } = config;
  const server = databaseUrl === undefined ? await startEmbedded(config.dataDir) : undefined;
  const late: { register?: string | undefined } = {};
  try {
    const ground = await openGround(config, {
      ownerUrl: databaseUrl ?? server!.url,
      directOwnerUrl: databaseDirectUrl ?? server!.url,
      logger: createLogger({ logLevel: 'silent' }),
      registerHead: () => late.register,
    });
    try {
      // This process does not read the register: the entry carries the head that the last one did.
      late.register = parseCheckpoint((await findHead(ground.db, ground.log.name))?.checkpoint ?? '')?.register;
      await work(ground);
    } finally {
      await ground.close();
    }
  } finally {
    await server?.stop();
  }
}

function timeOf(seconds: number): string {
  return seconds === 0 ? 'none' : new Date(seconds * 1000).toISOString();
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ServiceError)) throw error;
  console.error(error.message);
  process.exitCode = error.code === 'usage' ? 2 : 1;
}
