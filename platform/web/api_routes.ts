/** Which steps answer a request to the JSON interfaces. */
import type { ApiOperation, ApiStep } from './api.ts';
import { readJson } from './body.ts';
import { parse, readQuery } from './input.ts';

export type ApiRoute = {
  /** The path as it was declared: what log lines and measurements call it. */
  name: string;
  quiet: boolean;
  /** Guards, then parameters, then body, then handlers. */
  steps: readonly ApiStep[];
  params: Readonly<Record<string, string>>;
  querystring: string;
};

/** Everything declared at one path, by method. */
type Place = { pattern: RegExp; routes: Map<string, ApiRoute> };

const methods = ['HEAD', 'OPTIONS', 'GET', 'PUT', 'PATCH', 'POST', 'DELETE'];

/** Addresses for programs, those of interfaces to come included. */
const reserved =
  /^\/(?:scim|fhir|services|taxonomies|taxonomy_terms|service_at_locations|\.well-known|openapi\.json|healthz|readyz|metrics)(?:\/|$)|^\/agencies\/[^/]+\/jwks\/?$/i;

/**
 * Finds the route of a request by its method and target. Letter case and a last slash make no difference. Whatever is
 * unknown below an interface has a route too, which refuses it; undefined: not an address of programs.
 */
export function createRoutes(
  operations: readonly ApiOperation[],
): (method: string, url: string) => ApiRoute | undefined {
  const places = new Map<string, Place>();
  for (const operation of operations) addTo(places, operation);
  const interfaces = new Set([...places.keys()].flatMap((path) => interfaceOf(path) ?? []));
  return (method, url) => {
    // Most requests name a path exactly as it was declared.
    const route = places.get(url)?.routes.get(method);
    if (route !== undefined) return route;
    const [, path = '', querystring = ''] = /^(?:https?:\/\/[^/]*)?([^?#]*)\??([^#]*)/i.exec(url) ?? [];
    for (const { pattern, routes } of places.values()) {
      const found = pattern.exec(path);
      if (found !== null)
        return { ...(routes.get(method) ?? refusal(method, routes)), params: decode(found), querystring };
    }
    const name = interfaceOf(path);
    return reserved.test(path) || (name !== undefined && interfaces.has(name)) ? refusal(method) : undefined;
  };
}

function addTo(places: Map<string, Place>, operation: ApiOperation): void {
  const { method, path, quiet = false } = operation;
  const route = { name: path, quiet, steps: stepsOf(operation), params: {}, querystring: '' };
  const place = places.get(path) ?? { pattern: patternOf(path), routes: new Map<string, ApiRoute>() };
  if (method === 'get') place.routes.set('HEAD', route);
  place.routes.set(method.toUpperCase(), route);
  places.set(path, place);
}

function stepsOf({ guards = [], parameters, body, bodyOptions, handlers }: ApiOperation): ApiStep[] {
  const steps = [...guards];
  if (parameters !== undefined) steps.push((ctx) => void (ctx.state.query = readQuery(ctx, parameters)));
  if (body !== undefined) {
    steps.push(async (ctx) => void (ctx.state.body = parse(body, await readJson(ctx, bodyOptions))));
  }
  return [...steps, ...handlers];
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}/?$`, 'i');
}

/** The interface that a path belongs to: its first step, where a version follows. */
function interfaceOf(path: string): string | undefined {
  return /^\/([a-z-]+)\/v\d+(?:\/|$)/i.exec(path)?.[1]?.toLowerCase();
}

function decode({ groups = {} }: RegExpExecArray): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decodeText(text)]));
}

function decodeText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Nothing at this address, or nothing by this method. */
function refusal(method: string, routes: ReadonlyMap<string, ApiRoute> = new Map()): ApiRoute {
  const answer: ApiStep = (ctx) => {
    if (routes.size > 0) ctx.set('Allow', [...routes.keys()].join(', '));
    ctx.status = statusOf(method, routes.size > 0);
  };
  return { name: 'unmatched', quiet: false, steps: [answer], params: {}, querystring: '' };
}

function statusOf(method: string, known: boolean): number {
  if (!methods.includes(method)) return 501;
  if (!known) return 404;
  return method === 'OPTIONS' ? 200 : 405;
}
