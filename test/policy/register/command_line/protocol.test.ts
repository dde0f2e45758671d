import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { canonicalText, type Json } from '../../../../platform/json.ts';
import { protocolBytes } from '../../../../policy/register/protocols/read.ts';
import type { RegisterEvent } from '../../../../policy/register/events/table.ts';
import {
  describeKeys,
  describeProtocol,
  describeRegister,
  type Given,
} from '../../../../policy/register/interface/describe.ts';
import type { Register, RegisterState } from '../../../../policy/register/chain/state.ts';
import { hashOf } from '../../../../policy/register/signatures/canonical.ts';
import type { Signature } from '../../../../policy/register/signatures/flattened.ts';
import { generateKey } from '../../../../policy/register/signatures/generate.ts';
import { publicPart, thumbprint } from '../../../../policy/register/signatures/keys.ts';
import { signProtocol } from '../../../../policy/register/events/sign.ts';
import { aPasskey, withAssertion } from '../../../support/idp/passkey.ts';
import { aFederation, type Federation, officerEntry } from '../../../support/policy/federation.ts';
import { anOperationalProtocol, aParty, aFramework, federationName } from '../../../support/policy/documents.ts';

const root = path.resolve(import.meta.dirname, '../../../..');
const program = path.join(root, 'policy/register/command_line/main.ts');

let folder: string;
let federation: Federation;
let state: RegisterState;
const framework = aFramework();
const document = anOperationalProtocol(framework);
const text = protocolBytes(document);

/** Runs the program as a process of its own, outside the checkout, without a database's address. */
function run(...args: string[]): { code: number | null; out: string; err: string } {
  const { DATABASE_URL: _, npm_lifecycle_event: __, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

const put = (name: string, content: string | Uint8Array): Promise<void> =>
  writeFile(path.join(folder, name), content, { mode: 0o600 });
const get = (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8');
const as = (agency: 'council' | 'health' | 'police', capacity?: string): string[] => {
  const { officer } = federation.agencies[agency];
  const who = ['--agency', officer.agency, '--officer', officer.officer, '--capacity', capacity ?? officer.capacity];
  return ['--key', `${agency}.key.json`, ...who];
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'wayleave-protocol-'));
  federation = await aFederation();
  await federation.signByAll(framework);
  state = await federation.state();
  const register = { state: () => state, problems: () => [], verifiedAt: () => 0 } as unknown as Register;
  await put('register.json', JSON.stringify(describeRegister(federationName, register)));
  for (const [name, { code, officer, administration }] of Object.entries(federation.agencies)) {
    await put(`${name}.jwks`, JSON.stringify(describeKeys(state.agencies.get(code)!)));
    await put(`${name}.key.json`, JSON.stringify(officer.key));
    await put(`${name}.administration.json`, JSON.stringify(administration));
  }
  await put('text.json', text);
});
afterAll(() => rm(folder, { recursive: true }));

