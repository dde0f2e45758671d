/** Takes a renewed certificate into use without a restart: the files are looked at again and again. */
import type { Server } from 'node:http';
import { Server as HttpsServer } from 'node:https';
import { readTls, type Tls } from '../config/files.ts';

/**
 * New connections get what the files hold; those that are open go on. Files that cannot be used, such as a new certificate
 * beside the old key, change nothing, and are looked at again the next time. `every`: milliseconds.
 */
export function renewCertificate(
  server: Server,
  tls: Tls,
  { every = 60_000, say }: { every?: number; say: (line: string) => void },
): { stop(): void } {
  let [current, complained] = [tls, false];
  const look = (): void => {
    try {
      const next = readTls(tls.certFile, tls.keyFile)!;
      if (next.cert.equals(current.cert) && next.key.equals(current.key)) return;
      if (server instanceof HttpsServer) server.setSecureContext({ cert: next.cert, key: next.key });
      [current, complained] = [next, false];
      say('The renewed certificate is in use.');
    } catch (error) {
      if (!complained) say(`The certificate in use stays: ${(error as Error).message}`);
      complained = true;
    }
  };
  const timer = setInterval(look, every).unref();
  return { stop: () => clearInterval(timer) };
}
