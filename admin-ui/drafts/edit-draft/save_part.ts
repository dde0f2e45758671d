/** POST to the page of a part of a draft: whatever was typed is saved, right or wrong; what is wrong is said at its box. */
import type Koa from 'koa';
import { ServiceError } from '../../../platform/errors.ts';
import type { Json, JsonObject } from '../../../platform/json.ts';
import { type FormValues, readFormValues } from '../../../platform/web/body.ts';
import { checkDraft } from '../../../policy/governance/drafts/check_draft.ts';
import type { WebContext } from '../../context.ts';
import { draftOf, type OpenDraft } from '../../kit/draft_of.ts';
import { below, listOf } from './form/field.ts';
import { doToList, type ListDeed, readListDeed, valueAt } from './form/list_deed.ts';
import { blankOf, readFields } from './form/read_form.ts';
import { sortMistakes } from './mistakes.ts';
import { isSeries, type Part } from './parts/part.ts';
import { followPlace, numberOf, type EditedPart, pointerOf, putInPlace } from './edited_part.ts';
import { keepAside, saveInPlace } from './save.ts';
import { mistakesAt, renderPart, resultOf } from './show_part.ts';

export function savePart(context: WebContext, part: Part): Koa.Middleware {
  return async (ctx) => {
    const open = await draftOf(context, ctx);
    const values = await readFormValues(ctx);
    const { document } = open.draft;
    const at = pointerOf(part, numberOf(ctx));
    const typed = readFields(part.fields, at, values, { state: open.state, document });
    const { place, moved } = followPlace(part, document, numberOf(ctx), textIn(values, 'base'));
    if (moved) return showBoth(context, ctx, open, place, typed, values);
    const pressed = readListDeed(values.do, listsIn(part, at));
    // The item may stand elsewhere by now than its page says.
    const deed = pressed && { ...pressed, at: place.at + pressed.at.slice(at.length) };
    const saved = putInPlace(document, place, complete(open, place, typed));
    const next = deed === undefined ? saved : doToList(saved, deed, blankOf(place.fields, deed.at));
    try {
      await saveInPlace(context, ctx, open.draft, next);
    } catch (error) {
      if (!(error instanceof ServiceError) || !['invalid', 'too-large'].includes(error.kind)) throw error;
      renderPart(ctx, open, place, {
        object: typed,
        mistakes: [{ pointer: longestIn(typed, place.at), message: error.message }],
      });
      ctx.status = 422;
      return;
    }
    const followed = /^follow (?<box>\/\S+)$/.exec(textIn(values, 'do'))?.groups?.box;
    ctx.redirect(followed === undefined ? after(open, place, next, deed) : `${pageOf(open, place)}#${followed}`);
  };
}

function complete({ state }: OpenDraft, { part, object }: EditedPart, typed: JsonObject): JsonObject {
  return isSeries(part) && part.complete !== undefined ? part.complete(typed, object, state) : typed;
}

/** Pointers of the lists that the form shows. */
const listsIn = ({ fields }: Part, at: string): string[] =>
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

const textIn = (values: FormValues, name: string): string => [values[name] ?? ''].flat()[0] ?? '';

/** Back to the form while something in it is wrong or a list was changed; else on to what it is part of. */
function after(
  { draft, state }: OpenDraft,
  place: EditedPart,
  document: JsonObject,
  deed: ListDeed | undefined,
): string {
  const here = pageOf({ draft }, place);
  if (deed !== undefined) return `${here}#${deed.deed === 'add' ? lastOf(document, deed.at) : deed.at}`;
  const wrong = mistakesAt(sortMistakes(checkDraft(state, document)), place).length > 0;
  const example = resultOf({ state, document }, place)?.holds === false;
  if (wrong || example) return `${here}?check=1&saved=1`;
  const whole = `/drafts/${draft.id}`;
  return place.index === undefined ? `${whole}?saved=1` : `${whole}/${place.part.code}?saved=1`;
}

function pageOf({ draft }: Pick<OpenDraft, 'draft'>, { part, index }: EditedPart): string {
  return `/drafts/${draft.id}/${part.code}${index === undefined ? '' : `/${index + 1}`}`;
}

function lastOf(document: JsonObject, at: string): string {
  return `${at}/${listOf(valueAt(document, at)).length - 1}`;
}

/** Somebody changed the same part meanwhile: what was typed stands in the boxes, what they saved beside it. */
async function showBoth(
  context: WebContext,
  ctx: Koa.Context,
  open: OpenDraft,
  place: EditedPart,
  typed: JsonObject,
  values: FormValues,
): Promise<void> {
  const document = putInPlace(open.draft.document, place, typed);
  await keepAside(context, ctx, open.draft, { revision: Number(textIn(values, 'revision')) || 0, document });
  renderPart(ctx, open, place, { object: typed, mistakes: [], meanwhile: place.object });
  ctx.status = 409;
}
