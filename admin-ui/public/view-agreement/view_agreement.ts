/** GET /agreements/{id}: one agreement in words for the public, with what its parties published about it. */
import type Koa from 'koa';
import { render } from '../../../platform/web/render.ts';
import { type Agreement, documentsOf, findAgreement } from '../../../policy/governance/publications/agreements.ts';
import { dayInWords } from '../../../policy/governance/publications/phrases.ts';
import type { RegisterState } from '../../../policy/register/chain/state.ts';
import type { WebContext } from '../../context.ts';
import { WebApplicationError } from '../../errors.ts';
import { getState } from '../../kit/register_state.ts';
import { agreementWords } from '../../words/agreements.ts';

export function viewAgreement(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const state = getState(context);
    const agreement = getAgreement(state, (ctx.params as { id: string }).id);
    const { registered, members, versions } = agreement;
    const { title, summary, purposes, data_subjects: people, tier } = registered.document;
    const published = (await documentsOf(context.ground.db, state, [agreement])).get(agreement.id) ?? [];
    const byAgency = Map.groupBy(published, ({ agency }) => agency);
    render(ctx, 'public/view-agreement/view-agreement.njk', {
      title,
      summary,
      framework: tier === 'framework',
      state: agreementWords(agreement.state),
      purposes,
      people,
      dates: datesOf(agreement),
      parties: members.map(({ agency, name, kind, joined }) => ({
        name,
        joined: joined && dayInWords(joined),
        kind: state.kinds.get(kind)?.definition.name ?? kind,
        documents: byAgency.get(agency) ?? [],
      })),
      versions: versions.map(({ version, state: each, from, until }) => ({
        version,
        state: agreementWords(each),
        from: dayInWords(from),
        until: dayInWords(until),
      })),
      text: `/policy/v1/protocols/${agreement.id}/${registered.document.version}`,
    });
  };
}

/** Throws for an agreement that is not in the public register, one that still waits for signatures too. */
function getAgreement(state: RegisterState, id: string): Agreement {
  const found = findAgreement(state, id);
  if (found !== undefined) return found;
  throw new WebApplicationError('not-found', 'agreement-unknown', 'There is no such agreement in the register.');
}

function datesOf({ registered }: Agreement) {
  const { valid, review } = registered.document;
  return { from: dayInWords(valid.from), until: dayInWords(valid.until), review: dayInWords(review) };
}
