/**
 * The whole service with the demo region: what is not for the reader costs and says what does not exist would, on every interface
 * and page; two readers share no pseudonym; a team that is not listed shows through no door outside its agency.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { namedPerson } from '../../demo/region/people.ts';
import { subjectOf } from '../../demo/facts.ts';
import { seal } from '../../platform/keys/envelope.ts';
import { findEntry } from '../../platform/log/read.ts';
import { uuidv7 } from '../../platform/uuid.ts';
import { createPseudonym } from '../../policy/decisions/involvement/pseudonym.ts';
import { type RunningApplication, startApplication } from '../support/application/application.ts';
import { aPost, aPractitioner, aStaffedAgency, aTeam, load } from '../support/directory/directory.ts';
import type { Browser } from '../support/idp/idp.ts';
import { asOwner, openSession } from '../support/journeys/journey.ts';
import { type Answer, send } from '../support/platform/web.ts';
import { leaner, type Seen, see, tellApart } from './told_apart.ts';

let service: RunningApplication;
const tokens = new Map<string, string>();
const browsers = new Map<string, Browser>();
const readers = ['siro', 'dpo', 'caldicott-guardian', 'housing-officer', 'school-nurse', 'police-officer'];

beforeAll(async () => {
  service = await startApplication();
  for (const partner of service.manifest.partners) tokens.set(partner.client_id, await fetchToken(partner));
  for (const key of readers) browsers.set(key, await openSession(service, key));
});
afterAll(() => service.close());

async function fetchToken({ client_id: id, client_secret: secret, scopes }: Partner): Promise<string> {
  const response = await fetch(`${service.config.issuer}/token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: scopes.filter((scope) => /^(decisions|audit|directory)/.test(scope)).join(' '),
    }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}
type Partner = RunningApplication['manifest']['partners'][number];

/** What a partner system sends; a page, where `client` is a person. */
const call = (client: string, path: string, body?: object): Promise<Answer> =>
  send(`${service.baseUrl}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { Authorization: `Bearer ${tokens.get(client)}`, 'Content-Type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
const page = async (key: string, path: string): Promise<Answer> => {
  const { status, headers, text } = await browsers.get(key)!.send(path);
  return { status, headers: Object.fromEntries(headers), text, json: () => undefined };
};

type Decided = { decision: boolean; context: { id: string; obligations: unknown[] } };
const ask = async (client: string, request: object): Promise<Decided> =>
  (await call(client, '/access/v1/evaluation', request)).json() as Decided;
const example = (fits: (one: RunningApplication['manifest']['examples'][number]) => boolean) =>
  service.manifest.examples.find(fits)!;

describe('what is not for the reader says and costs what there is not:', () => {
  /** Ids of decisions with duties that the ward's system was given, for a housing officer of Gateshead. */
  async function theirs(): Promise<string[]> {
    const [request] = await Promise.all(
      service.manifest.examples
        .filter(({ partner, expect: { decision } }) => partner === 'wardview-gateshead-health' && decision)
        .map(async ({ request }) =>
          (await ask('wardview-gateshead-health', request)).context.obligations.length > 0 ? [request] : [],
        ),
    ).then((all) => all.flat());
    const { subject: _, ...rest } = request as { subject: object };
    const many = {
      ...request,
      evaluations: [{}, { resource: { ...(rest as { resource: object }).resource, id: 'X-2' } }],
    };
    const list = (await call('wardview-gateshead-health', '/access/v1/evaluations', many)).json() as {
      evaluations: Decided[];
    };
    const one = await ask('wardview-gateshead-health', request as object);
    return [one.context.id, ...list.evaluations.map(({ context }) => context.id)];
  }
  async function expectUnseen(ids: string[], open: (id: string) => Promise<Answer>): Promise<void> {
    const doors = Object.fromEntries(
      [...ids, 'none'].map((id) => [id, () => see(() => open(id === 'none' ? uuidv7() : id))]),
    );
    expect((await open(ids[0]!)).status).toBe(404);
    expect(await tellApart(doors)).toEqual([[...ids, 'none']]);
  }
  const acknowledge = { obligations: [{ id: 'tell-the-ward', state: 'done' }] };
  const doors: [string, (id: string) => Promise<Answer>][] = [
    ['the audit, for another agency’s system', (id) => call('custody-northumbria-police', `/audit/v1/decisions/${id}`)],
    ['duties, for another system', (id) => call('casebook-gateshead', `/access/v1/obligations/${id}`)],
    ['saying that they were done', (id) => call('casebook-gateshead', `/access/v1/obligations/${id}`, acknowledge)],
    ['the page of a decision, for somebody of another agency', (id) => page('school-nurse', `/decisions/${id}`)],
    ['the page of a decision, for an officer of another agency', (id) => page('dpo', `/decisions/${id}`)],
    ['an entry of the log, for an officer of another agency', (id) => page('dpo', `/log/${id}`)],
  ];
  test.each(doors)('%s', async (_name, open) => {
    await expectUnseen(await theirs(), open);
  });

  test('the page of a decision, for a colleague whom it was not made for', async () => {
    const { request } = example(
      ({ partner, request }) =>
        partner === 'wardview-gateshead-health' &&
        (request as { subject: { id: string } }).subject.id === namedPerson('hospital-social-worker').id,
    );
    const ids = await Promise.all(
      [1, 2, 3].map(async () => (await ask('wardview-gateshead-health', request)).context.id),
    );
    await expectUnseen(ids, (id) => page('housing-officer', `/decisions/${id}`));
  });

  test('a review, for officers of another agency', async () => {
    const rows = await asOwner(service.database, `select id from override_review where agency = 'E08000037' limit 3`);
    expect(rows.length).toBeGreaterThan(0);
    await expectUnseen(
      rows.map(({ id }) => String(id)),
      (id) => page('caldicott-guardian', `/reviews/${id}`),
    );
  });
});

describe('a data subject', () => {
  const person = subjectOf('GC-1003');
  const other = subjectOf('GC-1004');
  const inner = (): string => createPseudonym(service.config.masterKey)(person);
  const about = (client: string, subject: object, id: string): Promise<Decided> => {
    const { request } = example(({ partner }) => partner === client);
    const { resource, ...rest } = request as { resource: { properties: object } };
    return ask(client, {
      ...rest,
      resource: { ...resource, id, properties: { ...resource.properties, data_subject: subject } },
    });
  };
  const audit = async (client: string, id: string) => {
    const { text } = await call(client, `/audit/v1/decisions/${id}`);
    return { text, found: JSON.parse(text) as { data_subject: string; salt: string | null; committed: object | null } };
  };
  /** Long texts that stand in both. */
  const shared = (one: string, two: string): string[] => {
    const long = (text: string): string[] => text.match(/[\w-]{40,}/g) ?? [];
    return [...new Set(long(one).filter((text) => long(two).includes(text)))];
  };

  const names: [string, string][] = [
    ['under a reference', 'X-1'],
    ['under the person’s own number', person.value],
  ];
  test.each(names)('bears another pseudonym for each partner system, %s', async (_name, id) => {
    const [first, again] = [
      await about('casebook-gateshead', person, id),
      await about('casebook-gateshead', person, 'X-9'),
    ];
    const [second, stranger] = [
      await about('wardview-gateshead-health', person, id),
      await about('wardview-gateshead-health', other, 'X-1'),
    ];
    const read = await audit('casebook-gateshead', first.context.id);
    expect(read.found.data_subject).toMatch(/^[\w-]{43}$/);
    expect((await audit('casebook-gateshead', again.context.id)).found.data_subject).toBe(read.found.data_subject);
    const ward = await audit('wardview-gateshead-health', second.context.id);
    const nobody = await audit('wardview-gateshead-health', stranger.context.id);
    expect(ward.found.data_subject).not.toBe(nobody.found.data_subject);
    // What the two have in common they have with a record about somebody else, too: the register, a protocol, the log.
    const always = shared(read.text, nobody.text);
    expect(shared(read.text, ward.text).filter((text) => !always.includes(text))).toEqual([]);
    for (const { text } of [read, ward]) for (const name of [inner(), person.value]) expect(text).not.toContain(name);
  });

  test('bears another pseudonym for officers of each agency, on every page that shows one', async () => {
    const [first, second] = [
      await about('casebook-gateshead', person, person.value),
      await about('wardview-gateshead-health', person, person.value),
    ];
    const pages = {
      siro: [`/log/${first.context.id}`, `/decisions/${first.context.id}`, '/log', '/log.csv', '/'],
      'caldicott-guardian': [`/log/${second.context.id}`, `/decisions/${second.context.id}`, '/log', '/log.csv', '/'],
    };
    const texts: string[] = [];
    for (const [key, paths] of Object.entries(pages)) {
      const read = await Promise.all(paths.map((path) => page(key, path)));
      expect(read.map(({ status }) => status)).toEqual(paths.map(() => 200));
      texts.push(read.map(({ text }) => text).join('\n'));
    }
    const own = texts.map((text) => /data_subject[^:]+: [^\w-]*(?:quot;)?([\w-]{43})/.exec(text)?.[1]);
    expect(own[0]).toBeDefined();
    expect(own[1]).toBeDefined();
    expect(texts[0]).not.toContain(own[1]);
    expect(texts[1]).not.toContain(own[0]);
    for (const text of texts) for (const name of [inner(), person.value]) expect(text).not.toContain(name);
    // Nothing sealed is on any of them.
    for (const text of texts) expect(text).not.toMatch(/sealed[^:]*: [^\w]*[\w+/]{60,}/);
    // The list is narrowed to the person by the name that the officer reads.
    const narrowed = await page('siro', `/log?record=${own[0]}`);
    expect(narrowed.text).toContain(`/log/${first.context.id}`);
    expect((await page('siro', `/log?record=${own[1]}`)).text).not.toContain(`/log/${first.context.id}`);
  });

  test('whose own number names the record has no other name in the queue of reviews', async () => {
    await asOwner(service.database, `update override_review set resource = subject where agency = 'E08000037'`);
    const [row] = await asOwner(service.database, `select id, subject from override_review where agency = 'E08000037'`);
    for (const path of ['/reviews', `/reviews/${String(row!.id)}`]) {
      const { status, text } = await page('siro', path);
      expect(status).toBe(200);
      expect(text).not.toContain(String(row!.subject));
      expect(text).toMatch(/record [\w-]{43}/i);
    }
  });

  test('whose sealed text somebody changed by hand is shown to nobody, and that it was changed to everybody', async () => {
    const { context } = await about('casebook-gateshead', person, 'X-1');
    await asOwner(
      service.database,
      `update log_content set sealed = sealed || 'x' from log_leaf leaf
       where leaf.log = log_content.log and leaf.position = log_content.position and leaf.id = $1`,
      [context.id],
    );
    expect((await audit('casebook-gateshead', context.id)).found).toMatchObject({ intact: false, data_subject: null });
    expect((await page('siro', `/log/${context.id}`)).text).toContain('Somebody changed it by hand');
    expect((await page('siro', `/decisions/${context.id}`)).status).toBe(200);
  });

  test('of a record of the first form is shown through the same door, and what was sealed within it to nobody', async () => {
    const { masterKey } = service.config;
    const { context } = await about('casebook-gateshead', person, 'X-1');
    const { actor, agencies, subject, content } = (await findEntry(
      service.ground.db,
      { reading: 'audit' },
      context.id,
    ))!;
    const id = uuidv7();
    const request = content!.request as { resource: object };
    const explanation = { attributes: { case_status: 'open' }, clauses: [], prohibitions: [] };
    const sealed = seal(masterKey, `decision ${id}`, Buffer.from(JSON.stringify(explanation))).toString('base64');
    const earlier = {
      ...content,
      request: { ...request, resource: { ...request.resource, data_subject: inner() } },
      sealed,
    };
    await service.ground.log.append({
      id,
      event: 'decision',
      actor: actor!,
      agencies,
      subject: subject!,
      content: earlier,
    });
    const { text, found } = await audit('casebook-gateshead', id);
    expect(found).toMatchObject({ intact: true, committed: null, salt: null });
    expect(found.data_subject).toBe((await audit('casebook-gateshead', context.id)).found.data_subject);
    const shown = await page('siro', `/log/${id}`);
    const explained = await page('siro', `/decisions/${id}`);
    expect([shown.status, explained.status]).toEqual([200, 200]);
    for (const one of [text, shown.text, explained.text]) {
      expect(one).not.toContain(inner());
      expect(one).not.toContain(sealed.slice(0, 60));
    }
    expect(explained.text).toMatch(/For officers of .+ only/);
  });
});

describe('a team that is not listed', () => {
  const hidden = Array.from({ length: 3 }, (_, index) =>
    aPractitioner({
      name: 'Hildegard Quillfeather',
      registrations: [
        {
          body: 'GMC',
          number: `700000${index}`,
          source: 'test',
          checked: { by: 'Gateshead Health', at: 1_780_000_000 },
        },
      ],
    }),
  );
  const search = (limit: number) => ({
    subject: { type: 'practitioner' },
    action: { name: 'read' },
    resource: {
      type: 'child-record',
      id: 'GC-1001',
      properties: { agency: 'E08000037', age_years: 4, fields: ['allocated_worker'] },
    },
    context: { purpose: 'emergency-care' },
    page: { limit },
  });
  const name = 'Hildegard%20Quillfeather';
  const like = 'Hildegarde%20Quilfether';
  const [one] = hidden;
  const nobody = uuidv7();
  const doors: [string, () => Promise<Answer>][] = [
    [
      'the search for who may see something',
      () => call('casebook-gateshead', '/access/v1/search/subject', search(100)),
    ],
    ['a short page of it', () => call('casebook-gateshead', '/access/v1/search/subject', search(2))],
    [
      'the directory, by a name like theirs',
      () => call('casebook-gateshead', `/directory/v1/practitioners?name=${like}`),
    ],
    ['the directory, by name', () => call('casebook-gateshead', `/directory/v1/practitioners?name=${name}`)],
    [
      'the directory, by role',
      () => call('casebook-gateshead', '/directory/v1/practitioners?agency=RR7&role=emergency-department-doctor'),
    ],
    ['an agency with its teams', () => call('casebook-gateshead', '/directory/v1/agencies/RR7')],
    ['the page of the directory, by name', () => page('siro', `/directory?name=${name}`)],
    [
      'the page of the directory, by role',
      () => page('siro', '/directory?agency=RR7&role=emergency-department-doctor'),
    ],
    ['the page of an agency', () => page('siro', '/agencies/RR7')],
    ['who can see it', () => page('siro', '/who-can-see?topic=child-record+read+emergency-care')],
    ['the log, by name', () => page('siro', `/log?person=${name}`)],
    ['trying a decision, by name', () => page('siro', `/try-a-decision?name=${name}`)],
  ];
  const byId: [string, (id: string) => Promise<Answer>][] = [
    ['an entry', (id) => call('casebook-gateshead', `/directory/v1/practitioners/${id}`)],
    ['the page of an entry', (id) => page('siro', `/directory/${id}`)],
    ['trying a decision', (id) => page('siro', `/try-a-decision?who=${id}`)],
    ['the log', (id) => page('siro', `/log?who=${id}`)],
  ];
  const before = new Map<string, Seen>();
  // A paging token holds a moment and the log's epoch, whose digits make it longer or shorter.
  const look = (open: () => Promise<Answer>): Promise<Seen> =>
    see(open, (text) => text.replace(/"next_token":"[^"]+"/, '"next_token":"another page"'));

  beforeAll(async () => {
    for (const [door, open] of doors)
      for (let time = 0; time < 3; time += 1) before.set(door, leaner(before.get(door), await look(open)));
    const team = aTeam({ name: 'Refuge', listed: false });
    const posts = hidden.map(({ id }) =>
      aPost({ practitioner: id, team: team.id, role: 'emergency-department-doctor' }),
    );
    await load(
      service.ground.log,
      aStaffedAgency(hidden, {
        code: 'RR7',
        codeSystem: 'ods',
        kind: 'health',
        name: 'Gateshead Health',
        teams: [team],
        posts,
      }),
    );
  });

  test.each(doors)('changes nothing in %s', async (door, open) => {
    const { statements, trips, ...was } = before.get(door)!;
    let seen = await look(open);
    for (let time = 0; time < 15 && (seen.statements.length > statements.length || seen.trips > trips); time += 1)
      seen = leaner(seen, await look(open));
    // 422: a page that says that nobody of that name is found.
    expect([200, 422]).toContain(seen.status);
    expect(seen).toMatchObject(was);
    expect(seen.statements.length).toBeLessThanOrEqual(statements.length);
    expect(seen.trips).toBeLessThanOrEqual(trips);
  });

  test.each(byId)('has nobody in it, for whoever knows an id, in %s', async (_door, open) => {
    const looks = { hidden: () => see(() => open(one!.id)), nobody: () => see(() => open(nobody)) };
    expect(await tellApart(looks)).toEqual([['hidden', 'nobody']]);
  });

  test('has people who are decided about like anybody else', async () => {
    const { subject: _, page: __, ...question } = search(1);
    const { decision } = await ask('casebook-gateshead', {
      ...question,
      subject: { type: 'practitioner', id: one!.id },
    });
    expect(decision).toBe(true);
  });
});

describe('pages about a decision tell nothing of', () => {
  // Without a sign-in the clause asks for one, whatever else is so; what the record says of itself is not on any page.
  const worlds = {
    'a protected address': { record: 'GC-1001', attributes: { address_protected: true } },
    'an address like any other': { record: 'GC-1001', attributes: { address_protected: false } },
    'a closed case': { record: 'GC-1001', attributes: { case_status: 'closed' } },
    'somebody who refused': { record: 'GC-1005', attributes: {} },
    'somebody never asked': { record: 'GC-1003', attributes: {} },
  };
  const police = namedPerson('police-officer');
  const decideIn = async ({ record, attributes }: (typeof worlds)[keyof typeof worlds]): Promise<string> => {
    const properties = { case_status: 'opened', age_years: 4, address_protected: false, ...attributes };
    const { context } = await ask('casebook-gateshead', {
      subject: { type: 'practitioner', id: police.id, properties: { post: police.posts[0]!.id } },
      action: { name: 'read' },
      resource: {
        type: 'child-record',
        id: 'GC-1',
        properties: {
          ...properties,
          agency: 'E08000037',
          data_subject: subjectOf(record),
          fields: ['address', 'household'],
        },
      },
      context: { purpose: 'safeguarding-children' },
    });
    return context.id;
  };
  /** Without the proof, which grows with the log; a pseudonym is of one length. */
  const shown = (text: string): string =>
    text.replace(/<h2[^>]*id="proof"[^]*?(<h2|<footer)/, '$1').replaceAll(/(Entry )?\d+ of \d+|Entry \d+/g, 'a place');

  test.each([
    ['the person whom it was made for', 'police-officer', '/decisions/'],
    ['an officer of their agency', 'dpo', '/decisions/'],
    ['an officer of their agency, in the log', 'dpo', '/log/'],
  ])('the person concerned, for %s', async (_name, key, path) => {
    const looks = Object.entries(worlds).map(
      ([name, world]) =>
        [name, async () => decideIn(world).then((id) => see(() => page(key, path + id), shown))] as const,
    );
    expect(await tellApart(Object.fromEntries(looks))).toEqual([Object.keys(worlds)]);
  });
});
