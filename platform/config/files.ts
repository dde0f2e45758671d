/** What development keeps in files so that it works without any configuration, and the files that configuration names. */
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { JWK } from 'jose';
import { PlatformError } from '../errors.ts';

/** The key of this data folder, made at the first start. Losing it loses every key that is stored under it. */
export function developmentMasterKey(dataDir: string): Buffer {
  const file = path.join(dataDir, 'key-encryption-key');
  try {
    mkdirSync(dataDir, { recursive: true });
  } catch (error) {
    throw unreadable('DATA_DIR', dataDir, error);
  }
  if (!existsSync(file)) makeMasterKey(file);
  const key = Buffer.from(read('DATA_DIR', file).toString('ascii'), 'base64');
  if (key.length !== 32) {
    throw new PlatformError(
      'invalid',
      'configuration-invalid',
      `${file} does not hold 32 bytes in base64. Restore it, or remove the data folder to start afresh.`,
    );
  }
  return key;
}

/** Written whole and linked into place: of two processes that start at once, one makes the key and both use it. */
function makeMasterKey(file: string): void {
  const half = `${file}.${randomUUID()}`;
  try {
    writeFileSync(half, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flush: true });
    linkSync(half, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unreadable('DATA_DIR', file, error);
  } finally {
    rmSync(half, { force: true });
  }
}

/** The public half of the federation's root key, once the demo region has made one. */
export function developmentRootKey(dataDir: string): JWK | undefined {
  const file = path.join(dataDir, 'federation-root.json');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable('DATA_DIR', file, error);
  }
  const { d: _private, ...key } = JSON.parse(text) as JWK;
  return key;
}

export function readTls(cert: string | undefined, key: string | undefined): { cert: Buffer; key: Buffer } | undefined {
  if (cert === undefined || key === undefined) return undefined;
  return { cert: read('TLS_CERT_FILE', cert), key: read('TLS_KEY_FILE', key) };
}

function read(variable: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw unreadable(variable, file, error);
  }
}

function unreadable(variable: string, file: string, error: unknown): PlatformError {
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  return new PlatformError('invalid', 'configuration-invalid', `${variable}: ${file} cannot be used (${code}).`, {
    cause: error,
  });
}
