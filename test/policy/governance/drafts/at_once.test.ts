/** A text is signed and taken back at once: what each is told is what the register and the draft say. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addComment, answerComment, resolveComment } from '../../../../policy/governance/drafts/comments.ts';
import { openConsultation } from '../../../../policy/governance/drafts/consultation.ts';
import { findDraft } from '../../../../policy/governance/drafts/find_draft.ts';
import { abandonDraft, returnToDraft } from '../../../../policy/governance/drafts/put_to_signature.ts';
import { findDraftText, submitSignature } from '../../../../policy/governance/drafts/sign_draft.ts';
import { signProtocol } from '../../../../policy/register/events/sign.ts';
import { race, races } from '../../../support/platform/race.ts';
import { aDraft, openDrafts, type TestDrafts } from '../../../support/policy/drafts.ts';

let test: TestDrafts;
beforeAll(async () => void (test = await openDrafts()));
afterAll(() => test.drop());

it.each([
  ['taken back', 'draft', returnToDraft],
  ['given up', 'abandoned', abandonDraft],
] as const)('a text is signed or %s, never both', async (_, end, stop) => {
  await races(200, async (round) => {
    const id = await test.begin(aDraft({ id: `${end}-${round}` }));
    const hash = await test.put(id);
    const { bytes: text } = (await findDraftText(test.context, test.health, hash))!;
    const signature = await signProtocol({ ...test.agencies.health.officer, document: text, time: test.clock.now });
    const [signed, stopped] = await race(
      round,
      () => submitSignature({ ...test.ground, register: test.register }, test.health, id, { text, signature }),
      () => stop(test.context, test.council, id),
    );
    const draft = await findDraft(test.context, test.council, id);
    expect({ signed, stopped, state: draft?.state, registered: test.state().protocols.has(hash) }).toEqual({
      signed,
      stopped: !signed,
      state: signed ? 'awaiting-signatures' : end,
      registered: signed,
    });
    return [signed, stopped];
  });
});

describe('sent eight times at once', () => {
  const events = async (what: string): Promise<number> => {
    const rows = await test.asOwner(
      `select from log_content where event = 'draft.commented' and committed::jsonb #> '{content}' ? $1`,
      [what],
    );
    return rows.length;
  };
  const atOnce = (act: () => Promise<unknown>) => Promise.allSettled(Array.from({ length: 8 }, act));

  it('a comment is answered once and settled once', async () => {
    const id = await test.begin(aDraft({ id: 'commented-at-once' }));
    await openConsultation(test.context, test.council, id);
    const comment = await addComment(test.context, test.health, id, { text: 'Why for so long?', blocking: true });
    const answers = await atOnce(() => answerComment(test.context, test.council, id, comment, { text: 'A duty.' }));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await events('answered')).toBe(1);
    const settled = await atOnce(() => resolveComment(test.context, test.health, id, comment));
    expect(settled.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(await events('resolved')).toBe(1);
  });
});
