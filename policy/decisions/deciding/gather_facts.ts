/** Step: facts about the data subject, only if a clause that otherwise applies asks for them. */
import type { Consent } from '../consent/consent.ts';
import type { Involvement } from '../involvement/involvement.ts';
import type { PolicyContext } from './context.ts';
import type { DecisionRequest } from './decision.ts';
import type { Matched } from './match_clauses.ts';

/** What is known of the data subject; `subject` is their pseudonym, absent where the request names nobody. */
export type SubjectFacts = {
  subject: string | undefined;
  consents: readonly Consent[];
  involvements: readonly Involvement[];
};

/**
 * Reads consent and involvement where a clause for this purpose asks, whether or not its conditions hold: how often the database
 * is asked depends on the question and the rules, never on the person. With no data subject named there are none.
 */
export async function gatherFacts(
  context: PolicyContext,
  request: DecisionRequest,
  { about }: Matched,
): Promise<SubjectFacts> {
  const { dataSubject } = request.resource;
  if (dataSubject === undefined) return { subject: undefined, consents: [], involvements: [] };
  const subject = context.pseudonym(dataSubject);
  let consent = false;
  let involvement = false;
  for (const { clause } of about) {
    if (!clause.purposes.includes(request.purpose ?? '')) continue;
    consent ||= clause.consent.rule === 'required';
    involvement ||= clause.involvement === 'required';
  }
  const [consents, involvements] = await Promise.all([
    consent ? context.consents.get(subject) : [],
    involvement ? context.involvements.get(subject) : [],
  ]);
  return { subject, consents, involvements };
}
