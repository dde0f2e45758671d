/** Signing in a small federation: a framework that agencies may join, and an agency whose keys the service holds. */
import { randomUUID } from 'node:crypto';
import type { Signatory } from '../../../policy/governance/signing/ceremony.ts';
import type { ActingPerson } from '../../../directory/actor.ts';
import type { KeyContext } from '../../../policy/governance/signing/context.ts';
import { makeHeldKey } from '../../../policy/governance/signing/held_keys.ts';
import { appendEvents } from '../../../policy/register/ledger/append.ts';
import { generateKey } from '../../../policy/register/signatures/generate.ts';
import { type PublicKey, publicPart, thumbprint } from '../../../policy/register/signatures/keys.ts';
import { gateshead, newcastle } from '../directory/directory.ts';
import { aNewPasskey } from '../idp/authenticator.ts';
import type { TestPasskey } from '../idp/passkey.ts';
import { testMasterKey } from '../platform/database.ts';
import { aJoiningAgency } from './accession.ts';
import { baseUrl, openDrafts, type TestDrafts } from './drafts.ts';
import { aFramework } from './documents.ts';
import { admissionOf, type TestAgency } from './federation.ts';
import { append, sign, signed } from './register.ts';

/** Two administrators of one agency, and whom they appoint as an officer, with a key that nobody holds yet. */
export type Office = { first: ActingPerson; second: ActingPerson; candidate: ActingPerson; kid: string };

export type TestSigning = TestDrafts & {
  keys: KeyContext;
  /** An agency whose administration key the service holds, and one that holds its own: the council. */
  held: Office;
  own: Office;
  /** An officer of the first who signs with a passkey. */
  signatory: Signatory;
  passkey: TestPasskey;
  /** Admits so many agencies that are party to nothing. */
  admit(count: number): Promise<TestAgency[]>;
};

/** The framework that the council hosts. */
export const hosted = aFramework({ id: 'hosted-framework', host: gateshead });

/** Opens the register and the directory. */
export async function openSigning(): Promise<TestSigning> {
  const test = await openDrafts();
  const { council, health, police } = test.agencies;
  for (const one of [council, health, police]) await sign(test, hosted, one);
  const config = { ...test.ground.config, baseUrl, masterKey: testMasterKey };
  const keys: KeyContext = { ...test.ground, config, register: test.register };
  await test.asOwner(`insert into role (code, name, description, kinds) values ('test', 'T', 'T', '{council}')`);
  await enter(test.asOwner, [newcastle], 'council');
  const [free, other] = [publicPart(generateKey()), publicPart(generateKey())];
  const passkey = aNewPasskey();
  const signatory = { agency: newcastle, practitioner: randomUUID(), session: 'a browser' };
  await admitHolding(test, keys, free, { practitioner: signatory.practitioner, passkey: passkey.entry });
  const by = { agency: council.code, key: council.administration };
  await append(test, 'key-added', { agency: council.code, key: { jwk: other, use: 'officer' } }, { by });
  const held = { ...(await staff(test, newcastle)), kid: thumbprint(free) };
  const own = { ...(await staff(test, council.code)), kid: thumbprint(other) };
  return { ...test, keys, held, own, signatory, passkey, admit: (count) => admit(test, count) };
}

/** Admits the agency with two keys that the service holds, an officer who answers with a passkey, and a free key. */
async function admitHolding(
  test: TestDrafts,
  keys: KeyContext,
  free: PublicKey,
  officer: { practitioner: string; passkey: TestPasskey['entry'] },
): Promise<void> {
  const maker = { agency: newcastle, service: 'test' };
  const administration = await makeHeldKey(keys, maker, 'administration');
  const sealing = await makeHeldKey(keys, maker, 'officer');
  await append(test, 'agency-admitted', {
    agency: newcastle,
    name: 'Newcastle City Council',
    kind: 'council',
    keys: [
      { jwk: administration, use: 'administration', held: 'service' },
      { jwk: sealing, use: 'officer', held: 'service' },
      { jwk: free, use: 'officer' },
    ],
    officers: [{ ...officer, name: 'Robin Okafor', capacities: ['director'], kid: thumbprint(sealing) }],
  });
}

async function staff({ asOwner }: TestDrafts, agency: string): Promise<Omit<Office, 'kid'>> {
  const [team, ...people] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()] as const;
  await asOwner(`insert into team (id, agency, name, source) values ($1, $2, 'Team', 'test')`, [team, agency]);
  for (const id of people) {
    await asOwner(
      `insert into practitioner (id, agency, display_name, sort_key, email, source)
       values ($1, $2, 'Robin Okafor', 'okafor', $3, 'test')`,
      [id, agency, `${id}@gateshead.example`],
    );
    await asOwner(
      `insert into post (id, agency, practitioner, team, role, kind, starts_at, source)
       values (gen_random_uuid(), $1, $2, $3, 'test', 'substantive', '2020-01-01', 'test')`,
      [agency, id, team],
    );
  }
  const [first, second, candidate] = people.map((practitioner) => ({ agency, practitioner })) as [
    ActingPerson,
    ActingPerson,
    ActingPerson,
  ];
  for (const { practitioner } of [first, second]) {
    await asOwner(`insert into administrator (agency, practitioner, appointed_by) values ($1, $2, 'test')`, [
      agency,
      practitioner,
    ]);
  }
  return { first, second, candidate };
}

function enter(asOwner: TestDrafts['asOwner'], codes: readonly string[], kind: string): Promise<unknown> {
  return asOwner(
    `insert into agency (code, code_system, code_source, kind, name, source)
     select code, 'gss', 'test', $2, code, 'test' from unnest($1::text[]) code`,
    [codes, kind],
  );
}

let admitted = 0;

async function admit(test: TestDrafts, count: number): Promise<TestAgency[]> {
  const agencies = Array.from({ length: count }, () => aJoiningAgency({ code: `T${(admitted += 1)}` }));
  await enter(
    test.asOwner,
    agencies.map(({ code }) => code),
    'health',
  );
  const admissions = agencies.map((one) => signed(test, 'agency-admitted', admissionOf(one)));
  await appendEvents(test.ground, test.register, { service: 'test' }, admissions);
  return agencies;
}
