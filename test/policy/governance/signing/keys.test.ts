/** Passkeys, signing with them, officers appointed by two, and keys that change hands: in order, and as somebody would abuse them. */
import type { ActingPerson } from '../../../../directory/actor.ts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { keepKey, keyFile } from '../../../../demo/load/keys.ts';
import { officerOf } from '../../../../demo/region/officers.ts';
import { namedPerson } from '../../../../demo/region/people.ts';
import { appointAdministrator } from '../../../../directory/people/appoint_administrator.ts';
import { canonicalBytes } from '../../../../platform/json.ts';
import { prepareEvent, signAdministrative, type Wanted } from '../../../../policy/governance/signing/administrative.ts';
import {
  addHeldKey,
  addOfficerKey,
  prepareCompromise,
  revokeKey,
} from '../../../../policy/governance/signing/agency_keys.ts';
import type { Signatory } from '../../../../policy/governance/signing/ceremony.ts';
import type { KeyContext } from '../../../../policy/governance/signing/context.ts';
import { findHeld } from '../../../../policy/governance/signing/held_keys.ts';
import { beginEnrolment, completeEnrolment, findPasskey } from '../../../../policy/governance/signing/passkeys.ts';
import {
  type Asked,
  completeSigning,
  getAsked,
  handIn,
  prepareSigning,
  type ToSign,
} from '../../../../policy/governance/signing/sign.ts';
import { approveProposal, refuseProposal, submitAppointment } from '../../../../policy/governance/officers/decide.ts';
import { endOfficer } from '../../../../policy/governance/officers/end_officer.ts';
import { getProposal, wantedAppointment } from '../../../../policy/governance/officers/proposal.ts';
import { proposeOfficer } from '../../../../policy/governance/officers/propose.ts';
import { appendEvent } from '../../../../policy/register/ledger/append.ts';
import type { EventOf } from '../../../../policy/register/events/table.ts';
import type { PrivateKey } from '../../../../policy/register/signatures/flattened.ts';
import { generateKey } from '../../../../policy/register/signatures/generate.ts';
import { publicPart } from '../../../../policy/register/signatures/keys.ts';
import { proposeEvent, signEvent } from '../../../../policy/register/events/sign.ts';
import { type RunningApplication, startApplication } from '../../../support/application/application.ts';
import { answerOf, aNewPasskey, registrationOf } from '../../../support/idp/authenticator.ts';
import { asOwner } from '../../../support/journeys/journey.ts';

const gateshead = 'E08000037';
const newcastle = 'E08000021';
const police = 'E23000007';
const id = (key: string): string => namedPerson(key).id;

let service: RunningApplication;
let context: KeyContext;
let origin: string;
const passkey = aNewPasskey();
const as = (key: string, agency = gateshead): ActingPerson => ({ agency, practitioner: id(key) });
let siro: Signatory;

beforeAll(async () => {
  service = await startApplication();
  context = { ...service.ground, register: service.register };
  origin = new URL(service.baseUrl).origin;
  siro = { ...as('siro'), session: 'a browser' };
});
afterAll(() => service.close());

const state = () => service.register.state()!;
const member = (agency = gateshead) => state().agencies.get(agency)!;
const protocol = () => [...state().protocols.values()].find(({ document }) => document.id === 'safeguarding-children')!;
const code = (wanted: string) => ({ code: wanted });

async function enrol(who: Signatory, one = passkey): Promise<void> {
  const { ceremony, options } = await beginEnrolment(context, who, { account: 'x', shown: 'x' });
  await completeEnrolment(context, who, ceremony, registrationOf(one, options.challenge, origin));
}

