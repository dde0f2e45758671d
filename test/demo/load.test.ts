import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { prepareFederation } from '../../demo/load/federation.ts';
import { findDemoState, loadDemoRegion } from '../../demo/load/load.ts';
import type { Manifest } from '../../demo/manifest.ts';
import { namedPerson } from '../../demo/region/people.ts';
import { findCredentials } from '../../idp/credentials/find_credentials.ts';
import { Evaluation, toRequest } from '../../policy/authzen/request.ts';
import { openPolicy, type PolicyContext } from '../../policy/decisions/context.ts';
import { decide } from '../../policy/decisions/decide.ts';
import { casebookUrl, demoConfig, type DemoHouse, openDemoHouse } from '../support/demo.ts';

describe('the demo region, loaded', () => {
  let house: DemoHouse;
  let policy: PolicyContext;
  let manifest: Manifest;
  let seconds: number;
  const lines: string[] = [];

  beforeAll(async () => {
    house = await openDemoHouse();
    expect(await findDemoState(house.ground)).toBe('empty');
    const began = performance.now();
    manifest = await loadDemoRegion(house.ground, house.register, {
      casebookUrl,
      say: (line) => void lines.push(line),
    });
    seconds = (performance.now() - began) / 1000;
    policy = openPolicy(house.ground, house.register, () => Promise.resolve(undefined));
  }, 60_000);
  afterAll(() => house.close());

  test('took ten seconds at most, and said what it was doing', () => {
    expect(seconds).toBeLessThan(10);
    expect(lines.length).toBeGreaterThanOrEqual(3);
  });

  test('has every protocol in force but the one that waits and the one that was suspended', () => {
    const protocols = [...house.register.state()!.protocols.values()];
    expect(Object.fromEntries(protocols.map(({ document, status }) => [document.id, status]))).toEqual({
      'north-east-framework': 'in-force',
      'safeguarding-children': 'in-force',
      'hospital-discharge': 'in-force',
      'youth-offending': 'in-force',
      'moving-between-areas': 'awaiting-signatures',
      'immunisation-catch-up': 'suspended',
    });
    expect(protocols.flatMap(({ rejected }) => rejected)).toEqual([]);
  });

  test('verifies as a whole, and its index says what the chain says', async () => {
    await house.register.verify();
    expect(house.register.problems()).toEqual([]);
  });

  test('gives every example its expected answer', async () => {
    for (const { name, partner, request, expect: expected } of manifest.examples) {
      const asked = toRequest(Evaluation.parse(request), [])!;
      const { decision, reason, fields } = await decide(policy, asked, { clientId: partner });
      expect({ name, decision, reason: reason.code, fields }).toEqual({ name, ...expected });
    }
  });

  test('offers an override where a clause has one, and the duty desk beside it', async () => {
    const example = manifest.examples.find(({ name }) => name.includes('offered an override'))!;
    const decision = await decide(policy, toRequest(Evaluation.parse(example.request), [])!, {
      clientId: example.partner,
    });
    expect(decision.missing).toContainEqual(expect.objectContaining({ need: 'override' }));
    expect(decision.dutyDesk?.phone).toMatch(/^0191 498 0/);
  });

  test('is found again as it is: a second load changes nothing but Casebook’s address', async () => {
    expect(await findDemoState(house.ground)).toBe('loaded');
    const { head } = house.register.state()!;
    const moved = 'http://127.0.0.1:4009';
    const again = await loadDemoRegion(house.ground, house.register, { casebookUrl: moved, say: () => undefined });
    expect(house.register.state()?.head).toEqual(head);
    expect({ ...again, partners: [] }).toEqual({ ...manifest, partners: [] });
    expect(again.partners[0]?.redirect_uris).toEqual([`${moved}/callback`]);
    expect((await policy.partners.get('casebook-gateshead'))?.redirectUris).toEqual([`${moved}/callback`]);
    expect(JSON.parse(await readFile(path.join(house.dataDir, 'demo.json'), 'utf8'))).toEqual(again);
  });

  test('keeps private keys for their owner alone, and no private half where configuration looks', async () => {
    const folder = path.join(house.dataDir, 'demo-keys');
    const files = await readdir(folder);
    expect(files.length).toBeGreaterThan(60);
    for (const name of files) expect((await stat(path.join(folder, name))).mode & 0o777).toBe(0o600);
    const root = JSON.parse(await readFile(path.join(house.dataDir, 'federation-root.json'), 'utf8')) as object;
    expect(root).not.toHaveProperty('d');
    expect(root).toEqual(house.config.federation.rootKey);
  });
});

describe('loading the demo region', () => {
  test('goes on where it was cut short', async () => {
    const house = await openDemoHouse();
    try {
      const { ground, register } = house;
      const load = (stop?: string) =>
        loadDemoRegion(ground, register, {
          casebookUrl,
          say: (line) => {
            if (stop !== undefined && line.includes(stop)) throw new Error('cut short');
          },
        });
      await expect(load('passwords')).rejects.toThrow('cut short');
      expect(await findDemoState(ground)).toBe('half');
      await expect(load('protocols')).rejects.toThrow('cut short');
      expect(await findDemoState(ground)).toBe('half');
      const manifest = await load();
      expect(await findDemoState(ground)).toBe('loaded');
      expect(register.state()?.protocols.size).toBe(6);
      expect(manifest.people.length).toBeGreaterThan(15);
      const credentials = await findCredentials(ground.db, namedPerson('siro').id);
      expect(Object.keys(credentials).sort()).toEqual(['password', 'totp']);
    } finally {
      await house.close();
    }
  }, 60_000);

  test('refuses a federation whose root key it does not hold', async () => {
    const rootKey = { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) };
    const config = await demoConfig({ FEDERATION_ROOT_KEY: JSON.stringify(rootKey) });
    try {
      await expect(prepareFederation(config)).rejects.toThrow('another one than the demo’s own');
    } finally {
      await rm(config.dataDir, { recursive: true });
    }
  });
});
