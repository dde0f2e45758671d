/** Guessing is slowed down, and nobody's guesses close the door to somebody else who has been here before. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { setPassword } from '../../idp/credentials/set_password.ts';
import { budgets, pauseAfter } from '../../idp/throttle/budgets.ts';
import { gateshead } from '../support/directory/directory.ts';
import { sentFrom } from '../support/platform/statements.ts';
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

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
let world: World;
/** The clock stands still, and is moved on by hand. */
let now = Date.now() / 1000;
beforeAll(async () => {
  world = await openWorld(() => now);
});
// Codes count once, so that each sign-in needs a step of its own.
beforeEach(() => void (now += 2 * minute));
afterAll(() => world.close());

let places = 0;
/** An address that nobody came from before. */
const elsewhere = () => `198.51.${Math.floor((places += 1) / 250)}.${places % 250}:${40_000 + places}`;

async function begin(browser: Browser, { baseUrl, issuer, partner } = world, parameters = {}): Promise<Answer> {
  const { url } = await beginAuthorization(issuer, partner, { parameters });
  return browser.open(url.replace(issuer, `${baseUrl}/oidc`));
}

async function tryPassword(email: string, password: string, browser: Browser, where?: World): Promise<Answer> {
  const page = await browser.submit(await begin(browser, where), '/email', { email });
  return browser.submit(page, '/password', { password });
}

const guess = (email: string, address = elsewhere()) =>
  tryPassword(email, 'a wrong guess', createBrowser(world.baseUrl, address));

/** Signs in with the right password and code, unless a page stops it, which is returned. */
async function signIn(person: Person, browser: Browser): Promise<Answer> {
  now += 30;
  const page = await browser.submit(await begin(browser, world, { prompt: 'login' }), '/email', {
    email: person.email,
  });
  const next = await browser.submit(page, '/password', { password: person.password });
  return next.status === 200 ? browser.submit(next, '/code', { code: codeAt(person.totpSecret, now) }) : next;
}

const isIn = ({ location }: Answer) => location?.includes('code=') === true;
const textOf = (page: Answer) => page.text.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');

/** As many wrong passwords as it takes until everybody unknown is refused, all from different places. */
async function closeToStrangers(person: Person): Promise<void> {
  for (let wave = 0; wave < 3; wave += 1) await Promise.all(Array.from({ length: 15 }, () => guess(person.email)));
  for (let pause = 0; pause < 4 * minute;) {
    const refused = await guess(person.email);
    expect(refused.status).toBe(429);
    pause = Number(refused.headers.get('retry-after'));
    now += pause;
    expect((await guess(person.email)).status).toBe(422);
  }
}

