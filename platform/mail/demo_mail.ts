/** The demo's mailbox: a page that shows what would have been sent. Mounted only in the demo, for it shows everybody's mail. */
import path from 'node:path';
import Router from '@koa/router';
import type Koa from 'koa';
import { PlatformError } from '../errors.ts';
import { render } from '../web/render.ts';
import { findMail, listMails } from './files.ts';

/** Root of this page's templates, for `createViews`. */
export const mailViews = path.join(import.meta.dirname, 'views');

/** Routes `/demo/mail` and `/demo/mail/{id}`. */
export function demoMail({ dataDir }: { dataDir: string }): Koa.Middleware {
  const router = new Router();
  router.get('/demo/mail', async (ctx) => {
    render(ctx, 'demo-mail.njk', { title: 'Demo mailbox', mails: await listMails(dataDir) });
  });
  router.get('/demo/mail/:id', async (ctx) => {
    const mail = await findMail(dataDir, ctx.params.id ?? '');
    if (mail === undefined) throw new PlatformError('not-found', 'mail-unknown', 'There is no such message.');
    render(ctx, 'demo-message.njk', { title: mail.subject, mail });
  });
  return router.routes() as unknown as Koa.Middleware;
}
