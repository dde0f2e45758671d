import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { createClient } from '../../clients/typescript/src/index.ts';
import { renewCertificate } from '../../platform/process/renew_certificate.ts';
import { closeServer, createServer, serve } from '../../platform/process/server.ts';
import { listen } from '../../platform/process/listen.ts';
import { readTls } from '../../platform/config/files.ts';
import { type RunningApplication, startApplication } from '../support/application/application.ts';
import { canMakeCertificates, makeCertificate } from '../support/platform/certificate.ts';
import { openSession, traveller } from '../support/journeys/journey.ts';
import { waitFor } from '../support/platform/web.ts';
import { aQuestion, userToken } from '../support/policy/override.ts';

const withOpenssl = canMakeCertificates() ? describe : describe.skip;
const known = tls.getCACertificates('default');

let folder: string;
let service: RunningApplication;

withOpenssl('a service that serves TLS itself', () => {
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'wayleave-tls-'));
    const { certFile, keyFile } = await makeCertificate(folder);
    tls.setDefaultCACertificates([...known, await readFile(certFile, 'utf8')]);
    service = await startApplication({ TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile });
  });
  afterAll(async () => {
    await service.close();
    tls.setDefaultCACertificates(known);
    await rm(folder, { recursive: true });
  });

  it('announces its decisions and its sign-in under https alone', async () => {
    const { baseUrl } = service;
    expect(baseUrl).toMatch(/^https:/);
    for (const address of ['/.well-known/authzen-configuration', '/oidc/.well-known/openid-configuration']) {
      const response = await fetch(`${baseUrl}${address}`);
      const text = await response.text();
      expect(response.status).toBe(200);
      expect(text).toContain(baseUrl);
      expect(text).not.toContain('"http:');
      expect(response.headers.get('strict-transport-security')).toMatch(/^max-age=\d{7,}/);
    }
    await expect(fetch(baseUrl.replace('https:', 'http:'))).rejects.toThrow();
  });

  it('signs people in with cookies that only https and this very host get', async () => {
    const browser = await openSession(service, 'social-worker');
    expect((await browser.open('/')).text).toContain('Hello');
    const { headers } = await fetch(`${service.baseUrl}/sign-in`, { redirect: 'manual' });
    expect(headers.getSetCookie().length).toBeGreaterThan(0);
    for (const cookie of headers.getSetCookie()) {
      expect(cookie).toMatch(/^__(Host|Secure)-/);
      expect(cookie).toMatch(/; secure/i);
    }
  });

  it('answers a partner system’s client', async () => {
    const { client_id: clientId, client_secret: clientSecret } = service.manifest.partners.find(
      (one) => one.client_id === 'casebook-gateshead',
    )!;
    const client = createClient({ baseUrl: service.baseUrl, clientId, clientSecret });
    const token = await userToken(service, 'police-officer');
    const { id } = traveller(service, 'police-officer');
    const question = aQuestion(token, undefined, { person: id, record: 'GC-1001', fields: ['name'] });
    const answer = await client.evaluate(question as unknown as Parameters<typeof client.evaluate>[0]);
    expect(answer).toMatchObject({ decision: true, context: { fields: ['name'] } });
  });
});

withOpenssl('a certificate that is renewed', () => {
  it('is used for the next connection; one that does not fit its key is not', async () => {
    const place = await mkdtemp(path.join(tmpdir(), 'wayleave-tls-'));
    const { certFile, keyFile } = await makeCertificate(place);
    const before = readTls(certFile, keyFile)!;
    const server = createServer(before);
    const port = await listen(server, { asked: 0, default: 0 });
    serve(server, (_request, response) => response.end('here'));
    const said: string[] = [];
    const renewal = renewCertificate(server, before, { every: 30, say: (line) => void said.push(line) });
    const first = await fingerprint(port);

    // Two files are written one after the other: whoever looks in between rightly says that they do not fit.
    await makeCertificate(place);
    await waitFor(() => said.at(-1) === 'The renewed certificate is in use.');
    const second = await fingerprint(port);
    expect(second).not.toBe(first);
    said.length = 0;
    await writeFile(keyFile, before.key);
    await waitFor(() => said.length === 1);
    expect(await fingerprint(port)).toBe(second);
    expect(said).toEqual([
      expect.stringMatching(/^The certificate in use stays: TLS_CERT_FILE and TLS_KEY_FILE cannot be used/),
    ]);
    renewal.stop();
    await closeServer(server, 0);
    await rm(place, { recursive: true });
  });
});

function fingerprint(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ port, host: 'localhost', servername: 'localhost', rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.end();
    });
    socket.once('error', reject);
  });
}
