/** What can be asked for under protocols in force, and what a role is given by them. */
import type { Clause } from '../../../policy/register/protocols/document.ts';
import type { RegisteredProtocol, RegisterState } from '../../../policy/register/chain/state.ts';
import { addresses } from '../../../policy/decisions/rules/clause.ts';
import { type CitedClause, citeClause } from '../../words/citation.ts';
import { type ClauseWords, clauseInWords } from '../../words/clause.ts';
import { fromCode, inSentence } from '../../words/sentence.ts';

/** An action on a type of record of one agency, for one purpose. `key` names it in an address. */
export type SharedUse = { key: string; text: string; asset: string; action: string; purpose: string; holder: string };

export type CitedWords = ClauseWords & CitedClause;

/** Everything that some clause in force gives somebody of this agency's records, by its words. */
export function sharedUsesOf(state: RegisterState, holder: string): SharedUse[] {
  const topics = new Map<string, SharedUse>();
  for (const { registered, clause } of permissions(state)) {
    if (!clause.holders.includes(holder)) continue;
    for (const action of clause.actions) {
      for (const purpose of clause.purposes) {
        const key = [clause.asset, action, purpose].join(' ');
        const text = useWords(state, registered, clause, action, purpose);
        topics.set(key, { key, text, asset: clause.asset, action, purpose, holder });
      }
    }
  }
  return [...topics.values()].sort((one, other) => one.text.localeCompare(other.text, 'en'));
}

/** Clauses in force that give something to this role of this agency, whoever holds it. */
export function listGiven(state: RegisterState, agency: string, role: string): CitedWords[] {
  return permissions(state)
    .filter(({ registered, clause }) => addresses(state, registered, clause, agency, role))
    .map(({ registered, clause }) => cite(state, registered, clause));
}

/** A clause in words, with its place in the protocol. */
export function cite(state: RegisterState, { document }: RegisteredProtocol, clause: Clause): CitedWords {
  return { ...clauseInWords(state, document, clause), ...citeClause(document, clause) };
}

function permissions({ protocols }: RegisterState): { registered: RegisteredProtocol; clause: Clause }[] {
  return [...protocols.values()]
    .filter(({ status }) => status === 'in-force')
    .flatMap((registered) => registered.document.clauses.map((clause) => ({ registered, clause })))
    .filter(({ clause }) => clause.effect === 'permit');
}

function useWords(
  { assets }: RegisterState,
  { document }: RegisteredProtocol,
  { asset }: Clause,
  action: string,
  purpose: string,
): string {
  const record = assets.get(asset)?.definition.name ?? fromCode(asset);
  const why = document.purposes.find(({ code }) => code === purpose)?.name ?? fromCode(purpose);
  return `${record}: ${inSentence(fromCode(action))}, for ${inSentence(why)}`;
}
