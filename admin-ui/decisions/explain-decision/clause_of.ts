/** What an answer cites, as a page shows it: the clause with its text and a link to the signed protocol. */
import type { ClauseReference } from '../../../policy/decisions/rules/clause.ts';
import type { RegisterState } from '../../../policy/register/chain/state.ts';
import { type CitedClause, citeClause } from '../../words/citation.ts';

type SignedClause = CitedClause & { signers: string };

/** Text and signatures come from the register by the hash that the decision names, so a later version is never shown in its place. */
export function clauseOf(state: RegisterState | undefined, reference: ClauseReference): SignedClause {
  const protocol = state?.protocols.get(reference.hash);
  const clause = protocol?.document.clauses.find(({ id }) => id === reference.clause);
  const { protocol: id, version } = reference;
  return {
    ...citeClause(
      { id, version, title: protocol?.document.title ?? id },
      { id: reference.clause, text: clause?.text ?? 'The register cannot show the text now.' },
    ),
    signers: (protocol?.signatures ?? [])
      .map(({ officerName, agency }) => `${officerName} for ${nameOf(state, agency)}`)
      .join('; '),
  };
}

/** A field's title by its name, as the asset's definition has it. */
export function fieldTitles(state: RegisterState | undefined, asset: string): (name: string) => string {
  const fields = state?.assets.get(asset)?.definition.fields ?? [];
  return (name) => fields.find((field) => field.name === name)?.title ?? name.replaceAll('_', ' ');
}

/** A reason code in a few words, for tags and lists. */
export function reasonWords(code: string): string {
  return code.replaceAll('-', ' ');
}

function nameOf(state: RegisterState | undefined, agency: string): string {
  return state?.agencies.get(agency)?.name ?? agency;
}
