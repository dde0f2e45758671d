import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Client, createClient, type Question, show } from '../../clients/typescript/src/index.ts';
import { findCase, listCases } from '../../demo/casebook/cases.ts';
import { type RunningApplication, startApplication } from '../support/application/application.ts';
import { forgetLastCode, traveller } from '../support/journeys/journey.ts';
import { aQuestion, stated, userToken } from '../support/policy/override.ts';

let service: RunningApplication;
let client: Client;
beforeAll(async () => {
  service = await startApplication();
  client = aClient('casebook-gateshead');
});
afterAll(() => service.close());

function aClient(clientId: string, changes: object = {}): Client {
  const { client_secret: clientSecret } = service.manifest.partners.find((one) => one.client_id === clientId)!;
  return createClient({ baseUrl: service.baseUrl, clientId, clientSecret, ...changes });
}

/** The question of somebody who has just signed in at Casebook. */
async function asked(key: string, changes: { record?: string; fields?: string[] } = {}): Promise<Question> {
  const person = traveller(service, key);
  await forgetLastCode(service, person);
  const token = await userToken(service, key);
  return aQuestion(token, undefined, { person: person.id, record: 'GC-1001', ...changes }) as unknown as Question;
}

describe('the client and the real service', () => {
  it('give a police officer what the clause gives, with its duty, once, and acknowledge it', async () => {
    const fields = ['name', 'police_markers', 'health_needs'];
    const answer = await client.evaluate(await asked('police-officer', { fields }));
    expect(answer.failure).toBeUndefined();
    expect(answer.context.fields.toSorted()).toEqual(['name', 'police_markers']);
    const { values } = findCase('GC-1001', Date.now() / 1000)!;
    expect({ ...show(answer, values) }).toEqual({ name: values.name, police_markers: values.police_markers });
    expect(answer.context.obligations.map(({ id }) => id)).toEqual(['note-in-incident-log']);
    const states = [{ id: 'note-in-incident-log', state: 'done' as const, note: 'Line 4711' }];
    expect(await client.acknowledge(answer.context.id!, states)).toEqual({ outstanding: [] });
    await expect(client.acknowledge(answer.context.id!, [{ id: 'x', state: 'done' }])).rejects.toMatchObject({
      code: 'question-refused',
      status: 400,
    });
    const other = aClient('wardview-gateshead-health').acknowledge(answer.context.id!, states);
    await expect(other).rejects.toMatchObject({ code: 'question-refused', status: 404 });
  });

  it('refuse with the reason, the desk and the override that is offered; and open it on a ground', async () => {
    const question = await asked('health-visitor', { record: 'GC-1003', fields: ['allocated_worker', 'gp'] });
    const answer = await client.evaluate(question);
    expect(answer).toMatchObject({ decision: false, context: { fields: [], reason: { code: 'involvement-needed' } } });
    expect(answer.context.duty_desk?.phone).toMatch(/\d/);
    const offer = answer.context.missing.find(({ override }) => override !== undefined)?.override;
    expect(offer).toMatchObject({ minutes: 30, grounds: expect.arrayContaining([stated.ground]) });
    const opened = await client.evaluate({ ...question, context: { ...question.context, override: stated } });
    expect(opened).toMatchObject({ decision: true, context: { fields: ['allocated_worker'] } });
    const { review } = opened.context.override!;
    const again = await client.evaluate({ ...question, context: { ...question.context, override: { review } } });
    expect(again.context.override).toEqual(opened.context.override);
  });

  it('answer a hundred questions at once, each for itself', async () => {
    const question = await asked('police-officer');
    const stranger = { ...question, subject: { ...question.subject, id: crypto.randomUUID() } };
    const many = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? question : stranger));
    const answers = await client.evaluations(many);
    expect(answers.map(({ decision }) => decision)).toEqual(many.map((one) => one === question));
    expect(new Set(answers.map(({ context }) => context.id)).size).toBe(100);
    const short = await client.evaluations([question, stranger, question], 'deny_on_first_deny');
    expect(short.map(({ decision, failure }) => failure?.code ?? decision)).toEqual([true, false, 'not-evaluated']);
  });

  it('find subjects over signed pages, resources among candidates, and actions', async () => {
    const question = await asked('social-worker');
    const { subject, action, resource } = question;
    const context = { purpose: 'safeguarding-children' };
    const subjects = async (limit: number): Promise<string[]> => {
      const ids: string[] = [];
      const find = { subject: { type: 'practitioner' as const }, action, resource, context };
      for await (const { id } of client.search.subject(find, { limit })) {
        ids.push(id);
        if (ids.length === 45) break;
      }
      return ids;
    };
    const [small, large] = [await subjects(20), await subjects(100)];
    expect(small).toHaveLength(45);
    expect(small).toEqual(large);
    expect(new Set(small).size).toBe(45);
    const candidates = listCases(Date.now() / 1000)
      .filter(({ asset }) => asset === 'child-record')
      .map(({ reference, dataSubject, attributes }) => ({
        id: reference,
        properties: { ...attributes, data_subject: dataSubject },
      }));
    const { id: _, ...anyRecord } = resource;
    const among = { subject, action, resource: anyRecord, context: { ...question.context, candidates } };
    const found: string[] = [];
    for await (const { id } of client.search.resource(among, { limit: 2 })) found.push(id);
    expect(found).toContain('GC-1001');
    expect(found.length).toBeLessThanOrEqual(candidates.length);
    const actions: string[] = [];
    for await (const { name } of client.search.action({ subject, resource, context: question.context! })) {
      actions.push(name);
    }
    expect(actions).toContain('read');
  });

  it('refuse a wrong secret, records of somebody else, and a question that cannot be read', async () => {
    const question = await asked('police-officer');
    const wrong = await aClient('casebook-gateshead', { clientSecret: 'wrong' }).evaluate(question);
    expect(wrong).toMatchObject({ decision: false, failure: { code: 'token-refused' } });
    const elsewhere = await aClient('wardview-gateshead-health').evaluate(question);
    expect(elsewhere).toMatchObject({ decision: false, failure: { code: 'not-allowed', status: 403 } });
    const unreadable = await client.evaluate({ ...question, action: {} as { name: string } });
    expect(unreadable.failure).toMatchObject({ code: 'question-refused', status: 400 });
    expect(unreadable.failure?.message).toContain('/action/name is missing');
  });
});