describe('enrolling a passkey', () => {
  it('asks that the user is verified, for no attestation, and for the two algorithms that the register knows', async () => {
    const { options } = await beginEnrolment(context, siro, { account: 'm', shown: 'M' });
    expect(options).toMatchObject({ attestation: 'none', rp: { id: 'localhost' } });
    expect(options.authenticatorSelection?.userVerification).toBe('required');
    expect(options.pubKeyCredParams.map(({ alg }) => alg)).toEqual([-8, -7]);
  });

  it('refuses another site, another challenge, a user who was not verified, and another person’s ceremony', async () => {
    const tries: [string, (challenge: string) => ReturnType<typeof registrationOf>][] = [
      ['another site', (challenge) => registrationOf(passkey, challenge, 'http://localhost:1')],
      ['another domain', (challenge) => registrationOf(passkey, challenge, origin, { rpId: 'elsewhere.example' })],
      ['another challenge', () => registrationOf(passkey, 'YW5vdGhlcg', origin)],
      ['nobody verified', (challenge) => registrationOf(passkey, challenge, origin, { flags: 0x41 })],
    ];
    for (const [, answer] of tries) {
      const { ceremony, options } = await beginEnrolment(context, siro, { account: 'm', shown: 'M' });
      await expect(completeEnrolment(context, siro, ceremony, answer(options.challenge))).rejects.toMatchObject(
        code('passkey-not-valid'),
      );
    }
    const { ceremony, options } = await beginEnrolment(context, siro, { account: 'm', shown: 'M' });
    const stranger = { ...as('administrator'), session: siro.session };
    const answer = registrationOf(passkey, options.challenge, origin);
    await expect(completeEnrolment(context, stranger, ceremony, answer)).rejects.toMatchObject(code('ceremony-over'));
    expect(await findPasskey(context, siro)).toBeUndefined();
  });

  it('keeps one for a person and agency; it serves once, and another takes its place', async () => {
    await enrol(siro, aNewPasskey());
    const { ceremony, options } = await beginEnrolment(context, siro, { account: 'm', shown: 'M' });
    const answer = registrationOf(passkey, options.challenge, origin);
    const both = await Promise.allSettled([
      completeEnrolment(context, siro, ceremony, answer),
      completeEnrolment(context, siro, ceremony, answer),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await findPasskey(context, siro)).toMatchObject(passkey.entry);
    expect(await findPasskey(context, { ...siro, agency: police })).toBeUndefined();
    await expect(enrol({ ...as('dpo', police), session: 's' }, passkey)).rejects.toMatchObject(
      code('passkey-not-valid'),
    );
  });
});

const held = (agency = gateshead): string => findHeld(context, agency, 'officer')!.kid;
const proposal = (changes: Partial<Parameters<typeof proposeOfficer>[2]> = {}) => ({
  practitioner: id('siro'),
  capacities: ['siro' as const],
  kid: held(),
  ...changes,
});

describe('appointing an officer', () => {
  it('cannot be proposed for oneself, by no administrator, for another agency, for nobody of the agency, or without a passkey', async () => {
    const first = as('administrator');
    const before = member().officers.size;
    await expect(proposeOfficer(context, first, proposal({ practitioner: id('administrator') }))).rejects.toMatchObject(
      code('not-for-yourself'),
    );
    await expect(
      proposeOfficer(context, first, proposal({ practitioner: id('housing-officer') })),
    ).rejects.toMatchObject(code('no-passkey'));
    const own = proposal({ kid: member().officers.get(id('siro'))!.kid });
    await expect(proposeOfficer(context, as('housing-officer'), own)).rejects.toMatchObject(code('not-administrator'));
    await expect(proposeOfficer(context, as('dpo', police), proposal())).rejects.toMatchObject(code('unknown-key'));
    await expect(proposeOfficer(context, as('dpo'), own)).rejects.toMatchObject(code('not-administrator'));
    await expect(proposeOfficer(context, as('administrator', police), proposal())).rejects.toMatchObject(
      code('not-administrator'),
    );
    await expect(proposeOfficer(context, first, { ...own, practitioner: id('police-officer') })).rejects.toMatchObject(
      code('key-taken'),
    );
    const jwk = publicPart(generateKey());
    await addOfficerKey(context, first, jwk);
    const { kid } = [...member().keys.values()].at(-1)!;
    await expect(
      proposeOfficer(context, first, proposal({ practitioner: id('police-officer'), kid })),
    ).rejects.toMatchObject(code('no-active-post'));
    await expect(proposeOfficer(context, first, proposal({ practitioner: 'nobody', kid }))).rejects.toMatchObject(
      code('no-active-post'),
    );
    await expect(proposeOfficer(context, first, proposal({ kid: 'A'.repeat(43) }))).rejects.toMatchObject(
      code('unknown-key'),
    );
    expect(member().officers.size).toBe(before);
  });

  it('takes a second administrator: not the one who proposed, not the person, not another agency’s; and happens once', async () => {
    const proposed = await proposeOfficer(context, as('administrator'), proposal());
    await expect(proposeOfficer(context, as('second-administrator'), proposal())).rejects.toMatchObject(
      code('proposal-open'),
    );
    await expect(approveProposal(context, as('administrator'), proposed)).rejects.toMatchObject(code('own-proposal'));
    await appointAdministrator(
      service.ground.log,
      { agency: gateshead, service: 'test' },
      { practitioner: id('siro') },
    );
    await expect(approveProposal(context, as('siro'), proposed)).rejects.toMatchObject(code('not-for-yourself'));
    await expect(refuseProposal(context, as('siro'), proposed)).rejects.toMatchObject(code('not-for-yourself'));
    await expect(approveProposal(context, as('dpo', police), proposed)).rejects.toMatchObject(code('unknown-proposal'));
    await expect(approveProposal(context, as('dpo'), proposed)).rejects.toMatchObject(code('not-administrator'));
    expect(member().officers.get(id('siro'))?.passkey).toBeUndefined();
    const both = await Promise.allSettled([
      approveProposal(context, as('second-administrator'), proposed),
      approveProposal(context, as('second-administrator'), proposed),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(member().officers.get(id('siro'))).toMatchObject({ kid: held(), passkey: passkey.entry });
    expect(await getProposal(context, gateshead, proposed)).toMatchObject({ state: 'appointed' });
    await expect(refuseProposal(context, as('second-administrator'), proposed)).rejects.toMatchObject(
      code('proposal-decided'),
    );
  });

  it('counts with the passkey that was proposed, whatever the person enrols before it is approved', async () => {
    const proposed = await proposeOfficer(context, as('administrator'), proposal({ capacities: ['siro', 'dpo'] }));
    await enrol(siro, aNewPasskey());
    await approveProposal(context, as('second-administrator'), proposed);
    expect(member().officers.get(id('siro'))).toMatchObject({ capacities: ['siro', 'dpo'], passkey: passkey.entry });
  });

  it('is refused for good once somebody refused it', async () => {
    const proposed = await proposeOfficer(context, as('administrator'), proposal());
    await refuseProposal(context, as('second-administrator'), proposed);
    await expect(approveProposal(context, as('second-administrator'), proposed)).rejects.toMatchObject(
      code('proposal-decided'),
    );
    expect(await getProposal(context, gateshead, proposed)).toMatchObject({ state: 'refused' });
  });
});

const stop = (): ToSign => {
  const { hash, document } = protocol();
  const { id: name, version, federation } = document;
  const data = { protocol: hash, id: name, version, agency: gateshead, reason: 'A test of stopping.' };
  const event = proposeEvent(state().head, { federation, type: 'protocol-suspended', data, time: context.clock() });
  return { kind: 'suspension', capacity: 'siro', bytes: canonicalBytes(event) };
};
const ask = async (toSign = stop()): Promise<{ ceremony: string; asked: Asked }> => {
  const ceremony = await prepareSigning(context, siro, toSign);
  return { ceremony, asked: await getAsked(context, siro, ceremony) };
};

describe('signing with a passkey', () => {
  it('asks for exactly the passkey that the register names, with the user verified', async () => {
    const { asked } = await ask();
    expect(asked.options).toMatchObject({
      userVerification: 'required',
      rpId: 'localhost',
      allowCredentials: [{ id: passkey.entry.credential_id }],
    });
  });

  it('refuses another site, text, key, credential, or a user who was not verified; and whatever was tried is over', async () => {
    const other = await ask({ ...stop(), capacity: 'dpo' });
    const tries: [string, Parameters<typeof answerOf>[3]][] = [
      ['another port', { origin: 'http://localhost:1' }],
      ['a site below', { origin: origin.replace('localhost', 'evil.localhost') }],
      ['another domain', { origin: 'https://elsewhere.example' }],
      ['inside another site', { crossOrigin: true }],
      ['another text', { challenge: other.asked.options.challenge }],
      ['another key', { by: aNewPasskey().key }],
      ['another credential', { id: aNewPasskey().entry.credential_id }],
      ['an enrolment', { type: 'webauthn.create' }],
      ['nobody verified', { flags: 0x01 }],
      ['nobody present', { flags: 0x04 }],
      ['another domain of the authenticator', { rpId: 'elsewhere.example' }],
    ];
    for (const [what, changes] of tries) {
      const { ceremony, asked } = await ask();
      const wrong = completeSigning(context, siro, ceremony, answerOf(asked, passkey, origin, changes));
      await expect(wrong.then(() => what)).rejects.toMatchObject(code('signature-not-valid'));
      const right = completeSigning(context, siro, ceremony, answerOf(asked, passkey, origin));
      await expect(right).rejects.toMatchObject(code('ceremony-over'));
    }
  });

  it('is over after five minutes, for anybody else, in another browser, in another post, and once it was answered', async () => {
    const { ceremony, asked } = await ask();
    const answer = answerOf(asked, passkey, origin);
    const over = code('ceremony-over');
    const late = { ...context, clock: () => context.clock() + 301 };
    await expect(completeSigning(late, siro, ceremony, answer)).rejects.toMatchObject(over);
    await expect(getAsked(late, siro, ceremony)).rejects.toMatchObject(over);
    for (const who of [
      { ...siro, practitioner: id('administrator') },
      { ...siro, session: 'another browser' },
      { ...siro, agency: police },
    ]) {
      await expect(completeSigning(context, who, ceremony, answer)).rejects.toMatchObject(over);
    }
    await expect(completeSigning(context, siro, 'no id', answer)).rejects.toMatchObject(over);
    const twice = await Promise.allSettled([
      completeSigning(context, siro, ceremony, answer),
      completeSigning(context, siro, ceremony, answer),
    ]);
    expect(twice.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(completeSigning(context, siro, ceremony, answer)).rejects.toMatchObject(over);
  });

  it('is for officers with a passkey in the register and the capacity only', async () => {
    await expect(prepareSigning(context, siro, { ...stop(), capacity: 'director' })).rejects.toMatchObject(
      code('capacity-missing'),
    );
    const administrator = { ...as('administrator'), session: 's' };
    await expect(prepareSigning(context, administrator, stop())).rejects.toMatchObject(code('no-passkey'));
    const dpo = { ...as('dpo', police), session: 's' };
    await expect(prepareSigning(context, dpo, { ...stop(), capacity: 'dpo' })).rejects.toMatchObject(
      code('no-passkey'),
    );
  });

  it('gives what the register counts, and what the service sealed alone counts for nothing', async () => {
    const { ceremony, asked } = await ask();
    const signed = await completeSigning(context, siro, ceremony, answerOf(asked, passkey, origin));
    const { assertion: _, ...sealed } = signed.signature;
    await expect(handIn(context, siro, { ...signed, signature: sealed })).rejects.toMatchObject(
      code('sealed-by-service'),
    );
    expect(protocol().status).toBe('in-force');
    await handIn(context, siro, signed);
    expect(protocol()).toMatchObject({ status: 'suspended', suspendedBy: [gateshead] });
    await expect(handIn(context, siro, signed)).rejects.toMatchObject({ kind: 'conflict' });

    const { hash } = protocol();
    const [text] = await asOwner(service.database, 'select bytes from protocol_text where hash = $1', [hash]);
    const again = await ask({ kind: 'protocol', capacity: 'siro', bytes: text!.bytes as Buffer });
    expect(again.asked.hash).toBe(hash);
    await handIn(
      context,
      siro,
      await completeSigning(context, siro, again.ceremony, answerOf(again.asked, passkey, origin)),
    );
    expect(protocol().status).toBe('in-force');
    expect(protocol().signatures.find(({ agency }) => agency === gateshead)).toMatchObject({
      with: 'passkey',
      officer: id('siro'),
    });
  });

  it('cannot be answered once the appointment is ended', async () => {
    const { ceremony, asked } = await ask();
    await endOfficer(context, as('second-administrator'), id('siro'));
    const answer = completeSigning(context, siro, ceremony, answerOf(asked, passkey, origin));
    await expect(answer).rejects.toMatchObject(code('no-passkey'));
    await expect(endOfficer(context, as('administrator'), id('siro'))).rejects.toMatchObject(code('unknown-officer'));
    await expect(endOfficer(context, as('dpo'), id('siro'))).rejects.toMatchObject(code('not-administrator'));
  });
});

describe('keys that the service holds', () => {
  it('are made and registered by an administrator, and never stand in the database in clear', async () => {
    await expect(addHeldKey(context, as('siro', police), 'officer')).rejects.toMatchObject(code('not-administrator'));
    await expect(addHeldKey(context, as('housing-officer'), 'officer')).rejects.toMatchObject(
      code('not-administrator'),
    );
    const before = held();
    expect(await addHeldKey(context, as('administrator'), 'officer')).toHaveProperty('done');
    expect(held()).not.toBe(before);
    const rows = await asOwner(service.database, 'select jwk, sealed from held_key');
    expect(rows.length).toBeGreaterThan(6);
    for (const { jwk, sealed } of rows) {
      expect(Object.keys(JSON.parse(String(jwk)) as object)).toEqual(['crv', 'kty', 'x']);
      expect((sealed as Buffer).toString('latin1')).not.toContain('"d"');
    }
  });

  it('change hands without a gap: a new key, the appointment renewed by two, the old key revoked', async () => {
    const [fresh, ...older] = [...member().keys.values()]
      .filter((key) => key.held === 'service' && key.use === 'officer')
      .toSorted((one, other) => other.from - one.from);
    const own = aNewPasskey();
    await enrol(siro, own);
    const renewed = await proposeOfficer(context, as('administrator'), proposal({ kid: fresh!.kid }));
    await approveProposal(context, as('second-administrator'), renewed);
    for (const { kid } of older) {
      await revokeKey(context, as('administrator'), { kid, reason: 'Replaced by a new one.' });
    }
    expect(member().officers.get(id('siro'))).toMatchObject({ kid: fresh!.kid, passkey: own.entry });
    const { ceremony, asked } = await ask();
    const old = completeSigning(context, siro, ceremony, answerOf(asked, passkey, origin));
    await expect(old).rejects.toMatchObject(code('signature-not-valid'));
    const again = await ask();
    const signed = await completeSigning(context, siro, again.ceremony, answerOf(again.asked, own, origin));
    expect(JSON.parse(Buffer.from(signed.signature.protected, 'base64url').toString())).toMatchObject({
      kid: fresh!.kid,
    });
    expect(protocol().signatures.find(({ agency }) => agency === gateshead)?.kid).toBe(older[0]!.kid);
    expect(protocol().status).toBe('in-force'); // what the old key signed before goes on counting
  });

  it('sign nothing after they were revoked; a compromise is for the root key to say, and stops what rests on the key', async () => {
    const officers = member('RR7').officers.get(id('caldicott-guardian'))!;
    await revokeKey(context, as('health-administrator', 'RR7'), { kid: officers.kid, reason: 'A laptop was stolen.' });
    const again = revokeKey(context, as('health-administrator', 'RR7'), {
      kid: officers.kid,
      reason: 'A laptop was stolen.',
    });
    await expect(again).rejects.toMatchObject(code('key-revoked'));
    expect(protocol().status).toBe('in-force');
    const { wanted, event } = prepareCompromise(context, {
      agency: 'RR7',
      kid: officers.kid,
      reason: 'Stolen.',
      from: 1,
    });
    const administration = findHeld(context, 'RR7', 'administration')!;
    expect(administration.revokedAt).toBeUndefined();
    const file = await keepKey(service.config.dataDir, 'RR7-administration');
    const byAgency = { event, signature: await signEvent(event, { agency: 'RR7', key: file }) };
    await expect(appendEvent(context, service.register, { service: 'test' }, byAgency)).rejects.toMatchObject(
      code('not-entitled'),
    );
    const fresh = prepareEvent(context, wanted);
    const root = await keepKey(service.config.dataDir, 'federation-root');
    await appendEvent(
      context,
      service.register,
      { service: 'test' },
      { event: fresh, signature: await signEvent(fresh, { key: root }) },
    );
    await service.register.verify();
    expect(protocol().signatures.map(({ agency }) => agency)).not.toContain('RR7');
    expect(protocol().status).not.toBe('in-force');
  });

  it('cannot bring in an administration key that somebody else holds', async () => {
    const wanted: Wanted = {
      type: 'key-added',
      data: { agency: gateshead, key: { jwk: publicPart(generateKey()), use: 'administration' } },
    };
    await expect(signAdministrative(context, as('administrator'), wanted)).rejects.toMatchObject(code('not-entitled'));
  });
});

describe('an agency that holds its own keys', () => {
  it('signs what two administrators agreed offline, and nothing else in its place', async () => {
    const [one, other] = [id('social-worker'), await somebodyOf(newcastle)];
    for (const practitioner of [one, other]) {
      await appointAdministrator(service.ground.log, { agency: newcastle, service: 'test' }, { practitioner });
    }
    const [first, second] = [one, other].map((practitioner) => ({ agency: newcastle, practitioner })) as [
      ActingPerson,
      ActingPerson,
    ];
    const { practitioner } = officerOf(newcastle);
    const { kid } = member(newcastle).officers.get(practitioner)!;
    const proposed = await proposeOfficer(context, first, { practitioner, capacities: ['siro', 'director'], kid });
    await approveProposal(context, second, proposed);
    const approved = await getProposal(context, newcastle, proposed);
    expect(approved.state).toBe('approved');
    expect(member(newcastle).officers.get(practitioner)?.capacities).toEqual(['siro']);

    const key = JSON.parse(await readFile(keyFile(service.config.dataDir, newcastle), 'utf8')) as PrivateKey;
    const sign = async (wanted: Wanted) => {
      const event = prepareEvent(context, wanted) as EventOf<'officer-appointed'>;
      return { event, signature: await signEvent(event, { agency: newcastle, key }) };
    };
    const wanted = wantedAppointment(approved) as Extract<Wanted, { type: 'officer-appointed' }>;
    const more = {
      ...wanted,
      data: { ...wanted.data, officer: { ...wanted.data.officer, capacities: ['dpo' as const] } },
    };
    await expect(submitAppointment(context, first, proposed, await sign(more))).rejects.toMatchObject(
      code('other-event'),
    );
    await expect(submitAppointment(context, as('dpo', police), proposed, await sign(wanted))).rejects.toMatchObject(
      code('unknown-proposal'),
    );
    await submitAppointment(context, first, proposed, await sign(wanted));
    expect(member(newcastle).officers.get(practitioner)?.capacities).toEqual(['siro', 'director']);
    expect(await endOfficer(context, second, practitioner)).toHaveProperty('wanted');
  });
});

async function somebodyOf(agency: string): Promise<string> {
  const [row] = await asOwner(
    service.database,
    `select p.id from practitioner p join post o on o.practitioner = p.id
     where o.agency = $1 and p.agency = $1 and p.status = 'active' and o.ends_at is null and not o.suspended
       and p.id <> $2 and p.id <> $3 limit 1`,
    [agency, id('social-worker'), officerOf(agency).practitioner],
  );
  return String(row!.id);
}
