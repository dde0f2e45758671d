/** The directory's JSON interface for partner systems with the scope `directory.read`. */
import type { ApiContext, ApiOperation, ApiResponse, ApiStep } from '../../platform/web/api.ts';
import { queryOf } from '../../platform/web/input.ts';
import { type LimitOptions, openLimit } from '../../platform/web/rate_limit.ts';
import type { Log } from '../../platform/log/log.ts';
import { findAgency, listAgencies } from '../agencies/list_agencies.ts';
import { callerOf, type CallerGround, catchUp, requireCaller } from '../partners/require_caller.ts';
import { findDutyDesk } from '../agencies/find_duty_desk.ts';
import { viewEntry } from '../finding/view_entry.ts';
import { notFound } from '../errors.ts';
import { listRoles } from '../agencies/list_roles.ts';
import type { Seeker } from '../finding/record_look_up.ts';
import { searchPractitioners } from '../finding/search_practitioners.ts';
import { listTeams } from '../agencies/list_teams.ts';
import { describeAgency, describeAgencyPage, describeEntry, describeSearch } from './describe.ts';
import { AgenciesParameters, AgencyParameters, EntryParameters, NoParameters, SearchParameters } from './parameters.ts';
import { AgencyList, AgencyPage, EntryShape, RoleList, SearchResults } from './shapes.ts';

type DirectoryGround = Omit<CallerGround, 'log'> & { log: Log };

const scope = 'directory.read';
/** Look-ups of one partner system, all its users together. */
const usual: LimitOptions = { name: 'directory', points: 600, seconds: 60 };

/** The operations, for `serveApi` and the OpenAPI document. `limit` replaces the usual cap on look-ups. */
export function directoryOperations(ground: DirectoryGround, options: { limit?: LimitOptions } = {}): ApiOperation[] {
  const limit = openLimit(ground.db, options.limit ?? usual);
  const guards: ApiStep[] = [
    catchUp(ground.log),
    requireCaller(ground, scope),
    (ctx) => limit.consume(callerOf(ctx).clientId),
  ];
  const shared = { tag: 'Directory', security: [scope], guards };
  return [
    {
      ...shared,
      method: 'get',
      path: '/directory/v1/practitioners',
      summary: 'Find practitioners by name, role and agency',
      description:
        'Give at least one of name, role and agency. Every search is recorded, and the people found can see it.',
      parameters: SearchParameters,
      responses: { 200: { description: 'One page of results', schema: SearchResults }, ...refusals },
      handlers: [search(ground)],
    },
    {
      ...shared,
      method: 'get',
      path: '/directory/v1/practitioners/{id}',
      summary: 'Open a practitioner’s entry',
      description: 'Each fact comes with its source and age. Every view is recorded, and the person can see it.',
      parameters: EntryParameters,
      responses: {
        200: { description: 'The entry', schema: EntryShape },
        404: { description: 'Nobody who can be found' },
        ...refusals,
      },
      handlers: [showEntry(ground)],
    },
    {
      ...shared,
      method: 'get',
      path: '/directory/v1/agencies',
      summary: 'List the agencies',
      parameters: AgenciesParameters,
      responses: { 200: { description: 'Agencies that belong to the federation', schema: AgencyList }, ...refusals },
      handlers: [showAgencies(ground)],
    },
    {
      ...shared,
      method: 'get',
      path: '/directory/v1/agencies/{code}',
      summary: 'Show an agency with its teams and duty desk',
      parameters: AgencyParameters,
      responses: {
        200: { description: 'The agency', schema: AgencyPage },
        404: { description: 'No such agency' },
        ...refusals,
      },
      handlers: [showAgency(ground)],
    },
    {
      ...shared,
      method: 'get',
      path: '/directory/v1/roles',
      summary: 'List the role catalogue',
      parameters: NoParameters,
      responses: { 200: { description: 'What a post can be', schema: RoleList }, ...refusals },
      handlers: [showRoles(ground)],
    },
  ];
}

const refusals: Record<number, ApiResponse> = {
  400: { description: 'The request is not valid' },
  401: { description: 'No valid access token' },
  403: { description: 'The scope is missing, or the partner system is suspended' },
  429: { description: 'Too many look-ups' },
};

function search({ db, log, clock }: DirectoryGround): ApiStep {
  return async (ctx) => {
    const { page, name, role, agency } = queryOf(ctx, SearchParameters);
    const query = {
      ...(name !== undefined && { name }),
      ...(role !== undefined && { role }),
      ...(agency !== undefined && { agency }),
      page: Number(page ?? 1),
    };
    answer(ctx, describeSearch(await searchPractitioners(db, log, seekerOf(ctx), query), clock()));
  };
}

function showEntry({ db, log, clock }: DirectoryGround): ApiStep {
  return async (ctx) => {
    const entry = await viewEntry(db, log, seekerOf(ctx), queryOf(ctx, EntryParameters).id);
    if (entry === undefined) throw notFound('practitioner');
    answer(ctx, describeEntry(entry, clock()));
  };
}

function showAgencies({ db, clock }: DirectoryGround): ApiStep {
  return async (ctx) => {
    const { kind } = queryOf(ctx, AgenciesParameters);
    const agencies = await listAgencies(db, kind === undefined ? {} : { kind });
    answer(ctx, { agencies: agencies.map((agency) => describeAgency(agency, clock())) });
  };
}

function showAgency({ db, clock }: DirectoryGround): ApiStep {
  return async (ctx) => {
    const { code } = queryOf(ctx, AgencyParameters);
    const agency = await findAgency(db, code);
    if (agency === undefined) throw notFound('agency');
    const [desk, teams] = [await findDutyDesk(db, code), await listTeams(db, code)];
    answer(ctx, describeAgencyPage(agency, desk, teams, clock()));
  };
}

function showRoles({ db }: DirectoryGround): ApiStep {
  return async (ctx) => answer(ctx, { roles: await listRoles(db) });
}

function seekerOf(ctx: ApiContext): Seeker {
  const { clientId, partner } = callerOf(ctx);
  return { client: clientId, agency: partner.agency };
}

// What the directory says is about people and goes stale: nothing between us and the caller keeps it.
function answer(ctx: ApiContext, body: object): void {
  ctx.set('Cache-Control', 'no-store');
  ctx.body = body;
}
