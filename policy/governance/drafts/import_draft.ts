/** Protocols as JSON text, in and out. A text that two readers could read differently is refused, with the place. */
import type { ActingPerson } from '../../../directory/actor.ts';
import type { InputIssue } from '../../../platform/errors.ts';
import { type Json, type JsonObject, parseJsonStrict } from '../../../platform/json.ts';
import { scanJson } from '../../../platform/scan_json.ts';
import { PolicyError } from '../../errors.ts';
import { mostBytes, pointer } from '../../register/protocols/read.ts';
import type { DraftContext } from './draft.ts';
import { getDraft } from './find_draft.ts';
import { saveDraft } from './save_draft.ts';
import { deepest, isObject, tooDeep, tooLarge } from './text.ts';

/** Replaces a draft's text by an imported one, as a save of the revision it was opened at. */
export function importDraft(
  context: DraftContext,
  actor: ActingPerson,
  id: string,
  { revision, text }: { revision: number; text: string | Uint8Array },
): Promise<{ revision: number }> {
  return saveDraft(context, actor, id, { revision, document: readImport(text) });
}

/** The draft as it stands, as JSON that people can read and import again. */
export async function exportDraft(context: DraftContext, actor: ActingPerson, id: string): Promise<string> {
  const { document } = await getDraft(context, actor, id);
  return `${JSON.stringify(document, null, 2)}\n`;
}

/**
 * Reads JSON text. Throws `draft-too-large` before anything is parsed, `draft-too-deep`, `malformed-json`,
 * `ambiguous-json` with the place of each key that stands twice, `not-an-object`.
 */
export function readImport(text: string | Uint8Array): JsonObject {
  const bytes = typeof text === 'string' ? Buffer.byteLength(text) : text.length;
  if (bytes > mostBytes) throw tooLarge(bytes);
  const characters = (typeof text === 'string' ? text : decode(text)).replace(/^\uFEFF/, '');
  refuseAmbiguous(characters);
  const value: Json = parseJsonStrict(characters);
  if (isObject(value)) return value;
  throw new PolicyError('invalid', 'not-an-object', 'A protocol is a JSON object: it begins with { and ends with }.');
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new PolicyError('invalid', 'malformed-json', 'The file is not text in UTF-8. Save it as UTF-8.', { cause });
  }
}

const mostIssues = 20;

// Before it is parsed, and whether or not it is JSON.
function refuseAmbiguous(text: string): void {
  const issues: InputIssue[] = [];
  scanJson(text, {
    open: (depth) => {
      if (depth > deepest) throw tooDeep();
    },
    key: ({ name, again, path, line }) => {
      const complain = (what: string): void =>
        void issues.push({
          pointer: pointer(...path()),
          message: `The key ${JSON.stringify(name)} ${what} (line ${line()}).`,
        });
      if (again) complain('stands twice in one object');
      if (name === '__proto__') complain('is not one of a protocol');
      if (issues.length >= mostIssues) throw ambiguous(issues);
    },
  });
  if (issues.length > 0) throw ambiguous(issues);
}

function ambiguous(issues: InputIssue[]): PolicyError {
  return new PolicyError(
    'invalid',
    'ambiguous-json',
    'Two readers could read this text differently. Mend the places named and import it again.',
    { issues },
  );
}
