/** The particulars of a statement as rows of a summary, in words. */
import type { Statement } from '../../policy/decisions/consent/statement.ts';
import * as words from './words.ts';

type Said = {
  [
    Key in
      | 'basis'
      | 'capacity'
      | 'givenBy'
      | 'authority'
      | 'childView'
      | 'notAskedBecause'
      | 'wording'
      | 'language'
      | 'state'
  ]?: Statement[Key] | null;
};

/** Rows with nothing to say are left out. */
export function particularsOf(said: Said): { key: string; value: string }[] {
  const rows: [string, string | undefined][] = [
    ['Kind of agreement', said.basis && said.state !== 'objected' ? capital(words.basisWords[said.basis]) : undefined],
    ['Can the person decide this?', said.capacity ? words.capacityWords[said.capacity].text : undefined],
    ['Who said it', said.givenBy ? words.relationWords[said.givenBy].text : undefined],
    ['How that was checked', said.authority ? words.authorityWords[said.authority].text : undefined],
    ['What the child thinks', childView(said)],
    ['How they were asked', said.wording ? words.wordingWords[said.wording].text : undefined],
    ['Language', said.language ? (words.languages[said.language] ?? said.language) : undefined],
  ];
  return rows.flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }]));
}

function childView({ childView: view, notAskedBecause: reason }: Said): string | undefined {
  if (!view) return undefined;
  const text = words.childViewWords[view].text;
  return reason ? `${text}: ${words.notAskedWords[reason].text.toLowerCase()}` : text;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
