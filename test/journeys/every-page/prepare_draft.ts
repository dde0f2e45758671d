/** A draft of the demo region for its pages to be looked at: with a comment, an example that fails and something to mend. */
import { createDraft } from '../../../policy/governance/drafts/create_draft.ts';
import { addComment } from '../../../policy/governance/drafts/comments.ts';
import { getDraft } from '../../../policy/governance/drafts/find_draft.ts';
import { saveDraft } from '../../../policy/governance/drafts/save_draft.ts';
import type { RunningApplication } from '../../support/application/application.ts';
import { traveller } from '../../support/journeys/journey.ts';

/** Begins it for Northumbria Police; returns the address of its pages. */
export async function prepareDraft(service: RunningApplication): Promise<string> {
  const { db, log, clock } = service.ground;
  const context = { db, log, clock, register: service.register };
  const actor = { agency: 'E23000007', practitioner: traveller(service, 'dpo').id };
  const parties = [actor.agency, 'E08000037', 'RR7'];
  const id = await createDraft(context, actor, { template: 'youth-justice', parties });
  const { revision, document } = await getDraft(context, actor, id);
  const [first, ...others] = document.examples as { expect: object }[];
  const failing = { ...first, expect: { ...first?.expect, fields: ['name'] } };
  await saveDraft(context, actor, id, { revision, document: { ...document, examples: [failing, ...others] as never } });
  await addComment(context, actor, id, { text: 'Ask the youth panel before it is signed.', blocking: true });
  return `/drafts/${id}`;
}
