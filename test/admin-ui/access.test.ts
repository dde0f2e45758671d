/** Who may open which page of the web application, and what a session is worth. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { namedPerson } from '../../demo/region/people.ts';
import { demoId } from '../../demo/region/random.ts';
import { type RunningApplication, startApplication } from '../support/application/application.ts';
import { type Answer, type Browser, createBrowser } from '../support/idp/idp.ts';
import { asOwner, decideFor, forgetLastCode, openSession, traveller } from '../support/journeys/journey.ts';

let service: RunningApplication;
const visitors: Record<string, Browser> = {};
let decision: string;
let entry: string;

const people = {
  practitioner: 'emergency-doctor', // of Gateshead Health
  officer: 'siro', // of Gateshead Council
  administrator: 'administrator', // of Gateshead Council
  elsewhere: 'dpo', // officer and administrator of Northumbria Police
};

beforeAll(async () => {
  service = await startApplication();
  visitors.nobody = createBrowser(service.baseUrl);
  for (const [name, key] of Object.entries(people)) visitors[name] = await openSession(service, key);
  decision = (await decideFor(service, 'emergency-doctor')).context.id;
  entry = decision;
});
afterAll(() => service.close());

const get = (who: string, path: string): Promise<Answer> => visitors[who]!.send(path);
const heading = ({ text }: Answer): string => /<h1[^>]*>([^<]*)</.exec(text)?.[1]?.trim() ?? '';
const postOfGateshead = namedPerson('housing-officer').posts[0]!.id;
const postOfPolice = namedPerson('police-officer').posts[0]!.id;

describe('every page, for every kind of person', () => {
  const open = { practitioner: 200, officer: 200, administrator: 200, elsewhere: 200 };
  const officers = { practitioner: 403, officer: 200, administrator: 200, elsewhere: 200 };
  const administrators = { practitioner: 403, officer: 403, administrator: 200, elsewhere: 200 };
  const pages: [string, () => string, Record<string, number>][] = [
    ['home', () => '/', open],
    ['directory', () => '/directory', open],
    ['search', () => '/directory?name=hedley', open],
    ['entry', () => `/directory/${namedPerson('police-officer').id}`, open],
    ['protocols', () => '/protocols', open],
    ['framework', () => '/protocols/north-east-framework/1', open],
    ['protocol', () => '/protocols/safeguarding-children/1', open],
    ['agencies', () => '/agencies', open],
    ['agency', () => '/agencies/E08000037', open],
    ['school', () => '/agencies/URN%3A146752', open],
    // The doctor whom it is about, and the council that holds the record; the police are neither.
    ['decision', () => `/decisions/${decision}`, { ...open, elsewhere: 404 }],
    ['consent', () => '/consent', open],
    ['objections', () => '/consent/objections', officers],
    ['log', () => '/log', officers],
    ['log entry', () => `/log/${entry}`, { ...officers, elsewhere: 404 }],
    ['register', () => '/register', officers],
    ['trying a decision', () => '/try-a-decision', officers],
    ['who can see', () => '/who-can-see', officers],
    ['passkey', () => '/passkey', open],
    ['signing', () => '/signing', officers],
    ['stopping', () => '/protocols/safeguarding-children/1/stop', { ...officers, practitioner: 403 }],
    ['officers of Gateshead', () => '/agencies/E08000037/officers', { ...administrators, elsewhere: 403 }],
    ['proposing', () => '/agencies/E08000037/officers/propose', { ...administrators, elsewhere: 403 }],
    ['keys of Gateshead', () => '/agencies/E08000037/keys', { ...administrators, elsewhere: 403 }],
    ['posts', () => '/posts', administrators],
    ['post of Gateshead', () => `/posts/${postOfGateshead}`, { ...administrators, elsewhere: 404 }],
    ['post of the police', () => `/posts/${postOfPolice}`, { ...administrators, administrator: 404 }],
  ];

  it.each(pages)('%s', async (_name, path, expected) => {
    for (const [who, status] of Object.entries(expected)) {
      const answer = await get(who, path());
      expect({ who, status: answer.status }).toEqual({ who, status });
      expect(heading(answer)).not.toBe('');
      expect(answer.headers.get('cache-control')).toContain('no-store');
    }
    const answer = await get('nobody', path());
    expect(answer.status).toBe(302);
    const next = `/sign-in?next=${encodeURIComponent(path())}`;
    expect(answer.location).toBe(service.baseUrl + (path() === '/' ? '/welcome' : next));
  });

  it('are the same for a signed-out person as for one whom nobody knows, and tell neither what is behind them', async () => {
    const made = await get('nobody', `/decisions/${demoId('no such decision')}`);
    const real = await get('nobody', `/decisions/${decision}`);
    expect([made.status, real.status]).toEqual([302, 302]);
  });

  it('that need no sign-in open for everybody', async () => {
    for (const who of ['nobody', 'practitioner']) {
      expect(heading(await get(who, '/welcome'))).toBe('Know who you are sharing with');
    }
    expect(heading(await get('nobody', '/signed-out'))).toBe('You are signed out');
  });

  it('that show only what officers do are closed to administrators at the door', async () => {
    const pages = await Promise.all(['/drafts', '/drafts/start'].map((path) => get('administrator', path)));
    const token = /name="_csrf" value="([^"]*)"/.exec((await get('administrator', '/posts')).text)?.[1] ?? '';
    const stop = '/protocols/safeguarding-children/1/stop';
    const page = await get('administrator', stop);
    const csrf = /name="_csrf" value="([^"]*)"/.exec(page.text)?.[1] ?? token;
    const acts = await Promise.all(
      [stop, `/consent/objections/${demoId('no such objection')}`].map((path) =>
        visitors.administrator!.send(path, { _csrf: csrf }),
      ),
    );
    for (const answer of [...pages, ...acts]) {
      expect(answer.status).toBe(403);
      expect(answer.text).toContain('Only officers can do this');
    }
  });

  it('say in words who may open them', async () => {
    const texts = await Promise.all(['/log', '/register', '/posts'].map((path) => get('practitioner', path)));
    expect(texts.map(heading)).toEqual(['Not allowed', 'Not allowed', 'Not allowed']);
    expect(texts[0]?.text).toContain('for officers and administrators of your agency');
    expect(texts[2]?.text).toContain('Only an administrator of your agency');
  });

  it('offer in their navigation what the person may open, and nothing else', async () => {
    const home = async (who: string) => (await get(who, '/')).text;
    expect(await home('practitioner')).not.toMatch(/href="\/(log|register|posts)"/);
    expect(await home('officer')).toMatch(/href="\/log"/);
    expect(await home('officer')).not.toMatch(/href="\/posts"/);
    expect(await home('administrator')).toMatch(/href="\/posts"/);
  });
});

describe('a decision', () => {
  it('shows what each clause lacked to officers of the agency that holds the record, and to nobody else', async () => {
    expect((await get('officer', `/decisions/${decision}`)).text).toContain('For officers of Gateshead Council only');
    expect((await get('practitioner', `/decisions/${decision}`)).text).not.toContain('For officers of');
  });

  it('of somebody else is nothing to a colleague without an office', async () => {
    const colleague = await openSession(service, 'housing-officer');
    const answer = await colleague.send(`/decisions/${decision}`);
    expect(answer.status).toBe(404);
    expect(answer.text).toContain('no decision here that you may open');
  });
});

describe('changing a post', () => {
  const form = async (who: string, post: string) => {
    const answer = await get(who, `/posts/${post}`);
    const token = /name="_csrf" value="([^"]+)"/.exec(answer.text)?.[1] ?? '';
    return { answer, token };
  };
  const send = (who: string, post: string, body: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${service.baseUrl}/posts/${post}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: visitors[who]!.cookies(), accept: 'text/html', ...headers },
      body: new URLSearchParams(body),
    });
  const statusOf = async (): Promise<unknown> =>
    (
      await asOwner(service.database, 'select status from practitioner where id = $1', [
        namedPerson('housing-officer').id,
      ])
    )[0]?.status;
  const suspend = { deed: 'suspend-person', reason: 'It is a test of refusals' };

  it('needs the form’s own token, from this site, in this session', async () => {
    const { token } = await form('administrator', postOfGateshead);
    const other = await form('elsewhere', postOfPolice);
    const attempts = [
      send('administrator', postOfGateshead, suspend),
      send('administrator', postOfGateshead, { ...suspend, _csrf: 'x'.repeat(60) }),
      send('administrator', postOfGateshead, { ...suspend, _csrf: other.token }),
      send('administrator', postOfGateshead, { ...suspend, _csrf: token }, { origin: 'https://elsewhere.example' }),
      send('administrator', postOfGateshead, { ...suspend, _csrf: token }, { 'sec-fetch-site': 'cross-site' }),
    ];
    const answers = await Promise.all(attempts);
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    expect(await answers[0]!.text()).toContain('Nothing was changed');
    expect(await statusOf()).toBe('active');
  });

  it('of another agency is not possible, nor without the capacity', async () => {
    const { token } = await form('elsewhere', postOfPolice);
    expect((await send('elsewhere', postOfGateshead, { ...suspend, _csrf: token })).status).toBe(404);
    expect((await send('officer', postOfGateshead, suspend)).status).toBe(403);
    expect((await send('practitioner', postOfGateshead, suspend)).status).toBe(403);
    expect((await send('nobody', postOfGateshead, suspend)).status).toBe(401);
    expect(await statusOf()).toBe('active');
  });

  it('of one’s own is for somebody else to do', async () => {
    const own = namedPerson('administrator').posts[0]!.id;
    const { answer } = await form('administrator', own);
    expect(answer.text).toContain('This is your own post');
    const { token } = await form('administrator', postOfGateshead);
    const refused = await send('administrator', own, { ...suspend, _csrf: token });
    expect([refused.status, (await refused.text()).includes('This is your own post')]).toEqual([403, true]);
  });

  it('keeps the reason that was typed when something is missing', async () => {
    const { token } = await form('administrator', postOfGateshead);
    const typed = '<b>Left & "gone"</b>';
    const answer = await send('administrator', postOfGateshead, { reason: typed, _csrf: token });
    const text = await answer.text();
    expect(answer.status).toBe(422);
    expect(text).toContain('Choose what to do');
    expect(text).toContain('&lt;b&gt;Left &amp; &quot;gone&quot;&lt;/b&gt;');
    const chosen = await (await send('administrator', postOfGateshead, { deed: 'suspend-post', _csrf: token })).text();
    expect(chosen).toContain('Say why');
    expect(chosen).toMatch(/value="suspend-post"\s+checked/);
  });

  it('shows what was typed when the form is refused as a whole, to its own page alone', async () => {
    const typed = { deed: 'suspend-post', reason: 'Typed with <care> & thought', _csrf: 'too old' };
    const shown = 'Typed with &lt;care&gt; &amp; thought';
    const own = { 'sec-fetch-site': 'same-origin' };
    const expired = await send('administrator', postOfGateshead, typed, own);
    expect([expired.status, (await expired.text()).includes(shown)]).toEqual([403, true]);
    const signedOut = await send('nobody', postOfGateshead, typed, own);
    expect([signedOut.status, (await signedOut.text()).includes(shown)]).toEqual([401, true]);
    for (const site of ['cross-site', 'same-site', '']) {
      const elsewhere = await send('nobody', postOfGateshead, typed, site === '' ? {} : { 'sec-fetch-site': site });
      expect(await elsewhere.text()).not.toContain('thought');
    }
  });

  it.each([
    ['/reviews/none', 'note'],
    ['/protocols/safeguarding-children/1/join', 'confidence'],
  ])('of a signed-out person shows what was typed at %s', async (page, box) => {
    const answer = await fetch(service.baseUrl + page, {
      method: 'POST',
      headers: { accept: 'text/html', 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ [box]: 'Thought up with care', _csrf: 'too old' }),
    });
    expect([answer.status, await answer.text()]).toEqual([401, expect.stringContaining('Thought up with care')]);
  });

  it('says so when the deed is not possible in the post’s state', async () => {
    const { token } = await form('administrator', postOfGateshead);
    const answer = await send('administrator', postOfGateshead, { ...suspend, deed: 'restore-post', _csrf: token });
    expect(answer.status).toBe(409);
    expect(await answer.text()).toContain('Somebody may have changed it meanwhile');
  });

  it('from a site that the browser does not name still needs the token, and with it works', async () => {
    const { token } = await form('administrator', postOfGateshead);
    const done = await send('administrator', postOfGateshead, {
      deed: 'suspend-post',
      reason: suspend.reason,
      _csrf: token,
    });
    expect([done.status, done.headers.get('location')]).toEqual([302, `/posts/${postOfGateshead}?done=1`]);
    const shown = await form('administrator', postOfGateshead);
    expect(shown.answer.text).toContain('Post suspended');
    await send('administrator', postOfGateshead, { deed: 'restore-post', reason: suspend.reason, _csrf: shown.token });
  });
});

describe('a session', () => {
  const name = 'wayleave-web-session';
  const home = async (cookie: string): Promise<number> =>
    (await fetch(`${service.baseUrl}/directory`, { redirect: 'manual', headers: { cookie, accept: 'text/html' } }))
      .status;
  const cookieOf = (browser: Browser): string =>
    browser
      .cookies()
      .split('; ')
      .find((pair) => pair.startsWith(`${name}=`)) ?? '';
  const fresh = async (): Promise<Browser> => {
    await forgetLastCode(service, traveller(service, 'teacher'));
    return openSession(service, 'teacher');
  };

  it('cannot be made up or changed', async () => {
    const cookie = cookieOf(visitors.practitioner!);
    expect(cookie).toMatch(/=[\w-]{43}$/);
    expect(await home(cookie)).toBe(200);
    for (const forged of [
      '',
      'x',
      cookie.slice(name.length + 1, -1),
      `${cookie.slice(name.length + 1)}A`,
      "' or true --",
      '%00',
    ]) {
      expect(await home(`${name}=${forged}`)).toBe(302);
    }
  });

  it('is kept from scripts and from other sites', async () => {
    const response = await fetch(`${service.baseUrl}/signed-out`, { headers: { cookie: `${name}=x` } });
    const [set = ''] = response.headers.getSetCookie().filter((cookie) => cookie.startsWith(name));
    expect(set.toLowerCase()).toContain('httponly');
    expect(set.toLowerCase()).toContain('samesite=lax');
  });

  it('ends after half an hour without a request, and after twelve hours in any case', async () => {
    for (const column of ['last_used_at', 'created_at']) {
      const cookie = cookieOf(await fresh());
      expect(await home(cookie)).toBe(200);
      await asOwner(
        service.database,
        `update web_session set ${column} = now() - $1::interval where practitioner = $2`,
        [column === 'created_at' ? '12 hours' : '30 minutes', namedPerson('teacher').id],
      );
      expect(await home(cookie)).toBe(302);
    }
  });

  it('ends when the person signs out, and the cookie’s old value opens nothing', async () => {
    const browser = await fresh();
    const cookie = cookieOf(browser);
    const question = await browser.open('/sign-out');
    expect(heading(question)).toBe('Do you want to sign out everywhere?');
    expect([...new URL(question.url).searchParams.keys()].sort()).toEqual([
      'client_id',
      'post_logout_redirect_uri',
      'state',
    ]);
    expect(await home(cookie)).toBe(200);
    const answer = await browser.submit(question, '/session/end/confirm', { logout: 'yes' });
    const { origin, pathname } = new URL(answer.url);
    expect([`${origin}${pathname}`, heading(answer)]).toEqual([`${service.baseUrl}/signed-out`, 'You are signed out']);
    expect(answer.text).toContain('in every partner system');
    expect(await home(cookie)).toBe(302);
  });

  it('is asked for under the name of the service, and the page that was wanted is kept, whatever name it was opened by', async () => {
    const { port } = new URL(service.baseUrl);
    const other = service.baseUrl.includes('localhost') ? '127.0.0.1' : 'localhost';
    const page = '/directory?name=hedley&agency=E08000037';
    const answer = await fetch(`http://${other}:${port}${page}`, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([
      302,
      `${service.baseUrl}/sign-in?next=${encodeURIComponent(page)}`,
    ]);
  });

  it('goes on where another site sends the person to the page that says it has ended', async () => {
    const [browser, other] = [await fresh(), await fresh()];
    const cookie = cookieOf(browser);
    const theirs = new URL((await other.open('/sign-out')).url).searchParams.get('state') ?? '';
    for (const query of ['', '?state=', '?state=guessed', `?state=${theirs}`, `?state=${theirs}&state=${theirs}`]) {
      const answer = await browser.open(`/signed-out${query}`);
      expect([query, answer.url]).toEqual([query, `${service.baseUrl}/`]);
      expect(await home(cookie)).toBe(200);
    }
  });

  it('can end here alone, and then the page says that the sign-in goes on elsewhere', async () => {
    const browser = await fresh();
    const cookie = cookieOf(browser);
    const answer = await browser.submit(await browser.open('/sign-out'), '/session/end/confirm');
    expect(heading(answer)).toBe('You are signed out of Wayleave');
    expect(await home(cookie)).toBe(302);
    // Signing in again asks for nothing: the sign-in goes on.
    expect((await browser.open('/sign-in')).url).toBe(`${service.baseUrl}/`);
  });

  it('ends with the identity provider’s session, however that ended', async () => {
    const cookie = cookieOf(await fresh());
    const [row] = await asOwner(
      service.database,
      'select identity_session as session from web_session where practitioner = $1 order by created_at desc limit 1',
      [namedPerson('teacher').id],
    );
    await asOwner(service.database, 'update oidc_payload set consumed_at = now() where uid = $1', [row?.session]);
    expect(await home(cookie)).toBe(302);
  });

  it('is replaced by the next sign-in in the same browser', async () => {
    const browser = await fresh();
    const former = cookieOf(browser);
    await browser.open('/sign-in');
    expect(cookieOf(browser)).not.toBe(former);
    expect([await home(former), await home(cookieOf(browser))]).toEqual([302, 200]);
  });
});

describe('after signing in', () => {
  it.each([
    '//elsewhere.example',
    '/\\elsewhere.example',
    '/.//elsewhere.example',
    '/x/..//elsewhere.example/',
    '/%2e//elsewhere.example',
    '/\t/elsewhere.example',
    'https://elsewhere.example/',
    'javascript:alert(1)',
    'elsewhere.example',
    '',
    '/[',
    'http://[',
  ])('the address %j does not lead out of the site', async (next) => {
    const answer = await visitors.practitioner!.open(`/sign-in?next=${encodeURIComponent(next)}`);
    expect(new URL(answer.url).origin).toBe(service.baseUrl);
    expect(answer.location).toBeUndefined();
  });

  it('the page that was wanted opens, with all of its address', async () => {
    const wanted = '/directory?name=O%27Neill&role=health-visitor';
    const answer = await visitors.practitioner!.open(`/sign-in?next=${encodeURIComponent(wanted)}`);
    expect(answer.url).toBe(service.baseUrl + wanted);
  });

  it('an answer that was not asked for, or came before, starts nothing', async () => {
    const stranger = createBrowser(service.baseUrl);
    expect((await stranger.send('/callback?code=abc&state=def')).location).toBe(`${service.baseUrl}/sign-in`);
    const begun = await stranger.send('/sign-in');
    expect(begun.status).toBe(302);
    const forged = await stranger.send('/callback?code=abc&state=def');
    expect([forged.status, heading(forged)]).toEqual([401, 'Sign-in is needed']);
  });

  it('stopping half-way leads back to the welcome page', async () => {
    const browser = createBrowser(service.baseUrl);
    const page = await browser.open('/sign-in');
    expect(heading(await browser.submit(page, '/cancel'))).toBe('Know who you are sharing with');
  });
});

describe('somebody with two posts', () => {
  it('chooses one, sees what it is, and can change it', async () => {
    const [police, charity] = traveller(service, 'two-posts').posts;
    const browser = await openSession(service, 'two-posts', { post: police! });
    const home = await browser.send('/');
    expect(home.text).toContain('Northumbria Police');
    expect(home.text).toContain('href="/sign-in?change-post"');
    const choice = await browser.open('/sign-in?change-post');
    expect(heading(choice)).toBe('Which post are you acting in?');
    const changed = await browser.submit(choice, '/post', { post: charity! });
    expect(changed.url).toBe(`${service.baseUrl}/`);
    expect(changed.text).toContain('Changing Lives');
    expect(changed.text).not.toContain('Northumbria Police');
  });

  it('is not offered a change where there is nothing to choose', async () => {
    expect((await get('practitioner', '/')).text).not.toContain('change-post');
  });
});
