/** `npm run protocol -- <verb>`: reading, signing and verifying protocols away from the service. Needs no database and no network. */
import { parseArgs } from 'node:util';
import { firstIssues, ServiceError } from '../../../platform/errors.ts';
import { systemClock } from '../../../platform/clock.ts';
import { accede, countersign } from './accede.ts';
import { canonicalise } from './canonicalise.ts';
import { check } from './check.ts';
import { keys } from './make_key.ts';
import { show } from './show.ts';
import { sign } from './sign.ts';
import { signPreparedEvent } from './sign_event.ts';
import { suspend, withdraw } from './stop.ts';
import { type Terminal, type Typed, usageError, type Verb } from './verb.ts';
import { verify } from './verify.ts';
import { wrap } from './words.ts';

const verbs: Record<string, Verb> = {
  keys,
  show,
  check,
  canonicalise,
  sign,
  accede,
  countersign,
  suspend,
  withdraw,
  'sign-event': signPreparedEvent,
  verify,
};

const terminal: Terminal = {
  say: (line) => console.log(line),
  remark: (line) => console.error(line),
  now: systemClock,
};

async function run([name, ...rest]: string[]): Promise<0 | 1> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return help(verbs);
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (verb === undefined) throw usageError(`There is no verb ${name}. They are ${Object.keys(verbs).join(', ')}.`);
  if (rest.includes('--help') || rest.includes('-h')) return help({ [name]: verb });
  return verb.run(read(verb, rest), terminal);
}

function read({ options, usage }: Verb, typed: string[]): Typed {
  try {
    const { positionals, values } = parseArgs({ args: typed, options, allowPositionals: true });
    return { files: positionals, options: values as Typed['options'] };
  } catch (cause) {
    throw usageError(`${(cause as Error).message}\nHow it is called: npm run protocol -- ${usage}`);
  }
}

function help(shown: Record<string, Verb>): 0 {
  terminal.say('Reads, signs and verifies protocols away from the service: no database, no network.\n');
  for (const { usage, summary } of Object.values(shown)) {
    wrap(`npm run protocol -- ${usage}`, 98).forEach((line, index) => terminal.say(index === 0 ? line : `    ${line}`));
    for (const line of wrap(summary, 88)) terminal.say(`      ${line}`);
    terminal.say('');
  }
  terminal.say('Capacities: caldicott-guardian, siro, dpo, director, information-sharing-officer.');
  terminal.say('Results go to the output, remarks beside it; `npm run --silent` leaves only the result.');
  return 0;
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ServiceError)) throw error;
  terminal.remark(error.message);
  for (const line of firstIssues(error.issues, 20, ({ pointer, message }) => `${pointer}: ${message}`))
    terminal.remark(`  ${line}`);
  process.exitCode = error.code === 'usage' ? 2 : 1;
}
