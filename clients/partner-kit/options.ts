/** What the kit is told on its command line, and the file that describes a test record. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** One record of the system under test, with a value in each field that stands nowhere else. */
export type TestRecord = { url: string; fields: Record<string, string> };

export type KitOptions = {
  record: TestRecord;
  /** Sent with each visit: a cookie of somebody who is signed in, for systems that do not sign people in at Wayleave. */
  headers: Record<string, string>;
  /** Types of duty that the system says it can carry out. */
  handles: string[];
  /** Milliseconds after which a late answer comes. */
  slowMs: number;
};

type Asked = KitOptions & { port: number; report: string | undefined };

/** Something on the command line or in a file is wrong; the message says what. */
export class UsageError extends Error {}

export const usage = `npm run partner-kit -- <address of your system> --record <path with {record}> --cases <file.json>
  --cases file     {"record": "GC-1001", "fields": {"name": "…", "address": "…"}}: a test record, at least two fields,
                   each value at least five characters that appear nowhere else
  --headers file   "Name: value" lines sent with each visit, such as the cookie of a signed-in session
  --handles types  duties that your system carries out; default notification,custom
  --slow seconds   when the late answer comes; longer than your system waits; default 12
  --port number    where the kit plays Wayleave; default 4100
  --report file    the result as JSON
npm run partner-kit:casebook   shows the kit on Casebook`;

/** Reads the command line; throws `UsageError`. */
export function readOptions(args: readonly string[]): Asked {
  const { values, positionals } = parse(args);
  const [address, ...more] = positionals;
  if (address === undefined || more.length > 0 || !URL.canParse(address)) {
    throw new UsageError('Name the address of your system, such as http://127.0.0.1:5000.');
  }
  if (values.record === undefined || values.cases === undefined)
    throw new UsageError('--record and --cases are needed.');
  return {
    port: toNumber('--port', values.port ?? '4100'),
    report: values.report,
    record: readRecord(address, values.record, readText(values.cases)),
    headers: values.headers === undefined ? {} : readHeaders(readText(values.headers)),
    handles: (values.handles ?? 'notification,custom').split(',').filter((one) => one !== ''),
    slowMs: toNumber('--slow', values.slow ?? '12') * 1_000,
  };
}

function parse(args: readonly string[]) {
  const type = 'string' as const;
  const options = {
    record: { type },
    cases: { type },
    headers: { type },
    handles: { type },
    slow: { type },
    port: { type },
    report: { type },
  };
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

const shortest = 5;

/** The file's record, at the address that the template gives it; throws `UsageError`. */
export function readRecord(address: string, template: string, text: string): TestRecord {
  const { record, fields } = parseObject(text);
  if (typeof record !== 'string' || typeof fields !== 'object' || fields === null) {
    throw new UsageError('The cases file needs a "record" and its "fields".');
  }
  const url = new URL(template.replaceAll('{record}', encodeURIComponent(record)), address).href;
  checkValues(fields as Record<string, unknown>);
  return { url, fields: fields as Record<string, string> };
}

function checkValues(fields: Record<string, unknown>): void {
  const values = Object.values(fields);
  if (values.length < 2) throw new UsageError('The cases file needs at least two fields.');
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value !== 'string' || value.length < shortest) {
      throw new UsageError(`The value of ${name} must have at least ${shortest} characters.`);
    }
    const others = values.filter((other) => typeof other === 'string' && other.includes(value));
    if (others.length > 1) throw new UsageError(`The value of ${name} stands in another field too.`);
  }
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new UsageError('The cases file is not JSON.');
  }
}

function readHeaders(text: string): Record<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line.includes(':'));
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()];
    }),
  );
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

function toNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new UsageError(`${name} must be a number.`);
  return value;
}
