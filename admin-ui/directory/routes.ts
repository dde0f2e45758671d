/** Finding colleagues and agencies. */
import { listAgencies } from './list-agencies/list_agencies.ts';
import { searchDirectory } from './search-directory/search_directory.ts';
import { viewAgency } from './view-agency/view_agency.ts';
import { viewPractitioner } from './view-practitioner/view_practitioner.ts';
import type { WebContext } from '../context.ts';
import type { RouteSteps } from '../kit/route_steps.ts';

export function addDirectoryPages(context: WebContext, { get, person }: RouteSteps): void {
  get('/directory', person, searchDirectory(context));
  get('/directory/:id', person, viewPractitioner(context));
  get('/agencies', person, listAgencies(context));
  get('/agencies/:code', person, viewAgency(context));
}
