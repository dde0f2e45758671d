/** What people type or an address holds: kept, shown as text, never run; and what is read is recorded, or not shown. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { namedPerson } from '../../demo/region/people.ts';
import { readLine } from '../../platform/typed.ts';
import { type RunningApplication, startApplication } from '../support/application/application.ts';
import { type Answer, type Browser, createBrowser, passSignIn } from '../support/idp/idp.ts';
import { asOwner, decideFor, openSession, traveller } from '../support/journeys/journey.ts';

let service: RunningApplication;
let practitioner: Browser;
let officer: Browser;
let administrator: Browser;

beforeAll(async () => {
  service = await startApplication();
  practitioner = await openSession(service, 'emergency-doctor');
  officer = await openSession(service, 'siro');
  administrator = await openSession(service, 'administrator');
});
afterAll(() => service.close());

const heading = ({ text }: Answer): string => /<h1[^>]*>([^<]*)</.exec(text)?.[1]?.trim() ?? '';
const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('`', '&#96;')
    .replaceAll('\\', '&#92;');
const boxOf = ({ text }: Answer, name: string): string =>
  new RegExp(`<input[^>]* name="${name}"[^>]* value="([^"]*)"`).exec(text)?.[1] ?? '';

const wild = [
  `'"<script>{{7*7}}\${7*7}</script>`,
  "'; drop table practitioner; --",
  "' or '1'='1",
  '%27%22%00',
  '{{ constructor.constructor("return process")() }}',
  '{% include "/etc/passwd" %}',
  '\\x27 \\u0027 \\',
  '%_%',
  'a\u202Eb\u200Bc',
  'Zażółć gęślą jaźń 張偉 محمد 🚓',
  '../../etc/passwd',
  '[object Object]',
  '__proto__',
];

describe('metacharacters of SQL, HTML and templates', () => {
  const boxes: [string, () => Browser, string, string][] = [
    ['the directory’s name', () => practitioner, '/directory', 'name'],
    ['the directory’s role', () => practitioner, '/directory', 'role'],
    ['the directory’s agency', () => practitioner, '/directory', 'agency'],
    ['the directory’s page', () => practitioner, '/directory', 'page'],
    ['the posts’ name', () => administrator, '/posts', 'name'],
    ['the posts’ page', () => administrator, '/posts', 'page'],
    ['the log’s event', () => officer, '/log', 'event'],
    ['the log’s outcome', () => officer, '/log', 'outcome'],
    ['the log’s first day', () => officer, '/log', 'from'],
    ['the log’s last day', () => officer, '/log', 'to'],
    ['the log’s person', () => officer, '/log', 'person'],
    ['the log’s chosen person', () => officer, '/log', 'who'],
    ['the log’s place', () => officer, '/log', 'before'],
    ['the page to go to', () => practitioner, '/sign-in', 'next'],
  ];

  it.each(boxes)('do nothing in %s', async (_name, browser, path, box) => {
    for (const text of [...wild, 'x'.repeat(2_000)]) {
      const answer = await browser().send(`${path}?${new URLSearchParams({ [box]: text }).toString()}`);
      expect({ text, status: answer.status < 500 }).toEqual({ text, status: true });
      expect(answer.text).not.toContain('<script>{{');
      expect(answer.text).not.toContain('49</script>');
      expect(answer.text).not.toContain('root:x:0');
    }
  });

  it.each([
    ['the directory', () => practitioner, '/directory', 'name'],
    ['the posts', () => administrator, '/posts', 'name'],
    ['the log', () => officer, '/log', 'person'],
    ['the log’s days', () => officer, '/log', 'from'],
  ])('stay in the box of %s as they were typed', async (_name, browser, path, box) => {
    for (const text of wild) {
      const answer = await browser().send(`${path}?${new URLSearchParams({ [box]: text }).toString()}`);
      expect(boxOf(answer, box)).toBe(escaped(text));
    }
  });

  it('stay in the boxes of sign-in that hold no secret, and come back from none that does', async () => {
    const stranger = createBrowser(service.baseUrl);
    const first = await stranger.open('/sign-in');
    for (const text of wild.map((each) => `${each}@x`)) {
      const answer = await stranger.submit(first, '/email', { email: text });
      // A text in the form of an address (no blank in it) goes on to the next page, which names it.
      expect({ text, status: answer.status }).toEqual({ text, status: text.includes(' ') ? 422 : 200 });
      expect(answer.text).toContain(escaped(text.includes(' ') ? text : readLine(text)));
      expect(answer.text).not.toContain('<script>{{');
    }
    const password = await stranger.submit(first, '/email', { email: 'nobody@x.example' });
    // Fewer than the throttle takes.
    for (const text of wild.slice(0, 6)) {
      const answer = await stranger.submit(password, '/password', { password: text });
      expect([answer.status, answer.text.includes(escaped(text))]).toEqual([422, false]);
    }
  });

  it('narrow the list of posts to none', async () => {
    const { email, password, totp_secret: totpSecret, id } = traveller(service, 'two-posts');
    const browser = createBrowser(service.baseUrl);
    const choice = await passSignIn(browser, await browser.open('/sign-in'), { id, email, password, totpSecret });
    expect(heading(choice)).toBe('Which post are you acting in?');
    for (const text of wild) {
      const answer = await browser.send(`${choice.url}?${new URLSearchParams({ filter: text }).toString()}`);
      expect({ text, status: answer.status }).toEqual({ text, status: 200 });
      expect(answer.text).toContain('No post fits those words');
    }
  });

  it('are recorded as the reason that they are', async () => {
    const post = `/posts/${namedPerson('youth-justice-worker').posts[0]!.id}`;
    for (const [index, reason] of wild.filter((text) => text.length >= 5).entries()) {
      const deed = index % 2 === 0 ? 'suspend-post' : 'restore-post';
      const answer = await administrator.submit(await administrator.open(post), post, { deed, reason });
      expect({ reason, url: answer.url }).toEqual({ reason, url: `${service.baseUrl}${post}?done=1` });
      const log = await officer.send(`/log?event=post.${index % 2 === 0 ? 'suspended' : 'restored'}`);
      expect(log.text).toContain(escaped(reason));
    }
  });

  it('leave the tables as they were', async () => {
    const [row] = await asOwner(service.database, 'select count(*)::int as count from practitioner');
    expect(row?.count).toBeGreaterThan(2_000);
  });

  it('that no text may hold are refused in words', async () => {
    for (const [browser, path] of [
      [practitioner, '/directory?name=a%00b'],
      [administrator, '/posts?name=%00'],
      [officer, '/log?person=%00'],
      [practitioner, '/directory?%00=1'],
      [practitioner, '/agencies/%00'],
    ] as const) {
      const answer = await browser.send(path);
      expect({ path, status: answer.status, heading: heading(answer) }).toEqual({
        path,
        status: 400,
        heading: 'The request is not valid',
      });
    }
  });
});

describe('an address that leads to nothing', () => {
  const ids = [
    'x',
    '0',
    'null',
    '00000000-0000-0000-0000-000000000000',
    '%00',
    'x%3Cscript%3Ex',
    'a'.repeat(500),
    '..%2f..%2fetc',
  ];
  // Where ids are UUIDs nothing else is looked for; where they are any text, the database takes no control character.
  it.each([
    ['/directory/', () => practitioner, 400],
    ['/decisions/', () => practitioner, 404],
    ['/log/', () => officer, 404],
    ['/posts/', () => administrator, 404],
    ['/agencies/', () => practitioner, 400],
  ])('under %s is not found, in words', async (path, browser, unreadable) => {
    for (const id of ids) {
      const answer = await browser().send(path + id);
      const status = id === '%00' ? unreadable : 404;
      const title = status === 404 ? 'Not found' : 'The request is not valid';
      expect([id, answer.status, heading(answer)]).toEqual([id, status, title]);
      expect(answer.text).not.toContain('x<script>x');
    }
  });

  it.each([
    '/protocols/nothing/1',
    '/protocols/safeguarding-children/99',
    '/protocols/safeguarding-children/x',
    '/protocols/%00/1',
  ])('such as %s is not found', async (path) => {
    const answer = await practitioner.send(path);
    expect([answer.status, heading(answer)]).toEqual([404, 'Not found']);
  });

  it('because it cannot be read is an error of the address', async () => {
    for (const path of ['/directory/%', '/agencies/%ff%fe', '/decisions/%c0%af']) {
      expect([path, (await practitioner.send(path)).status]).toEqual([path, 404]);
    }
  });

  it('does not mind a part that it does not know', async () => {
    expect((await practitioner.send('/agencies/RR7?from=mail')).status).toBe(200);
    expect((await practitioner.send('/protocols/safeguarding-children/1?from=mail')).status).toBe(200);
  });
});

describe('page numbers out of range', () => {
  it.each(['-1', '0', '1.5', 'abc', '1e9', '99999999999999999999'])('%s is the first page of posts', async (page) => {
    const answer = await administrator.send(`/posts?page=${page}`);
    expect([answer.status, heading(answer)]).toEqual([200, 'Posts of Gateshead Council']);
    expect(answer.text).toContain('2 of 5');
  });

  it('past the end leads back to the first, with the filter kept', async () => {
    const posts = await administrator.send('/posts?page=50&name=robson');
    expect([posts.status, posts.location]).toEqual([302, `${service.baseUrl}/posts?name=robson`]);
    const people = await practitioner.send('/directory?page=9&name=hedley');
    expect([people.status, people.location]).toEqual([302, `${service.baseUrl}/directory?name=hedley`]);
    expect((await practitioner.send('/directory?page=999&name=hedley')).status).toBe(200);
  });

  it('of the log are places in it, and a wrong one is the newest', async () => {
    for (const before of ['-5', 'abc', '99999999999999999999']) {
      expect((await officer.send(`/log?before=${before}`)).status).toBe(200);
    }
    expect((await officer.send('/log?before=0')).text).toContain('Nothing is recorded that fits');
  });

  it('lead through a long list and back', async () => {
    const seen = new Set<string>();
    let next: string | undefined = `${service.baseUrl}/posts`;
    for (let page = 0; next !== undefined && page < 10; page += 1) {
      const { text }: Answer = await administrator.send(next);
      for (const [, id] of text.matchAll(/href="\/posts\/([0-9a-f-]{36})"/g)) seen.add(id!);
      next = /href="([^"]+)" rel="next"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
    }
    const [row] = await asOwner(service.database, "select count(*)::int as count from post where agency = 'E08000037'");
    expect(seen.size).toBe(row?.count);
  });
});

describe('a search of the directory', () => {
  it('asks for more where nothing was given, and for a letter in a name', async () => {
    const empty = await practitioner.send('/directory?name=&role=&agency=');
    expect(empty.text).toContain('Give a name, a role or an agency');
    expect((await practitioner.send('/directory?name=123')).text).toContain('A name needs at least one letter');
    expect((await practitioner.send('/directory')).text).not.toContain('There is a problem');
  });

  it('keeps what was typed beside a mistake', async () => {
    const long = 'x'.repeat(101);
    const answer = await practitioner.send(`/directory?name=${long}&role=teacher`);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Use at most 100 characters for the name');
    expect(boxOf(answer, 'name')).toBe(long);
    expect(answer.text).toMatch(/value="teacher" selected/);
  });

  it('finds somebody whose name was copied with what nobody sees', async () => {
    const { name } = traveller(service, 'police-officer');
    for (const typed of [`\u202a${name}\u202c`, name.replace(/(?<=^..)/, '\u200b'), name.replace(' ', '\u00a0')]) {
      expect((await practitioner.send(`/directory?name=${encodeURIComponent(typed)}`)).text).toContain(`>${name}<`);
    }
  });

  it('says what to do when nobody is found', async () => {
    const answer = await practitioner.send('/directory?name=Xqzzwk');
    expect(answer.text).toContain('Nobody was found');
    expect(answer.text).toContain('ring the agency’s duty desk');
  });
});

describe('an officer who is proposed', () => {
  it('is known by an e-mail address from any keyboard', async () => {
    const path = '/agencies/E08000037/officers/propose';
    for (const [email, understood] of [
      ['ｎｏｂｏｄｙ\u200b＠gateshead．council．example\u00a0', true],
      ['nobody at gateshead', false],
    ] as const) {
      const answer = await administrator.submit(await administrator.open(path), path, { email });
      expect([email, !answer.text.includes('Give a work e-mail address')]).toEqual([email, understood]);
    }
  });
});

describe('the filters of the log', () => {
  it.each([
    ['from=yesterday', 'from', 'yesterday'],
    ['to=31/02/2026', 'to', '31/02/2026'],
    ['from=2026-13-01', 'from', '2026-13-01'],
    ['from=0000-00-00', 'from', '0000-00-00'],
    ['to=21/11/226', 'to', '21/11/226'],
  ])('%s is explained, and what was typed stays', async (query, box, typed) => {
    const answer = await officer.send(`/log?${query}&person=Amina+Begum`);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('There is a problem');
    expect(answer.text).toContain(
      `href="#${box}">${box === 'from' ? 'From' : 'To'} day must be a real day, such as 21/11/2026`,
    );
    expect([boxOf(answer, box), boxOf(answer, 'person')]).toEqual([typed, 'Amina Begum']);
    expect(answer.text).not.toContain('href="/log/');
  });

  it('take days as they are written here, and both ends count', async () => {
    const today = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London' }).format(new Date());
    const long = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', dateStyle: 'long' }).format(new Date());
    const ways = [
      today,
      long,
      today.replaceAll('/', '.'),
      today.replaceAll('/', ' / '),
      today.split('/').reverse().join('-'),
    ];
    for (const day of ways) {
      const answer = await officer.send(`/log?${new URLSearchParams({ from: day, to: day }).toString()}`);
      expect([answer.status, boxOf(answer, 'from')]).toEqual([200, day]);
      expect(answer.text).toContain('href="/log/');
    }
    const summer = await officer.send('/log?from=1/7/2026&to=2/7/2026');
    expect(summer.text).toContain('Only from 1 July 2026; until 2 July 2026.');
    expect((await officer.send('/log?to=1/1/2020')).text).toContain('Nothing is recorded that fits');
  });

  it('notice days the wrong way round, and an outcome of what has none', async () => {
    const days = await officer.send('/log?from=2/1/2026&to=1/1/2026');
    expect([days.status, days.text.includes('The last day must not be before the first')]).toEqual([422, true]);
    const outcome = await officer.send('/log?event=sign-in&outcome=yes');
    expect([outcome.status, outcome.text.includes('Only decisions have an outcome')]).toEqual([422, true]);
  });

  it('find a person by name, offer those who may be meant, and say when there is nobody', async () => {
    await decideFor(service, 'emergency-doctor');
    const one = await officer.send('/log?person=layla+al-masri&event=decision&part=about');
    expect(one.text).toContain('Only “Decision”; what is about Layla Al-Masri.');
    expect(one.text).toContain('Decision: child’s record');
    const several = await officer.send('/log?person=robson&event=sign-in');
    expect(several.text).toContain('Whom do you mean?');
    const href = new RegExp(`href="([^"]+who=${namedPerson('administrator').id}[^"]*)"`).exec(several.text)?.[1];
    const chosen = await officer.send(href!.replaceAll('&amp;', '&'));
    expect(chosen.text).toContain('what was done by Dave Robson.');
    expect(chosen.text).toContain('>Sign-in</a>');
    expect(chosen.text).not.toContain('>Acting post chosen</a>');
    const nobody = await officer.send('/log?person=Xqzzwk');
    expect([nobody.status, nobody.text.includes('Nobody with a name like this is found')]).toEqual([422, true]);
  });

  it('keep everything when going to older entries and back', async () => {
    const first = await officer.send('/log?from=1/1/2026&to=31/12/2099');
    const older = /href="([^"]+)">Older entries/.exec(first.text)?.[1]?.replaceAll('&amp;', '&');
    expect(older).toMatch(/from=2026-01-01&to=2099-12-31&before=\d+/);
    const second = await officer.send(older!);
    expect(second.text).toContain('Newest entries');
    expect(second.text).toContain('Only from 1 January 2026; until 31 December 2099.');
    expect(second.text).not.toContain('>Sign-in</a>');
  });

  it('show every event in words', async () => {
    const { text } = await officer.send('/log');
    const titles = [...text.matchAll(/href="\/log\/[^"]+">([^<]+)</g)].map(([, title]) => title!);
    expect(titles.length).toBeGreaterThan(5);
    for (const title of titles) expect(title).toMatch(/^[A-Z][^_.]+$/);
  });
});

describe('what people look at', () => {
  type Recorded = { event: string; content: Record<string, unknown> };
  const recordedSince = async (path: string, browser: Browser): Promise<Recorded[]> => {
    const [head] = await asOwner(service.database, 'select max(position) as position from log_leaf');
    expect((await browser.send(path)).status).toBe(200);
    const rows = await asOwner(
      service.database,
      `select beside.event, beside.committed::json ->> 'content' as content from log_leaf leaf join log_content beside using (log, position)
       where position > $1 order by position`,
      [head?.position],
    );
    return rows.map(({ event, content }) => ({
      event: String(event),
      content: JSON.parse(String(content)) as Recorded['content'],
    }));
  };

  it('is recorded: searches, entries, the log, an entry of it, a decision', async () => {
    const { id } = namedPerson('police-officer');
    expect(await recordedSince('/directory?name=hedley&role=police-officer', practitioner)).toMatchObject([
      { event: 'directory.search', content: { name: 'hedley', role: 'police-officer' } },
    ]);
    expect(await recordedSince(`/directory/${id}`, practitioner)).toMatchObject([
      { event: 'directory.entry-viewed', content: { found: true, asked: id } },
    ]);
    expect(await recordedSince('/log?event=sign-in', officer)).toMatchObject([
      { event: 'log.read', content: { filters: { event: 'sign-in' } } },
    ]);
    const decision = (await decideFor(service, 'emergency-doctor')).context.id;
    expect(await recordedSince(`/log/${decision}`, officer)).toMatchObject([
      { event: 'log.read', content: { entry: decision } },
    ]);
    expect(await recordedSince(`/decisions/${decision}`, officer)).toMatchObject([
      { event: 'log.read', content: { decision } },
    ]);
  });

  it('is not shown when it cannot be recorded', async () => {
    const decision = (await decideFor(service, 'emergency-doctor')).context.id;
    await asOwner(service.database, 'revoke insert on log_leaf from wayleave_app');
    try {
      for (const [browser, path, secret] of [
        [practitioner, '/directory?name=hedley', 'Callum'],
        [practitioner, `/directory/${namedPerson('police-officer').id}`, 'Callum'],
        [officer, '/log', 'Entry '],
        [officer, `/log/${decision}`, 'Proof holds'],
        [officer, `/decisions/${decision}`, 'Proof holds'],
      ] as const) {
        const answer = await browser.send(path);
        expect({ path, failed: answer.status >= 500 }).toEqual({ path, failed: true });
        expect(answer.text).not.toContain(secret);
        expect(heading(answer)).not.toBe('');
      }
    } finally {
      await asOwner(service.database, 'grant insert on log_leaf to wayleave_app');
    }
    expect((await practitioner.send('/directory?name=hedley')).status).toBe(200);
  });
});

// Last: afterwards nothing answers any more.
describe('without its database', () => {
  it('every page says so in words, and what to do if somebody is in danger', async () => {
    const name = new URL(service.database.ownerUrl).pathname.slice(1);
    const server = new URL(service.database.ownerUrl);
    server.pathname = '/postgres';
    await asOwner({ ownerUrl: server.href }, `alter database ${name} with connection limit 0`);
    await asOwner(
      { ownerUrl: server.href },
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1',
      [name],
    );
    try {
      for (const path of [
        '/',
        '/directory?name=hedley',
        '/protocols',
        '/agencies',
        '/decisions/x',
        '/sign-in',
        '/sign-out',
      ]) {
        const answer = await practitioner.send(path);
        // The provider says it to whoever signs in or out.
        const sentOn = path === '/sign-in' || path === '/sign-out';
        expect({ path, status: answer.status, heading: heading(answer) }).toEqual({
          path,
          status: sentOn ? 302 : 503,
          heading: sentOn ? '' : 'Out of service for the moment',
        });
        if (answer.status === 503) expect(answer.text).toContain('the law may allow or require you to share');
      }
      for (const path of ['/sign-in', '/sign-out']) {
        const answer = await practitioner.open(path);
        expect([path, answer.status, heading(answer)]).toEqual([path, 503, 'Out of service for the moment']);
      }
      expect((await practitioner.send('/welcome')).status).toBe(200);
    } finally {
      await asOwner({ ownerUrl: server.href }, `alter database ${name} with connection limit -1`);
    }
    expect((await practitioner.send('/')).status).toBe(200);
  });
});
