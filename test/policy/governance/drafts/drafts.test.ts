import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from '../../../../platform/database/sql.ts';
import { transaction } from '../../../../platform/database/transaction.ts';
import type { JsonObject } from '../../../../platform/json.ts';
import {
  addComment,
  answerComment,
  listComments,
  resolveComment,
} from '../../../../policy/governance/drafts/comments.ts';
import { closeConsultation, openConsultation } from '../../../../policy/governance/drafts/consultation.ts';
import { createDraft } from '../../../../policy/governance/drafts/create_draft.ts';
import type { DraftMoved } from '../../../../policy/governance/drafts/draft.ts';
import { findDraft, listDrafts } from '../../../../policy/governance/drafts/find_draft.ts';
import { exportDraft, importDraft } from '../../../../policy/governance/drafts/import_draft.ts';
import { abandonDraft, putToSignature, returnToDraft } from '../../../../policy/governance/drafts/put_to_signature.ts';
import { saveDraft } from '../../../../policy/governance/drafts/save_draft.ts';
import { signProtocol } from '../../../../policy/register/events/sign.ts';
import { findDraftText, submitSignature } from '../../../../policy/governance/drafts/sign_draft.ts';
import { findVersion, listVersions } from '../../../../policy/governance/drafts/versions.ts';
import { hashOf } from '../../../../policy/register/signatures/canonical.ts';
import { aDraft, baseUrl, openDrafts, type TestDrafts } from '../../../support/policy/drafts.ts';
import { effortOf } from '../../../support/platform/effort.ts';
import { aClause, anExample } from '../../../support/policy/documents.ts';

let test: TestDrafts;
beforeAll(async () => void (test = await openDrafts()));
afterAll(() => test.drop());

const code = (expected: string) => expect.objectContaining({ code: expected });
/** Events in the log about a draft, in order, as one agency's officers may read them. */
async function events(draft: string, agency?: string): Promise<string[]> {
  const rows = await test.asOwner(
    `select event from log_content where committed::jsonb #>> '{content,draft}' = $1
       and ($2::text is null or $2 = any (agencies)) order by position`,
    [draft, agency ?? null],
  );
  return rows.map(({ event }) => String(event));
}

