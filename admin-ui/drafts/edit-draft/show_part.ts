/** GET /drafts/{id}/{part} and /drafts/{id}/{part}/{number}: the form of one part of a draft, or of one item of it. */
import type Koa from 'koa';
import type { InputIssue } from '../../../platform/errors.ts';
import type { JsonObject } from '../../../platform/json.ts';
import { render } from '../../../platform/web/render.ts';
import { checkDraft } from '../../../policy/governance/drafts/check_draft.ts';
import type { WebContext } from '../../context.ts';
import { draftOf, headOf, type OpenDraft } from '../../kit/draft_of.ts';
import { findExample } from './example_result.ts';
import { nearestBox } from './form/box.ts';
import { below, textOf } from './form/field.ts';
import { showFields } from './form/show_form.ts';
import { showValues } from './form/show_values.ts';
import { type Mistake, sortMistakes } from './mistakes.ts';
import { namesOf } from './names_of.ts';
import { isSeries, type Part } from './parts/part.ts';
import { fingerprint, numberOf, type EditedPart, editedPart } from './edited_part.ts';

export function showPart(context: WebContext, part: Part): Koa.Middleware {
  return async (ctx) => {
    const open = await draftOf(context, ctx);
    const place = editedPart(part, open.draft.document, numberOf(ctx));
    const { document } = open.draft;
    const mistakes = ctx.query.check === '1' ? mistakesAt(sortMistakes(checkDraft(open.state, document)), place) : [];
    renderPart(ctx, open, place, { object: place.object, mistakes });
  };
}

/** `mistakes` and `meanwhile` (what somebody else saved) are shown at the boxes. */
type Showing = { object: JsonObject; mistakes: readonly InputIssue[]; meanwhile?: JsonObject };

/** The page of a part with this in its boxes. */
export function renderPart(
  ctx: Koa.Context,
  open: OpenDraft,
  place: EditedPart,
  { object, mistakes, meanwhile }: Showing,
): void {
  const { draft, state } = open;
  const { part, at, fields, index } = place;
  const document = draft.document;
  const scope = { state, document, item: object };
  const boxes = draft.editable
    ? showFields(fields, object, at, { ...scope, issues: mistakes, ...(meanwhile === undefined ? {} : { meanwhile }) })
    : [];
  render(ctx, 'drafts/edit-draft/edit-part.njk', {
    title: isSeries(part) ? `${part.title}: ${(index ?? 0) + 1}` : part.title,
    draft: headOf(open),
    address: ctx.path,
    back: isSeries(part)
      ? { href: `/drafts/${draft.id}/${part.code}`, text: `All ${part.title.toLowerCase()}` }
      : { href: `/drafts/${draft.id}`, text: 'All parts' },
    heading: isSeries(part) ? part.nameOf(object, namesOf(open)) || `New ${part.item}` : part.title,
    form: {
      errors: mistakes.map(({ pointer, message }) => ({ text: message, href: `#${nearestBox(boxes, pointer)}` })),
    },
    boxes,
    sections: draft.editable ? [] : showValues(fields, object, scope),
    base: fingerprint(place.object),
    saved: ctx.query.saved === '1',
    moved: meanwhile !== undefined,
    comments:
      part.code === 'clauses'
        ? `/drafts/${draft.id}/comments#clause-${encodeURIComponent(textOf(object.id))}`
        : undefined,
    example: resultOf({ state, document }, place),
  });
}

/** What comes out of the example that the page is about. */
export function resultOf(
  { state, document }: { state: OpenDraft['state']; document: JsonObject },
  { part, index }: EditedPart,
) {
  return part.code === 'examples' && index !== undefined ? findExample(state, document, index) : undefined;
}

/** The mistakes of the page. One of an item as a whole (it stands there twice) is shown at what it goes by, its first box. */
export function mistakesAt(mistakes: Mistake[], { part, index, at, fields }: EditedPart): Mistake[] {
  const first = below(at, fields[0]?.name ?? '');
  return mistakes
    .filter((mistake) => mistake.part === part && mistake.index === index)
    .map((mistake) => (mistake.pointer === at ? { ...mistake, pointer: first } : mistake));
}
