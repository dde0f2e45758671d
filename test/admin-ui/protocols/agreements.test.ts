/** The registers that protocols make: agreements for the public, types of record, the map of flows; guides and who read them. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { namedPerson } from '../../../demo/region/people.ts';
import { assetsAsCsv } from '../../../policy/governance/publications/asset_register.ts';
import { AgreementList, AssetList } from '../../../policy/governance/publications/interface.ts';
import { remindOfNewVersions } from '../../../policy/governance/publications/remind.ts';
import { acknowledgeTraining, listTrained, listTraining } from '../../../policy/governance/publications/training.ts';
import type { RegisterState } from '../../../policy/register/chain/state.ts';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import { type Browser, createBrowser } from '../../support/idp/idp.ts';
import { asOwner, openSession } from '../../support/journeys/journey.ts';
import { police, protocolNamed, stateOf } from '../../support/policy/publish.ts';

let service: RunningApplication;
let nobody: Browser;
const people: Record<string, Browser> = {};

beforeAll(async () => {
  service = await startApplication();
  nobody = createBrowser(service.baseUrl);
  for (const key of ['emergency-doctor', 'siro', 'administrator', 'dpo']) people[key] = await openSession(service, key);
});
afterAll(() => service.close());

const heading = ({ text }: { text: string }): string => /<h1[^>]*>([^<]*)</.exec(text)?.[1]?.trim() ?? '';
const json = async (path: string): Promise<Record<string, unknown>> =>
  JSON.parse((await nobody.send(path)).text) as Record<string, unknown>;

describe('the public register of agreements', () => {
  it('needs no sign-in, and sends whoever has none to no other page', async () => {
    for (const path of [
      '/agreements',
      '/agreements/youth-offending',
      '/privacy/E23000007',
      '/agreements/youth-offending/privacy/E23000007',
    ]) {
      expect([path, (await nobody.send(path)).status]).toEqual([path, 200]);
    }
    for (const path of [
      '/assets',
      '/assets.csv',
      '/flows',
      '/flows.svg',
      '/training',
      '/protocols/youth-offending/1/documents',
    ]) {
      const { status, location } = await nobody.send(path);
      expect([path, status]).toEqual([path, 302]);
      expect(location).toContain('/sign-in?next=');
    }
  });

  it('is searched by subject, agency and state', async () => {
    const found = async (query: string): Promise<string[]> =>
      [
        ...(await nobody.send(`/agreements?${query}`)).text.matchAll(/<h3[^>]*><a[^>]*href="\/agreements\/([^"]+)"/g),
      ].map(([, id]) => id!);
    expect(await found('')).toHaveLength(5);
    expect(await found('subject=HOSPITAL')).toEqual(expect.arrayContaining(['hospital-discharge']));
    expect(await found('subject=older+charity')).toEqual(['hospital-discharge']);
    expect(await found('agency=CHARITY:702561')).toEqual(['hospital-discharge', 'north-east-framework']);
    expect(await found('state=stopped')).toEqual(['immunisation-catch-up']);
    expect(await found('state=ended')).toEqual([]);
    expect((await nobody.send('/agreements?state=nonsense')).status).toBe(422);
  });

  it('knows nothing of what still waits for a signature, or of what there is not', async () => {
    expect((await nobody.send('/agreements')).text).not.toContain('moving-between-areas');
    for (const path of [
      '/agreements/moving-between-areas',
      '/agreements/nothing',
      '/privacy/nobody',
      '/agreements/youth-offending/secret/E23000007',
    ]) {
      expect([path, (await nobody.send(path)).status]).toEqual([path, 404]);
    }
  });

  it('is there as data, page by page, with what was published and nothing else', async () => {
    type List = { agreements: { id: string; documents: { href: string }[] }[]; next: string | null };
    const ids: string[] = [];
    const links: string[] = [];
    for (let after: string | undefined = ''; after !== undefined;) {
      const page = (await json(`/policy/v1/agreements?limit=2${after && `&after=${after}`}`)) as List;
      expect(AgreementList.safeParse(page).error?.issues ?? []).toEqual([]);
      expect(page.agreements.length).toBeLessThanOrEqual(2);
      ids.push(...page.agreements.map(({ id }) => id));
      links.push(...page.agreements.flatMap(({ documents }) => documents.map(({ href }) => href)));
      after = page.next ?? undefined;
    }
    expect(ids).toHaveLength(5);
    expect(new Set(ids).size).toBe(5);
    expect(new Set(links.map((link) => link.replace(/^\/agreements\/([^/]+)\/.*\//, '$1 ')))).toEqual(
      new Set([
        'youth-offending E23000007',
        'safeguarding-children E08000037',
        'safeguarding-children RR7',
        'hospital-discharge RR7',
      ]),
    );
    for (const link of links) expect([link, (await nobody.send(link)).status]).toEqual([link, 200]);
  });
});

describe('the register of types of record', () => {
  it('is there as a page and as data, narrowed to one agency', async () => {
    const page = await people['emergency-doctor']!.send('/assets');
    for (const name of ['Child’s record', 'Custody record', 'Education, health and care plan'])
      expect(page.text).toContain(name);
    const own = await people['emergency-doctor']!.send('/assets?agency=CHARITY:702561');
    expect(own.text).toContain('Hospital discharge record');
    expect(own.text).not.toContain('Custody record');
    type Assets = { assets: { code: string; flows: { fields: string[] }[] }[] };
    const all = await json('/policy/v1/assets');
    expect(AssetList.safeParse(all).error?.issues ?? []).toEqual([]);
    const { assets } = all as Assets;
    expect(assets).toHaveLength(stateOf(service).assets.size);
    const given = assets.find(({ code }) => code === 'child-record')!.flows.flatMap(({ fields }) => fields);
    expect(given).toContain('health_needs');
    expect(given).not.toContain('birth_family');
    expect(((await json('/policy/v1/assets?agency=nobody')) as Assets).assets).toEqual([]);
  });

  it('is a CSV file of one’s own agency that no spreadsheet takes for formulas', async () => {
    const answer = await people.siro!.send('/assets.csv');
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toContain('records-E08000037.csv');
    expect(answer.text).toContain('"Child’s record"');
    const state = stateOf(service);
    for (const wild of ['=1+1', '+cmd|calc', '-2+3', '@SUM(A1)', '\t=1', '\r=1', ' =1', 'a"b,c\nd']) {
      const csv = assetsAsCsv(renamed(state, wild), 'E08000037');
      const cells = [...csv.matchAll(/"((?:[^"]|"")*)"/g)].map(([, cell]) => cell!.replaceAll('""', '"'));
      expect(cells.some((cell) => cell.includes(wild))).toBe(true);
      expect(cells.filter((cell) => /^\s*[=+\-@]/.test(cell))).toEqual([]);
      expect(csv.replaceAll(/"(?:[^"]|"")*"/g, '').replaceAll(/[,\r\n]/g, '')).toBe('');
    }
  });
});

/** The state with every protocol's title another. */
function renamed(state: RegisterState, title: string): RegisterState {
  const protocols = [...state.protocols].map(
    ([hash, one]) => [hash, { ...one, document: { ...one.document, title } }] as const,
  );
  return { ...state, protocols: new Map(protocols) };
}

