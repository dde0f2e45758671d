/** A look through JSON text before it is parsed: how deep it goes, and where a key stands twice or is none to use. */
import type { InputIssue } from '../../../platform/errors.ts';
import { pointer } from '../../register/protocols/read.ts';
import { deepest } from './text.ts';

/** Where the look stands: one level for each object or list that is open. */
type Level = { keys: Set<string> | undefined; at: string | number };

const mostIssues = 20;
// A string that is a key (captured), any other string, a bracket, a comma. Unrolled: long strings need no backtracking.
const tokens = /("[^"\\]*(?:\\.[^"\\]*)*")(?:\s*:)|"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/gs;

/** Looks through text that need not be valid JSON; parsing says whether it is. Stops where it goes too deep. */
export function scanJson(text: string): { issues: InputIssue[]; deep: boolean } {
  const issues: InputIssue[] = [];
  const open: Level[] = [];
  for (const match of text.matchAll(tokens)) {
    const [token, key] = match;
    const level = open.at(-1);
    if (key !== undefined) noteKey(level, open, key, lineOf(text, match.index), issues);
    else if (token === '{') open.push({ keys: new Set(), at: '' });
    else if (token === '[') open.push({ keys: undefined, at: 0 });
    else if (token === '}' || token === ']') open.pop();
    else if (token === ',' && typeof level?.at === 'number') level.at += 1;
    if (open.length > deepest) return { issues, deep: true };
    if (issues.length === mostIssues) break;
  }
  return { issues, deep: false };
}

function noteKey(
  level: Level | undefined,
  open: readonly Level[],
  written: string,
  line: () => number,
  issues: InputIssue[],
): void {
  const key = read(written);
  if (level?.keys === undefined || key === undefined) return;
  const complain = (message: string): void =>
    void issues.push({ pointer: pointer(...open.slice(0, -1).map(({ at }) => at), key), message });
  if (level.keys.has(key)) complain(`The key ${JSON.stringify(key)} stands twice in one object (line ${line()}).`);
  if (key === '__proto__') complain(`The key "__proto__" is not one of a protocol (line ${line()}).`);
  level.keys.add(key);
  level.at = key;
}

function read(written: string): string | undefined {
  try {
    return JSON.parse(written) as string;
  } catch {
    return undefined;
  }
}

// Counted only where there is something to say.
function lineOf(text: string, index: number): () => number {
  return () => text.slice(0, index).split('\n').length;
}
