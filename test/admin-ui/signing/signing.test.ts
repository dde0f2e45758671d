/** Signing away from the service, without JavaScript: each page prints a command that works, and takes in what it wrote. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { namedPerson } from '../../../demo/region/people.ts';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import { formOf, mistakesOn, sendForm, unescape } from '../../support/platform/forms.ts';
import type { Answer, Browser } from '../../support/idp/idp.ts';
import { openSession } from '../../support/journeys/journey.ts';

const program = path.resolve(import.meta.dirname, '../../../policy/register/command_line/main.ts');
const page = '/protocols/safeguarding-children/1';

let service: RunningApplication;
let folder: string;
const visitors: Record<string, Browser> = {};

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'wayleave-signing-'));
  service = await startApplication();
  const people = ['siro', 'headteacher', 'dpo', 'administrator', 'second-administrator', 'caldicott-guardian'];
  for (const who of people) visitors[who] = await openSession(service, who);
});
afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true });
});

const open = (who: string, at: string): Promise<Answer> => visitors[who]!.open(at);
const state = () => service.register.state()!;
const protocol = () => [...state().protocols.values()].find(({ document }) => document.id === 'safeguarding-children')!;
const words = ({ text }: Answer): string => unescape(text.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' '));

/** Follows the steps that a page prints: downloads what it links to, and runs its command in a folder of one's own. */
async function follow(who: string, shown: Answer, change = (command: string): string => command): Promise<string> {
  const links = [...shown.text.matchAll(/<a class="govuk-link" href="([^"]+)" download>/g)].map(([, href]) =>
    unescape(href!),
  );
  for (const link of links) {
    const file = await visitors[who]!.send(link);
    const name = /filename="([^"]+)"/.exec(file.headers.get('content-disposition') ?? '')?.[1] ?? 'file';
    await writeFile(path.join(folder, name), file.text);
  }
  const command = unescape(/<code class="wayleave-code">(npm run protocol [^<]+)<\/code>/.exec(shown.text)?.[1] ?? '');
  const typed =
    change(command)
      .replace('npm run protocol -- ', '')
      .match(/"[^"]*"|\S+/g) ?? [];
  const args = typed.map((one) => one.replace(/^"(.*)"$/, '$1'));
  await rm(path.join(folder, args.at(-1)!), { force: true });
  const { npm_lifecycle_event: _, ...env } = process.env;
  const { status, stderr } = spawnSync(process.execPath, [program, ...args], { cwd: folder, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
  return readFile(path.join(folder, args.at(-1)!), 'utf8');
}

describe('an officer with a key of their own', () => {
  it('stops a protocol and signs it again by the commands that the pages print', async () => {
    const stopping = await open('siro', `${page}/stop`);
    const text = await follow('siro', stopping);
    expect(words(await sendForm(visitors.siro!, stopping, '/stop/offline', { text }))).toContain(
      'It stands in the register',
    );
    expect(protocol()).toMatchObject({ status: 'suspended', suspendedBy: ['E08000037'] });

    const listed = await open('siro', '/signing');
    expect(words(listed)).toContain('It goes on when you sign it again.');
    const signing = await open('siro', `/signing/${protocol().hash}`);
    const otherTab = await open('siro', `/signing/${protocol().hash}`);
    const signature = await follow('siro', signing);
    expect(words(await sendForm(visitors.siro!, signing, '/offline', { text: signature }))).toContain(
      'Signed with a key that the agency holds',
    );
    expect(protocol().status).toBe('in-force');
    expect(mistakesOn(await sendForm(visitors.siro!, otherTab, '/offline', { text: signature }))).toHaveLength(1);
  });

  it('is told beside the box what is wrong with a file', async () => {
    const signing = await open('siro', `${page}/stop`);
    for (const [text, why] of [
      ['', 'Choose the file that the command wrote'],
      ['{"protected":', 'not valid JSON'],
      ['{"a":1,"a":2}', 'names the key "a" twice'],
      ['{"protected":"e30","signature":"e30"}', 'This is not what the command writes'],
    ] as const) {
      const answer = await sendForm(visitors.siro!, signing, '/stop/offline', { text });
      expect(answer.status).toBe(422);
      expect(mistakesOn(answer)).toEqual([{ href: '#text', text: expect.stringContaining(why) }]);
    }
  });

  it('cannot hand in what another agency signed, or what is about another text', async () => {
    const theirs = await open('dpo', `${page}/stop`);
    const text = await follow('dpo', theirs);
    const own = await open('siro', `${page}/stop`);
    expect(mistakesOn(await sendForm(visitors.siro!, own, '/stop/offline', { text }))[0]?.text).toContain(
      'your own agency only',
    );
    const other = await open('siro', '/protocols/hospital-discharge/1/stop');
    const wrong = await sendForm(visitors.siro!, other, '/stop/offline', { text });
    expect(mistakesOn(wrong)[0]?.text).toContain('another protocol');
    expect(protocol().status).toBe('in-force');
  });

  it('is not offered a protocol that their agency has nothing to do with', async () => {
    expect((await open('headteacher', `${page}/stop`)).status).toBe(409);
    expect(words(await open('headteacher', `/signing/${protocol().hash}`))).toContain(
      'Nothing waits for a signature of your agency here.',
    );
    expect((await open('siro', `/signing/${'A'.repeat(43)}`)).status).toBe(404);
    expect((await open('siro', `${page}/join`)).status).toBe(409);
  });
});

describe('an agency that joins later', () => {
  it('signs, and counts once the host has countersigned', async () => {
    const joining = await open('headteacher', `${page}/join`);
    const otherTab = await open('headteacher', `${page}/join`);
    const contact = { name: 'Robin Okafor', email: 'role@gosforthacademy.example' };
    const boxes = Object.fromEntries(
      ['senior', 'dpo', 'signatory'].flatMap((who) =>
        Object.entries(contact).map(([key, value]) => [`${who}_${key}`, value]),
      ),
    );
    const basis = {
      article6: ['c', 'e'],
      article9: 'g',
      powers: 'Children Act 2004, section 11\nEducation Act 2002, section 175',
    };
    const { target, values } = formOf(joining, '/join');
    for (const [name, value] of Object.entries({ ...boxes, ...basis, confidence: 'Keeping children safe.' })) {
      values.delete(name);
      for (const one of [value].flat()) values.append(name, one);
    }
    const party = await visitors.headteacher!.send(`${target}/party`, values);
    await writeFile(path.join(folder, 'party.json'), party.text);
    expect(JSON.parse(party.text)).toMatchObject({
      agency: 'URN:136352',
      signs_as: 'director',
      lawful_basis: {
        article6: ['c', 'e'],
        article9: ['g'],
        statutory_powers: [expect.any(String), expect.any(String)],
      },
    });
    const text = await follow('headteacher', joining);
    const listed = await sendForm(visitors.headteacher!, joining, '/join/offline', { text });
    expect(words(listed)).toContain('Waits for the host');
    expect(mistakesOn(await sendForm(visitors.headteacher!, otherTab, '/join/offline', { text }))[0]?.text).toContain(
      'waiting already',
    );
    expect(protocol().acceded).toEqual([]);

    const waiting = await open('siro', '/signing');
    const address = /href="(\/signing\/accessions\/[^"]+)"/.exec(waiting.text)![1]!;
    const offer = await open('siro', address);
    expect(words(offer)).toContain('Gosforth Academy wants to join');
    const countersigned = await follow('siro', offer);
    expect((await open('dpo', address)).status).toBe(404);
    expect(
      (
        await sendForm(visitors.headteacher!, await open('headteacher', address), '/refuse').then(() =>
          open('headteacher', address),
        )
      ).status,
    ).toBe(200);
    expect(mistakesOn(await sendForm(visitors.siro!, offer, '/offline', { text: countersigned }))[0]?.text).toContain(
      'taken back already',
    );

    const afresh = await open('headteacher', `${page}/join`);
    const again = await sendForm(visitors.headteacher!, afresh, '/join/offline', { text });
    expect(words(again)).toContain('Signed and handed in.');
    const second = /href="(\/signing\/accessions\/[^"]+)"/.exec((await open('siro', '/signing')).text)![1]!;
    const shown = await open('siro', second);
    const done = await sendForm(visitors.siro!, shown, '/offline', { text: await follow('siro', shown) });
    expect(words(done)).toContain('Signed and handed in.');
    expect(protocol().acceded).toMatchObject([{ agency: 'URN:136352' }]);
    expect(words(await open('siro', page))).toContain('Agreed by Gateshead Council');
  });
});