describe('the map of flows', () => {
  it('is a picture of its own and a table with the same numbers, whose links all lead somewhere', async () => {
    const doctor = people['emergency-doctor']!;
    const svg = await doctor.send('/flows.svg');
    expect(svg.headers.get('content-type')).toContain('image/svg+xml');
    const { text } = await doctor.send('/flows');
    const rows = [...text.matchAll(/id="flow-(\d+)"/g)].map(([, number]) => number);
    const drawn = [...svg.text.matchAll(/font-weight="700" fill="#ffffff">(\d+)</g)].map(([, number]) => number);
    expect(rows.length).toBeGreaterThan(10);
    expect(drawn).toEqual(rows);
    const hrefs = [
      ...new Set([...svg.text.matchAll(/href="([^"]+)"/g)].map(([, href]) => href!.replaceAll('&amp;', '&'))),
    ];
    for (const href of hrefs) {
      const { status, text: page } = await doctor.send(href);
      const [, anchor] = href.split('#');
      expect([href, status, anchor === undefined || page.includes(`id="${anchor}"`)]).toEqual([href, 200, true]);
    }
  });

  it('is narrowed by purpose, protocol and agency, and says so where nothing is left', async () => {
    const rows = async (query: string): Promise<number> =>
      [...(await people.siro!.send(`/flows?${query}`)).text.matchAll(/id="flow-\d+"/g)].length;
    const all = await rows('');
    expect(await rows('purpose=early-help')).toBe(2);
    expect(await rows('protocol=youth-offending')).toBeLessThan(all);
    expect(await rows('agency=CHARITY:702561')).toBe(1);
    expect(await rows('open=health')).toBeGreaterThan(all);
    expect((await people.siro!.send('/flows?agency=URN:136352')).text).toContain('Nothing flows like that');
    expect((await people.siro!.send(`/flows?open=${'x'.repeat(100)}`)).status).toBe(422);
  });
});

describe('a document for the public', () => {
  it('is approved and taken back on its page by a data protection officer, and by nobody else', async () => {
    const path = '/protocols/safeguarding-children/1/documents/privacy';
    const dpo = people.dpo!;
    const page = await dpo.send(path);
    const otherTab = await dpo.send(path);
    expect(page.text).toContain('Approve this text for the public');
    const approved = await dpo.submit(page, '/documents/privacy', { deed: 'approve' });
    expect(approved.text).toContain('You approved it');
    expect((await nobody.send('/agreements/safeguarding-children/privacy/E23000007')).status).toBe(200);
    // The same form again, as by a second click, is the same act; another form of the same text comes too late.
    expect((await dpo.submit(page, '/documents/privacy', { deed: 'approve' })).url).toBe(approved.url);
    expect((await dpo.submit(otherTab, '/documents/privacy', { deed: 'approve' })).status).toBe(409);
    const back = await dpo.submit(approved, '/documents/privacy', { deed: 'withdraw' });
    expect(back.text).toContain('You took your approval back');
    expect(back.text).toContain('Kept private');
    const leaflet = await dpo.send(path.replace('privacy', 'leaflet'));
    const kept = await dpo.submit(leaflet, '/documents/leaflet', { deed: 'keep' });
    expect(kept.text).toContain('It is kept private.');
    expect(kept.text).not.toContain('Keep it private');
    expect(kept.text).toContain('Approve this text for the public');
    expect((await dpo.submit(page, '/documents/privacy', { deed: 'anything' })).status).toBe(400);
    expect((await dpo.submit(page, '/documents/privacy', { deed: 'approve', text: 'A'.repeat(43) })).status).toBe(409);
    const siro = await people.siro!.send(path);
    expect(siro.text).not.toContain('Approve this text');
    const guide = await people.siro!.send('/protocols/safeguarding-children/1/guide');
    const token = /name="_csrf" value="([^"]+)"/.exec(guide.text)?.[1];
    const unpublished = '/protocols/hospital-discharge/1/documents/privacy';
    const forced = await people.siro!.send(unpublished, { _csrf: token ?? '', deed: 'approve', text: 'A'.repeat(43) });
    expect(forced.status).toBe(403);
    expect((await nobody.send('/agreements/hospital-discharge/privacy/E08000037')).status).toBe(404);
  });

  it('is not there for an agency that is no party, nor under a name that no document has', async () => {
    expect((await people.dpo!.send('/protocols/hospital-discharge/1/documents')).text).toContain('nothing to publish');
    for (const path of [
      '/protocols/hospital-discharge/1/documents/privacy',
      '/protocols/youth-offending/1/documents/consent-form',
      '/protocols/youth-offending/1/documents/secret',
      '/protocols/none/1/documents',
      '/protocols/youth-offending/9/guide',
    ]) {
      expect([path, (await people.dpo!.send(path)).status]).toEqual([path, 404]);
    }
  });
});

