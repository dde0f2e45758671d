/** What stands around pages that anybody may read: a way through them, and no account. */
import type Koa from 'koa';
import type { Layout } from '../../platform/web/layout.ts';

const layout: Layout = {
  navigation: [
    { text: 'Agreements', href: '/agreements' },
    { text: 'Sign in', href: '/sign-in' },
  ],
};

/** Stands in the route line of public pages, where a guard would stand otherwise. */
export const anybody: Koa.Middleware = async (ctx, next) => {
  ctx.state.layout = layout;
  await next();
};