describe('an administrator of an agency that holds its own keys', () => {
  it('has a key made, and registers it with the one that the agency holds', async () => {
    const keys = await open('dpo', '/agencies/E23000007/keys');
    const offline = await sendForm(visitors.dpo!, keys, '/keys/held');
    expect(words(offline)).toContain('A key for officers is added');
    const before = state().agencies.get('E23000007')!.keys.size;
    const text = await follow('dpo', offline);
    const done = await sendForm(visitors.dpo!, offline, offline.url.replace(/^.*(\/agencies)/, '$1'), { text });
    expect(words(done)).toContain('Done. It stands in the register');
    expect([...state().agencies.get('E23000007')!.keys.values()].slice(before)).toMatchObject([
      { use: 'officer', held: 'service' },
    ]);
  });

  it('cannot have another agency’s event signed, nor an appointment that nobody approved', async () => {
    const wanted = (data: object): string => Buffer.from(JSON.stringify(data)).toString('base64url');
    const officer = { practitioner: 'x', name: 'X', capacities: ['dpo'], kid: 'A'.repeat(43) };
    for (const one of [
      wanted({ type: 'officer-appointed', data: { agency: 'E23000007', officer } }),
      wanted({ type: 'officer-ended', data: { agency: 'E08000037', practitioner: namedPerson('siro').id } }),
      wanted({ type: 'agency-ended', data: { agency: 'E23000007', reason: 'x' } }),
      'e30',
    ]) {
      expect((await open('dpo', `/agencies/E23000007/sign-offline?wanted=${one}`)).status).toBe(404);
    }
    expect((await open('dpo', '/agencies/E08000037/keys')).status).toBe(403);
    expect((await open('siro', '/agencies/E08000037/keys')).status).toBe(403);
  });

  it('reports a compromise: the key is revoked at once, and the rest is prepared for the root key', async () => {
    const keys = await open('administrator', '/agencies/E08000037/keys');
    const held = [...state().agencies.get('E08000037')!.keys.values()].find(
      (key) => key.held === 'service' && key.use === 'officer',
    )!;
    expect(keys.text).toContain(held.kid);
    const form = await open('administrator', `/agencies/E08000037/keys/${held.kid}/revoke`);
    expect(
      mistakesOn(await sendForm(visitors.administrator!, form, '/revoke', { reason: '' })).map(({ href }) => href),
    ).toEqual(['#why', '#reason']);
    const ahead = await sendForm(visitors.administrator!, form, '/revoke', {
      why: 'compromised',
      from: '9999',
      reason: 'A backup was lost.',
    });
    expect(mistakesOn(ahead)).toMatchObject([{ href: '#from' }]);
    const offline = await sendForm(visitors.administrator!, form, '/revoke', {
      why: 'compromised',
      from: '60',
      reason: 'A backup was lost.',
    });
    expect(words(offline)).toContain('Only the federation’s operator can sign this');
    expect(state().agencies.get('E08000037')!.keys.get(held.kid)).toMatchObject({ revokedAt: expect.any(Number) });
    const again = await open('administrator', `/agencies/E08000037/keys/${held.kid}/revoke`);
    const replaced = await sendForm(visitors.administrator!, again, '/revoke', {
      why: 'replaced',
      reason: 'Once more.',
    });
    expect(mistakesOn(replaced)).toEqual([{ href: '#why', text: 'It is revoked already' }]);
    const root = path.join(service.config.dataDir, 'demo-keys/federation-root.json');
    const text = await follow('administrator', offline, (command) =>
      command.replace('<file of the federation’s root key>', root),
    );
    const done = await sendForm(visitors.administrator!, offline, offline.url.replace(/^.*(\/agencies)/, '$1'), {
      text,
    });
    expect(words(done)).toContain('Compromised');
    expect(state().agencies.get('E08000037')!.keys.get(held.kid)).toMatchObject({ compromisedFrom: 60 });
  });

  it('registers an officer’s own public key, and refuses a private one', async () => {
    const keys = await open('administrator', '/agencies/E08000037/keys');
    spawnSync(process.execPath, [program, 'keys', 'mine.json'], { cwd: folder });
    const key = await readFile(path.join(folder, 'mine.json'), 'utf8');
    const refused = await sendForm(visitors.administrator!, keys, '/keys/own', { key });
    expect(mistakesOn(refused)[0]?.text).toContain('without its private half');
    expect(refused.text).not.toContain((JSON.parse(key) as { d: string }).d);
    const shown = spawnSync(process.execPath, [program, 'keys', 'mine.json', '--show'], {
      cwd: folder,
      encoding: 'utf8',
    });
    const done = await sendForm(visitors.administrator!, keys, '/keys/own', { key: shown.stdout });
    expect(words(done)).toContain('Done. It stands in the register');
    const otherTab = await open('administrator', '/agencies/E08000037/keys');
    const again = await sendForm(visitors.administrator!, otherTab, '/keys/own', { key: shown.stdout });
    expect(mistakesOn(again)[0]?.text).toContain('is or was registered already');
  });
});

describe('the pages of passkeys without JavaScript', () => {
  it('say what to do instead, and a form without an answer changes nothing', async () => {
    const shown = await open('siro', '/passkey/enrol');
    expect(words(shown)).toContain('npm run protocol -- keys my-key.json');
    const action = /action="(\/passkey\/enrol\/[^"]+)"/.exec(shown.text)![1]!;
    const answer = await sendForm(visitors.siro!, shown, action, { answer: '' });
    expect(answer.status).toBe(400);
    expect(words(answer)).toContain('No passkey answered');
  });
});
