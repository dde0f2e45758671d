/** GET and POST /drafts/{id}/{parties, clauses or examples}: the items of a part, each with how far it is. */
import type Koa from 'koa';
import { readFormValues } from '../../../platform/web/body.ts';
import { render } from '../../../platform/web/render.ts';
import { checkDraft } from '../../../policy/governance/drafts/check_draft.ts';
import type { WebContext } from '../../context.ts';
import { WebApplicationError } from '../../errors.ts';
import { draftOf, headOf, type OpenDraft } from '../../kit/draft_of.ts';
import { listExamples } from './example_result.ts';
import { listOf, objectOf, textOf } from './form/field.ts';
import { clauseTitle } from '../../words/citation.ts';
import { doToList, readListDeed } from './form/list_deed.ts';
import { sortMistakes, statusOf } from './mistakes.ts';
import { namesOf } from './names_of.ts';
import type { Series } from './parts/part.ts';
import { fingerprint } from './edited_part.ts';
import { saveInPlace } from './save.ts';

export function showItems(context: WebContext, series: Series): Koa.Middleware {
  return async (ctx) => show(ctx, await draftOf(context, ctx), series);
}

/** Adds, removes or moves an item. */
export function changeItems(context: WebContext, series: Series): Koa.Middleware {
  return async (ctx) => {
    const open = await draftOf(context, ctx);
    const values = await readFormValues(ctx);
    const { document } = open.draft;
    const deed = readListDeed(values.do, [`/${series.list}`]);
    const page = `/drafts/${open.draft.id}/${series.code}`;
    if (deed === undefined) return ctx.redirect(page);
    if (deed.deed !== 'add' && values.base !== fingerprint(listOf(document[series.list]))) throw movedMeanwhile();
    const next = doToList(document, deed, series.blank);
    await saveInPlace(context, ctx, open.draft, next);
    const count = listOf(next[series.list]).length;
    ctx.redirect(deed.deed === 'add' ? `${page}/${count}` : `${page}?saved=1`);
  };
}

function movedMeanwhile(): WebApplicationError {
  return new WebApplicationError(
    'conflict',
    'list-moved',
    'Somebody else changed this list meanwhile, so the button may have meant another item. Nothing was changed. Go back, load the list again, and do it there.',
  );
}

function show(ctx: Koa.Context, open: OpenDraft, series: Series): void {
  const { draft, state } = open;
  const { document } = draft;
  const mistakes = sortMistakes(checkDraft(state, document)).filter(({ part }) => part === series);
  const examples = series.code === 'examples' ? listExamples(state, document) : [];
  const list = listOf(document[series.list]).map(objectOf);
  const whole = mistakes.filter(({ index }) => index === undefined);
  render(ctx, 'drafts/edit-draft/list-items.njk', {
    title: series.title,
    hint: series.hint,
    item: series.item,
    draft: headOf(open),
    address: ctx.path,
    at: `/${series.list}`,
    base: fingerprint(listOf(document[series.list])),
    saved: ctx.query.saved === '1',
    form: { errors: whole.map(({ message }) => ({ text: message, href: '#form' })) },
    items: list.map((item, index) => ({
      at: `/${series.list}/${index}`,
      href: `${ctx.path}/${index + 1}${mistakes.some((one) => one.index === index) ? '?check=1' : ''}`,
      ...(series.code === 'clauses' && {
        text: textOf(item.text),
        title: clauseTitle({ id: textOf(item.id) || String(index + 1) }),
      }),
      name: series.nameOf(item, namesOf(open)) || `Untitled ${series.item} ${index + 1}`,
      status: statusOf(mistakes.filter((one) => one.index === index)),
      example: examples.find((one) => one.index === index),
      first: index === 0,
      last: index === list.length - 1,
    })),
  });
}
