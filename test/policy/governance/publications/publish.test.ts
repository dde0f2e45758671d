/** What the public may read: exactly what a party's data protection officer approved, for as long as it is what the protocol says. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { namedPerson } from '../../../../demo/region/people.ts';
import { approveDocument, keepPrivate, withdrawApproval } from '../../../../policy/governance/publications/approve.ts';
import { documentKinds } from '../../../../policy/governance/publications/kinds.ts';
import { listDocuments, listUnpublished } from '../../../../policy/governance/publications/published.ts';
import { appendEvent } from '../../../../policy/register/ledger/append.ts';
import type { RegisteredProtocol, RegisterState } from '../../../../policy/register/chain/state.ts';
import { proposeEvent, signEvent } from '../../../../policy/register/events/sign.ts';
import { type RunningApplication, startApplication } from '../../../support/application/application.ts';
import { asOwner } from '../../../support/journeys/journey.ts';
import { demoKey } from '../../../support/policy/officers.ts';
import { police, protocolNamed, stateOf } from '../../../support/policy/publish.ts';

let service: RunningApplication;
beforeAll(async () => {
  service = await startApplication();
});
afterAll(() => service.close());

const dpo = { agency: police, practitioner: namedPerson('dpo').id };
const council = 'E08000037';
const siro = { agency: council, practitioner: namedPerson('siro').id };

const publication = () => ({ log: service.ground.log, register: service.register });
const children = (): RegisteredProtocol => protocolNamed(stateOf(service), 'safeguarding-children');
const youth = (): RegisteredProtocol => protocolNamed(stateOf(service), 'youth-offending');

function textOf(protocol: RegisteredProtocol, agency: string, kind = 'privacy', state = stateOf(service)): string {
  return listDocuments(state, protocol, agency).find((one) => one.kind === kind)!.text;
}

const input = (protocol = children(), kind: 'privacy' | 'leaflet' = 'privacy') => ({
  protocol: protocol.hash,
  document: kind,
  text: textOf(protocol, police, kind),
});

async function get(path: string): Promise<{ status: number; text: string }> {
  const response = await fetch(service.baseUrl + path, { redirect: 'manual' });
  return { status: response.status, text: await response.text() };
}

const publicPage = '/agreements/safeguarding-children/privacy/E23000007';

/** The state with another text of one protocol, as though it had been signed so. */
function reworded(protocol: RegisteredProtocol, changes: Partial<RegisteredProtocol['document']>): RegisterState {
  const state = stateOf(service);
  const other = { ...protocol, document: { ...protocol.document, ...changes } };
  return { ...state, protocols: new Map(state.protocols).set(protocol.hash, other) };
}

/** Runs `work` while every page sees another state of the register. */
async function underState<T>(state: RegisterState, work: () => Promise<T>): Promise<T> {
  const { register } = service;
  const before = register.state;
  register.state = () => state;
  try {
    return await work();
  } finally {
    register.state = before;
  }
}

