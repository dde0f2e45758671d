import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { prepareFederation } from '../../demo/load/federation.ts';
import { duties as takenOn } from '../../demo/emergencies.ts';
import { writeDrafts } from '../../demo/load/drafts.ts';
import { letEmergenciesHappen } from '../../demo/load/emergencies.ts';
import { findKeyFile, keyFile } from '../../demo/load/keys.ts';
import { findDemoState, loadDemoRegion } from '../../demo/load/load.ts';
import type { Manifest } from '../../demo/load/manifest.ts';
import { namedPerson } from '../../demo/region/people.ts';
import { findCredentials } from '../../idp/credentials/find_credentials.ts';
import { Evaluation, toRequest } from '../../policy/decisions/access/request.ts';
import { openPolicy, type PolicyContext } from '../../policy/decisions/deciding/context.ts';
import { decide } from '../../policy/decisions/deciding/decide.ts';
import { listPublished } from '../../policy/governance/publications/published.ts';
import { listComments } from '../../policy/governance/drafts/comments.ts';
import { getDraft, listDrafts } from '../../policy/governance/drafts/find_draft.ts';
import { runExamples } from '../../policy/governance/drafts/run_examples.ts';
import { gatherDuties } from '../../policy/decisions/obligations/gather_duties.ts';
import { listOverdueDuties } from '../../policy/decisions/obligations/list_duties.ts';
import { listReviews } from '../../policy/decisions/overrides/list_reviews.ts';
import type { PrivateKey } from '../../policy/register/signatures/flattened.ts';
import { publicPart, thumbprint } from '../../policy/register/signatures/keys.ts';
import { effortOf } from '../support/platform/effort.ts';
import { casebookUrl, demoConfig, type DemoHouse, openDemoHouse } from '../support/application/demo.ts';

