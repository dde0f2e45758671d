/** GET /assets and /assets.csv: the information-asset register, for everybody signed in; one's own agency's as a table to keep. */
import type Koa from 'koa';
import { z } from 'zod';
import { collectValues } from '../../../platform/web/body.ts';
import { answerCsv } from '../../../platform/web/csv.ts';
import { parseFields } from '../../../platform/web/form.ts';
import { render } from '../../../platform/web/render.ts';
import {
  type AssetEntry,
  assetsAsCsv,
  listAssets as find,
} from '../../../policy/governance/publications/asset_register.ts';
import type { AssetDefinition } from '../../../policy/register/protocols/document.ts';
import type { RegisterState } from '../../../policy/register/chain/state.ts';
import type { WebContext } from '../../context.ts';
import { getState } from '../../kit/register_state.ts';
import { personOf } from '../../session/require_person.ts';
import { citeClause } from '../../words/citation.ts';

const Form = z.object({ agency: z.string().max(32, 'Choose an agency from the list').optional() });

export function listAssets(context: WebContext): Koa.Middleware {
  return (ctx) => {
    const state = getState(context);
    const parsed = parseFields(Form, collectValues(new URLSearchParams(ctx.querystring)));
    const agency = parsed.ok ? parsed.data.agency : undefined;
    render(ctx, 'protocols/list-assets/list-assets.njk', {
      title: 'Types of record',
      form: parsed.form,
      own: personOf(ctx).post.agencyName,
      agencies: agencyOptions(state),
      assets: find(state, agency).map(row),
    });
  };
}

export function downloadAssets(context: WebContext): Koa.Middleware {
  return (ctx) => {
    const { agency } = personOf(ctx).post;
    answerCsv(ctx, `records-${agency}`, assetsAsCsv(getState(context), agency));
  };
}

/** Agencies that belong to the federation, by name, for a filter. */
export function agencyOptions(state: RegisterState): { value: string; text: string }[] {
  const members = [...state.agencies.values()].filter(({ endedAt }) => endedAt === undefined);
  const options = members.map(({ code, name }) => ({ value: code, text: name }));
  return [{ value: '', text: 'All' }, ...options.sort((a, b) => a.text.localeCompare(b.text, 'en'))];
}

const sensitivities: Record<AssetDefinition['fields'][number]['sensitivity'], { text: string; tag: string }> = {
  ordinary: { text: 'Ordinary', tag: 'grey' },
  'special-category': { text: 'Special category', tag: 'purple' },
  criminal: { text: 'Criminal', tag: 'orange' },
  restricted: { text: 'Restricted', tag: 'red' },
};

function row({ definition, holders, flows }: AssetEntry) {
  return {
    code: definition.code,
    name: definition.name,
    description: definition.description,
    fields: definition.fields.map(({ title, sensitivity }) => ({ title, sensitivity: sensitivities[sensitivity] })),
    holders,
    flows: flows.map(({ share, purpose, protocol }) => ({
      purpose: purpose.name,
      clause: citeClause(protocol, share.clause),
      to: share.receivers.map(({ name, parties }) => `${name} (${agenciesInWords(parties)})`),
      fields: share.fields.map(({ title }) => title),
    })),
  };
}

function agenciesInWords(parties: readonly { name: string }[]): string {
  return parties.length <= 3 ? parties.map(({ name }) => name).join(', ') : `${parties.length} agencies`;
}
