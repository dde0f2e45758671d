/** Files as the command line reads and writes them: paths count from where the command was typed. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import { ServiceError } from '../../../platform/errors.ts';
import { canonicalText, type Json, parseJsonStrict } from '../../../platform/json.ts';
import { PolicyError } from '../../errors.ts';
import { pointer, type ReadProtocol, readProtocol } from '../protocols/read.ts';
import type { PrivateKey } from '../signatures/flattened.ts';
import { publicPart } from '../signatures/keys.ts';
import type { Terminal } from './verb.ts';

/** npm runs scripts in the checkout and says where the person stood. */
function absolute(file: string): string {
  const { INIT_CWD: typedIn, npm_lifecycle_event: script } = process.env;
  return path.resolve(script === 'protocol' && typedIn !== undefined ? typedIn : process.cwd(), file);
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(absolute(file));
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** A JSON document of that form; `what` names it in a refusal. Never quotes what stands in the file. */
export async function readDocument<S extends z.ZodType>(file: string, schema: S, what: string): Promise<z.output<S>> {
  const parsed = schema.safeParse(await readJsonFile(file));
  if (parsed.success) return parsed.data;
  throw new PolicyError('invalid', 'wrong-file', `${file} is not ${what}.`, {
    issues: parsed.error.issues.map(({ path: at, message }) => ({ pointer: pointer(...at), message })),
  });
}

export async function readJsonFile(file: string): Promise<Json> {
  const bytes = await readBytes(file);
  try {
    return parseJsonStrict(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    if (cause instanceof ServiceError) throw new PolicyError('invalid', cause.code, `${file}: ${cause.message}`);
    throw new PolicyError('invalid', 'malformed-json', `${file} is not text in UTF-8.`);
  }
}

export type ProtocolText = ReadProtocol & { bytes: Buffer };

/** A protocol's text, which must be exactly the canonical bytes: the same that others sign. */
export async function readText(file: string): Promise<ProtocolText> {
  const bytes = await readBytes(file);
  try {
    return { ...readProtocol(bytes), bytes };
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'not-canonical') throw error;
    throw new PolicyError(
      'invalid',
      'not-canonical',
      `${file} is not in the one form that is signed (RFC 8785): ${await firstDifference(file, bytes)}. ` +
        `Write it in that form with: npm run protocol -- canonicalise ${file} --out <new file>`,
    );
  }
}

async function firstDifference(file: string, bytes: Buffer): Promise<string> {
  const canonical = Buffer.from(canonicalText(await readJsonFile(file)));
  const at = bytes.findIndex((byte, index) => byte !== canonical[index]);
  if (at < 0) return 'it ends too early';
  const place = `at byte ${at + 1} stands ${show(bytes[at])}`;
  return at < canonical.length ? `${place}, where ${show(canonical[at])} belongs` : `${place}, after its end`;
}

function show(byte: number | undefined): string {
  if (byte === 0x0a || byte === 0x0d) return 'a line break';
  if (byte === 0x20 || byte === 0x09) return 'a space';
  return byte !== undefined && byte > 0x20 && byte < 0x7f ? `“${String.fromCharCode(byte)}”` : 'another character';
}

/** A private key from its file. Remarks where others than its owner can read it. */
export async function readKey(file: string, { remark }: Terminal): Promise<PrivateKey> {
  const key = (await readJsonFile(file)) as Partial<PrivateKey> | null;
  const { mode } = await stat(absolute(file));
  if ((mode & 0o077) !== 0) remark(`Others than you can read ${file}. Take that right away: chmod 600 ${file}`);
  try {
    publicPart(key ?? {});
    if (typeof key?.d === 'string') return key as PrivateKey;
  } catch {
    // Said below, without what stands in the file.
  }
  throw new PolicyError('invalid', 'wrong-file', `${file} is not a private signing key (Ed25519 or P-256, as a JWK).`);
}

/** Writes a new file; refuses to write over one that is there. */
export async function writeNew(file: string, text: string, mode = 0o644): Promise<void> {
  try {
    await writeFile(absolute(file), text, { mode, flag: 'wx', flush: true });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'EEXIST') throw unreadable(file, cause);
    throw new PolicyError('conflict', 'file-exists', `${file} is there already. Name another file.`);
  }
}

/** Gives a document to the file named, or to whoever reads the output. */
export async function hand(document: object, file: string | undefined, { say, remark }: Terminal): Promise<void> {
  const text = JSON.stringify(document, null, 2);
  if (file === undefined) return say(text);
  await writeNew(file, `${text}\n`);
  remark(`Written to ${file}.`);
}

const causes: Record<string, string> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'you may not',
  EISDIR: 'it is a folder',
};

function unreadable(file: string, cause: unknown): PolicyError {
  const { code = '' } = cause as NodeJS.ErrnoException;
  return new PolicyError('invalid', 'file', `${file} cannot be read or written: ${causes[code] ?? code}.`, { cause });
}
