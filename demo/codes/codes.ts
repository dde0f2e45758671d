/** The one-time codes of the demo's people, as their phones would show them. Mounted only in the demo. */
import path from 'node:path';
import Router from '@koa/router';
import type Koa from 'koa';
import { generate } from 'otplib';
import { render } from '../../platform/web/render.ts';
import type { Config } from '../../platform/config/config.ts';
import { namedPeople } from '../region/people.ts';
import { displayName } from '../region/practitioner.ts';
import { demoSecrets } from '../secrets.ts';

/** Root of this page's template, for `createViews`. */
export const codesViews = path.join(import.meta.dirname, 'views');

const period = 30;

/** Routes `/demo/codes`. `clock` in epoch seconds. */
export function demoCodes(config: Pick<Config, 'masterKey'>, clock: () => number): Koa.Middleware {
  const secrets = demoSecrets(config.masterKey);
  const router = new Router();
  router.get('/demo/codes', async (ctx) => {
    const people = await Promise.all(
      namedPeople.map(async (person) => ({
        name: displayName(person),
        email: person.email,
        part: person.part,
        code: await generate({ secret: secrets.totpSecretOf(person.key), epoch: Math.floor(clock()) }),
      })),
    );
    const left = Math.ceil(period - (clock() % period));
    render(ctx, 'demo-codes.njk', { title: 'One-time codes of the demo', people, left, password: secrets.password });
  });
  return router.routes() as unknown as Koa.Middleware;
}
