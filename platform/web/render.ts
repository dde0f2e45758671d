/** Renders a template as the answer, with what every page needs around its own model. */
import type Koa from 'koa';
import type { Layout } from './layout.ts';
import type { Views } from './views.ts';

/** Every page has a title; the rest is its own. */
export type PageModel = { title: string; layout?: Layout; [key: string]: unknown };

/** Answers with a page. `csrfField` is there where the `csrf` step stands in the route. */
export function render(ctx: Koa.Context, template: string, model: PageModel): void {
  const views = ctx.state.views as Views;
  ctx.body = views.render(template, {
    ...model,
    layout: { ...views.layout, ...(ctx.state.layout as Layout | undefined), ...model.layout },
    requestId: ctx.state.requestId as string,
    csrfField: ctx.state.csrfField as unknown,
  });
  ctx.type = 'text/html; charset=utf-8';
}
