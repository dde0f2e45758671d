/** The OpenAPI 3.1 document of the declared operations. */
import { z } from 'zod';
import type { ApiOperation, ApiResponse } from './api.ts';

type OpenApiInfo = {
  title: string;
  version: string;
  description?: string;
  baseUrl: string;
  tokenUrl: string;
  scopes: Record<string, string>;
};

type Json = Record<string, unknown>;

const problemSchema = z
  .object({
    type: z.string().describe('Stable name of the kind of problem, urn:wayleave:problem:…'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What was wrong, with what, and what to do'),
    instance: z.string().describe('The request, urn:wayleave:request:…'),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });

/** Builds the document from the same declarations that make the routes. */
export function openApiDocument(operations: ApiOperation[], info: OpenApiInfo): object {
  const components: Record<string, Json> = {};
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describeOperation(operation, components) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: info.title,
      version: info.version,
      ...(info.description === undefined ? {} : { description: info.description }),
    },
    servers: [{ url: info.baseUrl }],
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        token: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: info.tokenUrl, scopes: info.scopes } } },
      },
    },
  };
}

function describeOperation(operation: ApiOperation, components: Record<string, Json>): Json {
  const { parameters, body, security } = operation;
  return {
    operationId: operationId(operation),
    summary: operation.summary,
    ...(operation.description === undefined ? {} : { description: operation.description }),
    tags: [operation.tag],
    security: security === undefined ? [] : security.map((scope) => ({ token: [scope] })),
    ...(parameters === undefined ? {} : { parameters: describeParameters(operation.path, parameters, components) }),
    ...(body === undefined ? {} : { requestBody: describeBody(operation, toSchema(body, 'input', components)) }),
    responses: describeResponses(operation.responses, components),
  };
}

function describeBody(operation: ApiOperation, schema: Json): Json {
  const types = operation.bodyOptions?.types ?? ['application/json'];
  return { required: true, content: Object.fromEntries(types.map((type) => [type, { schema }])) };
}

function describeParameters(path: string, parameters: z.ZodObject, components: Record<string, Json>): Json[] {
  const schema = toSchema(parameters, 'input', components);
  const required = new Set((schema.required as string[] | undefined) ?? []);
  return Object.entries((schema.properties ?? {}) as Record<string, Json>).map(
    ([name, { description, ...property }]) => {
      const inPath = path.includes(`{${name}}`);
      return {
        name,
        in: inPath ? 'path' : 'query',
        required: inPath || required.has(name),
        ...(description === undefined ? {} : { description }),
        schema: property,
      };
    },
  );
}

function describeResponses(responses: Record<number, ApiResponse>, components: Record<string, Json>): Json {
  const described: Json = {};
  for (const [status, response] of Object.entries(responses)) {
    const { description, schema, type = 'application/json' } = response;
    described[status] = {
      description,
      ...(schema === undefined ? {} : { content: { [type]: { schema: toSchema(schema, 'output', components) } } }),
    };
  }
  described.default = {
    description: 'A problem document (RFC 9457)',
    content: { 'application/problem+json': { schema: toSchema(problemSchema, 'output', components) } },
  };
  return described;
}

/** A zod schema as JSON Schema; those with an id (`.meta({ id })`) move to the components and are referred to. */
function toSchema(schema: z.ZodType, io: 'input' | 'output', components: Record<string, Json>): Json {
  const { $schema: _, $defs, id, ...own } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
  const text = (part: unknown): string => JSON.stringify(part).replaceAll('"#/$defs/', '"#/components/schemas/');
  for (const [name, definition] of Object.entries(($defs ?? {}) as Record<string, Json>)) {
    const { id: _id, ...rest } = definition;
    components[name] = JSON.parse(text(rest)) as Json;
  }
  const body = JSON.parse(text(own)) as Json;
  if (typeof id !== 'string') return body;
  components[id] = body;
  return { $ref: `#/components/schemas/${id}` };
}

function operationId({ method, path }: ApiOperation): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return [method, ...words]
    .map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');
}
