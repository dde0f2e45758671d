/** Writing the region's drafts, as their authors and those who comment would. */
import type { ActingPerson } from '../../directory/actor.ts';
import type { Ground } from '../../platform/ground.ts';
import type { Json } from '../../platform/json.ts';
import { addComment, answerComment, listComments } from '../../policy/governance/drafts/comments.ts';
import { openConsultation } from '../../policy/governance/drafts/consultation.ts';
import { createDraft } from '../../policy/governance/drafts/create_draft.ts';
import type { DraftContext } from '../../policy/governance/drafts/draft.ts';
import { getDraft, listDrafts } from '../../policy/governance/drafts/find_draft.ts';
import { saveDraft } from '../../policy/governance/drafts/save_draft.ts';
import { objectsIn } from '../../policy/governance/drafts/text.ts';
import type { OpenRegister } from '../../policy/register/ledger/open.ts';
import { type DemoDraft, drafts } from '../drafts.ts';
import { namedPerson } from '../region/people.ts';

/** What is there already stays so: a load that was cut short may begin again. */
export async function writeDrafts(
  { db, log, clock }: Pick<Ground, 'db' | 'log' | 'clock'>,
  register: OpenRegister,
): Promise<void> {
  const context = { db, log, clock, register };
  for (const draft of drafts) {
    const author = actorOf(draft.author);
    const id = (await findBegun(context, author, draft)) ?? (await begin(context, author, draft));
    await narrow(context, author, id, draft);
    await consult(context, author, id, draft);
  }
}

function actorOf(key: string): ActingPerson {
  const { agency, id, posts } = namedPerson(key);
  return { agency, practitioner: id, post: posts[0]!.id };
}

function begin(context: DraftContext, author: ActingPerson, { template, parties }: DemoDraft): Promise<string> {
  return createDraft(context, author, { template, parties });
}

// A draft's own name begins with the template's.
async function findBegun(
  context: DraftContext,
  author: ActingPerson,
  { template }: DemoDraft,
): Promise<string | undefined> {
  const known = await listDrafts(context, author);
  return known.find(({ owner, protocol }) => owner === author.agency && protocol.startsWith(`${template}-`))?.id;
}

/** Takes a field out of a clause, once. */
async function narrow(context: DraftContext, author: ActingPerson, id: string, { without }: DemoDraft): Promise<void> {
  const { revision, document } = await getDraft(context, author, id);
  if (without === undefined || revision > 1) return;
  const clauses = objectsIn(document.clauses).map((clause) =>
    clause.id === without.clause && Array.isArray(clause.fields)
      ? { ...clause, fields: clause.fields.filter((field: Json) => field !== without.field) }
      : clause,
  );
  await saveDraft(context, author, id, { revision, document: { ...document, clauses } });
}

async function consult(
  context: DraftContext,
  author: ActingPerson,
  id: string,
  { consultation }: DemoDraft,
): Promise<void> {
  if (consultation === undefined) return;
  await openConsultation(context, author, id);
  for (const { by, answer, ...comment } of consultation) {
    const said = (await listComments(context, author, id)).find(({ text }) => text === comment.text);
    const commented = said?.id ?? (await addComment(context, actorOf(by), id, comment));
    if (answer !== undefined && said?.answer === undefined) {
      await answerComment(context, author, id, commented, { text: answer });
    }
  }
}
