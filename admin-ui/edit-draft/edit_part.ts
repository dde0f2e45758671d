/** GET and POST /drafts/{id}/{part} and /drafts/{id}/{part}/{number}: the form of one part of a draft, or of one item of it. */
import type Koa from 'koa';
import { type InputIssue, ServiceError } from '../../platform/errors.ts';
import type { Json, JsonObject } from '../../platform/json.ts';
import { type FormValues, readFormValues } from '../../platform/web/body.ts';
import { render } from '../../platform/web/render.ts';
import { checkDraft } from '../../policy/drafts/check_draft.ts';
import type { WebContext } from '../context.ts';
import { draftOf, headOf, type OpenDraft } from './draft_of.ts';
import { findExample } from './example_result.ts';
import { below, listOf, textOf } from './form/field.ts';
import { doToList, type ListDeed, readListDeed, valueAt } from './form/list_deed.ts';
import { blankOf, readFields } from './form/read_form.ts';
import { nearestBox, showFields } from './form/show_form.ts';
import { showValues } from './form/show_values.ts';
import { type Mistake, sortMistakes } from './mistakes.ts';
import { namesOf } from './names_of.ts';
import { isSeries, type Part } from './parts/parts.ts';
import { fingerprint, followPlace, type Place, placeOf, putInPlace } from './place.ts';
import { keepAside, saveInPlace } from './save.ts';

export function showPart(context: WebContext, part: Part): Koa.Middleware {
  return async (ctx) => {
    const open = await draftOf(context, ctx);
    const place = placeOf(part, open.draft.document, numberOf(ctx));
    const { document } = open.draft;
    const mistakes = ctx.query.check === '1' ? mistakesAt(sortMistakes(checkDraft(open.state, document)), place) : [];
    show(ctx, open, place, { object: place.object, mistakes });
  };
}

/** Saves whatever was typed, right or wrong; what is wrong is said at its box on the page that follows. */
export function savePart(context: WebContext, part: Part): Koa.Middleware {
  return async (ctx) => {
    const open = await draftOf(context, ctx);
    const values = await readFormValues(ctx);
    const shown = placeOf(part, open.draft.document, numberOf(ctx));
    const scope = { state: open.state, document: open.draft.document };
    const typed = readFields(shown.fields, shown.at, values, scope);
    const place = followPlace(shown, open.draft.document, textIn(values, 'base'));
    const deed = readListDeed(values.do, listsIn(shown));
    if (place === undefined) return showBoth(context, ctx, open, shown, typed, values);
    const document = putInPlace(open.draft.document, place, complete(open, place, typed));
    const next = deed === undefined ? document : doToList(document, deed, blankOf(place.fields, deed.at));
    try {
      await saveInPlace(context, ctx, open.draft, next);
    } catch (error) {
      if (!(error instanceof ServiceError) || !['invalid', 'too-large'].includes(error.kind)) throw error;
      show(ctx, open, place, {
        object: typed,
        mistakes: [{ pointer: longestIn(typed, place.at), message: error.message }],
      });
      ctx.status = 400;
      return;
    }
    ctx.redirect(after(open, place, next, deed));
  };
}

function complete({ state }: OpenDraft, { part, object }: Place, typed: JsonObject): JsonObject {
  return isSeries(part) && part.complete !== undefined ? part.complete(typed, object, state) : typed;
}

/** Pointers of the lists that the form shows. */
const listsIn = ({ fields, at }: Place): string[] =>
  fields.filter((field) => field.as === 'list').map(({ name }) => below(at, name));

/** Where the longest text of all stands: what makes a part too long. */
function longestIn(value: Json | undefined, at: string): string {
  const texts = (one: Json | undefined, here: string): { here: string; length: number }[] => {
    if (typeof one === 'string') return [{ here, length: one.length }];
    return typeof one === 'object' && one !== null
      ? Object.entries(one).flatMap(([key, inner]) => texts(inner as Json, below(here, key)))
      : [];
  };
  return texts(value, at).toSorted((left, right) => right.length - left.length)[0]?.here ?? at;
}

const numberOf = (ctx: Koa.Context): string | undefined => (ctx.params as { number?: string }).number;
const textIn = (values: FormValues, name: string): string => [values[name] ?? ''].flat()[0] ?? '';

/** Back to the form while something in it is wrong or a list was changed; else on to what it is part of. */
function after({ draft, state }: OpenDraft, place: Place, document: JsonObject, deed: ListDeed | undefined): string {
  const { part, index } = place;
  const page = `/drafts/${draft.id}/${part.code}`;
  const here = index === undefined ? page : `${page}/${index + 1}`;
  if (deed !== undefined) return `${here}#${deed.deed === 'add' ? lastOf(document, deed.at) : deed.at}`;
  const wrong = mistakesAt(sortMistakes(checkDraft(state, document)), place).length > 0;
  const example = resultOf({ state, document }, place)?.holds === false;
  if (wrong || example) return `${here}?check=1&saved=1`;
  return index === undefined ? `/drafts/${draft.id}?saved=1` : `${page}?saved=1`;
}

function lastOf(document: JsonObject, at: string): string {
  return `${at}/${listOf(valueAt(document, at)).length - 1}`;
}

/** Somebody changed the same part meanwhile: what was typed stands in the boxes, what they saved beside it. */
async function showBoth(
  context: WebContext,
  ctx: Koa.Context,
  open: OpenDraft,
  place: Place,
  typed: JsonObject,
  values: FormValues,
): Promise<void> {
  const document = putInPlace(open.draft.document, place, typed);
  await keepAside(context, ctx, open.draft, { revision: Number(textIn(values, 'revision')) || 0, document });
  show(ctx, open, place, { object: typed, mistakes: [], meanwhile: place.object });
  ctx.status = 409;
}

type Showing = { object: JsonObject; mistakes: readonly InputIssue[]; meanwhile?: JsonObject };

function show(ctx: Koa.Context, open: OpenDraft, place: Place, { object, mistakes, meanwhile }: Showing): void {
  const { draft, state } = open;
  const { part, at, fields, index } = place;
  const document = draft.document;
  const scope = { state, document, item: object };
  const boxes = draft.editable
    ? showFields(fields, object, at, { ...scope, issues: mistakes, ...(meanwhile === undefined ? {} : { meanwhile }) })
    : [];
  render(ctx, 'edit-draft/edit-part.njk', {
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
function resultOf({ state, document }: { state: OpenDraft['state']; document: JsonObject }, { part, index }: Place) {
  return part.code === 'examples' && index !== undefined ? findExample(state, document, index) : undefined;
}

/** The mistakes of the page. One of an item as a whole (it stands there twice) is shown at what it goes by, its first box. */
function mistakesAt(mistakes: Mistake[], { part, index, at, fields }: Place): Mistake[] {
  const first = below(at, fields[0]?.name ?? '');
  return mistakes
    .filter((mistake) => mistake.part === part && mistake.index === index)
    .map((mistake) => (mistake.pointer === at ? { ...mistake, pointer: first } : mistake));
}
