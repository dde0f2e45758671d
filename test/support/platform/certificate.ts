/** A certificate for this machine, signed by itself, as somebody makes one who tries TLS out. */
import { execFile, execFileSync } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

/** Whether openssl is there to make it; says so where it is not. */
export function canMakeCertificates(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn('SKIPPED: the tests of TLS, for there is no openssl to make a certificate.');
    return false;
  }
}

type Files = { certFile: string; keyFile: string };

/** Writes `cert.pem` and `key.pem` into the folder, over those that are there; `authority` signs it instead of itself. */
export async function makeCertificate(folder: string, authority?: Files): Promise<Files> {
  const [certFile, keyFile] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const signer = authority === undefined ? [] : ['-CA', authority.certFile, '-CAkey', authority.keyFile];
  await promisify(execFile)('openssl', [
    'req',
    '-x509',
    ...kind,
    ...names,
    ...signer,
    '-keyout',
    keyFile,
    '-out',
    certFile,
  ]);
  return { certFile, keyFile };
}
