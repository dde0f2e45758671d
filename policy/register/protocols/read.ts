/** Reading a protocol from the bytes that are signed. */
import { z } from 'zod';
import '../../../platform/schema_words.ts';
import type { InputIssue } from '../../../platform/errors.ts';
import { canonicalBytes, type Json } from '../../../platform/json.ts';
import { PolicyError } from '../../errors.ts';
import { hashOf, readCanonical } from '../signatures/canonical.ts';
import { Protocol } from './document.ts';

/** A text and what it says. `hash` names the bytes; the document is what they mean (defaults filled in). */
export type ReadProtocol = { hash: string; document: Protocol };

/** A text that signatures are about; its bytes, where one is to be verified over them. */
export type Text = ReadProtocol & { bytes: Uint8Array | undefined };

/** Texts by their hash; one that is missing or damaged is not among them. */
export type Texts = ReadonlyMap<string, Text>;

/** Bytes of a protocol at most. The largest agreement in use is a tenth of this. */
export const mostBytes = 1_000_000;

/**
 * Reads the canonical bytes of a protocol; throws `protocol-too-large`, `not-canonical` or `protocol-malformed` with a
 * pointer to each mistake.
 */
export function readProtocol(bytes: Uint8Array): ReadProtocol {
  if (bytes.length > mostBytes) throw tooLarge(bytes.length);
  const value = readCanonical(bytes);
  const parsed = Protocol.safeParse(value);
  // Schemas pass over a key of this name, and what is signed must hold nothing that nobody reads.
  const unread = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('"__proto__":')
    ? listPrototypes(value)
    : [];
  if (parsed.success && unread.length === 0) return { hash: hashOf(bytes), document: parsed.data };
  const issues = [...unread, ...(parsed.error?.issues.map(toIssue) ?? [])];
  throw new PolicyError(
    'invalid',
    'protocol-malformed',
    'The protocol does not have the form that its schema asks for.',
    { issues },
  );
}

function tooLarge(bytes: number): PolicyError {
  const message = `This protocol is ${(bytes / 1_000_000).toFixed(1)} MB long; it may be 1 MB at most. Shorten it, or keep annexes elsewhere and name them.`;
  return new PolicyError('too-large', 'protocol-too-large', message, { issues: [{ pointer: '', message }] });
}

function listPrototypes(value: Json, path: readonly PropertyKey[] = []): InputIssue[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(key === '__proto__' ? [{ pointer: pointer(...path, key), message: 'A protocol has no such part.' }] : []),
    ...listPrototypes(inner as Json, [...path, key]),
  ]);
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