describe('the demo region, loaded', () => {
  let house: DemoHouse;
  let policy: PolicyContext;
  let manifest: Manifest;
  let effort: number;
  const lines: string[] = [];

  beforeAll(async () => {
    house = await openDemoHouse();
    expect(await findDemoState(house.ground)).toBe('empty');
    effort = await effortOf(async () => {
      manifest = await loadDemoRegion(house.ground, house.register, {
        casebookUrl,
        say: (line) => void lines.push(line),
      });
    });
    policy = openPolicy(house.ground, house.register, () => Promise.resolve(undefined));
  });
  afterAll(() => house.close());

  test('took a few seconds of work at most, and said what it was doing', () => {
    expect(effort).toBeLessThan(5_000);
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

  test('has an agency that joined later, its accession signed by its own officer and the framework’s host', () => {
    const { protocols } = house.register.state()!;
    const joined = [...protocols.values()].flatMap(({ document, acceded }) =>
      acceded.map(({ agency, signatures }) => ({ id: document.id, agency, by: signatures.map((one) => one.agency) })),
    );
    expect(joined).toEqual([{ id: 'hospital-discharge', agency: 'R0B', by: ['R0B', 'E08000037'] }]);
  });

  test('answers the agency that joined by the open clause, and not by the one that is not open', async () => {
    const { id, posts } = namedPerson('joined-district-nurse');
    const example = manifest.examples.find(({ name }) => name.startsWith('A hospital that joined'))!;
    const asked = toRequest(Evaluation.parse(example.request), [])!;
    expect(asked.subject).toMatchObject({ id, post: posts[0]!.id });
    const { clauses } = await decide(policy, asked, { clientId: example.partner });
    expect(clauses.map(({ clause }) => clause)).toEqual(['care-at-home']);
    const whole = { ...asked, resource: { ...asked.resource, fields: [...asked.resource.fields!, 'key_safe'] } };
    const { decision, withheld } = await decide(policy, whole, { clientId: example.partner });
    expect({ decision, withheld: withheld.map(({ field }) => field) }).toEqual({
      decision: true,
      withheld: ['key_safe'],
    });
  });

  test('has one draft that blocks on a comment and one whose example fails', async () => {
    expect(await describeDrafts(house)).toEqual([
      { owner: 'RR7', state: 'draft', failing: 1, comments: [] },
      { owner: 'E08000037', state: 'consultation', failing: 0, comments: ['answered', 'blocking', 'open'] },
    ]);
  });

  test('has an override whose review is closed, one whose review is open, and duties that nobody has done', async () => {
    expect(await listOutcomes(house)).toEqual(['open', 'justified-with-learning']);
    await gatherDuties(house.ground.db);
    const { duties } = await listOverdueDuties(
      house.ground.db,
      { agency: 'E08000037', holds: true, acts: true },
      { page: 1, size: 100, now: house.ground.clock() + 3 * 86_400 },
    );
    const people = new Set(takenOn.map(({ who }) => who.id));
    const left = duties.filter(({ practitioner }) => people.has(practitioner));
    expect(left.map(({ obligation }) => obligation)).toEqual(['note-in-incident-log', 'tell-the-ward']);
  });

  test('publishes what a council, a hospital and a police force share', async () => {
    const published = await listPublished(house.ground.db, house.register.state()!);
    expect(new Set(published.map(({ agency }) => agency))).toEqual(new Set(['E08000037', 'RR7', 'E23000007']));
    const of = (code: string) =>
      new Set(published.filter(({ agency }) => agency === code).map(({ document }) => document));
    const everyKind = new Set(['privacy', 'children-7-11', 'children-12-17', 'consent-form', 'leaflet']);
    expect([of('E08000037'), of('RR7')]).toEqual([everyKind, everyKind]);
  });

  test('gives every officer a key of their own, kept in a file of their own', async () => {
    const { agencies } = house.register.state()!;
    expect(agencies.get('E08000037')!.officers.size).toBeGreaterThan(2);
    for (const { code, keys, officers } of agencies.values()) {
      const kids = [...officers.values()].map(({ kid }) => kid);
      expect([code, new Set(kids).size]).toEqual([code, kids.length]);
      for (const { practitioner, kid } of officers.values()) {
        const key = JSON.parse(await readFile(keyFile(house.dataDir, code, practitioner), 'utf8')) as PrivateKey;
        expect(thumbprint(publicPart(key))).toBe(kid);
        expect(keys.get(kid)).toMatchObject({ use: 'officer' });
        expect(findKeyFile(house.dataDir, code, practitioner)).toBeDefined();
      }
    }
    expect(findKeyFile(house.dataDir, 'E08000037', namedPerson('administrator').id)).toBeUndefined();
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
      await expect(load('wrote and did')).rejects.toThrow('cut short');
      // As if it had been killed once everything but the facts was there.
      await writeDrafts(ground, register);
      await letEmergenciesHappen(ground, register);
      expect(await findDemoState(ground)).toBe('half');
      const manifest = await load();
      expect(await findDemoState(ground)).toBe('loaded');
      expect(await listOutcomes(house)).toEqual(['open', 'justified-with-learning']);
      expect(await describeDrafts(house)).toHaveLength(2);
      expect(register.state()?.protocols.size).toBe(6);
      expect(manifest.people.length).toBeGreaterThan(15);
      const credentials = await findCredentials(ground.db, namedPerson('siro').id);
      expect(Object.keys(credentials).sort()).toEqual(['password', 'totp']);
    } finally {
      await house.close();
    }
  });

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

async function describeDrafts({ ground, register }: DemoHouse): Promise<object[]> {
  const context = { ...ground, register };
  const actor = { agency: 'E08000037', practitioner: namedPerson('siro').id };
  const hospital = { agency: 'RR7', practitioner: namedPerson('caldicott-guardian').id };
  const drafts = (await Promise.all([actor, hospital].map((one) => listDrafts(context, one)))).flat();
  const each = [...new Map(drafts.map((one) => [one.id, one])).values()];
  return Promise.all(
    each
      .toSorted((left, right) => right.owner.localeCompare(left.owner))
      .map(async ({ id, owner, state }) => {
        const by = owner === actor.agency ? actor : hospital;
        const { document } = await getDraft(context, by, id);
        const results = runExamples(register.state()!, document);
        const comments = await listComments(context, by, id);
        return {
          owner,
          state,
          failing: results.filter(({ holds }) => !holds).length,
          comments: comments.map(({ answer, blocking }) => (answer ? 'answered' : blocking ? 'blocking' : 'open')),
        };
      }),
  );
}

async function listOutcomes({ ground }: DemoHouse): Promise<string[]> {
  const page = { page: 1, size: 10, now: ground.clock() };
  const { reviews } = await listReviews(ground.db, 'E08000037', {}, page);
  return reviews.map(({ closed }) => closed?.outcome ?? 'open');
}