describe('saving a draft', () => {
  it('keeps what was typed, however incomplete, and every revision of it', async () => {
    const { context, council } = test;
    const id = await createDraft(context, council, { text: '{}' });
    await saveDraft(context, council, id, { revision: 1, document: { title: 'Half a', clauses: [null, 'x', {}] } });
    await saveDraft(context, council, id, { revision: 2, document: { title: 'Half a title' } });
    expect(await findDraft(context, council, id)).toMatchObject({
      owner: council.agency,
      state: 'draft',
      revision: 3,
      title: 'Half a title',
      parties: [],
      editable: true,
      document: { title: 'Half a title' },
    });
    const versions = await listVersions(context, council, id);
    expect(versions.map(({ revision, aside }) => [revision, aside])).toEqual([
      [3, false],
      [2, false],
      [1, false],
    ]);
    const second = await findVersion(context, council, id, versions[1]!.id);
    expect(second?.document).toEqual({ title: 'Half a', clauses: [null, 'x', {}] });
    expect(await events(id)).toEqual(['draft.created', 'draft.changed', 'draft.changed']);
  });

  it('tells the second of two people who save at once, and keeps the text of both', async () => {
    const { context, council } = test;
    const id = await test.begin();
    const both = await Promise.allSettled(
      ['Mine', 'Yours'].map((title) => saveDraft(context, council, id, { revision: 1, document: aDraft({ title }) })),
    );
    const lost = both.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const moved = lost.reason as DraftMoved;
    expect(moved).toMatchObject({ code: 'draft-moved', kind: 'conflict', revision: 2 });
    const draft = await findDraft(context, council, id);
    const kept = await findVersion(context, council, id, moved.kept);
    expect(kept).toMatchObject({ aside: true, revision: 1 });
    expect(new Set([draft?.title, kept?.document.title])).toEqual(new Set(['Mine', 'Yours']));
    // The author reopens it and saves it upon the newer one.
    await saveDraft(context, council, id, { revision: 2, document: kept!.document });
    expect((await findDraft(context, council, id))?.title).toBe(kept?.document.title);
  });

  it('refuses what cannot be kept, in words', async () => {
    const { context, council } = test;
    const id = await test.begin();
    const save = (document: JsonObject) => saveDraft(context, council, id, { revision: 1, document });
    await expect(save({ title: 'x'.repeat(1_100_000) })).rejects.toMatchObject({
      code: 'draft-too-large',
      message: expect.stringContaining('1.1 MB') as unknown,
    });
    await expect(save({ title: 'a\u0000b' })).rejects.toEqual(code('not-a-text'));
    await expect(save({ title: '\uD800' })).rejects.toEqual(code('not-canonical'));
    await expect(save({ number: Infinity })).rejects.toEqual(code('not-canonical'));
    let deep: JsonObject = {};
    for (let level = 0; level < 30; level += 1) deep = { deep };
    await expect(save(deep)).rejects.toEqual(code('draft-too-deep'));
    expect((await findDraft(context, council, id))?.revision).toBe(1);
  });

  it('is for officers whom the register names, of the agency whose draft it is', async () => {
    const { context, council, health } = test;
    const id = await test.begin();
    const save = (actor: typeof council) => saveDraft(context, actor, id, { revision: 1, document: aDraft() });
    await expect(save({ ...council, practitioner: 'somebody' })).rejects.toEqual(code('not-an-officer'));
    await expect(save({ ...health, agency: council.agency })).rejects.toEqual(code('not-an-officer'));
    await expect(save(health)).rejects.toEqual(code('unknown-draft'));
    await openConsultation(context, council, id);
    await expect(save(health)).rejects.toEqual(code('unknown-draft'));
    await expect(listDrafts(context, { ...council, practitioner: 'somebody' })).rejects.toEqual(code('not-an-officer'));
  });
});