describe('npm run protocol', () => {
  it('tells how it is called, through npm as well', () => {
    const help = run('--help');
    expect(help.code).toBe(0);
    for (const verb of [
      'keys',
      'show',
      'check',
      'canonicalise',
      'sign',
      'accede',
      'countersign',
      'suspend',
      'withdraw',
      'sign-event',
      'verify',
    ]) {
      expect(help.out).toContain(`npm run protocol -- ${verb} `);
    }
    expect(run('sign', '--help').out).toContain('--capacity');
    expect(run('nonsense')).toMatchObject({ code: 2, out: '' });
    expect(run('show', '--nonsense').err).toContain('How it is called');
  });

  it('takes files from where it was typed when npm runs it', () => {
    const npm = spawnSync('npm', ['--silent', '--prefix', root, 'run', 'protocol', '--', 'show', 'text.json'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(npm.stderr).toBe('');
    expect(npm.stdout).toContain(hashOf(text));
  });

  it('makes a key that only its owner can read, and shows its public half alone', async () => {
    const made = run('keys', 'own.json');
    expect(made.code).toBe(0);
    const key = JSON.parse(await get('own.json')) as { d: string };
    expect((await stat(path.join(folder, 'own.json'))).mode & 0o777).toBe(0o600);
    expect(JSON.parse(made.out)).toEqual({ kid: thumbprint(publicPart(key)), jwk: publicPart(key) });
    expect(made.out + made.err).not.toContain(key.d);
    expect(run('keys', 'own.json')).toMatchObject({ code: 1, err: expect.stringContaining('is there already') });
    expect(JSON.parse(await get('own.json'))).toEqual(key);
    expect(JSON.parse(run('keys', 'own.json', '--show').out)).toMatchObject({
      kid: thumbprint(publicPart(key)),
    });
    expect(JSON.parse(run('keys', 'other.json', '--algorithm', 'ES256').out)).toMatchObject({ jwk: { crv: 'P-256' } });
  });

  it('shows what a text says and who must sign it', () => {
    const { out, code } = run('show', 'text.json');
    expect(code).toBe(0);
    const said = [hashOf(text), document.title, 'version 1', 'RTD): its Caldicott guardian signs', 'c1'];
    for (const words of said) {
      expect(out).toContain(words);
    }
  });

  it('refuses a text that is not in canonical form, says where, and offers to write it so', async () => {
    await put('typed.json', JSON.stringify(document, null, 2));
    const refused = run('sign', 'typed.json', ...as('health'));
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('at byte 2 stands a line break, where “"” belongs');
    expect(refused.err).toContain('npm run protocol -- canonicalise typed.json');
    expect(run('canonicalise', 'typed.json', '--out', 'canonical.json').out).toContain(hashOf(text));
    expect(await get('canonical.json')).toBe(Buffer.from(text).toString());
    await put('twice.json', '{"a":1,"a":2}');
    expect(run('canonicalise', 'twice.json', '--out', 'never.json')).toMatchObject({
      code: 1,
      err: expect.stringContaining('names the key "a" twice'),
    });
  });

  it('checks a text against the register, and fails where it makes no sense', async () => {
    expect(run('check', 'text.json').code).toBe(0);
    expect(run('check', 'text.json', '--register', 'register.json')).toMatchObject({
      code: 0,
      out: expect.stringContaining('makes sense against the register'),
    });
    await put('odd.json', protocolBytes({ ...document, federation: 'elsewhere.example' }));
    expect(run('check', 'odd.json', '--register', 'register.json')).toMatchObject({
      code: 1,
      out: expect.stringContaining('/federation: This protocol belongs to elsewhere.example'),
    });
    await put('formless.json', canonicalText({ type: 'wayleave-protocol' }));
    expect(run('check', 'formless.json')).toMatchObject({ code: 1, err: expect.stringContaining('/title: ') });
  });

  it('signs so that the register counts it, in the party’s own capacity only', async () => {
    expect(run('sign', 'text.json', ...as('health'), '--out', 'health.sig').code).toBe(0);
    const signature = JSON.parse(await get('health.sig')) as Signature;
    expect(Object.keys(signature)).toEqual(['protected', 'signature']);
    const wrong = run('sign', 'text.json', ...as('health', 'dpo'));
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('must be signed as caldicott-guardian') });
    expect(run('sign', 'text.json', ...as('health', 'king')).code).toBe(2);
    expect(
      run('sign', 'text.json', '--agency', 'RR7', ...as('health').filter((one) => one !== '--agency' && one !== 'RTD'))
        .err,
    ).toContain('RR7 is not a party');
  });

  it('never says what stands in a private key', async () => {
    const secret = generateKey();
    await put('broken.json', `{"kty":"OKP","d":"${secret.d}",`);
    await put('public.json', JSON.stringify(publicPart(secret)));
    await put('half.json', JSON.stringify({ ...secret, x: 'short' }));
    for (const file of ['broken.json', 'public.json', 'half.json', 'missing.json']) {
      const { code, out, err } = run(
        'sign',
        'text.json',
        ...as('health').map((one) => (one === 'health.key.json' ? file : one)),
      );
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toContain(file);
      expect(err).not.toContain(secret.d);
    }
  });

  it('verifies each signature, never any one of them, and says who signed what in which capacity', async () => {
    for (const who of ['council', 'police'] as const) run('sign', 'text.json', ...as(who), '--out', `${who}.sig`);
    const all = ['council.sig', 'health.sig', 'police.sig'];
    const keys = ['--keys', 'council.jwks', '--keys', 'health.jwks', '--keys', 'police.jwks'];
    const good = run('verify', 'text.json', ...all, ...keys);
    expect(good.code).toBe(0);
    expect(good.out.match(/^VERIFIED/gm)).toHaveLength(3);
    expect(good.out).toContain('Robin Okafor of RTD signed it as Caldicott guardian on ');
    expect(run('verify', 'text.json', ...all, '--keys', 'register.json').code).toBe(0);

    const forged = JSON.parse(await get('health.sig')) as Signature;
    await put(
      'forged.sig',
      JSON.stringify({
        ...forged,
        signature: `${forged.signature.startsWith('A') ? 'B' : 'A'}${forged.signature.slice(1)}`,
      }),
    );
    const bad = run('verify', 'text.json', 'council.sig', 'forged.sig', 'police.sig', ...keys);
    expect(bad.code).toBe(1);
    expect(bad.out.match(/^VERIFIED/gm)).toHaveLength(2);
    expect(bad.out).toContain('DOES NOT VERIFY  forged.sig');
  });

  it('verifies a protocol with its signatures as the service publishes them, and tells a changed word', async () => {
    const registered = [...state.protocols.values()].find((one) => one.document.id === framework.id)!;
    const given = (position: number): Given =>
      (JSON.parse(Buffer.from(federation.links[position - 1]!.body).toString()) as { event: { data: Given } }).event
        .data;
    const page = describeProtocol(
      state,
      registered,
      JSON.parse(Buffer.from(protocolBytes(framework)).toString()),
      given,
    );
    await put('page.json', JSON.stringify(page, null, 2));
    const good = run('verify', 'page.json', '--keys', 'register.json');
    expect(good).toMatchObject({ code: 0, err: '' });
    expect(good.out.match(/^VERIFIED/gm)).toHaveLength(3);
    await put('other.json', JSON.stringify({ ...page, document: { ...page.document, title: 'Another title' } }));
    const bad = run('verify', 'other.json', '--keys', 'register.json');
    expect(bad.code).toBe(1);
    expect(bad.out.match(/^DOES NOT VERIFY/gm)).toHaveLength(3);
    await put('none.json', JSON.stringify({ ...page, signatures: [] }));
    expect(run('verify', 'none.json', '--keys', 'register.json')).toMatchObject({ code: 1, out: '' });
  });

  it('verifies a passkey’s answer, and nothing that the service’s key signed without it', async () => {
    const joined = await aFederation();
    const { code, officer: own } = joined.agencies.health;
    const [key, passkey] = [generateKey(), aPasskey()];
    const officer = { ...own, officer: 'guardian', key };
    const entry = { ...officerEntry(officer), name: 'Ada Guardian', passkey: passkey.entry };
    const held = { jwk: publicPart(key), use: 'officer', held: 'service' } as const;
    await joined.append('key-added', { agency: code, key: held });
    await joined.append('officer-appointed', { agency: code, officer: entry });
    await put('held.jwks', JSON.stringify(describeKeys((await joined.state()).agencies.get(code)!)));
    const sealed = await signProtocol({ ...officer, document: text, time: Date.now() / 1000 });
    await put('sealed.sig', JSON.stringify(sealed));
    await put('answered.sig', JSON.stringify(withAssertion(sealed, text, passkey)));
    await put('unverified.sig', JSON.stringify(withAssertion(sealed, text, passkey, { flags: 0x01 })));
    await put('stranger.sig', JSON.stringify(withAssertion(sealed, text, aPasskey())));
    const verified = run('verify', 'text.json', 'answered.sig', '--keys', 'held.jwks');
    expect(verified).toMatchObject({ code: 0, out: expect.stringContaining('Ada Guardian of RTD signed it') });
    expect(verified.out).toContain('with their passkey');
    for (const file of ['sealed.sig', 'unverified.sig', 'stranger.sig']) {
      expect({ file, code: run('verify', 'text.json', file, '--keys', 'held.jwks').code }).toEqual({ file, code: 1 });
    }
  });

  it('verifies nothing over another text, with another agency’s keys, or with a key that is not the officer’s', async () => {
    await put('framework.json', protocolBytes(framework));
    expect(run('verify', 'framework.json', 'health.sig', '--keys', 'health.jwks').code).toBe(1);
    expect(run('verify', 'text.json', 'health.sig', '--keys', 'council.jwks')).toMatchObject({
      code: 1,
      out: expect.stringContaining('none of the keys given for RTD'),
    });
    const { officer } = federation.agencies.health;
    run(
      'sign',
      'text.json',
      ...as('health').map((one) => (one === officer.officer ? 'somebody-else' : one)),
      '--out',
      'other.sig',
    );
    expect(run('verify', 'text.json', 'other.sig', '--keys', 'health.jwks').code).toBe(1);
    run(
      'sign',
      'text.json',
      ...as('health').map((one) => (one === 'health.key.json' ? 'health.administration.json' : one)),
      '--out',
      'administration.sig',
    );
    expect(run('verify', 'text.json', 'administration.sig', '--keys', 'health.jwks').code).toBe(1);
    await put('plain.jwks', JSON.stringify({ keys: [publicPart(officer.key)] }));
    expect(run('verify', 'text.json', 'health.sig', '--keys', 'plain.jwks')).toMatchObject({
      code: 0,
      out: expect.stringContaining('do not say whose they are'),
    });
  });

  it('signs a withdrawal at the register’s head, which the register takes up', async () => {
    await put('framework.json', protocolBytes(framework)).catch(() => undefined);
    const stopped = run(
      'suspend',
      'framework.json',
      '--head',
      'register.json',
      '--reason',
      'A list was wrong.',
      ...as('police'),
      '--out',
      'stop.json',
    );
    expect(stopped.code).toBe(0);
    const { event, signature } = JSON.parse(await get('stop.json')) as { event: RegisterEvent; signature: Signature };
    expect(event).toMatchObject({
      sequence: state.head.sequence + 1,
      previous: state.head.hash,
      type: 'protocol-suspended',
    });
    expect(run('verify', 'framework.json', 'stop.json', '--keys', 'police.jwks').out).toContain('suspends it as');
    expect(run('verify', 'text.json', 'stop.json', '--keys', 'police.jwks').code).toBe(1);
    expect(signature.assertion).toBeUndefined();
    expect(run('withdraw', 'framework.json', '--head', 'stop.json', '--reason', 'x', ...as('police')).code).toBe(1);
  });

  it('signs an accession, and its countersignature', async () => {
    const { health } = federation.agencies;
    await put('party.json', JSON.stringify(aParty({ ...health, code: 'RXP', name: 'County Durham' })));
    const joining = [
      '--key',
      'health.key.json',
      '--agency',
      'RXP',
      '--officer',
      'guardian',
      '--capacity',
      'caldicott-guardian',
    ];
    expect(run('accede', 'text.json', '--party', 'party.json', ...joining, '--out', 'joins.json').code).toBe(0);
    expect(run('countersign', 'joins.json', ...as('council'), '--out', 'agreed.json').code).toBe(0);
    const agreed = JSON.parse(await get('agreed.json')) as { accession: Record<string, Json> };
    expect(agreed.accession).toMatchObject({ type: 'wayleave-accession', protocol: hashOf(text), version: 1 });
    const verified = run('verify', 'text.json', 'agreed.json', '--keys', 'council.jwks');
    expect(verified.code).toBe(1); // the host's own, and not that of the agency whose keys were not given
    expect(verified.out).toContain(
      'VERIFIED  agreed.json: Robin Okafor of E08000037 agreed that County Durham joins it',
    );
    expect(verified.out).toContain('DOES NOT VERIFY  agreed.json');
  });

  it('signs what a page prepared with an administration key, and leaves what officers sign to officers', async () => {
    const { council } = federation.agencies;
    const data = { agency: council.code, practitioner: council.officer.officer };
    const event = {
      federation: federationName,
      sequence: 9,
      previous: state.head.hash,
      time: 1,
      type: 'officer-ended',
      data,
    };
    await put('event.json', JSON.stringify(event));
    const by = ['--key', 'council.administration.json', '--agency', council.code, '--out', 'event.signed.json'];
    expect(run('sign-event', 'event.json', ...by).code).toBe(0);
    const signed = JSON.parse(await get('event.signed.json')) as { event: RegisterEvent };
    expect(signed.event).toEqual({ ...event, time: expect.any(Number) });
    expect(Math.abs(signed.event.time - Date.now() / 1000)).toBeLessThan(60);
    const stop = JSON.parse(await get('stop.json')) as { event: RegisterEvent };
    await put('stop.event.json', JSON.stringify(stop.event));
    expect(run('sign-event', 'stop.event.json', '--key', 'council.administration.json').code).toBe(1);
  });
});
