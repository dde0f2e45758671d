import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { listExamples } from '../../demo/examples.ts';
import { composeManifest, writeManifest } from '../../demo/load/manifest.ts';
import { assets } from '../../demo/protocols/assets.ts';
import { demoSecrets } from '../../demo/secrets.ts';
import { judgePassword } from '../../idp/credentials/password_rules.ts';
import { reasons } from '../../policy/decisions/deciding/reasons.ts';

const masterKey = Buffer.alloc(32, 7);
const manifest = composeManifest({
  baseUrl: 'http://localhost:4000',
  issuer: 'http://localhost:4000/oidc',
  casebookUrl: 'http://127.0.0.1:4001',
  secrets: demoSecrets(masterKey),
  dataDir: '/var/lib/wayleave',
});

describe('the examples', () => {
  test('show every reason that can be given without a sign-in', () => {
    // Too weak a sign-in needs a sign-in, and overrides come later.
    const { 'authentication-too-weak': _, 'permitted-by-override': __, ...wanted } = reasons;
    expect(new Set(listExamples().map(({ expect: { reason } }) => reason))).toEqual(new Set(Object.keys(wanted)));
    expect(listExamples().length).toBeGreaterThanOrEqual(22);
  });

  test('have names of their own and ask about a type of record that is defined', () => {
    const names = manifest.examples.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { request } of manifest.examples) {
      const { resource } = request as { resource: { type: string } };
      expect(assets.map(({ code }) => code)).toContain(resource.type);
    }
  });

  test('need no user token, and are asked by a partner of the manifest about its own agency', () => {
    for (const { partner, request } of manifest.examples) {
      const { context, resource } = request as { context: object; resource: { properties: { agency: string } } };
      expect(context).not.toHaveProperty('user_token');
      expect(manifest.partners.find((one) => one.client_id === partner)?.agency).toBe(resource.properties.agency);
    }
  });
});

describe('the manifest', () => {
  test('lists people with a password that may stand beside a second factor, and a secret for one', () => {
    expect(manifest.people.length).toBeGreaterThanOrEqual(15);
    for (const person of [...manifest.people, ...manifest.people_refused]) {
      const words = [person.name, person.email];
      expect(judgePassword(person.password, { words })).toEqual({ ok: true, sufficientAlone: true });
      expect(person.totp_secret).toMatch(/^[A-Z2-7]{32}$/);
    }
    expect(new Set(manifest.people.map((person) => person.totp_secret)).size).toBe(manifest.people.length);
  });

  test('keeps apart those whom sign-in refuses', () => {
    expect(manifest.people_refused.map(({ part }) => part.split(':')[0])).toEqual([
      'suspended',
      'post ended last month',
    ]);
  });

  test('gives secrets that follow from the master key and from nothing that is printed', () => {
    const again = demoSecrets(masterKey);
    expect(again.clientSecretOf('casebook-gateshead')).toBe(manifest.partners[0]?.client_secret);
    const other = demoSecrets(Buffer.alloc(32, 8));
    expect(other.password).not.toBe(again.password);
    expect(other.clientSecretOf('casebook-gateshead')).not.toBe(again.clientSecretOf('casebook-gateshead'));
  });

  test('sends people back to Casebook’s own address and to no other partner', () => {
    expect(manifest.partners.flatMap((partner) => partner.redirect_uris)).toEqual(['http://127.0.0.1:4001/callback']);
  });

  test('is written whole, for its owner alone', async () => {
    const dataDir = await mkdtemp(path.join(os.tmpdir(), 'wayleave-demo-'));
    try {
      await writeManifest(dataDir, manifest);
      const file = await writeManifest(dataDir, manifest);
      expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(manifest);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect(await readdir(dataDir)).toEqual(['demo.json']);
    } finally {
      await rm(dataDir, { recursive: true });
    }
  });
});
