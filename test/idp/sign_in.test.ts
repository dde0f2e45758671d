import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { listEntries } from '../../platform/log/read.ts';
import { effortOf } from '../support/platform/effort.ts';
import {
  type Answer,
  beginAuthorization,
  type Browser,
  codeAt,
  createBrowser,
  openWorld,
  passSignIn,
  type Person,
  type World,
} from '../support/idp/idp.ts';

let world: World;
/** Where the clock stands still (epoch seconds); undefined while it goes. */
let stopped: number | undefined;
beforeAll(async () => {
  world = await openWorld(() => stopped ?? Date.now() / 1000);
});
afterEach(() => (stopped = undefined));
afterAll(() => world.close());

/** A browser on the first page of sign-in, seen to come from an address of its own. */
async function begin(
  address = randomAddress(),
  { baseUrl, issuer, partner } = world,
): Promise<{ browser: Browser; page: Answer; url: string }> {
  const browser = createBrowser(baseUrl, address);
  const { url } = await beginAuthorization(issuer, partner);
  return { browser, page: await browser.open(url), url };
}

async function atPassword(email: string, address?: string, where?: World): Promise<{ browser: Browser; page: Answer }> {
  const { browser, page } = await begin(address, where);
  return { browser, page: await browser.submit(page, '/email', { email }) };
}

async function atCode(person: Person): Promise<{ browser: Browser; page: Answer }> {
  const { browser, page } = await atPassword(person.email);
  return { browser, page: await browser.submit(page, '/password', { password: person.password }) };
}

const randomAddress = () => `10.${[1, 2, 3].map(() => Math.floor(Math.random() * 250)).join('.')}`;
const textOf = (page: Answer) => page.text.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
const errorOf = (page: Answer) => /There is a problem (.*?) Enter/.exec(textOf(page))?.[1];

