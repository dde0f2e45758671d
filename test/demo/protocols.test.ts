import { describe, expect, test } from '@jest/globals';
import { assets } from '../../demo/protocols/assets.ts';
import { writeProtocols } from '../../demo/protocols/index.ts';
import { hashOf } from '../../demo/protocols/parts.ts';
import { agencies } from '../../demo/region/agencies.ts';
import { kinds } from '../../demo/region/kinds.ts';
import { roleDefinitions } from '../../demo/region/roles.ts';
import { checkProtocol } from '../../policy/register/protocols/check.ts';
import { AssetDefinition, Protocol, RoleDefinition } from '../../policy/register/protocols/document.ts';
import { protocolBytes, readProtocol } from '../../policy/register/protocols/read.ts';
import type { Terms } from '../../policy/register/protocols/terms.ts';
import type { RegisteredAgency } from '../../policy/register/chain/state.ts';

const federation = 'north-east.wayleave.example';
const written = writeProtocols({ federation, today: '2026-11-21' });
const clauses = written.flatMap(({ document }) => document.clauses);
const operational = written.filter(({ document }) => document.tier === 'operational');

describe('the protocols of the demo region', () => {
  test('have the form of the published schema, and the bytes that are signed read back as the same text', () => {
    for (const { document, hash } of written) {
      expect(Protocol.parse(document)).toEqual(document);
      expect(readProtocol(protocolBytes(document))).toEqual({ hash, document });
    }
    for (const asset of assets) expect(AssetDefinition.safeParse(asset).success).toBe(true);
    for (const role of roleDefinitions) expect(RoleDefinition.safeParse(role).success).toBe(true);
  });

  test('pass every check of the register', () => {
    for (const { document } of written)
      expect({ id: document.id, issues: checkProtocol(document, terms()) }).toEqual({ id: document.id, issues: [] });
  });

  test('are the same on the same day, and another text for another federation', () => {
    expect(writeProtocols({ federation, today: '2026-11-21' })).toEqual(written);
    expect(writeProtocols({ federation: 'other.example', today: '2026-11-21' })[0]?.hash).not.toBe(written[0]?.hash);
  });

  test('are one framework and at least three operational ones between councils, health and police', () => {
    expect(written.filter(({ document }) => document.tier === 'framework')).toHaveLength(1);
    expect(operational.map(({ document }) => document.id)).toEqual(
      expect.arrayContaining(['safeguarding-children', 'hospital-discharge', 'youth-offending']),
    );
    const kindsTogether = new Set(operational.flatMap(({ document }) => document.parties.map(({ kind }) => kind)));
    expect([...kindsTogether]).toEqual(expect.arrayContaining(['council', 'health', 'police']));
  });

  test('have at least twelve clauses, and each sort of term in one of them', () => {
    expect(clauses.length).toBeGreaterThanOrEqual(12);
    const some = (test: (clause: (typeof clauses)[number]) => boolean) => clauses.filter(test).length;
    expect(some(({ effect }) => effect === 'prohibit')).toBeGreaterThan(0);
    expect(some(({ consent }) => consent.rule === 'required' && consent.as === 'confidence')).toBeGreaterThan(0);
    expect(some(({ consent }) => consent.rule === 'required' && consent.as === 'lawful-basis')).toBeGreaterThan(0);
    expect(some(({ involvement }) => involvement === 'required')).toBeGreaterThan(0);
    expect(some(({ override }) => override !== undefined)).toBeGreaterThan(0);
    expect(some(({ conditions }) => conditions.length > 0)).toBeGreaterThan(0);
    expect(some(({ registrations }) => registrations.length > 0)).toBeGreaterThan(0);
    expect(some(({ identity_level: level }) => level > 1)).toBeGreaterThan(0);
    expect(some(({ authentication_level: level }) => level > 2)).toBeGreaterThan(0);
    expect(some(({ obligations }) => obligations.length > 0)).toBeGreaterThan(0);
    expect(some(({ presence }) => presence === 'required')).toBeGreaterThan(0);
    expect(some(({ presence }) => presence === 'not-required')).toBeGreaterThan(0);
    expect(some(({ explain }) => explain === 'policy')).toBeGreaterThan(0);
  });

  test('name a lawful basis and a power in statute for every public body', () => {
    for (const { document } of written) {
      for (const { kind, lawful_basis: basis } of document.parties) {
        if (kind === 'voluntary') continue;
        expect(basis.article6).toEqual(['e']);
        expect(basis.statutory_powers.length).toBeGreaterThan(0);
      }
    }
  });

  test('include one that waits for a signature and one that a party suspended', () => {
    const waiting = written.filter(({ document, signatories }) => signatories.length < document.parties.length);
    expect(waiting.map(({ document }) => document.id)).toEqual(['moving-between-areas']);
    expect(written.filter(({ suspended }) => suspended !== undefined).map(({ document }) => document.id)).toEqual([
      'immunisation-catch-up',
    ]);
  });
});

/** What the register would hold once everything is published and the framework is signed. */
function terms(): Terms {
  const registered = <T extends { code: string }>(definitions: readonly T[]) =>
    new Map(definitions.map((definition) => [definition.code, { definition, hash: hashOf(definition), position: 1 }]));
  const members = agencies.map(({ code, name, kind }): [string, RegisteredAgency] => [
    code,
    { code, name, kind, admittedAt: 1, keys: new Map(), officers: new Map() },
  ]);
  return {
    federation,
    assets: registered(assets),
    roles: registered(roleDefinitions),
    kinds: registered(kinds),
    agencies: new Map(members),
    findText: (hash) => {
      const found = written.find((one) => one.hash === hash);
      return found && { hash, version: 1, document: found.document, signedBy: found.signatories };
    },
    listVersions: () => [],
  };
}