describe('a consultation', () => {
  it('lets officers of the named parties read and comment, and nobody else learn that the draft exists', async () => {
    const { context, council, health, police } = test;
    const id = await test.begin();
    const seen = async (actor: typeof council) => (await listDrafts(context, actor)).some((one) => one.id === id);
    expect([await seen(council), await seen(health), await seen(police)]).toEqual([true, false, false]);
    await expect(addComment(context, health, id, { text: 'Early' })).rejects.toEqual(code('unknown-draft'));
    await openConsultation(context, council, id);
    await openConsultation(context, council, id); // twice does no harm
    expect([await seen(council), await seen(health), await seen(police)]).toEqual([true, true, false]);
    expect(await findDraft(context, health, id)).toMatchObject({ state: 'consultation', editable: false });
    expect(await findDraft(context, police, id)).toBeUndefined();
    const comment = await addComment(context, health, id, {
      clause: 'c1',
      text: ' Also the school nurse? ',
    });
    expect(await listComments(context, police, id)).toEqual([]);
    await expect(addComment(context, police, id, { text: 'Me too' })).rejects.toEqual(code('unknown-draft'));
    await expect(answerComment(context, police, id, comment, { text: 'No' })).rejects.toEqual(code('unknown-draft'));
    await expect(resolveComment(context, police, id, comment)).rejects.toEqual(code('unknown-draft'));
    expect(await listVersions(context, health, id)).toEqual([]);
    await closeConsultation(context, council, id);
    expect(await findDraft(context, health, id)).toBeUndefined();
    expect(await listComments(context, health, id)).toEqual([]);
    expect(await listComments(context, council, id)).toMatchObject([
      {
        agency: health.agency,
        author: health.practitioner,
        clause: 'c1',
        text: 'Also the school nurse?',
      },
    ]);
    expect(await events(id, police.agency)).toEqual([]);
    expect(await events(id, health.agency)).toEqual(['draft.changed', 'draft.commented', 'draft.changed']);
  });

  it('ends for an agency that is no longer named', async () => {
    const { context, council, health } = test;
    const id = await test.begin();
    await openConsultation(context, council, id);
    const parties = (aDraft().parties as { agency: string }[]).filter(({ agency }) => agency !== health.agency);
    await saveDraft(context, council, id, { revision: 1, document: aDraft({ parties: parties as never }) });
    expect(await findDraft(context, health, id)).toBeUndefined();
  });

  it('needs somebody to consult', async () => {
    const id = await test.begin(aDraft({ parties: [] }));
    await expect(openConsultation(test.context, test.council, id)).rejects.toEqual(code('nobody-to-consult'));
  });

  it('answers comments; what blocks is settled by the agency that said it', async () => {
    const { context, council, health } = test;
    const id = await test.begin();
    await openConsultation(context, council, id);
    const plain = await addComment(context, health, id, { text: 'A typing error in the summary.' });
    test.clock.now += 1;
    const blocking = await addComment(context, health, id, { text: 'We cannot sign this.', blocking: true });
    await expect(addComment(context, health, id, { text: '  ' })).rejects.toEqual(code('comment-empty'));
    await expect(addComment(context, health, id, { clause: 'gone', text: 'x' })).rejects.toEqual(
      code('unknown-clause'),
    );
    await expect(answerComment(context, health, id, plain, { text: 'Mine' })).rejects.toEqual(code('owner-answers'));
    await expect(resolveComment(context, council, id, plain)).rejects.toEqual(code('author-resolves'));
    await answerComment(context, council, id, plain, { text: 'Mended.' });
    await answerComment(context, council, id, blocking, { text: 'Why?' });
    await expect(answerComment(context, council, id, plain, { text: 'Again' })).rejects.toEqual(
      code('comment-answered'),
    );
    await expect(resolveComment(context, council, id, blocking)).rejects.toEqual(code('author-resolves'));
    await expect(putToSignature(context, council, id, { revision: 1, baseUrl })).rejects.toEqual(code('comments-open'));
    await resolveComment(context, health, id, blocking);
    await resolveComment(context, health, id, blocking); // twice does no harm
    expect(await listComments(context, health, id)).toMatchObject([
      { answer: { text: 'Mended.', by: council.practitioner }, resolved: { by: council.practitioner } },
      { blocking: true, answer: { text: 'Why?' }, resolved: { by: health.practitioner } },
    ]);
    await putToSignature(context, council, id, { revision: 1, baseUrl });
  });

  it('is not held up by an agency that is no longer a party', async () => {
    const { context, council, health } = test;
    const three = aDraft({ parties: [...(aDraft().parties as object[]), policeParty()] as never });
    const id = await test.begin(three);
    await openConsultation(context, council, id);
    await addComment(context, test.police, id, { text: 'Never.', blocking: true });
    await expect(putToSignature(context, council, id, { revision: 1, baseUrl })).rejects.toEqual(code('comments-open'));
    await saveDraft(context, council, id, { revision: 1, document: aDraft() });
    await putToSignature(context, council, id, { revision: 2, baseUrl });
    expect(await findDraft(context, health, id)).toMatchObject({ state: 'awaiting-signatures' });
    await abandonDraft(context, council, id);
  });
});

function policeParty(): object {
  return {
    ...(aDraft().parties as object[])[0]!,
    agency: 'E23000007',
    name: 'Police',
    kind: 'police',
    signs_as: 'siro',
  };
}

