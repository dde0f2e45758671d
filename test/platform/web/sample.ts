/** A small application on the pipelines, with one of everything that the floors above will mount. */
import Router from '@koa/router';
import type Koa from 'koa';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import type { ApiOperation } from '../../../platform/web/api.ts';
import { csrf } from '../../../platform/web/csrf.ts';
import { emptyForm, parseForm } from '../../../platform/web/form.ts';
import { bodyOf, queryOf } from '../../../platform/web/input.ts';
import type { PipelineOptions } from '../../../platform/web/pipeline.ts';
import { render } from '../../../platform/web/render.ts';
import { testApi, testPipeline } from '../../support/platform/web.ts';

export const person = z.strictObject({
  name: z.string().max(50),
  age: z.int().optional(),
  tags: z.array(z.string()).optional(),
});
const lenient = z.object({ subject: z.object({ type: z.string(), id: z.string() }) });
const search = z.strictObject({
  id: z.string(),
  q: z.string().max(20).optional(),
  limit: z.coerce.number().int().max(100).optional(),
});

export const sampleForm = z.object({
  email: z.email('Enter an e-mail address, like jo@agency.example'),
  reason: z.string().optional(),
  role: z.enum(['teacher'], 'Choose a role'),
});

export const operations: ApiOperation[] = [
  {
    method: 'post',
    path: '/sample/v1/people',
    summary: 'Add a person',
    tag: 'sample',
    body: person,
    responses: { 201: { description: 'Added', schema: person } },
    handlers: [
      (ctx) => {
        ctx.status = 201;
        ctx.body = bodyOf(ctx, person);
      },
    ],
  },
  {
    method: 'get',
    path: '/sample/v1/people/{id}',
    summary: 'Find people',
    tag: 'sample',
    security: ['directory.read'],
    parameters: search,
    responses: { 200: { description: 'Found', schema: z.array(person.meta({ id: 'Person' })) } },
    handlers: [(ctx) => void (ctx.body = queryOf(ctx, search))],
  },
  {
    method: 'post',
    path: '/access/v1/evaluation',
    summary: 'Decide',
    tag: 'access',
    body: lenient,
    responses: { 200: { description: 'Decided' } },
    handlers: [(ctx) => void (ctx.body = { decision: bodyOf(ctx, lenient).subject.id === 'alice' })],
  },
];

/** The sample's pages; `extra` adds more. */
export function samplePages(
  options: Partial<PipelineOptions> = {},
  extra: (router: Router) => void = () => undefined,
): Koa {
  const app = testPipeline({ roots: [join(import.meta.dirname, 'views')], ...options });
  const protect = csrf({
    secret: Buffer.alloc(32, 7),
    baseUrl: options.baseUrl ?? 'http://localhost:4000',
    session: (ctx) => ctx.get('X-Session'),
  });
  const router = new Router();
  router.get('/sample', protect, (ctx) =>
    render(ctx, 'sample.njk', { title: 'A sample', form: emptyForm(sampleForm) }),
  );
  router.post('/sample', protect, async (ctx) => {
    const parsed = await parseForm(ctx, sampleForm);
    if (parsed.ok) return ctx.redirect('/done');
    ctx.status = 400;
    render(ctx, 'sample.njk', { title: 'A sample', form: parsed.form });
    ctx.status = 400;
  });
  extra(router);
  app.use(router.routes() as Koa.Middleware);
  return app;
}

/** The sample's operations and pages, as the service joins them. */
export function sampleApp(...given: Parameters<typeof samplePages>): RequestListener {
  return testApi(operations, given[0], samplePages(...given));
}
