/** A form that is sent twice (two clicks, a retry) is one act: it is taken once, and whoever comes second is led to what came of it. */
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type Koa from 'koa';
import nunjucks from 'nunjucks';
import type { Database, Queryable } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import { readFormValues } from './body.ts';
import { WebError } from './web_error.ts';

/** Name of the hidden field: another value each time that the page is opened. */
const onceFieldName = '_once';

/** Ways of one act come within seconds. Afterwards the same form is asked for anew, and answered by the state of things. */
const rememberedSeconds = 60;

const patienceMs = 10_000;
const pauseMs = 50;

type TakeOnceOptions = {
  /** Whose form it is: nobody else is led to where it led them. */
  session: (ctx: Koa.Context) => string | undefined;
};

/**
 * Stands in the route line behind `csrf`, whose field it adds its own to. Of posts with the same fields from the same opening
 * of a page the first is handled, in whichever process; once it has led somewhere, the others are led there too. What was
 * refused, or answered with a page, was no act and may be sent again. `form-sent-already` where the first goes on for too long.
 */
export function takeOnce(db: Database, { session }: TakeOnceOptions): Koa.Middleware {
  return async (ctx, next) => {
    const sent = ctx.method === 'POST' ? await nameOf(ctx, session(ctx) ?? '') : undefined;
    addField(ctx);
    if (sent === undefined) return next();
    const location = await takeOrFollow(db, sent);
    if (location !== undefined) return ctx.redirect(location);
    try {
      await next();
    } finally {
      // What was done is done, whether or not it can be remembered.
      const ledTo = ctx.response.get('Location');
      await remember(db, sent, ledTo === '' ? undefined : ledTo).catch(() => undefined);
    }
  };
}

/** Forgets forms that were sent long ago; for a job. */
export async function forgetForms(db: Queryable): Promise<void> {
  await db.query(
    sql`delete from form_taken where taken_at < clock_timestamp() - make_interval(secs => ${rememberedSeconds})`,
  );
}

function addField(ctx: Koa.Context): void {
  const field = `<input type="hidden" name="${onceFieldName}" value="${randomBytes(12).toString('base64url')}">`;
  ctx.state.csrfField = new nunjucks.runtime.SafeString(`${String(ctx.state.csrfField)}${field}`);
}

async function nameOf(ctx: Koa.Context, session: string): Promise<string | undefined> {
  const values = await readFormValues(ctx);
  if (typeof values[onceFieldName] !== 'string') return undefined;
  return createHash('sha256')
    .update(JSON.stringify([session, ctx.url, values]))
    .digest('base64url');
}

/** Undefined where the form is now ours to handle; else where it led. */
async function takeOrFollow(db: Database, sent: string): Promise<string | undefined> {
  const until = performance.now() + patienceMs;
  while (performance.now() < until) {
    const taken = await db.query(sql`
      insert into form_taken (form) values (${sent})
      on conflict (form) do update set taken_at = clock_timestamp(), led_to = null
      where form_taken.taken_at < clock_timestamp() - make_interval(secs => ${rememberedSeconds}) returning 1`);
    if (taken.length > 0) return undefined;
    const [first] = await db.query<{ location: string | null }>(
      sql`select led_to as location from form_taken where form = ${sent}`,
    );
    if (first?.location != null) return first.location;
    await delay(pauseMs);
  }
  throw new WebError(
    'conflict',
    'form-sent-already',
    'This form was sent a moment ago, and what came of it is not known yet. Look whether it was done before you send it again.',
  );
}

async function remember(db: Database, sent: string, location: string | undefined): Promise<void> {
  await db.query(
    location === undefined
      ? sql`delete from form_taken where form = ${sent}`
      : sql`update form_taken set led_to = ${location} where form = ${sent}`,
  );
}
