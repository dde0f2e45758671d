/** What officers read of their own agency's log. */
import { browseLog, downloadLog } from './browse-log/browse_log.ts';
import { viewLogEntry } from './view-log-entry/view_log_entry.ts';
import { requireWatcher } from '../session/require_person.ts';
import type { WebContext } from '../context.ts';
import type { RouteSteps } from '../kit/route_steps.ts';

export function addLogPages(context: WebContext, { get, person }: RouteSteps): void {
  get('/log', person, requireWatcher, browseLog(context));
  get('/log.csv', person, requireWatcher, downloadLog(context));
  get('/log/:id', person, requireWatcher, viewLogEntry(context));
}
