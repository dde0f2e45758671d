/** Somebody edits the database by hand: nothing of it takes effect, and those who can do something about it are told. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openRegister } from '../../../policy/register/ledger/open.ts';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import { findChromium, launchBrowser, openPage } from '../../support/journeys/browser.ts';
import type { Answer, Browser } from '../../support/idp/idp.ts';
import { asOwner, decideFor, openSession, inspectAtBothWidths } from '../../support/journeys/journey.ts';
import { waitFor } from '../../support/platform/web.ts';

const withChromium = findChromium() === undefined ? it.skip : it;

let service: RunningApplication;
let officer: Browser;
let practitioner: Browser;

beforeAll(async () => {
  service = await startApplication();
  officer = await openSession(service, 'siro');
  practitioner = await openSession(service, 'emergency-doctor');
});
afterAll(() => service.close());

const edit = (statement: string): Promise<unknown> => asOwner(service.database, statement);
const textOf = async (browser: Browser, path: string): Promise<string> => (await browser.send(path)).text;

describe('a register that nobody touched', () => {
  it('is said to agree, and nobody is warned', async () => {
    expect(await textOf(officer, '/register')).toContain('Everything agrees with the signed chain.');
    expect(await textOf(officer, '/')).not.toContain('changed by hand');
  });
});

describe('a row that was edited by hand', () => {
  const cases: [string, string, string, RegExp][] = [
    [
      'an officer who got a capacity',
      `update officer set capacities = '{director,siro}' where agency = 'E08000037' and 'siro' = any(capacities)`,
      `update officer set capacities = '{siro}' where agency = 'E08000037' and 'siro' = any(capacities)`,
      /officer of E08000037/,
    ],
    [
      'a clause that got other words',
      `update protocol_clause set text = 'Everybody may read everything.' || text where clause = 'police'`,
      `update protocol_clause set text = substr(text, 31) where clause = 'police'`,
      /clause/,
    ],
    [
      'a party that was added',
      `insert into protocol_party (protocol, agency, signs_as, essential) select hash, 'E06000001', 'siro', false from protocol where id = 'safeguarding-children'`,
      `delete from protocol_party where agency = 'E06000001' and protocol in (select hash from protocol where id = 'safeguarding-children')`,
      /party/,
    ],
  ];

  it.each(cases)(
    'shows on the register page, on officers’ home page and in the log: %s',
    async (_name, harm, mend, where) => {
      await edit(harm);
      await service.register.verify();
      try {
        const register = await textOf(officer, '/register');
        expect(register).toContain(
          'The database holds something that the signed chain does not say. It has no effect.',
        );
        expect(/<strong>([^<]+)<\/strong>:/.exec(register)?.[1]).toMatch(where);
        expect(await textOf(officer, '/')).toContain('The register was found changed by hand. Look at it now.');
        expect(await textOf(practitioner, '/')).not.toContain('changed by hand');
        expect(await textOf(officer, '/log?event=register.damage-noticed')).toMatch(where);
        // What is in force goes on: the chain itself is whole.
        expect((await decideFor(service, 'emergency-doctor')).decision).toBe(true);
      } finally {
        await edit(mend);
        await service.register.verify();
      }
      expect(await textOf(officer, '/register')).toContain('Everything agrees with the signed chain.');
      expect(await textOf(officer, '/')).not.toContain('changed by hand');
    },
  );
});

describe('a protocol whose text was edited by hand', () => {
  it('is in force no longer, and its page and the list say so', async () => {
    const [before] = await asOwner(
      service.database,
      `select hash, bytes from protocol_text join protocol using (hash) where id = 'safeguarding-children'`,
    );
    const text = (before!.bytes as Buffer)
      .toString()
      .replace('may read where a child lives', 'may read where anybody lives');
    await asOwner(service.database, 'update protocol_text set bytes = $1 where hash = $2', [
      Buffer.from(text),
      before?.hash,
    ]);
    await service.register.verify();
    try {
      expect(await textOf(officer, '/protocols')).toContain(
        'The text of safeguarding-children, version 1, was changed or is missing.',
      );
      expect((await officer.send('/protocols/safeguarding-children/1')).status).toBe(404);
      const answer = await decideFor(service, 'emergency-doctor');
      expect([answer.decision, answer.context.reason.code]).toEqual([false, 'protocol-not-in-force']);
      // The decision cites a text that cannot be shown now: its page says that rather than another text.
      const why: Answer = await practitioner.send(`/decisions/${answer.context.id}`);
      expect([why.status, why.text.includes('Why the answer was no')]).toEqual([200, true]);
    } finally {
      await asOwner(service.database, 'update protocol_text set bytes = $1 where hash = $2', [
        before?.bytes,
        before?.hash,
      ]);
      await service.register.verify();
    }
    expect((await officer.send('/protocols/safeguarding-children/1')).status).toBe(200);
  });
});

describe('a chain that was cut', () => {
  it('stops everything, and every page that depends on it says so', async () => {
    await edit('create table kept as select * from register_event where sequence = 100');
    await edit('delete from register_event where sequence = 100');
    await service.register.verify();
    try {
      expect(await textOf(practitioner, '/protocols')).toContain('The register of signatures cannot be verified.');
      expect(await textOf(practitioner, '/agencies/E08000037')).toContain('The register does not know this agency');
      // Officers are officers by the register, so nobody is one now; administrators still are, and are told.
      const administrator = await openSession(service, 'administrator');
      expect(await textOf(administrator, '/register')).toContain('The chain cannot be verified.');
      expect(await textOf(administrator, '/')).toContain('The register was found changed by hand.');
      expect((await decideFor(service, 'emergency-doctor')).decision).toBe(false);
      expect((await fetch(`${service.baseUrl}/readyz`)).status).toBe(503);
    } finally {
      await edit('insert into register_event select * from kept');
      await service.register.verify();
    }
    expect(await textOf(practitioner, '/protocols')).not.toContain('cannot be verified');
  });

  withChromium('looks right at both widths', async () => {
    const chromium = await launchBrowser();
    try {
      await edit(
        `update officer set capacities = '{director,siro}' where agency = 'E08000037' and 'siro' = any(capacities)`,
      );
      await service.register.verify();
      const visitor = await openPage(chromium);
      await visitor.context.addCookies(cookiesOf(officer));
      await visitor.page.goto(`${service.baseUrl}/`);
      await inspectAtBothWidths(visitor, 'home-register-damaged');
      await visitor.page.goto(`${service.baseUrl}/register`);
      await inspectAtBothWidths(visitor, 'register-damaged');
    } finally {
      await chromium.close();
    }
  });
});

/** What a browser by HTTP holds, for one with a screen. */
function cookiesOf(browser: Browser): { name: string; value: string; url: string }[] {
  const pairs = browser.cookies().split('; ');
  return pairs.map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return { name, value: value.join('='), url: service.baseUrl };
  });
}

describe('nobody needs to ask', () => {
  it('for what is wrong is looked for again and again', async () => {
    const watching = await openRegister(service.ground, { interval: 0.5 });
    try {
      await edit(`update protocol set title = 'Another title' where id = 'safeguarding-children'`);
      await waitFor(() => watching.problems().some(({ where }) => where.includes('safeguarding-children')));
    } finally {
      await watching.close();
    }
  });
});
