/** What development keeps in files so that it works without any configuration, and the files that configuration names. */
import { randomBytes, randomUUID, X509Certificate } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createSecureContext } from 'node:tls';
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

/** A certificate with its key, and the files that they came from: when those change, they are read again. */
export type Tls = { cert: Buffer; key: Buffer; certFile: string; keyFile: string };

/** Throws `configuration-invalid` where a file cannot be read, or the two do not belong together. */
export function readTls(certFile: string | undefined, keyFile: string | undefined): Tls | undefined {
  if (certFile === undefined || keyFile === undefined) return undefined;
  const [cert, key] = [read('TLS_CERT_FILE', certFile), read('TLS_KEY_FILE', keyFile)];
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new PlatformError(
      'invalid',
      'configuration-invalid',
      `TLS_CERT_FILE and TLS_KEY_FILE cannot be used (${code}): they must be a certificate in PEM and its own key without a password.`,
      { cause: error },
    );
  }
  return { cert, key, certFile, keyFile };
}

/** Throws `configuration-invalid` where a file that the address of a database names cannot be used. */
export function checkCertificates(variable: string, databaseUrl: string | undefined): void {
  const named = new URLSearchParams(databaseUrl?.split('?')[1]);
  for (const name of ['sslrootcert', 'sslcert', 'sslkey']) {
    const file = named.get(name);
    if (file === null) continue;
    const text = read(`${variable} (${name})`, file);
    if (name === 'sslkey') continue;
    try {
      void new X509Certificate(text).fingerprint256;
    } catch (cause) {
      const why = `${variable} (${name}): ${file} holds no certificate in PEM.`;
      throw new PlatformError('invalid', 'configuration-invalid', why, { cause });
    }
  }
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