describe('wrong passwords of others', () => {
  test('all at once, from one address or from many, never stop a device that signed the person in before', async () => {
    const person = await world.addPerson();
    const own = createBrowser(world.baseUrl, elsewhere());
    expect(isIn(await signIn(person, own))).toBe(true);
    const here = elsewhere();
    await Promise.all(Array.from({ length: 25 }, () => guess(person.email, here)));
    await closeToStrangers(person);
    expect(isIn(await signIn(person, own))).toBe(true);
    // Its address may change: the device is known.
    const { device } = cookiesOf(own);
    const moved = withCookie(createBrowser(world.baseUrl, elsewhere()), device);
    expect(isIn(await signIn(person, moved))).toBe(true);
  });

  test('never stop a step-up, which an emergency needs', async () => {
    const person = await world.addPerson();
    const own = createBrowser(world.baseUrl, elsewhere());
    await signIn(person, own);
    await closeToStrangers(person);
    expect(isIn(await signIn(person, own))).toBe(true);
  });

  test('never stop the person at a place where they signed in lately, even in a browser that forgets', async () => {
    const person = await world.addPerson();
    const place = elsewhere();
    await signIn(person, createBrowser(world.baseUrl, place));
    await closeToStrangers(person);
    expect(isIn(await signIn(person, createBrowser(world.baseUrl, place)))).toBe(true);
    now += 31 * day;
    await closeToStrangers(person);
    expect((await signIn(person, createBrowser(world.baseUrl, place))).status).toBe(429);
  });

  test('from one address close that address for the account, and no other', async () => {
    const person = await world.addPerson();
    const here = elsewhere();
    const answers = await Promise.all(Array.from({ length: 30 }, () => guess(person.email, here)));
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(10);
    expect(isIn(await signIn(person, createBrowser(world.baseUrl, elsewhere())))).toBe(true);
  });

  test('do not count by the port, nor by the address within an IPv6 network', async () => {
    const person = await world.addPerson();
    const froms = Array.from({ length: 12 }, (_, index) => `[2001:db8:0:77::${index + 1}]:${50_000 + index}`);
    const answers = await Promise.all(froms.map((address) => guess(person.email, address)));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(2);
  });

  test('are not given back by what the person does meanwhile on a device of their own', async () => {
    const person = await world.addPerson();
    const shared = elsewhere();
    const own = createBrowser(world.baseUrl, shared);
    expect(isIn(await signIn(person, own))).toBe(true);
    const failed = async () => {
      const statuses: number[] = [];
      for (let attempt = 0; attempt < budgets.place.most; attempt += 1) {
        statuses.push((await guess(person.email, shared)).status);
        now += budgets.place.longest;
      }
      return statuses.filter((status) => status === 422).length;
    };
    expect(await failed()).toBe(budgets.place.most);
    expect(isIn(await signIn(person, own))).toBe(true);
    expect(await failed()).toBe(0);
  });

  test('make a new device wait, longer each time, and the page says how long', async () => {
    const person = await world.addPerson();
    const waits: number[] = [];
    const here = elsewhere();
    for (let failures = 0; failures < 20; failures += 1) {
      expect([failures, (await guess(person.email, here)).status]).toEqual([failures, 422]);
      if (failures < 9) continue;
      const refused = await guess(person.email, here);
      const wait = refused.status === 429 ? Number(refused.headers.get('retry-after')) : 0;
      waits.push(wait);
      if (failures === 12) expect(textOf(refused)).toContain('no more are taken for about 8 minutes');
      if (failures === 19) expect(textOf(refused)).toContain('no more are taken for about 24 hours');
      now += wait;
    }
    const growing = [1, 2, 4, 8, 16, 32, 60, 60, 60, 60].map((minutes) => minutes * minute);
    expect(waits).toEqual([...growing, day]);
  });
});

describe('a site behind one address', () => {
  test('is not closed by one who guesses there: who was here before still may, and so may those who only mistyped', async () => {
    const site = elsewhere();
    const [known, forgetful, fresh] = [await world.addPerson(), await world.addPerson(), await world.addPerson()];
    const own = createBrowser(world.baseUrl, site);
    await signIn(known, own);
    await signIn(forgetful, createBrowser(world.baseUrl, site));
    // Somebody's own mistakes are one account, and no account once they are in.
    for (let wrong = 0; wrong < 9; wrong += 1) await guess(fresh.email, site);
    expect(isIn(await signIn(fresh, createBrowser(world.baseUrl, site)))).toBe(true);
    for (let wave = 0; wave < 10; wave += 1) {
      const emails = Array.from({ length: 11 }, (_, index) => `nobody-${wave}-${index}@gateshead.example`);
      await Promise.all(emails.map((email) => guess(email, site)));
    }
    expect((await guess('one-more@gateshead.example', site)).status).toBe(429);
    // Whoever is new waits a minute, five at the most.
    const stranger = await world.addPerson();
    expect((await signIn(stranger, createBrowser(world.baseUrl, site))).status).toBe(429);
    expect(isIn(await signIn(known, own))).toBe(true);
    expect(isIn(await signIn(forgetful, createBrowser(world.baseUrl, site)))).toBe(true);
    expect(isIn(await signIn(stranger, createBrowser(world.baseUrl, site)))).toBe(true);
  }, 120_000);

  test('counts no right passwords, however many come at once', async () => {
    const site = elsewhere();
    const person = await world.addPerson();
    for (let times = 0; times < 12; times += 1) {
      const answer = await tryPassword(person.email, person.password, createBrowser(world.baseUrl, site));
      expect(textOf(answer)).toContain('Enter your one-time code');
    }
  });
});