describe('putting to signature', () => {
  it('freezes exactly the text that is then signed; the register says when everybody did', async () => {
    const { context, council, health, police, agencies } = test;
    const id = await test.begin(aDraft({ id: 'signed-by-all' }));
    const hash = await test.put(id);
    const { bytes } = (await findDraftText(context, health, hash))!;
    expect(hashOf(bytes)).toBe(hash);
    expect(JSON.parse(Buffer.from(bytes).toString())).toMatchObject({ version: 1, id: 'signed-by-all' });
    expect(await findDraftText(context, police, hash)).toBeUndefined();
    await expect(saveDraft(context, council, id, { revision: 1, document: {} })).rejects.toEqual(code('draft-closed'));
    await expect(putToSignature(context, council, id, { revision: 1, baseUrl })).rejects.toEqual(code('draft-closed'));
    await test.signDraft(id, agencies.council);
    expect(await findDraft(context, council, id)).toMatchObject({ state: 'awaiting-signatures', hash });
    await expect(returnToDraft(context, council, id)).rejects.toEqual(code('draft-signed'));
    await expect(abandonDraft(context, council, id)).rejects.toEqual(code('draft-signed'));
    await test.signDraft(id, agencies.health);
    expect(await findDraft(context, health, id)).toMatchObject({ state: 'signed', editable: false });
    expect(test.state().protocols.get(hash)?.status).toBe('in-force');
    await expect(test.signDraft(id, agencies.health)).rejects.toEqual(code('signature-replayed'));
    expect(await events(id)).toEqual(['draft.created', 'draft.put-to-signature']);
  });

  it('can be taken back while nobody has signed, and put again with another text', async () => {
    const { context, council, health } = test;
    const id = await test.begin(aDraft({ id: 'taken-back' }));
    const first = await test.put(id);
    const { bytes: text } = (await findDraftText(context, council, first))!;
    await expect(returnToDraft(context, health, id)).rejects.toEqual(code('unknown-draft'));
    await returnToDraft(context, council, id);
    await returnToDraft(context, council, id); // twice does no harm
    expect(await findDraft(context, health, id)).toBeUndefined();
    expect(await findDraftText(context, council, first)).toBeUndefined();
    await expect(test.signDraft(id, test.agencies.council)).rejects.toEqual(code('not-put-to-signature'));
    await saveDraft(context, council, id, { revision: 1, document: aDraft({ id: 'taken-back', title: 'Better' }) });
    expect(await test.put(id, 2)).not.toBe(first);
    const signature = await signProtocol({ ...test.agencies.council.officer, document: text, time: test.clock.now });
    const late = submitSignature({ ...test.ground, register: test.register }, council, id, { text, signature });
    await expect(late).rejects.toEqual(code('not-put-to-signature'));
    await returnToDraft(context, council, id);
    await saveDraft(context, council, id, { revision: 2, document: aDraft({ id: 'taken-back' }) });
    expect(await test.put(id, 3)).toBe(first); // the same text has the same name
  });

  it('leaves either a signature or the draft taken back when both come at once', async () => {
    const { context, council, agencies } = test;
    for (let round = 0; round < 4; round += 1) {
      const id = await test.begin(aDraft({ id: `at-once-${round}` }));
      const hash = await test.put(id);
      const [signed, back] = await Promise.allSettled([
        test.signDraft(id, agencies.council),
        returnToDraft(context, council, id),
      ]);
      expect([signed.status, back.status].sort()).toEqual(['fulfilled', 'rejected']);
      expect(test.state().protocols.has(hash)).toBe(signed.status === 'fulfilled');
    }
  });

  it('waits for a signature that is being written, and then cannot be taken back', async () => {
    const { context, council } = test;
    const id = await test.begin(aDraft({ id: 'being-signed' }));
    const hash = await test.put(id);
    // Another process in the middle of it: it holds the chain, and its signature is not committed yet.
    await test.asOwner('begin');
    await test.asOwner(`select pg_advisory_xact_lock(hashtext('wayleave.register'))`);
    await test.asOwner(
      `insert into protocol_signature (event, protocol, agency, kid, signed_at) values (9999, $1, $2, 'k', 1)`,
      [hash, council.agency],
    );
    const back = returnToDraft(context, council, id);
    back.catch(() => undefined);
    const gone = abandonDraft(context, council, id);
    gone.catch(() => undefined);
    await delay(150);
    await test.asOwner('commit');
    await expect(back).rejects.toEqual(code('draft-signed'));
    await expect(gone).rejects.toEqual(code('draft-signed'));
    await test.asOwner('delete from protocol_signature where event = 9999');
  });

  it('is refused while an issue or an example stands against it, and says where', async () => {
    const { context, council } = test;
    const failing = anExample({
      name: 'The same with a field that no clause gives',
      expect: { decision: true, reason: 'permitted', fields: ['name', 'plan'] },
    });
    const id = await test.begin(aDraft({ id: 'not-ready', title: '', examples: [anExample(), failing] as never }));
    await expect(putToSignature(context, council, id, { revision: 1, baseUrl })).rejects.toMatchObject({
      code: 'draft-not-ready',
      issues: [
        { pointer: '/title', message: 'Fill this in.' },
        { pointer: '/examples/1', message: 'This example does not hold with the text as it is.' },
      ],
    });
    expect(await findDraft(context, council, id)).toMatchObject({ state: 'draft' });
    const document = aDraft({ id: 'not-ready', examples: [anExample()] as never });
    await saveDraft(context, council, id, { revision: 1, document });
    await expect(putToSignature(context, council, id, { revision: 1, baseUrl })).rejects.toEqual(code('draft-changed'));
    await test.put(id, 2);
  });

  it('is refused once the last day is past', async () => {
    const id = await test.begin(aDraft({ valid: { from: '2026-01-20', until: '2026-05-31' }, review: '2026-05-01' }));
    await expect(test.put(id)).rejects.toMatchObject({
      issues: [{ pointer: '/valid/until', message: 'The last day is past, so nobody could sign it.' }],
    });
  });

  it('is for the author’s agency alone', async () => {
    const { context, health, council } = test;
    const id = await test.begin();
    await openConsultation(context, council, id);
    for (const act of [putToSignature, openConsultation, closeConsultation, abandonDraft, returnToDraft]) {
      await expect(act(context, health, id, { revision: 1 } as never)).rejects.toEqual(code('unknown-draft'));
    }
  });

  it('makes the next version of what is signed, with its number and predecessor filled in', async () => {
    const { context, council, agencies } = test;
    const id = await test.begin(aDraft({ id: 'two-versions' }));
    const first = await test.put(id);
    for (const agency of [agencies.council, agencies.health]) await test.signDraft(id, agency);
    const next = await createDraft(context, council, { from: first });
    const draft = await findDraft(context, council, next);
    expect(draft?.document).not.toHaveProperty('version');
    const document = { ...draft!.document, clauses: [aClause({ fields: ['name'] })], examples: [] };
    await saveDraft(context, council, next, { revision: 1, document });
    const second = (await findDraftText(context, council, await test.put(next, 2)))!;
    const text: unknown = JSON.parse(Buffer.from(second.bytes).toString());
    expect(text).toMatchObject({ version: 2, supersedes: first });
    for (const agency of [agencies.council, agencies.health]) await test.signDraft(next, agency);
    expect(test.state().protocols.get(first)?.status).toBe('superseded');
    await expect(createDraft(context, council, { from: 'nothing' })).rejects.toEqual(code('unknown-protocol'));
  });
});

