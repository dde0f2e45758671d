/** The last page of a sign-in or a sign-out: it takes the browser on to the partner system. */
import type Koa from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { render } from '../../platform/web/render.ts';
import { allowFormTo } from '../../platform/web/security_headers.ts';

/** Where to, and what is posted there; without fields the address is opened. */
type Onward = { target: string; fields?: [string, string][] };

/** The library's routes that end what a form of ours began. */
const endsOfForms = ['resume', 'end_session_confirm'];

/**
 * Browsers hold every redirect that follows a form to the page's `form-action`, also those that the partner system adds, and
 * those to an app's own scheme: the person would stay on the form without a word. So after a form the way out is a page that
 * opens the address anew. What the library posts by a page of its own (`response_mode=form_post`) goes by the same page.
 */
export function goOnByPage(ctx: Koa.Context, baseUrl: string): void {
  const { route } = (ctx as Partial<KoaContextWithOIDC>).oidc ?? {};
  const posted = readSelfSubmitting(ctx.body);
  if (posted !== undefined) return show(ctx, posted, baseUrl);
  const target = ctx.response.get('Location');
  if (target === '' || !endsOfForms.includes(route ?? '') || isOurs(target, baseUrl)) return;
  ctx.remove('Location');
  ctx.status = 200;
  show(ctx, { target }, baseUrl);
}

function show(ctx: Koa.Context, { target, fields }: Onward, baseUrl: string): void {
  const ours = isOurs(target, baseUrl);
  const partner = (ctx as KoaContextWithOIDC).oidc.client?.clientName;
  const status = ctx.status;
  if (fields !== undefined && !ours) allowFormTo(ctx, target);
  const title = ours || partner === undefined ? 'One moment' : `Going back to ${partner}`;
  render(ctx, 'sign-in/go-on.njk', { title, target, fields });
  ctx.status = status;
}

function isOurs(target: string, baseUrl: string): boolean {
  return new URL(target, baseUrl).origin === new URL(baseUrl).origin;
}

/** The form of the page that the library answers with where it would have the browser post something. */
function readSelfSubmitting(body: unknown): Onward | undefined {
  if (typeof body !== 'string' || !body.includes('<title>Submitting Callback</title>')) return undefined;
  const target = unescape(/ action="([^"]*)"/.exec(body)?.[1] ?? '');
  const inputs = body.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"\/>/g);
  return { target, fields: [...inputs].map(([, name = '', value = '']) => [name, unescape(value)]) };
}

const entities: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' };

function unescape(text: string): string {
  return text.replaceAll(/&(?:lt|gt|quot|#39|amp);/g, (entity) => entities[entity]!);
}
