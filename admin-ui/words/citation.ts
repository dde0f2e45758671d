/** How every page names a clause: by its words, and beside them by the id that the signed text and the answers of systems use. */
import type { Clause, Protocol } from '../../policy/register/protocols/document.ts';

/** `title` says where the clause stands: "Early help, version 1, clause strengths", or "clause strengths" within its own text. */
export type CitedClause = { text: string; title: string; href: string };

/** A clause of a signed text, for a page that is not about this text alone. */
export function citeClause(
  { id, version, title }: Pick<Protocol, 'id' | 'version' | 'title'>,
  clause: Pick<Clause, 'id' | 'text'>,
): CitedClause {
  return {
    text: clause.text,
    title: `${title}, version ${version}, ${clauseTitle(clause)}`,
    href: `/protocols/${id}/${version}#clause-${clause.id}`,
  };
}

/** What stands beside the words within the clause's own text. */
export function clauseTitle({ id }: Pick<Clause, 'id'>): string {
  return `clause ${id}`;
}

/** The same where only a line of plain text fits, in a list to choose from say: long words are cut off. */
export function citeInLine({ text, title }: Pick<CitedClause, 'text' | 'title'>): string {
  return text === '' ? title.charAt(0).toUpperCase() + title.slice(1) : `“${cut(text)}” (${title})`;
}

const longest = 70;

function cut(text: string): string {
  if (text.length <= longest) return text;
  const end = text.lastIndexOf(' ', longest);
  return `${text.slice(0, end > 0 ? end : longest).replace(/[,;:.]$/, '')}\u00A0…`;
}
