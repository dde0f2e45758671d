/** What an agency that joins receives under a text: the clauses that are open to it, as the parties worded them. */
import type { Party, Protocol } from '../../policy/register/protocols/document.ts';
import { type CitedClause, clauseTitle } from '../words/citation.ts';

export function openTo(
  { clauses }: Protocol,
  { agency, kind }: Pick<Party, 'agency' | 'kind'>,
): Pick<CitedClause, 'text' | 'title'>[] {
  return clauses
    .filter(({ effect, open_to_accession: open }) => open && effect === 'permit')
    .filter(({ recipients }) => recipients.some((one) => ('agency' in one ? one.agency === agency : one.kind === kind)))
    .map((clause) => ({ text: clause.text, title: clauseTitle(clause) }));
}
