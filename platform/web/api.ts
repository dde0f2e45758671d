/** A JSON operation: one declaration makes the route and its OpenAPI entry, so the document cannot say anything else than the code does. */
import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import type { JsonOptions } from './body.ts';

/** One request and its answer, as guards and handlers see them. */
export type ApiContext = {
  readonly req: IncomingMessage;
  /** Parameters of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** What stands after the question mark. */
  readonly querystring: string;
  /** What steps leave for those after them. Each is read by the function that knows its type: `queryOf`, `bodyOf`, `callerOf`. */
  readonly state: { requestId: string; query?: unknown; body?: unknown; caller?: unknown };
  /** 200, unless a handler says otherwise. 400 and above without a body is answered with a problem document. */
  status: number;
  /** What is answered: text goes out as it stands, an object as JSON; undefined: nothing but the headers. */
  body: string | object | undefined;
  /** A header of the request; '' where it was not sent. */
  get(name: string): string;
  /** Sets a header of the answer. Write its name as its specification does: they are not compared without case. */
  set(name: string, value: string): void;
};

/** A guard or a handler. Whoever throws ends the request; the error is what is answered. */
export type ApiStep = (ctx: ApiContext) => void | Promise<void>;

export type ApiResponse = {
  description: string;
  schema?: z.ZodType;
  /** Media type, default application/json. */ type?: string;
};

export type ApiOperation = {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** '/directory/v1/practitioners/{id}' */
  path: string;
  summary: string;
  description?: string;
  tag: string;
  /** Scopes, one of which the caller's access token must carry; absent: open to all. */
  security?: string[];
  /** Path and query parameters in one object; read with `queryOf`. */
  parameters?: z.ZodObject;
  /** JSON body; read with `bodyOf`. */
  body?: z.ZodType;
  /** Media types taken as JSON, and the most bytes. */
  bodyOptions?: JsonOptions;
  responses: Record<number, ApiResponse>;
  /** Steps that must speak before the input is read (authentication), in order. */
  guards?: ApiStep[];
  handlers: ApiStep[];
  /** Requests that succeed are no lines in the process's log: they are on record elsewhere, or are asked every few seconds. */
  quiet?: boolean;
};
