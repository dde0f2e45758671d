/** Reading a protocol from the bytes that are signed. */
import { z } from 'zod';
import type { InputIssue } from '../../platform/errors.ts';
import { canonicalBytes } from '../../platform/json.ts';
import { PolicyError } from '../errors.ts';
import { hashOf, readCanonical } from '../signatures/canonical.ts';
import { Protocol } from './document.ts';

/** A text and what it says. `hash` names the bytes; the document is what they mean (defaults filled in). */
export type ReadProtocol = { hash: string; document: Protocol };

/** Reads the canonical bytes of a protocol; throws `not-canonical` or `protocol-malformed` with a pointer to each mistake. */
export function readProtocol(bytes: Uint8Array): ReadProtocol {
  const parsed = Protocol.safeParse(readCanonical(bytes));
  if (parsed.success) return { hash: hashOf(bytes), document: parsed.data };
  throw new PolicyError(
    'invalid',
    'protocol-malformed',
    'The protocol does not have the form that its schema asks for.',
    {
      issues: parsed.error.issues.map(toIssue),
    },
  );
}

/** The bytes that the parties sign, of a document as somebody wrote it. */
export function protocolBytes(document: z.input<typeof Protocol>): Uint8Array {
  return canonicalBytes(document);
}

/** True where the text forbids something: then it must be readable for anything it might forbid to be given. */
export function prohibits(document: Protocol): boolean {
  return document.clauses.some((clause) => clause.effect === 'prohibit');
}

/** The JSON Schema of the document, as published. */
export function protocolSchema(): object {
  return z.toJSONSchema(Protocol, { io: 'input', target: 'draft-2020-12' });
}

/** What a schema found, as the edge says it. */
export function toIssue({ path, message }: { path: PropertyKey[]; message: string }): InputIssue {
  return { pointer: pointer(...path), message };
}

/** An RFC 6901 JSON pointer. */
export function pointer(...path: PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