describe('guides and who has read them', () => {
  const doctor = namedPerson('emergency-doctor');

  it('are read by each job for itself, and said to be read once for each version', async () => {
    const browser = people['emergency-doctor']!;
    expect(heading(await browser.send('/training'))).toBe('Your guides');
    const guide = await browser.send('/protocols/safeguarding-children/1/guide');
    expect(heading(guide)).toBe('Emergency department doctor: what you may see, and what to do');
    const done = await browser.submit(guide, '/training');
    expect(done.text).toContain('It is written down that you read it');
    await browser.submit(guide, '/training');
    const rows = await asOwner(
      service.database,
      `select version, role from training_acknowledgement where practitioner = $1`,
      [doctor.id],
    );
    expect(rows).toEqual([{ version: 1, role: 'emergency-department-doctor' }]);
    const logged = await asOwner(service.database, `select 1 from log_content where event = 'training.acknowledged'`);
    expect(logged).toHaveLength(1);
    expect((await browser.send('/protocols/safeguarding-children/1/guide')).text).not.toContain(
      'I have read this guide',
    );
  });

  it('cannot be acknowledged for a protocol that gives the job nothing', async () => {
    const guide = await people['emergency-doctor']!.send('/protocols/safeguarding-children/1/guide');
    const token = /name="_csrf" value="([^"]+)"/.exec(
      (await people.dpo!.send('/protocols/youth-offending/1/documents/privacy')).text,
    )?.[1];
    const { hash } = protocolNamed(stateOf(service), 'youth-offending');
    expect((await people.dpo!.send('/training', { _csrf: token!, protocol: hash })).status).toBe(409);
    expect((await people.dpo!.send('/training', { _csrf: token! })).status).toBe(400);
    expect(guide.text).not.toContain('youth-offending');
  });

  it('are asked for again when a new version comes in force', async () => {
    const state = stateOf(service);
    const first = protocolNamed(state, 'safeguarding-children');
    const next = { ...first, hash: 'N'.repeat(43), document: { ...first.document, version: 2 } };
    const protocols = new Map([
      ...state.protocols,
      [first.hash, { ...first, status: 'superseded' as const }],
      [next.hash, next],
    ]);
    const later = { ...state, protocols };
    const trainee = {
      agency: 'RR7',
      practitioner: doctor.id,
      post: doctor.posts[0]!.id,
      role: 'emergency-department-doctor',
    };
    const { db, log } = service.ground;
    const [mine] = await listTraining(db, later, trainee);
    expect(mine).toMatchObject({ state: 'new-version', lastVersion: 1 });
    const about = (await listTrained(db, later, 'RR7', next)).find(({ practitioner }) => practitioner === doctor.id);
    expect(about).toMatchObject({ lastVersion: 1 });
    expect(about).not.toHaveProperty('acknowledgedAt');
    const remind = (): Promise<number> => remindOfNewVersions(db, { state: () => later }, service.baseUrl);
    expect([await remind(), await remind()]).toEqual([1, 0]);
    await acknowledgeTraining(log, later, trainee, next.hash);
    expect((await listTraining(db, later, trainee))[0]).toMatchObject({ state: 'read' });
    await expect(acknowledgeTraining(log, later, trainee, first.hash)).rejects.toMatchObject({ code: 'no-such-guide' });
  });

  it('are shown person by person to administrators of the agency, and only theirs', async () => {
    expect((await people['emergency-doctor']!.send('/training/people')).status).toBe(403);
    expect((await people.siro!.send('/training/people')).status).toBe(403);
    const council = await people.administrator!.send('/training/people?protocol=safeguarding-children');
    expect(council.text).toMatch(/0 of \d+ people of Gateshead Council/);
    expect(council.text).not.toContain(doctor.id);
    expect((await people.administrator!.send('/training/people?state=read')).text).toContain('Nobody.');
    expect((await people.administrator!.send('/training/people?state=other&page=0')).status).toBe(422);
    const { db } = service.ground;
    const state = stateOf(service);
    const trained = await listTrained(db, state, 'RR7', protocolNamed(state, 'safeguarding-children'));
    expect(trained.find(({ practitioner }) => practitioner === doctor.id)?.acknowledgedAt).toBeGreaterThan(0);
    expect(trained.filter(({ acknowledgedAt }) => acknowledgedAt !== undefined)).toHaveLength(1);
    expect(await listTrained(db, state, police, protocolNamed(state, 'hospital-discharge'))).toEqual([]);
  });
});