describe('row-level security', () => {
  it('keeps another agency from what it may not read, and a party from changing what it reads', async () => {
    const { context, council, health, police } = test;
    const id = await test.begin();
    await openConsultation(context, council, id);
    const comment = await addComment(context, health, id, { text: 'Ours' });
    const as = (agency: string | undefined, query: ReturnType<typeof sql>) =>
      transaction(context.db, agency === undefined ? {} : { agency }, (tx) => tx.query(query));
    for (const agency of [police.agency, undefined]) {
      expect(await as(agency, sql`select from draft where id = ${id}`)).toEqual([]);
      expect(await as(agency, sql`select from draft_revision where draft = ${id}`)).toEqual([]);
      expect(await as(agency, sql`select from draft_comment where draft = ${id}`)).toEqual([]);
      expect(await as(agency, sql`update draft set revision = 9 where id = ${id} returning id`)).toEqual([]);
    }
    expect(await as(health.agency, sql`select from draft where id = ${id}`)).toHaveLength(1);
    expect(await as(health.agency, sql`select from draft_revision where draft = ${id}`)).toEqual([]);
    expect(await as(health.agency, sql`update draft set revision = 9 where id = ${id} returning id`)).toEqual([]);
    await expect(
      as(
        police.agency,
        sql`insert into draft_comment (id, draft, agency, author, body, blocking, created_at)
                            values (${id}, ${id}, ${police.agency}, 'x', 'x', true, now())`,
      ),
    ).rejects.toMatchObject({ code: '42501' });
    await expect(
      as(
        health.agency,
        sql`insert into draft_comment (id, draft, agency, author, body, blocking, created_at)
                            values (${id}, ${id}, ${council.agency}, 'x', 'x', true, now())`,
      ),
    ).rejects.toMatchObject({ code: '42501' });
    await expect(
      as(council.agency, sql`update draft_comment set body = 'x' where id = ${comment}`),
    ).rejects.toMatchObject({
      code: '42501',
    });
  });
});

