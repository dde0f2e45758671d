/** The identity provider as this OpenID client sees it. Requests to it stay in the process: behind a proxy, the public address may not be reachable from here. */
import inject from 'light-my-request';
import type Koa from 'koa';
import * as openid from 'openid-client';

export type Issuer = () => Promise<openid.Configuration>;

type IssuerOptions = {
  /** The issuer's URL, as everybody names it. */
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** The application that holds the identity provider, complete by the time of the first request. */
  application: Koa;
};

/** Discovers the provider at first use; a failure is tried again at the next. */
export function createIssuer(options: IssuerOptions): Issuer {
  let found: Promise<openid.Configuration> | undefined;
  const discover = (): Promise<openid.Configuration> =>
    openid.discovery(
      new URL(options.issuer),
      options.clientId,
      { client_secret: options.clientSecret },
      openid.ClientSecretBasic(options.clientSecret),
      {
        [openid.customFetch]: fetchInProcess(options.application),
        execute: options.issuer.startsWith('http:') ? [openid.allowInsecureRequests] : [],
      },
    );
  return () => {
    found ??= discover().catch((error: unknown) => {
      found = undefined;
      throw error;
    });
    return found;
  };
}

function fetchInProcess(application: Koa): openid.CustomFetch {
  let handle: ReturnType<Koa['callback']> | undefined;
  return async (url, options) => {
    const listener = (handle ??= application.callback());
    const { host, protocol, pathname, search } = new URL(url);
    const response = await inject((request, response) => void listener(request, response), {
      method: options.method,
      url: pathname + search,
      authority: host,
      headers: { ...options.headers, host, 'x-forwarded-proto': protocol.slice(0, -1) },
      ...(options.body === undefined || options.body === null ? {} : { payload: toPayload(options.body) }),
    });
    return new Response(response.rawPayload.length === 0 ? null : new Uint8Array(response.rawPayload), {
      status: response.statusCode,
      headers: toHeaders(response.headers),
    });
  };
}

function toPayload(body: openid.FetchBody): string | Buffer {
  if (typeof body === 'string' || body instanceof URLSearchParams) return body.toString();
  if (body instanceof Uint8Array) return Buffer.from(body);
  throw new TypeError('The identity provider is only sent text and bytes.');
}

function toHeaders(headers: object): Headers {
  const copied = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    for (const one of [value].flat()) if (one !== undefined) copied.append(name, String(one));
  }
  return copied;
}
