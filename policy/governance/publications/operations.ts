/** The JSON interface to the register of agreements and the register of types of record: open to all, like what was signed. */
import { type CallerGround, catchUp } from '../../../directory/partners/require_caller.ts';
import type { Database } from '../../../platform/database/database.ts';
import type { ApiOperation, ApiStep } from '../../../platform/web/api.ts';
import { queryOf } from '../../../platform/web/input.ts';
import type { Register } from '../../register/chain/state.ts';
import { getState } from '../../register/ledger/published.ts';
import { type Agreement, documentsOf, listAgreements } from './agreements.ts';
import { listAssets } from './asset_register.ts';
import { AgreementList, AgreementParameters, AssetList, AssetParameters } from './interface.ts';

const damaged = { 503: { description: 'The register does not verify: nothing is in force' } };

export function documentOperations(
  { db, log }: { db: Database; log: CallerGround['log'] },
  register: Register,
): ApiOperation[] {
  const fresh = catchUp(log);
  return [
    {
      method: 'get',
      path: '/policy/v1/agreements',
      summary: 'Agreements in words, with what their parties published',
      tag: 'Register',
      parameters: AgreementParameters,
      responses: { 200: { description: 'One page of agreements, by title', schema: AgreementList }, ...damaged },
      handlers: [fresh, showAgreements(db, register)],
    },
    {
      method: 'get',
      path: '/policy/v1/assets',
      summary: 'Types of record: their parts, who holds them, and who receives what for which purpose',
      tag: 'Register',
      parameters: AssetParameters,
      responses: { 200: { description: 'Types of record, by name', schema: AssetList }, ...damaged },
      handlers: [fresh, showAssets(register)],
    },
  ];
}

function showAgreements(db: Database, register: Register): ApiStep {
  return async (ctx) => {
    const { after, limit, ...filter } = queryOf(ctx, AgreementParameters);
    const state = getState(register);
    const all = listAgreements(state, filter);
    const start = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
    const page = all.slice(start, start + limit);
    const documents = await documentsOf(db, state, page);
    ctx.body = {
      agreements: page.map((agreement) => describe(agreement, documents.get(agreement.id) ?? [])),
      next: start + limit < all.length ? (page.at(-1)?.id ?? null) : null,
    };
  };
}

function describe(
  { id, registered, state, members, versions }: Agreement,
  documents: { document: string; agency: string; href: string }[],
) {
  const { version, title, summary, valid, review, purposes, data_subjects: people } = registered.document;
  return {
    id,
    version,
    title,
    summary,
    state,
    since: valid.from,
    until: valid.until,
    review,
    parties: members,
    purposes: purposes.map(({ code, name, aim }) => ({ code, name, aim })),
    data_subjects: people,
    versions,
    documents: documents.map(({ document, agency, href }) => ({ document, agency, href })),
  };
}

function showAssets(register: Register): ApiStep {
  return (ctx) => {
    const entries = listAssets(getState(register), queryOf(ctx, AssetParameters).agency);
    ctx.body = {
      assets: entries.map(({ definition, holders, flows }) => ({
        code: definition.code,
        name: definition.name,
        description: definition.description,
        about_a_person: definition.about_a_person,
        fields: definition.fields,
        holders: holders.map(({ agency, name }) => ({ agency, name })),
        flows: flows.map(({ share, purpose, protocol }) => ({
          protocol: protocol.id,
          version: protocol.version,
          clause: share.clause.id,
          purpose: purpose.code,
          holders: share.holders.map(({ agency }) => agency),
          recipients: share.receivers.map(({ role, parties }) => ({
            role,
            agencies: parties.map(({ agency }) => agency),
          })),
          fields: share.fields.map(({ name }) => name),
        })),
      })),
    };
  };
}
