import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { agencies } from '../../demo/region/agencies.ts';
import { kinds } from '../../demo/region/kinds.ts';
import { nameGroups } from '../../demo/region/names.ts';
import { frameworkParties } from '../../demo/protocols/framework.ts';
import { officerOf } from '../../demo/region/officers.ts';
import { namedPeople } from '../../demo/region/people.ts';
import { inventPractitioners } from '../../demo/region/practitioners.ts';
import { registrationFormats } from '../../demo/region/registrations.ts';
import { roleOf, roles } from '../../demo/region/roles.ts';
import { teamOf, teams } from '../../demo/region/teams.ts';
import { isUuid } from '../../platform/uuid.ts';

const invented = inventPractitioners();
const everybody = [...namedPeople, ...invented];
const posts = everybody.flatMap((person) => person.posts);

describe('the agencies of the demo region', () => {
  test('are the twelve councils, three police forces and the trusts of the region, with schools and charities', () => {
    const count = (kind: string) => agencies.filter((agency) => agency.kind === kind).length;
    expect(count('council')).toBe(12);
    expect(count('police')).toBe(3);
    expect(count('health')).toBeGreaterThanOrEqual(9);
    expect(count('school')).toBeGreaterThanOrEqual(3);
    expect(count('voluntary')).toBeGreaterThanOrEqual(3);
  });

  test('have official codes in the form of their scheme, each once, each with its source', () => {
    const forms = {
      gss: /^E(06|08|23)[0-9]{6}$/,
      ods: /^R[A-Z0-9]{2}$/,
      urn: /^URN:[0-9]{6}$/,
      charity: /^CHARITY:[0-9]{6,7}$/,
    };
    for (const agency of agencies) {
      expect(agency.code).toMatch(forms[agency.codeSystem]);
      expect(agency.codeSource.length).toBeGreaterThan(20);
    }
    expect(new Set(agencies.map((agency) => agency.code)).size).toBe(agencies.length);
  });

  test('are rung on numbers that are kept for drama, each desk and switchboard on its own', () => {
    const numbers = [...agencies.map((agency) => agency.switchboard), ...teams.map((team) => team.dutyDesk.phone)];
    for (const number of numbers) expect(number).toMatch(/^(0191 498 0[0-9]{3}|01632 960[0-9]{3})$/);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  test('have an officer who can sign, a member of their own staff', () => {
    for (const code of frameworkParties) {
      const officer = officerOf(code);
      expect(everybody.find((person) => person.id === officer.practitioner)?.agency).toBe(code);
      expect(officer.capacities).toContain(officer.signsAs);
    }
  });
});

describe('the people of the demo region', () => {
  test('are more than two thousand, the same ones each time', () => {
    expect(invented.length).toBeGreaterThanOrEqual(2_000);
    expect(inventPractitioners()).toEqual(invented);
    expect(inventPractitioners('another seed')).not.toEqual(invented);
  });

  test('have ids and e-mail addresses of their own, in domains that cannot exist', () => {
    const ids = [
      ...everybody.map((person) => person.id),
      ...posts.map((post) => post.id),
      ...teams.map((team) => team.id),
    ];
    for (const id of ids) expect(isUuid(id)).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
    const addresses = everybody.map((person) => person.email);
    for (const address of addresses)
      expect(address).toMatch(/^[a-z.0-9-]+@[a-z-]+\.(council|police|nhs|school|charity)\.example$/);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  test('bear names from every part of the region’s population', () => {
    for (const { group, family, share } of nameGroups) {
      const bearers = invented.filter((person) => family.includes(person.familyName)).length;
      expect({ group, enough: bearers > share * 5 }).toEqual({ group, enough: true });
    }
    expect(new Set(invented.map((person) => person.familyName)).size).toBeGreaterThan(300);
    expect(invented.some((person) => /[łśăčšž]/.test(person.familyName))).toBe(true);
  });

  test('hold posts in teams that exist, in roles that their kind of agency has', () => {
    for (const post of posts) {
      expect(teamOf(post.agency, post.team).agency).toBe(post.agency);
      const kind = agencies.find((agency) => agency.code === post.agency)!.kind;
      expect(roleOf(post.role).kinds).toContain(kind);
    }
  });

  test('carry register numbers in the right form', () => {
    const held = everybody.flatMap((person) => person.registrations);
    expect(held.length).toBeGreaterThan(500);
    for (const { body, number } of held) expect(number).toMatch(registrationFormats[body]);
  });
});

describe('the catalogue of roles and kinds', () => {
  const migration = readFileSync(path.join(import.meta.dirname, '../../migrations/0004_directory.sql'), 'utf8');

  test('says what the directory’s own catalogue says', () => {
    const rows = [
      ...migration.matchAll(/\('([a-z-]+)', '([^']+)', '([^']+)', '\{([^}]*)\}', '\{([^}]*)\}', (?:true|false)\)/g),
    ];
    expect(rows.length).toBeGreaterThanOrEqual(20);
    expect(rows.map(([, code, name, description]) => ({ code, name, description }))).toEqual(
      roles.map(({ code, name, description }) => ({ code, name, description })),
    );
    expect(rows.map(([, , , , of, registers]) => ({ of, registers }))).toEqual(
      roles.map((role) => ({ of: role.kinds.join(), registers: role.registers.join() })),
    );
    for (const { code, name, description } of kinds)
      expect(migration).toContain(`('${code}', '${name}', '${description}')`);
  });
});
