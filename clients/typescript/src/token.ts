/** This system's own access token: had when it is first needed, kept, and renewed before it ends, once for all who wait. */
import { WayleaveError } from './errors.ts';
import { type Deadline, failureOf, send, type Wire } from './transport.ts';

/** `refused`: the token that was just refused, so that it is not given again. */
export type TokenSource = (deadline: Deadline, refused?: string) => Promise<string>;

type Credentials = { issuer: string; clientId: string; clientSecret: string };

/** Renewed this many seconds before its end, so that it holds until the answer is there. */
const margin = 15;

/** Tokens by OAuth 2.0 client credentials (RFC 6749, 4.4) with `client_secret_basic`, scope `decisions`. */
export function keepToken(wire: Wire, credentials: Credentials): TokenSource {
  let held: { token: string; until: number } | undefined;
  let renewing: Promise<string> | undefined;
  let endpoint: string | undefined;
  const renew = async (deadline: Deadline): Promise<string> => {
    endpoint ??= await findEndpoint(wire, deadline, credentials.issuer);
    const { token, seconds } = await fetchToken(wire, deadline, endpoint, credentials);
    held = { token, until: wire.clock.now() + seconds - margin };
    return token;
  };
  return (deadline, refused) => {
    if (held !== undefined && held.token !== refused && wire.clock.now() < held.until)
      return Promise.resolve(held.token);
    renewing ??= renew(deadline).finally(() => {
      renewing = undefined;
    });
    return renewing;
  };
}

/** Tokens that the caller gets elsewhere; a call that takes too long is given up. */
export function borrowToken(
  { timeoutMs }: Wire,
  getToken: (options: { fresh: boolean }) => Promise<string>,
): TokenSource {
  return async (deadline, refused) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      const why = new WayleaveError('timed-out', `No token came within ${timeoutMs} ms.`);
      timer = setTimeout(() => reject(why), Math.max(0, deadline - performance.now()));
    });
    try {
      return await Promise.race([getToken({ fresh: refused !== undefined }), late]);
    } catch (error) {
      if (error instanceof WayleaveError) throw error;
      throw new WayleaveError('token-refused', 'No access token could be had.', { cause: error });
    } finally {
      clearTimeout(timer);
    }
  };
}

async function findEndpoint(wire: Wire, deadline: Deadline, issuer: string): Promise<string> {
  const reply = await send(wire, deadline, `${issuer}/.well-known/openid-configuration`, {});
  if (reply.status !== 200) throw failureOf(reply);
  const { issuer: named, token_endpoint: endpoint } = (reply.body ?? {}) as Record<string, unknown>;
  const usable = named === issuer && typeof endpoint === 'string' && URL.canParse(endpoint);
  // The secret goes there, so it must be the issuer's own.
  if (usable && new URL(endpoint).origin === new URL(issuer).origin) return endpoint;
  throw new WayleaveError('token-refused', `What ${issuer} says of itself names another issuer or no token endpoint.`);
}

async function fetchToken(wire: Wire, deadline: Deadline, endpoint: string, credentials: Credentials) {
  const { clientId, clientSecret } = credentials;
  const reply = await send(wire, deadline, endpoint, {
    method: 'POST',
    headers: {
      authorization: `Basic ${btoa(`${formEncode(clientId)}:${formEncode(clientSecret)}`)}`,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    },
    body: 'grant_type=client_credentials&scope=decisions',
  });
  if (reply.status === 400 || reply.status === 401) {
    throw new WayleaveError('token-refused', 'The client id or secret is refused.', { status: reply.status });
  }
  if (reply.status !== 200) throw failureOf(reply);
  const { access_token: token, expires_in: seconds } = (reply.body ?? {}) as Record<string, unknown>;
  if (typeof token !== 'string' || token === '') {
    throw new WayleaveError('token-refused', 'The token endpoint gave no token.');
  }
  return { token, seconds: typeof seconds === 'number' ? seconds : 60 };
}

// RFC 6749, 2.3.1: both are form-encoded before they are joined.
const formEncode = (text: string): string => new URLSearchParams({ _: text }).toString().slice(2);
