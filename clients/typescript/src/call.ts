/** Asking as this system: a token, a request id that must come back, and a second try with a new token where one was refused. */
import { WayleaveError } from './errors.ts';
import { keepMetadata, type Metadata } from './metadata.ts';
import type { TokenSource } from './token.ts';
import { type Deadline, deadlineOf, failureOf, type Reply, send, type Wire } from './transport.ts';

/** Sends JSON to the address that `where` picks and returns the JSON of a 200; throws `WayleaveError` for everything else. */
export type Call = (where: (metadata: Metadata) => string, body: object) => Promise<unknown>;

export function createCall(wire: Wire, baseUrl: string, token: TokenSource): Call {
  const metadata = keepMetadata(wire, baseUrl);
  return async (where, body) => {
    const deadline = deadlineOf(wire);
    const url = where(await metadata(deadline));
    const first = await token(deadline);
    let reply = await post(wire, deadline, url, first, body);
    // Keys may have rotated, or the token may have been withdrawn.
    if (reply.status === 401) reply = await post(wire, deadline, url, await token(deadline, first), body);
    if (reply.status !== 200) throw failureOf(reply);
    return reply.body;
  };
}

async function post(wire: Wire, deadline: Deadline, url: string, token: string, body: object): Promise<Reply> {
  const id = crypto.randomUUID();
  const reply = await send(wire, deadline, url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json',
      'x-request-id': id,
    },
    body: JSON.stringify(body),
  });
  // AuthZEN 1.0: a request id comes back with its answer. Anything else may be an answer to somebody else's question.
  if (reply.status === 200 && reply.headers.get('x-request-id') !== id) {
    throw new WayleaveError('answer-not-readable', 'The answer is not to this request: its X-Request-ID is another.');
  }
  return reply;
}
