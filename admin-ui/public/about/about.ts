/** The pages behind the footer: help, accessibility, privacy and contact. Anybody may read them, so they are plain and short. */
import type Koa from 'koa';
import type { Link } from '../../../platform/web/layout.ts';
import { render } from '../../../platform/web/render.ts';

const pages = [
  { href: '/help', text: 'Help', title: 'Help' },
  { href: '/accessibility', text: 'Accessibility', title: 'Can everybody use this?' },
  { href: '/privacy', text: 'Privacy', title: 'What we keep about you' },
  { href: '/contact', text: 'Contact', title: 'Who to ask' },
] as const;

/** Where each of them stands, and what shows it. */
export const aboutPages: readonly { href: string; show: Koa.Middleware }[] = pages.map(({ href, title }) => ({
  href,
  show: (ctx) => render(ctx, `public/about${href}.njk`, { title }),
}));

/** The links at the foot of every page. */
export const footer: Link[] = pages.map(({ href, text }) => ({ href, text }));
