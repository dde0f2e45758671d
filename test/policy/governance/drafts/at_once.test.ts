/** A text is signed and taken back at once: what each is told is what the register and the draft say. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
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
