/** Requests that the provider sends: logout notices to partner systems. Nothing else leaves. */
import type { Configuration } from 'oidc-provider';

type Fetch = NonNullable<Configuration['fetch']>;

/**
 * The library's guard against requests to private addresses stays on, except for the exact address that a partner system
 * was registered with: systems of agencies live in private networks.
 */
export function createFetch(isRegistered: (url: string) => boolean, send: typeof fetch = fetch): Fetch {
  return (url, options) => {
    if (!isRegistered(url instanceof Request ? url.url : new URL(url).href)) return send(url, options);
    const { dispatcher: _, ...open } = options as RequestInit & { dispatcher?: unknown };
    return send(url, open);
  };
}