describe('a draft that was given up', () => {
  it('stays readable for its authors, and changes no more', async () => {
    const { context, council, health } = test;
    const id = await test.begin();
    await openConsultation(context, council, id);
    await abandonDraft(context, council, id);
    expect(await findDraft(context, council, id)).toMatchObject({ state: 'abandoned', editable: false });
    expect(await findDraft(context, health, id)).toBeUndefined();
    await expect(saveDraft(context, council, id, { revision: 1, document: {} })).rejects.toEqual(code('draft-closed'));
    await expect(openConsultation(context, council, id)).rejects.toEqual(code('draft-closed'));
    await expect(addComment(context, council, id, { text: 'x' })).rejects.toEqual(code('draft-closed'));
    await expect(putToSignature(context, council, id, { revision: 1, baseUrl })).rejects.toEqual(code('draft-closed'));
    await expect(returnToDraft(context, council, id)).rejects.toEqual(code('draft-closed'));
  });
});

describe('import and export', () => {
  it('gives JSON that comes back as it went', async () => {
    const { context, council } = test;
    const id = await test.begin();
    const text = await exportDraft(context, council, id);
    expect(text).toContain('\n  "title"');
    const other = await createDraft(context, council, { text: `\uFEFF${text}` });
    expect((await findDraft(context, council, other))?.document).toEqual(aDraft());
    await importDraft(context, council, other, { revision: 1, text: JSON.stringify(aDraft({ title: 'New' })) });
    expect(await findDraft(context, council, other)).toMatchObject({ revision: 2, title: 'New' });
  });

  it('refuses hostile text in words, with the place', async () => {
    const { context, council } = test;
    const start = (text: string | Uint8Array) => createDraft(context, council, { text });
    const before = (await listDrafts(context, council)).length;
    await expect(start('[1]')).rejects.toEqual(code('not-an-object'));
    await expect(start('{"title":')).rejects.toEqual(code('malformed-json'));
    await expect(start(Buffer.from([0x7b, 0xff, 0x7d]))).rejects.toEqual(code('malformed-json'));
    await expect(start(`{"a":${'['.repeat(100_000)}`)).rejects.toEqual(code('draft-too-deep'));
    await expect(start('{"clauses":[{"id":"a"},\n{"id":"b","id":"c"}]}')).rejects.toMatchObject({
      code: 'ambiguous-json',
      issues: [{ pointer: '/clauses/1/id', message: 'The key "id" stands twice in one object (line 2).' }],
    });
    await expect(start('{"title":"x","\\u0074itle":"y"}')).rejects.toMatchObject({
      issues: [{ pointer: '/title' }],
    });
    await expect(start('{"a":{"__proto__":{"admin":true}}}')).rejects.toMatchObject({
      issues: [{ pointer: '/a/__proto__', message: expect.stringContaining('not one of a protocol') as unknown }],
    });
    expect((await listDrafts(context, council)).length).toBe(before);
  });

  it('refuses 5 MB at once, without parsing it', async () => {
    const { context, council } = test;
    const text = `{"title":"${'x'.repeat(5_000_000)}"`; // not even JSON
    const effort = await effortOf(() =>
      expect(createDraft(context, council, { text })).rejects.toMatchObject({
        code: 'draft-too-large',
        kind: 'too-large',
        message: expect.stringContaining('5.0 MB') as unknown,
      }),
    );
    expect(effort).toBeLessThan(200);
  });
});
