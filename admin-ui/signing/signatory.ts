/** Who is signing, as the policy floor takes it, and what they need to sign away from the service. */
import { createHash } from 'node:crypto';
import type Koa from 'koa';
import type { Signatory } from '../../policy/governance/signing/ceremony.ts';
import type { KeyContext } from '../../policy/governance/signing/context.ts';
import type { Capacity } from '../../policy/register/signatures/capacity.ts';
import type { WebContext } from '../context.ts';
import { WebApplicationError } from '../errors.ts';
import { readSessionCookie } from '../session/cookies.ts';
import { actorOf, personOf } from '../session/require_person.ts';

export function keyContext({ ground, register }: WebContext): KeyContext {
  return { ...ground, register };
}

/** The person in this browser: what a passkey answers counts only here. */
export function signatoryOf(context: WebContext, ctx: Koa.Context): Signatory {
  const session = createHash('sha256')
    .update(`signing ${readSessionCookie(context, ctx) ?? ''}`)
    .digest('base64url');
  return { ...actorOf(ctx), session };
}

/** The options with which the command line signs for this person. */
export function signerOptions(context: WebContext, ctx: Koa.Context, capacity: Capacity): string {
  const { agency, practitioner } = actorOf(ctx);
  const key = context.keyFile?.(agency, practitioner) ?? '<file of your key>';
  return `--key ${key} --agency ${agency} --officer ${practitioner} --capacity ${capacity}`;
}

/** Refuses whoever opens another agency's page of keys or officers. Stands in the route line behind `requireAdministrator`. */
export const requireOwnAgency: Koa.Middleware = async (ctx, next) => {
  const { code } = ctx.params as { code: string };
  if (code !== personOf(ctx).post.agency) {
    throw new WebApplicationError('forbidden', 'other-agency', 'You can do this for your own agency only.');
  }
  await next();
};

/** A document as a file to be kept. */
export function sendFile(ctx: Koa.Context, name: string, content: Uint8Array | object): void {
  ctx.attachment(name);
  ctx.type = 'application/json; charset=utf-8';
  ctx.body = content instanceof Uint8Array ? Buffer.from(content) : `${JSON.stringify(content, null, 2)}\n`;
}
