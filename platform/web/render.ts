/** Renders a template as the answer, with what every page needs around its own model. */
import type Koa from 'koa';
import type { FormView } from './form.ts';
import type { Layout } from './layout.ts';
import type { Views } from './views.ts';

/** Every page has a title; the rest is its own. */
export type PageModel = { title: string; layout?: Layout; [key: string]: unknown };

/**
 * Answers with a page: 422 where it shows a form again with its mistakes, whichever name the form has in the model.
 * `csrfField` is there where the `csrf` step stands in the route.
 */
export function render(ctx: Koa.Context, template: string, model: PageModel): void {
  const views = ctx.state.views as Views;
  ctx.body = views.render(template, {
    ...model,
    layout: { ...views.layout, ...(ctx.state.layout as Layout | undefined), ...model.layout },
    requestId: ctx.state.requestId as string,
    csrfField: ctx.state.csrfField as unknown,
  });
  ctx.type = 'text/html; charset=utf-8';
  if (Object.values(model).some(hasMistakes)) ctx.status = 422;
}

function hasMistakes(value: unknown): boolean {
  const { fields, errors } = (value ?? {}) as Partial<FormView>;
  return fields !== undefined && errors !== undefined && errors.length > 0;
}
