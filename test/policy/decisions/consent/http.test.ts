/** Consent for partner systems: a casework system records what a family says, and reads what is on record. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { subjectOf } from '../../../../demo/facts.ts';
import { FindResponse } from '../../../../policy/decisions/consent/shapes.ts';
import { type RunningApplication, startApplication } from '../../../support/application/application.ts';
import { asOwner, askDecision } from '../../../support/journeys/journey.ts';

let service: RunningApplication;
let token: string;

beforeAll(async () => {
  service = await startApplication();
  token = await tokenFor('casebook-gateshead', 'consent');
});
afterAll(() => service.close());

async function tokenFor(clientId: string, scope: string): Promise<string> {
  const partner = service.manifest.partners.find(({ client_id: id }) => id === clientId)!;
  const credentials = Buffer.from(`${clientId}:${partner.client_secret}`).toString('base64');
  const response = await fetch(`${service.config.issuer}/token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${credentials}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

type Called = { status: number; body: Record<string, unknown>; text: string };

async function call(path: string, body: object, bearer = token): Promise<Called> {
  const response = await fetch(`${service.baseUrl}/policy/v1/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, text, body: JSON.parse(text) as Record<string, unknown> };
}

const about = () => ({
  agency: 'E08000037',
  data_subject: subjectOf('GC-1003'),
  protocol: 'safeguarding-children',
});
const statement = (changes: object = {}) => ({
  ...about(),
  state: 'given',
  basis: 'confidence',
  purpose: 'early-help',
  said_at: Math.floor(Date.now() / 1000) - 5,
  given_by: 'self',
  capacity: 'competent-child',
  wording: 'spoken',
  language: 'pl',
  ...changes,
});
const decide = async (): Promise<string> => {
  const example = service.manifest.examples.find(({ name }) => name.startsWith('Nobody asked the family'))!;
  return (await askDecision(service, example.partner, example.request)).context.reason.code;
};
const count = async (): Promise<unknown> =>
  (await asOwner(service.database, 'select count(*)::int as count from consent'))[0]?.count;

describe('a partner system with the scope consent', () => {
  it('records an agreement, which the next decision rests on, and its withdrawal, which the next one respects', async () => {
    expect(await decide()).toBe('consent-needed');
    const given = await call('consents', statement({ language: 'PL' }));
    expect([given.status, given.body]).toEqual([200, { id: expect.any(String) }]);
    expect(await decide()).toBe('permitted');
    await call('consents', statement({ state: 'withdrawn', said_at: Math.floor(Date.now() / 1000) }));
    expect(await decide()).toBe('consent-refused');
  });

  it('reads what is on record, by the person in the body, and is itself recorded', async () => {
    const found = await call('consents/find', about());
    expect(found.status).toBe(200);
    expect(FindResponse.safeParse(found.body).error).toBeUndefined();
    const { statements, standing } = found.body as { statements: Record<string, unknown>[]; standing: object[] };
    expect(statements.map(({ state }) => state)).toEqual(['withdrawn', 'given']);
    expect(statements[1]).toMatchObject({ agency: 'E08000037', recorded_by: 'casebook-gateshead', language: 'pl' });
    expect(standing).toContainEqual({ clause: 'early-help-in-school', purpose: 'early-help', state: 'refused' });
    expect(found.text).not.toContain(subjectOf('GC-1003').value);
    const [entry] = await asOwner(
      service.database,
      `select committed from log_content where event = 'consent.looked-up' order by position desc limit 1`,
    );
    expect(entry?.committed).toContain('casebook-gateshead');
  });

  it('records what was said by a clock that is ahead of ours, as said now, once however often it is sent', async () => {
    const id = randomUUID();
    const early = statement({ state: 'withdrawn', said_at: Date.now() / 1000 + 1.5, id });
    await call('consents', statement({ said_at: Math.floor(Date.now() / 1000) }));
    expect(await decide()).toBe('permitted');
    expect(await call('consents', early)).toMatchObject({ status: 200, body: { id } });
    expect(await decide()).toBe('consent-refused');
    expect(await call('consents', early)).toMatchObject({ status: 200, body: { id } });
    const other = await call('consents', { ...early, said_at: early.said_at - 3_600 });
    expect([other.status, other.body.type]).toEqual([409, 'urn:wayleave:problem:statement-id-used']);
  });

  it('sends a statement twice without recording it twice', async () => {
    const id = randomUUID();
    const said = { ...statement(), id };
    const before = await count();
    expect((await call('consents', said)).status).toBe(200);
    expect((await call('consents', said)).body).toEqual({ id });
    expect(await count()).toBe((before as number) + 1);
    const other = await call('consents', { ...said, state: 'refused' });
    expect([other.status, other.body.type]).toEqual([409, 'urn:wayleave:problem:statement-id-used']);
  });

  const refusals: [string, object, number, string][] = [
    ['for an agency that is not its own', { agency: 'RTD' }, 403, 'not-your-agency'],
    ['about a protocol that nobody signed', { protocol: 'nothing' }, 409, 'protocol-not-in-force'],
    ['about a protocol that waits for a signature', { protocol: 'moving-between-areas' }, 409, 'protocol-not-in-force'],
    ['where people are told and not asked', { purpose: 'safeguarding-children' }, 400, 'consent-not-asked'],
    ['said in the future', { said_at: Date.now() / 1000 + 3_600 }, 400, 'statement-not-valid'],
    ['by a child who cannot decide', { capacity: 'child-not-competent' }, 400, 'statement-not-valid'],
    [
      'with a wrong check digit',
      { data_subject: { ...subjectOf('GC-1003'), value: '9990001244' } },
      400,
      'invalid-input',
    ],
    ['about a clause and a purpose at once', { clause: 'early-help-in-school' }, 400, 'invalid-input'],
    ['with a name beside it', { name: 'Jakub' }, 400, 'invalid-input'],
    ['in a state that nobody knows', { state: 'assumed' }, 400, 'invalid-input'],
  ];

  it.each(refusals)('is refused %s', async (_what, changes, status, code) => {
    const before = await count();
    const answer = await call('consents', statement(changes));
    expect([answer.status, answer.body.type]).toEqual([status, `urn:wayleave:problem:${code}`]);
    expect(await count()).toBe(before);
  });

  it('and nobody without it', async () => {
    const asking = await tokenFor('casebook-gateshead', 'decisions audit.read directory.read');
    for (const path of ['consents', 'consents/find']) {
      const body = path === 'consents' ? statement() : about();
      expect((await call(path, body, asking)).status).toBe(403);
      expect((await call(path, body, 'nonsense')).status).toBe(401);
    }
    expect((await call('consents/find', { ...about(), agency: 'RTD' })).status).toBe(403);
  });
});
