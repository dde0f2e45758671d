/** Renders a template as the answer, with what every page needs around its own model. */
import type Koa from 'koa';
import type { Views } from './views.ts';

/** A link in a navigation or a footer. */
export type Link = { text: string; href: string; current?: boolean };

/** What stands around a page. A guard sets it once as `ctx.state.layout`; a page's model may give `layout` to differ. */
export type Layout = {
  /** The service navigation under the header. */
  navigation?: Link[];
  /** Who is signed in, in which post, and what they may do about it (change post, account, sign out). */
  account?: { name: string; post?: string; links: Link[] };
  /** A notice above the content, for example that this is the demo. */
  banner?: { tag: string; text: string };
  footer?: Link[];
  /** Narrow pages (sign-in) and wide ones. */
  width?: 'two-thirds' | 'full';
};

/** Every page has a title; the rest is its own. */
export type PageModel = { title: string; layout?: Layout; [key: string]: unknown };

/** Answers with a page. `csrfField` is there where the `csrf` step stands in the route. */
export function render(ctx: Koa.Context, template: string, model: PageModel): void {
  const views = ctx.state.views as Views;
  ctx.body = views.render(template, {
    ...model,
    layout: { ...(ctx.state.layout as Layout | undefined), ...model.layout },
    requestId: ctx.state.requestId as string,
    csrfField: ctx.state.csrfField as unknown,
  });
  ctx.type = 'text/html; charset=utf-8';
}
