/** Home: what waits for each kind of user, and that every way from there leads somewhere. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openConsultation } from '../../../policy/governance/drafts/consultation.ts';
import { createDraft } from '../../../policy/governance/drafts/create_draft.ts';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import type { Browser } from '../../support/idp/idp.ts';
import { openSession, traveller } from '../../support/journeys/journey.ts';
import { askWith, stated, userToken } from '../../support/policy/override.ts';
import { police, publishForPolice } from '../../support/policy/publish.ts';

const people = ['emergency-doctor', 'council-sharing-officer', 'siro', 'dpo', 'administrator', 'headteacher'] as const;

let service: RunningApplication;
const visitors = {} as Record<(typeof people)[number], Browser>;

beforeAll(async () => {
  service = await startApplication();
  for (const key of people) visitors[key] = await openSession(service, key);
});
afterAll(() => service.close());

const homeOf = async (key: (typeof people)[number]): Promise<string> => {
  const { text } = await visitors[key].send('/');
  return /<main[\s\S]*<\/main>/.exec(text)![0];
};
/** What stands between "Waiting for" and the next heading, as words. */
const waitingFor = async (key: (typeof people)[number]): Promise<string | undefined> => {
  const [, , list] = (await homeOf(key)).split(/<h2[^>]*>\s*(Waiting for [^<]*)<\/h2>/);
  const words = list?.split('<h2')[0]?.replaceAll(/<[^>]+>/g, ' ');
  return words?.replaceAll(/\s+/g, ' ').trim();
};

describe('what waits', () => {
  it('is nothing that a practitioner is shown', async () => {
    expect(await waitingFor('emergency-doctor')).toBeUndefined();
  });

  it('is an override on the agency’s records for its officers, and not for its administrator', async () => {
    const before = Number(/(\d+) overrides? on/.exec((await waitingFor('siro')) ?? '')?.[1] ?? 0);
    await askWith(service, 'health-visitor', await userToken(service, 'health-visitor'), stated, { record: 'GC-1004' });
    const line = new RegExp(String.raw`To review ${before + 1} overrides? on your agency’s records`);
    expect(await waitingFor('siro')).toMatch(line);
    expect(await waitingFor('council-sharing-officer')).toMatch(line);
    expect(await waitingFor('administrator')).not.toContain('To review');
  });

  it('is a draft that another agency asks about, and no draft of one’s own', async () => {
    const { db, log, clock } = service.ground;
    const context = { db, log, clock, register: service.register };
    const actor = { agency: police, practitioner: traveller(service, 'dpo').id };
    const parties = [police, 'E08000037', 'RR7'];
    const id = await createDraft(context, actor, { template: 'youth-justice', parties });
    const line = `href="/drafts/${id}"`;
    expect(await homeOf('siro')).not.toContain(line);
    await openConsultation(context, actor, id);
    expect(await homeOf('siro')).toContain(line);
    expect(await homeOf('dpo')).not.toContain(line);
    expect(await homeOf('headteacher')).not.toContain(line);
  });

  it('is what the data protection officer has not decided about, until it is public or kept private', async () => {
    const line = 'for the public: Safeguarding children in Gateshead and Newcastle';
    expect(await waitingFor('dpo')).toContain(`4 documents ${line}`);
    const path = '/protocols/safeguarding-children/1/documents/leaflet';
    await visitors.dpo.submit(await visitors.dpo.send(path), '/documents/leaflet', { deed: 'keep' });
    expect(await waitingFor('dpo')).toContain(`3 documents ${line}`);
    await publishForPolice(service, 'safeguarding-children');
    expect(await waitingFor('dpo')).not.toContain(line);
    expect(await waitingFor('siro')).not.toContain('for the public');
  });
});

it('a protocol’s page leads to its guide and documents only where the agency takes part', async () => {
  for (const [key, id, leads] of [
    ['emergency-doctor', 'safeguarding-children', true],
    ['emergency-doctor', 'youth-offending', false],
    ['dpo', 'youth-offending', true],
    ['headteacher', 'safeguarding-children', false],
  ] as const) {
    const { text } = await visitors[key].send(`/protocols/${id}/1`);
    for (const page of ['guide', 'documents']) {
      expect([key, id, page, text.includes(`href="/protocols/${id}/1/${page}"`)]).toEqual([key, id, page, leads]);
    }
  }
});

it.each(people)('every link of the Home of %s opens', async (key) => {
  const paths = [...(await homeOf(key)).matchAll(/href="(\/[^"]*)"/g)].map(([, path]) => path!);
  expect(paths.length).toBeGreaterThan(0);
  const opened = await Promise.all(paths.map(async (path) => [path, (await visitors[key].send(path)).status]));
  expect(opened).toEqual(paths.map((path) => [path, 200]));
});
