import { describe, expect, test } from '@jest/globals';
import type { ApiOperation } from '../../../platform/web/api.ts';
import { openApiDocument } from '../../../platform/web/openapi.ts';
import { operations } from './sample.ts';

type Document = {
  openapi: string;
  paths: Record<string, Record<string, Record<string, unknown>>>;
  components: { schemas: Record<string, { properties?: Record<string, unknown> }>; securitySchemes: object };
};

const info = {
  title: 'Sample',
  version: '1',
  baseUrl: 'http://x',
  tokenUrl: 'http://x/oidc/token',
  scopes: { 'directory.read': 'Read' },
};
const documentOf = (list: ApiOperation[]): Document => openApiDocument(list, info) as Document;

describe('the OpenAPI document', () => {
  const document = documentOf(operations);

  test('has each declared operation once, with its parameters where they stand', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual([
      '/sample/v1/people',
      '/sample/v1/people/{id}',
      '/access/v1/evaluation',
    ]);
    const get = document.paths['/sample/v1/people/{id}']!.get!;
    expect(get.operationId).toBe('getSampleV1PeopleId');
    expect(get.security).toEqual([{ token: ['directory.read'] }]);
    expect(get.parameters).toEqual([
      { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
      { name: 'q', in: 'query', required: false, schema: { type: 'string', maxLength: 20 } },
      {
        name: 'limit',
        in: 'query',
        required: false,
        schema: { type: 'integer', minimum: -9007199254740991, maximum: 100 },
      },
    ]);
  });

  test('describes bodies as they are parsed: strict ones close, lenient ones stay open', () => {
    const strict = body(document.paths['/sample/v1/people']!.post!);
    expect(strict).toMatchObject({ type: 'object', required: ['name'], additionalProperties: false });
    const lenient = body(document.paths['/access/v1/evaluation']!.post!);
    expect(lenient.additionalProperties).toBeUndefined();
  });

  test('refers to named schemas and to the problem document, and every reference leads somewhere', () => {
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name!);
    expect(new Set(references)).toEqual(new Set(['Person', 'Problem']));
    for (const name of references) expect(document.components.schemas[name]?.properties).toBeDefined();
    expect(text).not.toContain('$defs');
  });
});

function body(operation: Record<string, unknown>): Record<string, unknown> {
  const { content } = operation.requestBody as { content: Record<string, { schema: Record<string, unknown> }> };
  return content['application/json']!.schema;
}