describe('approving a document', () => {
  it('is refused to officers of other capacities, to people who are no officers, and to officers of another agency', async () => {
    const text = textOf(children(), council);
    const asked = { protocol: children().hash, document: 'privacy' as const, text };
    await expect(approveDocument(publication(), siro, asked)).rejects.toMatchObject({ code: 'dpo-only' });
    const outsider = { agency: council, practitioner: dpo.practitioner };
    await expect(approveDocument(publication(), outsider, asked)).rejects.toMatchObject({ code: 'dpo-only' });
    const nobody = { agency: police, practitioner: namedPerson('police-officer').id };
    await expect(approveDocument(publication(), nobody, input())).rejects.toMatchObject({ code: 'dpo-only' });
    await expect(withdrawApproval(publication(), siro, asked)).rejects.toMatchObject({ code: 'dpo-only' });
  });

  it('is refused for a protocol that the agency is no party to, one that is not in force, and one that nobody signed', async () => {
    const discharge = protocolNamed(stateOf(service), 'hospital-discharge');
    const of = (protocol: string) => ({ ...input(), protocol });
    await expect(approveDocument(publication(), dpo, of(discharge.hash))).rejects.toMatchObject({
      code: 'not-a-party',
    });
    const catchUp = protocolNamed(stateOf(service), 'immunisation-catch-up');
    await expect(approveDocument(publication(), dpo, of(catchUp.hash))).rejects.toMatchObject({
      code: 'protocol-not-in-force',
    });
    await expect(approveDocument(publication(), dpo, of('A'.repeat(43)))).rejects.toMatchObject({
      code: 'unknown-protocol',
    });
  });

  it('is refused for a text that is not the one that the protocol writes, or is another agency’s', async () => {
    for (const text of ['A'.repeat(43), '', textOf(children(), council)]) {
      await expect(approveDocument(publication(), dpo, { ...input(), text })).rejects.toMatchObject({
        code: 'text-changed',
      });
    }
    const form = { ...input(youth()), document: 'consent-form' as const };
    await expect(approveDocument(publication(), dpo, form)).rejects.toMatchObject({ code: 'no-such-document' });
  });

  it('shows nothing to the public before, the text from then on, and nothing once it was taken back', async () => {
    expect((await get(publicPage)).status).toBe(404);
    expect((await get('/privacy/E23000007')).text).not.toContain(publicPage);
    expect((await get('/privacy/RTD')).text).toContain('It has not put anything here yet');
    await approveDocument(publication(), dpo, input());
    const shown = await get(publicPage);
    expect(shown.status).toBe(200);
    expect(shown.text).toContain('Protecting a child from harm');
    expect(shown.text).toContain('dpo@northumbria.police.example');
    expect((await get('/privacy/E23000007')).text).toContain(publicPage);
    expect((await get('/agreements/safeguarding-children')).text).toContain(publicPage);
    for (const other of [
      `${publicPage}X`,
      publicPage.replace('E23000007', 'RTD'),
      publicPage.replace('privacy', 'leaflet'),
    ]) {
      expect((await get(other)).status).toBe(404);
    }
    await withdrawApproval(publication(), dpo, input());
    expect((await get(publicPage)).status).toBe(404);
    await expect(withdrawApproval(publication(), dpo, input())).rejects.toMatchObject({ code: 'not-approved' });
  });

  it('counts once, also when it is pressed many times at once', async () => {
    const all = await Promise.allSettled(Array.from({ length: 6 }, () => approveDocument(publication(), dpo, input())));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of all)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'already-approved' });
    const rows = await asOwner(
      service.database,
      'select count(*)::int as n from publication where withdrawn_at is null and protocol = $1 and agency = $2',
      [children().hash, police],
    );
    expect(rows).toEqual([{ n: 1 }]);
    await withdrawApproval(publication(), dpo, input());
  });

  it('is in the log of the agency, without a word of the text', async () => {
    const rows = await asOwner(
      service.database,
      `select event, agencies, committed from log_content
       where event like 'document.%' and committed like '%safeguarding-children%' and agencies && $1 order by position`,
      [[police]],
    );
    expect(rows.slice(0, 2).map(({ event }) => event)).toEqual(['document.approved', 'document.withdrawn']);
    for (const { agencies, committed } of rows) {
      expect(agencies).toEqual([police]);
      expect(committed).toContain('safeguarding-children');
      expect(committed).not.toContain('Protecting a child');
    }
  });
});

describe('a text that its officer keeps private', () => {
  /** How many documents of the protocol wait for a decision. */
  const waiting = async (state = stateOf(service)) => {
    const found = await listUnpublished(service.ground.db, state, police);
    return found.find(({ protocol }) => protocol.hash === children().hash)?.count ?? 0;
  };

  it('waits for no decision any more, is not public, and can be approved later', async () => {
    const leaflet = input(children(), 'leaflet');
    const before = await waiting();
    await keepPrivate(publication(), dpo, leaflet);
    await keepPrivate(publication(), dpo, leaflet); // twice does no harm
    expect(await waiting()).toBe(before - 1);
    expect((await get('/agreements/safeguarding-children/leaflet/E23000007')).status).toBe(404);
    await approveDocument(publication(), dpo, leaflet);
    expect((await get('/agreements/safeguarding-children/leaflet/E23000007')).status).toBe(200);
    await expect(keepPrivate(publication(), dpo, leaflet)).rejects.toMatchObject({ code: 'document-public' });
    await withdrawApproval(publication(), dpo, leaflet);
    expect(await waiting()).toBe(before - 1);
    const events = await asOwner(
      service.database,
      `select event from log_content where event like 'document.%' and committed like '%"leaflet"%' and committed like $1
       order by position`,
      [`%${leaflet.text}%`],
    );
    expect(events.map(({ event }) => event)).toEqual([
      'document.kept-private',
      'document.approved',
      'document.withdrawn',
    ]);
  });

  it('waits again once it changes; keeping that private ends the approval of the earlier one', async () => {
    await approveDocument(publication(), dpo, input());
    const before = await waiting();
    const changed = reworded(children(), { privacy_notice: 'Now we say it in a third way.' });
    const changedText = (kind: 'privacy' | 'leaflet') =>
      textOf(changed.protocols.get(children().hash)!, police, kind, changed);
    await underState(changed, async () => {
      const now = await waiting(changed);
      expect(now).toBeGreaterThan(before);
      await keepPrivate(publication(), dpo, { ...input(), text: changedText('privacy') });
      expect(await waiting(changed)).toBe(now - 1);
    });
    expect((await get(publicPage)).status).toBe(404);
  });

  it('is decided about by the agency’s data protection officer alone, and only as it reads now', async () => {
    const nobody = { agency: police, practitioner: namedPerson('police-officer').id };
    await expect(keepPrivate(publication(), nobody, input())).rejects.toMatchObject({ code: 'dpo-only' });
    const text = textOf(children(), council);
    const theirs = keepPrivate(publication(), siro, { ...input(), text });
    await expect(theirs).rejects.toMatchObject({ code: 'dpo-only' });
    await expect(keepPrivate(publication(), dpo, { ...input(), text })).rejects.toMatchObject({ code: 'text-changed' });
  });
});

