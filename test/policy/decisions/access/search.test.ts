/** Searches under the fence: told only once they are recorded, and never from an earlier state than the record's. */
import { describe, expect, test } from '@jest/globals';
import type { Appended } from '../../../../platform/log/event.ts';
import type { Asker } from '../../../../policy/decisions/access/evaluate.ts';
import { searchActions } from '../../../../policy/decisions/access/search/actions.ts';
import { searchResources } from '../../../../policy/decisions/access/search/resources.ts';
import { searchSubjects } from '../../../../policy/decisions/access/search/subjects.ts';
import { aClause, anAsset, aProtocol } from '../../../support/policy/documents.ts';
import {
  aPresence,
  askingPartner,
  aState,
  childId,
  type InMemory,
  inMemory,
  noon,
} from '../../../support/policy/decisions.ts';
import { gateshead, newcastle } from '../../../support/directory/directory.ts';

const asker: Asker = { clientId: 'casebook', plain: false, holds: [gateshead] };
const world = (changes: InMemory = {}) => inMemory({ state: aState([aProtocol()]), ...changes });
const asked = {
  subject: { type: 'practitioner', id: 'hv-1' },
  resource: { type: 'child-record', id: 'case-17', properties: { fields: ['name'] } },
  context: { purpose: 'safeguarding' },
};
const stale = (epoch: number): Appended => ({ outcome: 'stale', epoch });

describe('a search', () => {
  test('is recorded once, under the epoch that was read before the first fact', async () => {
    const context = world();
    expect((await searchActions(context, asked, asker)).results).toEqual([{ name: 'read' }]);
    expect(context.recorded).toHaveLength(1);
    expect(context.recorded[0]).toMatchObject({ event: 'search.action', guard: { epoch: 5, validUntil: noon + 60 } });
    const facts = context.read.filter((what) => what !== 'caught up');
    expect(facts[0]).toBe('epoch');
  });

  test('is worked out again when something was revoked meanwhile, and given up after three times', async () => {
    const once = world();
    once.outcomes.push(stale(6));
    expect((await searchActions(once, asked, asker)).page.count).toBe(1);
    expect(once.read.filter((what) => what === 'epoch')).toHaveLength(2);
    const ever = world();
    ever.outcomes.push(stale(6), { outcome: 'expired' }, stale(8));
    await expect(searchActions(ever, asked, asker)).rejects.toMatchObject({ code: 'decision-unsettled' });
    expect(ever.recorded).toEqual([]);
  });

  test('that cannot be recorded tells nothing', async () => {
    const context = world();
    context.log.append = () => Promise.reject(new Error('gone'));
    await expect(searchActions(context, asked, asker)).rejects.toThrow('gone');
  });

  test('holds no longer than the first fact that something found rests on', async () => {
    const opened = { attribute: 'opened', operator: 'gt' as const, value: { now: -100 } };
    const state = aState([aProtocol({ clauses: [aClause({ conditions: [opened] })] })]);
    const context = world({ state });
    const candidates = [
      { id: '1', properties: { opened: noon } },
      { id: '2', properties: { opened: noon - 90 } },
    ];
    const { subject, resource } = asked;
    await searchResources(
      context,
      { subject, resource, action: { name: 'read' }, context: { ...asked.context, candidates } },
      asker,
    );
    expect(context.recorded[0]!.guard!.validUntil).toBe(noon + 10);
  });

  test('of a resource or an action takes the sign-in that the token proves, and no other', async () => {
    const clause = aClause({ presence: 'required', actions: ['read', 'update'] });
    const context = world({ state: aState([aProtocol({ clauses: [clause] })]), presences: { token: aPresence() } });
    expect((await searchActions(context, asked, asker)).results).toEqual([]);
    const signedIn = { ...asked, context: { ...asked.context, user_token: 'token' } };
    expect((await searchActions(context, signedIn, asker)).results).toHaveLength(2);
    const somebodyElse = { ...signedIn, subject: { type: 'practitioner', id: 'hv-2' } };
    expect((await searchActions(context, somebodyElse, asker)).results).toEqual([]);
  });

  test('where the register does not verify finds nothing, and that is recorded too', async () => {
    const context = world({ state: undefined });
    expect(await searchActions(context, asked, asker)).toEqual({
      page: { next_token: '', count: 0, total: 0 },
      results: [],
    });
    expect(context.recorded[0]!.content).toMatchObject({ register: null, found: 0 });
  });

  test('by a partner that was suspended, or about records that are not its own, is refused', async () => {
    const suspended = world({ partners: [askingPartner({ status: 'suspended' })] });
    await expect(searchActions(suspended, asked, asker)).rejects.toMatchObject({ code: 'partner-suspended' });
    const theirs = { ...asked, resource: { ...asked.resource, properties: { agency: newcastle } } };
    const context = world();
    await expect(searchActions(context, theirs, asker)).rejects.toMatchObject({ code: 'not-your-records' });
    expect(context.recorded).toEqual([]);
  });

  test('finds what a client may carry out: duties that it does not know keep everything from it', async () => {
    const duty = { id: 'note', type: 'custom' as const, text: 'Note it.', properties: {} };
    const state = aState([aProtocol({ clauses: [aClause({ obligations: [duty] })] })]);
    expect((await searchActions(world({ state }), asked, asker)).results).toEqual([]);
    const able = [askingPartner({ understands: ['fields', 'custom'] })];
    expect((await searchActions(world({ state, partners: able }), asked, asker)).results).toHaveLength(1);
  });

  test('names the data subject by pseudonym only, also where the record is named by the number', async () => {
    const context = world();
    const { value } = childId;
    const resource = {
      ...asked.resource,
      id: value,
      properties: { ...asked.resource.properties, data_subject: childId },
    };
    await searchActions(context, { ...asked, resource }, asker);
    expect(JSON.stringify(context.recorded)).not.toContain(value);
  });

  test('for people whom no rule reaches asks the directory nothing', async () => {
    // The context has no database: a question to it would fail.
    const request = { subject: { type: 'practitioner' }, action: { name: 'launch' }, resource: asked.resource };
    expect((await searchSubjects(world(), { ...request, context: asked.context }, asker)).results).toEqual([]);
  });

  test('of actions goes through them in pages', async () => {
    const actions = ['read', 'update', 'close'];
    const state = aState([aProtocol({ clauses: [aClause({ actions })] })], { assetList: [anAsset({ actions })] });
    const context = world({ state });
    const first = await searchActions(context, { ...asked, page: { limit: 2 } }, asker);
    expect(first.results).toEqual([{ name: 'read' }, { name: 'update' }]);
    const second = await searchActions(context, { ...asked, page: { token: first.page.next_token } }, asker);
    expect(second).toEqual({ page: { next_token: '', count: 1 }, results: [{ name: 'close' }] });
    context.world.now = noon + 601;
    const late = searchActions(context, { ...asked, page: { token: first.page.next_token } }, asker);
    await expect(late).rejects.toMatchObject({ code: 'page-token-not-valid' });
  });
});
