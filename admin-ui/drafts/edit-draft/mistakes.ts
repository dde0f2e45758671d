/** What is still wrong with a draft, each mistake with the page and the box where it is mended. */
import type { InputIssue } from '../../../platform/errors.ts';
import { stepsOf } from './form/list_deed.ts';
import { isSeries, type Part } from './parts/part.ts';
import { parts } from './parts/parts.ts';

/** `part`: undefined for what no form has a box for. `index`: of an item of a list, its place in it. */
export type Mistake = InputIssue & { part?: Part; index?: number };

/** Each issue with the part of the document that it belongs to. */
export function sortMistakes(issues: readonly InputIssue[]): Mistake[] {
  return issues.map(({ pointer, message }) => {
    const issue = { pointer, message: message.replace('as year-month-day: 2027-01-31', 'such as 31/1/2027') };
    const [key = '', index] = stepsOf(issue.pointer);
    const part = parts.find(({ keys }) => keys.includes(key));
    if (part === undefined) return issue;
    const item = isSeries(part) && index !== undefined && /^\d+$/.test(index);
    return { ...issue, part, ...(item ? { index: Number(index) } : {}) };
  });
}

/** Where the mistakes of a part are mended, with every box that is wrong marked. */
export function addressOf(draft: string, part: Part, mistakes: readonly Mistake[]): string {
  const page = `/drafts/${draft}/${part.code}`;
  return mistakes.length > 0 && !isSeries(part) ? `${page}?check=1` : page;
}

/** How far something is: complete, or how much is to be mended. */
export function statusOf(mistakes: readonly Mistake[]): { text: string; tag: string } {
  const count = mistakes.length;
  if (count === 0) return { text: 'Complete', tag: 'green' };
  return { text: count === 1 ? '1 to mend' : `${count} to mend`, tag: 'yellow' };
}