describe('a known device', () => {
  test('has a budget of its own, which is closed to whoever guesses on it', async () => {
    const person = await world.addPerson();
    const own = createBrowser(world.baseUrl, elsewhere());
    await signIn(person, own);
    const statuses: number[] = [];
    for (let wrong = 0; wrong < 11; wrong += 1) {
      const fresh = withCookie(createBrowser(world.baseUrl, elsewhere()), cookiesOf(own).device);
      statuses.push((await tryPassword(person.email, 'a wrong guess', fresh)).status);
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 422), 429]);
    // And the person may, from elsewhere.
    expect(isIn(await signIn(person, createBrowser(world.baseUrl, elsewhere())))).toBe(true);
  });

  test('is known for the people whom it signed in, and for nobody else', async () => {
    const [one, other, third] = [await world.addPerson(), await world.addPerson(), await world.addPerson()];
    const shared = createBrowser(world.baseUrl, elsewhere());
    await signIn(one, shared);
    const apart = withCookie(createBrowser(world.baseUrl, elsewhere()), cookiesOf(shared).device);
    await signIn(other, apart);
    for (const person of [one, other, third]) await closeToStrangers(person);
    const outcomes = [];
    for (const person of [one, other, third]) {
      const browser = withCookie(createBrowser(world.baseUrl, elsewhere()), cookiesOf(apart).device);
      outcomes.push(isIn(await signIn(person, browser)));
    }
    expect(outcomes).toEqual([true, true, false]);
  });

  test('is known no longer once the password was changed, and after 90 days', async () => {
    for (const end of [
      (person: Person) =>
        setPassword(
          world.ground.log,
          world.ground.config.passwordHash,
          { agency: gateshead, service: 'tests' },
          {
            practitioner: person.id,
            password: person.password,
            words: [],
          },
        ),
      async () => void (now += 91 * day),
    ]) {
      const person = await world.addPerson();
      const own = createBrowser(world.baseUrl, elsewhere());
      await signIn(person, own);
      await end(person);
      await closeToStrangers(person);
      const away = withCookie(createBrowser(world.baseUrl, elsewhere()), cookiesOf(own).device);
      expect((await signIn(person, away)).status).toBe(429);
    }
  });

  test('is told by a cookie that no script reads, that names nobody, and that cannot be made up', async () => {
    const person = await world.addPerson();
    const own = createBrowser(world.baseUrl, elsewhere());
    const done = await signIn(person, own);
    const { device } = cookiesOf(own);
    expect(device).toMatch(/^[\w-]{22}\.[\w-]{22}~[0-9a-z]+$/);
    expect(done.location).toBeDefined();
    await closeToStrangers(person);
    const [name = '', mark = ''] = device.split('.');
    const [mac = '', expires = ''] = mark.split('~');
    const later = (parseInt(expires, 36) + 1).toString(36);
    for (const forged of [
      `${name}.${mac}~${later}`,
      `${'A'.repeat(22)}.${mark}`,
      `${name}.${mac}`,
      '',
      '.'.repeat(2_000),
    ]) {
      const browser = withCookie(createBrowser(world.baseUrl, elsewhere()), forged);
      expect([forged, (await signIn(person, browser)).status]).toEqual([forged, 429]);
    }
  });
});