describe('a text that changes', () => {
  it('is not public until it is approved again, and then the new one is', async () => {
    await approveDocument(publication(), dpo, input());
    const changed = reworded(children(), { privacy_notice: 'Now we say it in another way.' });
    await underState(changed, async () => {
      expect((await get(publicPage)).status).toBe(404);
      expect((await get('/privacy/E23000007')).text).not.toContain(publicPage);
      const text = textOf(changed.protocols.get(children().hash)!, police, 'privacy', changed);
      await approveDocument(publication(), dpo, { ...input(), text });
      expect((await get(publicPage)).text).toContain('Now we say it in another way.');
    });
    // Back to the signed text: the approval is of the other one.
    expect((await get(publicPage)).status).toBe(404);
    await withdrawApproval(publication(), dpo, input());
  });

  it('runs nothing of what a protocol says', async () => {
    const wild = `<script>alert('x')</script><img src=x onerror=alert(1)>{{ 7*7 }}"'`;
    const document = {
      title: wild,
      summary: wild,
      privacy_notice: wild,
      retention: wild,
      data_subjects: [wild],
      purposes: children().document.purposes.map((purpose) => ({ ...purpose, name: wild, aim: wild })),
      parties: children().document.parties.map((party) => ({
        ...party,
        name: wild,
        dpo: { ...party.dpo, name: wild },
      })),
    };
    const changed = reworded(children(), document);
    await underState(changed, async () => {
      const protocol = changed.protocols.get(children().hash)!;
      for (const { kind, text } of listDocuments(changed, protocol, police)) {
        await approveDocument(publication(), dpo, { protocol: protocol.hash, document: kind, text });
      }
      const paths = ['privacy', 'children/7-11', 'children/12-17', 'leaflet'].map(
        (kind) => `/agreements/safeguarding-children/${kind}/E23000007`,
      );
      for (const path of ['/agreements', '/agreements/safeguarding-children', '/privacy/E23000007', ...paths]) {
        const { status, text } = await get(path);
        expect([path, status]).toEqual([path, 200]);
        expect([path, /<script>alert|<img src=x|49"/.test(text)]).toEqual([path, false]);
      }
      for (const kind of documentKinds) {
        await withdrawApproval(publication(), dpo, { protocol: protocol.hash, document: kind }).catch(() => undefined);
      }
    });
  });
});

describe('a protocol that ends', () => {
  it('leaves a page that says that it no longer applies', async () => {
    // The demo's officer has approved it.
    const page = '/agreements/youth-offending/privacy/E23000007';
    const before = await get(page);
    expect([before.status, before.text.includes('no longer applies')]).toEqual([200, false]);
    const { config, ground, register } = service;
    const key = await demoKey(service, police, dpo.practitioner);
    const { hash, document } = youth();
    await appendEvent(ground, register, { service: 'test' }, async (head) => {
      const data = {
        protocol: hash,
        id: document.id,
        version: document.version,
        agency: police,
        reason: 'It is done.',
      };
      const event = proposeEvent(head, {
        federation: config.federation.name,
        type: 'protocol-withdrawn',
        data,
        time: ground.clock(),
      });
      return {
        event,
        signature: await signEvent(event, { agency: police, officer: dpo.practitioner, capacity: 'dpo', key }),
      };
    });
    const after = await get(page);
    expect(after.status).toBe(200);
    expect(after.text).toContain('This no longer applies');
    expect((await get('/privacy/E23000007')).text).not.toContain(page);
    expect((await get('/agreements?state=ended')).text).toContain('/agreements/youth-offending');
    await expect(approveDocument(publication(), dpo, { ...input(), protocol: hash })).rejects.toMatchObject({
      code: 'protocol-not-in-force',
    });
  });
});
