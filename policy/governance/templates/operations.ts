/** The library of templates as JSON, open to all. */
import { z } from 'zod';
import type { ApiOperation, ApiStep } from '../../../platform/web/api.ts';
import { queryOf } from '../../../platform/web/input.ts';
import { templateSchema } from './shape.ts';
import { getTemplate, listTemplates } from './templates.ts';

const Parameters = z.strictObject({ code: z.string().max(64) });
const Summary = z.object({
  code: z.string(),
  title: z.string(),
  summary: z.string(),
  tier: z.enum(['framework', 'operational']),
  kinds: z.array(z.string()).describe('Kinds of agency that it is written for'),
});

const tag = 'Templates';

/** The operations, for `serveApi` and the OpenAPI document. */
export function templateOperations(): ApiOperation[] {
  return [
    {
      method: 'get',
      path: '/policy/v1/templates',
      summary: 'The library of protocol templates',
      tag,
      responses: {
        200: { description: 'Every template, in short', schema: z.object({ templates: z.array(Summary) }) },
      },
      handlers: [list()],
    },
    {
      method: 'get',
      path: '/policy/v1/templates/{code}',
      summary: 'A protocol template, written for kinds of agency',
      tag,
      parameters: Parameters,
      responses: {
        200: { description: 'The template', schema: templateSchema },
        404: { description: 'There is no template of this name' },
      },
      handlers: [show()],
    },
  ];
}

function list(): ApiStep {
  return (ctx) => {
    ctx.body = { templates: listTemplates() };
  };
}

function show(): ApiStep {
  return (ctx) => {
    const { dataSubjects, lawfulBasis, part3, examples, terms, ...template } = getTemplate(
      queryOf(ctx, Parameters).code,
    );
    ctx.body = {
      ...template,
      data_subjects: dataSubjects,
      lawful_basis: lawfulBasis,
      ...(part3 && { part_3: part3 }),
      examples: examples.map(({ holderKind, ...example }) => ({ ...example, holder_kind: holderKind })),
      ...terms,
    };
  };
}
