/** GET /consent/recorded/{id}: what the agency recorded, to print for the person: what was said, and how to take it back. */
import type Koa from 'koa';
import { isUuid } from '../../../platform/uuid.ts';
import { render } from '../../../platform/web/render.ts';
import { clausesAsked } from '../../../policy/decisions/consent/asked_clauses.ts';
import { findStatement, isWhatCounts } from '../../../policy/decisions/consent/list_statements.ts';
import { findSpokenOf, membersOf } from '../../../policy/decisions/consent/members.ts';
import type { Protocol } from '../../../policy/register/protocols/document.ts';
import type { WebContext } from '../../context.ts';
import { WebApplicationError } from '../../errors.ts';
import { personOf } from '../../session/require_person.ts';
import { inSentence } from '../../words/sentence.ts';
import { listHandOuts } from '../hand_outs.ts';
import { particularsOf } from '../particulars.ts';
import { consentContext } from '../recorder.ts';
import { relationWords, scopeInWords, stateWords } from '../words.ts';

export function printRecord(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { id } = ctx.params as { id: string };
    const { agency, agencyName } = personOf(ctx).post;
    const found = isUuid(id) ? await findStatement(consentContext(context), agency, id) : undefined;
    const state = context.register.state();
    const protocol = found && findSpokenOf(state, found.protocol);
    if (found === undefined || state === undefined || protocol === undefined) {
      throw new WebApplicationError('not-found', 'statement-unknown', 'Your agency has recorded no such statement.');
    }
    const { document } = protocol;
    const { clause, purpose } = found;
    const scope = clause !== null ? { scope: { clause } } : purpose !== null ? { scope: { purpose } } : {};
    render(ctx, 'consent/print-record/print-record.njk', {
      title: titles[found.state],
      counts: found.state === 'objected' || (await isWhatCounts(consentContext(context), protocol, found)),
      warning: found.state === 'given' ? refusalStands : agreementStands,
      document,
      statement: found,
      agencyName,
      who: found.givenBy === null ? 'somebody' : inSentence(relationWords[found.givenBy].text),
      said: stateWords[found.state].said,
      about: scopeInWords(document, found),
      reached: clausesAsked(document, found.state, { basis: found.basis, ...scope }),
      particulars: particularsOf(found as Parameters<typeof particularsOf>[0]),
      contact: contactOf(document, agency),
      members: membersOf(state, protocol).map(({ name }) => name),
      holders: holdersOf(document),
      handOuts: await listHandOuts(context, agency, { id: document.id, hash: protocol.hash }),
    });
  };
}

const refusalStands =
  'This agreement changes nothing now: it has ended, or a refusal stands. What a person who can decide has refused, only they themselves can agree to; and what was said later counts.';
const agreementStands =
  'This changes nothing now: somebody agreed later. If the person says no today, record that they take it back.';

const titles = {
  given: 'Agreement recorded',
  refused: 'Refusal recorded',
  withdrawn: 'Recorded: the agreement is taken back',
  objected: 'Objection recorded',
};

/** Where the person can write: the data protection officer whom the protocol names for the agency. */
function contactOf({ parties }: Protocol, agency: string) {
  return parties.find((party) => party.agency === agency)?.dpo;
}

function holdersOf({ clauses, parties }: Protocol): string[] {
  const holders = new Set(clauses.flatMap((clause) => clause.holders));
  return parties.filter(({ agency }) => holders.has(agency)).map(({ name }) => name);
}