describe('the pages', () => {
  test('tell password managers what belongs in each field, and never send back a password or a code', async () => {
    const person = await world.addPerson();
    const first = await begin();
    expect(first.page.text).toMatch(/<input[^>]*name="email"[^>]*type="email"[^>]*autocomplete="username"/);
    const password = await first.browser.submit(first.page, '/email', { email: person.email });
    expect(password.text).toMatch(/name="username" value="[^"]+" autocomplete="username" hidden/);
    expect(password.text).toMatch(/<input[^>]*name="password"[^>]*autocomplete="current-password"/);
    const wrong = await first.browser.submit(password, '/password', { password: 'a-secret-that-is-wrong' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).not.toContain('a-secret-that-is-wrong');
    expect(wrong.text).toContain(person.email);
    const code = await first.browser.submit(wrong, '/password', { password: person.password });
    expect(code.text).toMatch(/<input[^>]*name="code"[^>]*autocomplete="one-time-code"/);
    const bad = await first.browser.submit(code, '/code', { code: '12345' });
    expect([bad.status, errorOf(bad)]).toEqual([422, 'The code is six digits, like 123456']);
    expect(bad.text).not.toContain('12345"');
  });

  test('keep what was typed, and say what is wrong beside it', async () => {
    const { browser, page } = await begin();
    const empty = await browser.submit(page, '/email', { email: '' });
    expect(textOf(empty)).toContain('There is a problem Enter your work e-mail address');
    const answer = await browser.submit(page, '/email', { email: 'not an address' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Enter an e-mail address in the right form');
    expect(answer.text).toContain('value="not an address"');
    expect(answer.text).toContain('<title>Error: ');
  });

  test('use the login hint of the partner system, and nothing but text of it', async () => {
    const browser = createBrowser(world.baseUrl);
    const { url } = await beginAuthorization(world.issuer, world.partner, {
      parameters: { login_hint: '"><script>alert(1)</script>{{7*7}}' },
    });
    const page = await browser.open(url);
    expect(page.text).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}"');
  });

  test('let the form end here and nowhere else', async () => {
    const { page } = await begin();
    expect(page.headers.get('content-security-policy')).toMatch(/form-action 'self'(?:;|$)/);
    expect(page.headers.get('cache-control')).toBe('no-store');
  });

  test('take SQL, template and markup characters in every field as what they are: wrong input', async () => {
    const person = await world.addPerson();
    // Whatever might be an address leads on, known or not; a control character is no input of any field.
    const hostile: [text: string, email: number, wrong: number][] = [
      ["' or 1=1 --", 200, 422],
      ['{{constructor.constructor("return 1")()}}', 200, 422],
      ['<img src=x onerror=alert(1)>', 200, 422],
      ['%00', 200, 422],
      ['\u0000', 400, 400],
    ];
    for (const [text, taken, wrong] of hostile) {
      const { browser, page } = await begin();
      const email = await browser.submit(page, '/email', { email: `${text.replaceAll(' ', '')}@x.example` });
      expect([text, email.status]).toEqual([text, taken]);
      expect(email.text).not.toContain('<img src=x');
      const password = await atPassword(person.email);
      const refused = await password.browser.submit(password.page, '/password', { password: text });
      expect([text, refused.status]).toEqual([text, wrong]);
      const code = await atCode(person);
      const answer = await code.browser.submit(code.page, '/code', { code: text });
      expect([text, answer.status]).toEqual([text, wrong]);
    }
    expect(world.lines.filter((line) => line.includes('"error"'))).toEqual([]);
  });

  test('refuse a form of another site, and one without its token', async () => {
    const { browser, page } = await begin();
    const uid = /\/sign-in\/([^/]+)\/email/.exec(page.text)?.[1] ?? '';
    const without = await browser.send(`/sign-in/${uid}/email`, { email: 'a@b.example' });
    expect(without.status).toBe(403);
    expect(textOf(without)).toContain('This form is too old');
  });

  test('of a sign-in that has ended say so, and of somebody else’s too', async () => {
    const { browser, page } = await begin();
    const uid = /\/sign-in\/([^/]+)\/email/.exec(page.text)?.[1] ?? '';
    for (const answer of [
      await createBrowser(world.baseUrl).open(`/sign-in/${uid}`),
      await browser.open('/sign-in/somebody-elses'),
      await browser.open('/sign-in/x/code'),
    ]) {
      expect(answer.status).toBe(404);
      expect(textOf(answer)).toContain('This sign-in has ended');
    }
    expect((await browser.open('/oidc/auth/never-was')).text).toContain('This sign-in has ended');
  });

  test('cannot be taken out of order', async () => {
    const person = await world.addPerson();
    const { browser, page } = await begin();
    const uid = /\/sign-in\/([^/]+)\/email/.exec(page.text)?.[1] ?? '';
    expect((await browser.open(`/sign-in/${uid}/code`)).text).toContain('name="email"');
    await browser.submit(page, '/email', { email: person.email });
    expect((await browser.open(`/sign-in/${uid}/code`)).text).toContain('name="password"');
    expect((await browser.open(`/sign-in/${uid}/post`)).text).toContain('name="email"');
  });

  test('give the partner system access_denied when somebody stops', async () => {
    const { browser, page } = await begin();
    const stopped = await browser.submit(page, '/cancel');
    expect(stopped.location).toMatch(/^http:\/\/127\.0\.0\.1:4001\/callback\?error=access_denied/);
  });
});

describe('a wrong password, an unknown address and an account without a password', () => {
  test('get the same page', async () => {
    const known = await world.addPerson();
    const without = await world.addPerson({}, 'credentials');
    const pages = [];
    for (const email of [known.email, without.email, 'nobody@gateshead.example']) {
      const { browser, page } = await atPassword(email);
      const answer = await browser.submit(page, '/password', { password: 'some wrong password' });
      const same = answer.text.replaceAll(email, 'X').replaceAll(/\/sign-in\/[^/"]+/g, '/sign-in/U');
      pages.push(`${answer.status} ${same.replaceAll(/value="[^"]{20,}"/g, 'value="T"')}`);
    }
    expect(pages[1]).toBe(pages[0]);
    expect(pages[2]).toBe(pages[0]);
  });

  test('take the same time', async () => {
    const dear = await openWorld(undefined, { passwordHash: { memoryCost: 32_768, timeCost: 3, parallelism: 1 } });
    const known = await dear.addPerson();
    const efforts: Record<string, number[]> = { [known.email]: [], 'nobody-at-all@gateshead.example': [] };
    for (let round = 0; round < 8; round += 1) {
      for (const [email, measured] of Object.entries(efforts)) {
        const { browser, page } = await atPassword(email, undefined, dear);
        measured.push(await effortOf(() => browser.submit(page, '/password', { password: 'some wrong password' })));
      }
    }
    await dear.close();
    const [one = 0, other = 0] = Object.values(efforts).map((measured) => Math.min(...measured));
    // One query and one argon2 on both sides: without the stand-in hash the unknown one would lack the hashing.
    expect(Math.abs(one - other)).toBeLessThan(0.5 * Math.max(one, other));
  });
});

describe('a one-time code', () => {
  test('counts once, also for another sign-in, and says so', async () => {
    const person = await world.addPerson();
    const code = codeAt(person.totpSecret);
    const first = await atCode(person);
    expect((await first.browser.submit(first.page, '/code', { code })).location).toContain('code=');
    const second = await atCode(person);
    const replayed = await second.browser.submit(second.page, '/code', { code });
    expect([replayed.status, errorOf(replayed)]).toEqual([
      422,
      'That code was used already: each counts once. Wait for the next one in your app',
    ]);
    const next = await second.browser.submit(replayed, '/code', {
      code: codeAt(person.totpSecret, Date.now() / 1000 + 30),
    });
    expect(next.location).toContain('code=');
  });

  test('sent twice at the same moment signs one in', async () => {
    const person = await world.addPerson();
    const code = codeAt(person.totpSecret);
    const two = await Promise.all([atCode(person), atCode(person)]);
    const answers = await Promise.all(two.map(({ browser, page }) => browser.submit(page, '/code', { code })));
    expect(answers.filter(({ location }) => location !== undefined)).toHaveLength(1);
  });

  test('of one step before or after counts, of two does not', async () => {
    for (const [offset, accepted] of [
      [-60, false],
      [60, false],
      [-30, true],
      [30, true],
    ] as const) {
      const { browser, page } = await atCode(await world.addPerson());
      const person = await world.addPerson();
      const mine = await atCode(person);
      // The step of half a minute must not end before the code arrives.
      stopped = Date.now() / 1000;
      const code = codeAt(person.totpSecret, stopped + offset);
      const answer = await mine.browser.submit(mine.page, '/code', { code });
      stopped = undefined;
      expect([offset, answer.location !== undefined]).toEqual([offset, accepted]);
      expect(page.status).toBe(200);
      expect(browser.cookies()).not.toBe('');
    }
  });

  test('may be typed with a space, as apps show it', async () => {
    const person = await world.addPerson();
    const { browser, page } = await atCode(person);
    const code = codeAt(person.totpSecret);
    const done = await browser.submit(page, '/code', { code: ` ${code.slice(0, 3)} ${code.slice(3)} ` });
    expect(done.location).toContain('code=');
  });
});

describe('what is typed', () => {
  test('may come from any keyboard, or be copied with what nobody sees', async () => {
    const arabic = (code: string) => new Intl.NumberFormat('ar-EG', { useGrouping: false, minimumIntegerDigits: 6 }).format(Number(code)); // prettier-ignore
    const ways: [(email: string) => string, (code: string) => string][] = [
      [(email) => `\u200b${email}\u00a0`, arabic],
      [(email) => `\u202a${email}\u202c`, (code) => `${code.slice(0, 3)}\u2009${code.slice(3)}\u200b`],
      [(email) => email.replace('@', '\uff20\u00ad'), (code) => `${code.slice(0, 3)}\u2013${code.slice(3)}`],
    ];
    for (const [email, code] of ways) {
      const person = await world.addPerson();
      const { browser, page } = await atPassword(email(person.email));
      const second = await browser.submit(page, '/password', { password: person.password });
      const done = await browser.submit(second, '/code', { code: code(codeAt(person.totpSecret)) });
      expect(done.location).toContain('code=');
    }
  });
});

describe('guessing', () => {
  test('of one account from everywhere is stopped after 25 attempts, and recorded once', async () => {
    const person = await world.addPerson();
    stopped = Date.now() / 1000;
    const statuses: number[] = [];
    let last: Answer | undefined;
    for (let attempt = 0; attempt < 28; attempt += 1) {
      const { browser, page } = await atPassword(person.email);
      last = await browser.submit(page, '/password', { password: `guess number ${attempt}` });
      statuses.push(last.status);
    }
    expect(statuses).toEqual([...Array.from({ length: 25 }, () => 422), 429, 429, 429]);
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
    const { browser, page } = await atPassword(person.email.toUpperCase());
    expect((await browser.submit(page, '/password', { password: person.password })).status).toBe(429);
    expect(await countEvents('sign-in.throttled', person.id)).toBe(1);
  });

  test('does not go on at the code: a right password does not start the count again', async () => {
    const person = await world.addPerson();
    stopped = Date.now() / 1000;
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const { browser, page } = await atCode(person);
      statuses.push(page.status === 429 ? 429 : (await browser.submit(page, '/code', { code: '000000' })).status);
    }
    expect(statuses).toEqual([422, 422, 422, 422, 422, 429, 429, 429]);
  });

  test('from one address is stopped for all accounts; other addresses go on', async () => {
    const address = randomAddress();
    let status = 0;
    stopped = Date.now() / 1000;
    for (let attempt = 0; attempt < 101; attempt += 1) {
      const { browser, page } = await atPassword(`somebody-${attempt}@gateshead.example`, address);
      ({ status } = await browser.submit(page, '/password', { password: 'guess' }));
    }
    expect(status).toBe(429);
    const elsewhere = await atPassword('somebody-101@gateshead.example');
    expect((await elsewhere.browser.submit(elsewhere.page, '/password', { password: 'guess' })).status).toBe(422);
  });

  test('leaves no e-mail address behind', async () => {
    const { rows } = await world.database.db.pool.query<{ key: string }>('select key from sign_in_throttle');
    expect(rows.length).toBeGreaterThan(0);
    for (const { key } of rows) expect(key).not.toContain('@');
  });

  test('is forgotten after a sign-in that succeeds', async () => {
    const person = await world.addPerson();
    for (let round = 0; round < 2; round += 1) {
      for (let attempt = 0; attempt < 7; attempt += 1) {
        const { browser, page } = await atPassword(person.email);
        expect((await browser.submit(page, '/password', { password: 'wrong one' })).status).toBe(422);
      }
      const { browser, page } = await begin();
      const done = await passSignIn(browser, page, person, { now: Date.now() / 1000 + 30 * round });
      expect(done.location).toContain('code=');
    }
  });
});

describe('the log', () => {
  test('holds every sign-in before it is answered, with the partner system and what was proved', async () => {
    const person = await world.addPerson();
    const { browser, page } = await begin();
    await passSignIn(browser, page, person);
    const entries = await eventsAbout(person.id);
    expect(entries.map(({ event }) => event)).toEqual(expect.arrayContaining(['sign-in', 'post.chosen']));
    expect(entries.find(({ event }) => event === 'sign-in')).toMatchObject({
      content: { client: world.partner.clientId, acr: 'urn:wayleave:acr:2', amr: ['pwd', 'otp', 'mfa'] },
    });
  });

  test('a sign-in that cannot be recorded does not happen', async () => {
    const person = await world.addPerson();
    const { browser, page } = await atCode(person);
    await world.asOwner('revoke insert on log_leaf from wayleave_app');
    const answer = await browser.submit(page, '/code', { code: codeAt(person.totpSecret) });
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(answer.location).toBeUndefined();
    await world.asOwner('grant insert on log_leaf to wayleave_app');
    expect(await eventsAbout(person.id)).not.toContainEqual(expect.objectContaining({ event: 'sign-in' }));
    // Nothing was half done: the same code still counts.
    const done = await browser.submit(page, '/code', { code: codeAt(person.totpSecret) });
    expect(done.location).toContain('code=');
  });
});

async function eventsAbout(practitioner: string) {
  const page = await listEntries(world.database.db, { reading: 'audit' }, { subject: practitioner });
  return page.entries;
}

async function countEvents(event: string, practitioner: string): Promise<number> {
  return (await eventsAbout(practitioner)).filter((entry) => entry.event === event).length;
}
