/** Where a person begins: what waits for them, and what they can do. */
import { home } from './home.ts';
import type { WebContext } from '../context.ts';
import type { RouteSteps } from '../kit/route_steps.ts';

export function addHomePages(context: WebContext, { get, person }: RouteSteps): void {
  get('/', person, home(context));
}