describe('one-time codes', () => {
  test('are guessed a few times only by whoever has the password, and the person’s own device may still', async () => {
    const person = await world.addPerson();
    const own = createBrowser(world.baseUrl, elsewhere());
    await signIn(person, own);
    const statuses: number[] = [];
    for (let wrong = 0; wrong < 7; wrong += 1) {
      const thief = createBrowser(world.baseUrl, elsewhere());
      const page = await tryPassword(person.email, person.password, thief);
      statuses.push((await thief.submit(page, '/code', { code: '000000' })).status);
    }
    expect(statuses).toEqual([422, 422, 422, 422, 422, 429, 429]);
    expect(isIn(await signIn(person, own))).toBe(true);
  });

  test('that were used already count as wrong', async () => {
    const person = await world.addPerson();
    const browser = createBrowser(world.baseUrl, elsewhere());
    await passSignIn(browser, await begin(browser), person, { now });
    const statuses: number[] = [];
    for (let replay = 0; replay < 6; replay += 1) {
      const thief = createBrowser(world.baseUrl, elsewhere());
      const page = await tryPassword(person.email, person.password, thief);
      statuses.push((await thief.submit(page, '/code', { code: codeAt(person.totpSecret, now) })).status);
    }
    expect(statuses).toEqual([422, 422, 422, 422, 422, 429]);
  });

  test('are asked for although others guess passwords meanwhile', async () => {
    const person = await world.addPerson();
    const browser = createBrowser(world.baseUrl, elsewhere());
    const page = await tryPassword(person.email, person.password, browser);
    await closeToStrangers(person);
    expect(isIn(await browser.submit(page, '/code', { code: codeAt(person.totpSecret, now) }))).toBe(true);
  });
});

describe('what a stranger can learn', () => {
  test('is the same for somebody known and somebody unknown: pages, waits and statements', async () => {
    const known = await world.addPerson();
    const seen: string[][] = [];
    for (const email of [known.email, 'nobody-at-all@gateshead.example']) {
      const lines: string[] = [];
      const here = elsewhere();
      for (let wrong = 0; wrong < 12; wrong += 1) {
        const browser = createBrowser(world.baseUrl, here);
        const page = await browser.submit(await begin(browser), '/email', { email });
        const sent = sentFrom();
        const answer = await browser.submit(page, '/password', { password: 'a wrong guess' });
        sent.stop();
        const text = textOf(answer)
          .replaceAll(email, 'X')
          .replaceAll(/[\w-]{20,}/g, 'U');
        lines.push(
          `${answer.status} ${answer.headers.get('retry-after')} ${sent.statements.filter((one) => /credential|sign_in/.test(one)).length} ${text}`,
        );
      }
      seen.push(lines);
    }
    expect(seen[1]).toEqual(seen[0]);
  });

  test('is nothing from the tables, which hold keyed hashes and are emptied', async () => {
    const rows = await world.asOwner('select key from sign_in_throttle union all select key from sign_in_place');
    expect(rows.length).toBeGreaterThan(10);
    for (const { key } of rows) expect(key).toMatch(/^(device|place|account|address|code):[\w-]{43}$/);
    now += 31 * day;
    await world.identity.tasks['clean-identity']?.({});
    expect(await world.asOwner('select from sign_in_throttle union all select from sign_in_place')).toEqual([]);
  });
});

test('all replicas count together', async () => {
  const other = await world.anotherInstance();
  const person = await world.addPerson();
  const here = elsewhere();
  const statuses: number[] = [];
  for (let wrong = 0; wrong < 12; wrong += 1) {
    const { baseUrl } = wrong % 2 === 0 ? world : other;
    const browser = createBrowser(baseUrl, here);
    statuses.push((await tryPassword(person.email, 'a wrong guess', browser, { ...world, baseUrl })).status);
  }
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 422), 429, 429]);
});

describe('what an attacker gets in a day', () => {
  /** Failures that a budget takes in a day from somebody who never misses the end of a pause. */
  const perDay = (budget: (typeof budgets)[keyof typeof budgets]) => {
    let [failures, at] = [0, 0];
    while (at < day) at += pauseAfter(budget, (failures += 1));
    return failures;
  };

  test.each([
    ['device', 50],
    ['place', 20],
    ['account', 50],
    ['code', 20],
  ] as const)('from the budget “%s” is %i guesses', (name, most) => {
    expect(perDay(budgets[name])).toBe(most);
  });

  test('from one address is fewer than 400 different accounts', () => {
    expect(perDay(budgets.address)).toBeLessThan(400);
  });
});

/** The cookie by which the browser's device is known. */
function cookiesOf(browser: Browser): { device: string } {
  return { device: /known-device=([^;]*)/.exec(browser.cookies())?.[1] ?? '' };
}

/** A browser that has that cookie and no other. */
function withCookie(browser: Browser, device: string): Browser {
  browser.keep(`known-device=${device}; path=/`);
  return browser;
}
