/** What a reply says of when it was made: by the clock that the service goes by, also where this machine's is wrong. */
import type { RequestListener } from 'node:http';
import { type Clock, systemClock } from '../clock.ts';

/** Callers time answers against the `Date` of the reply, which Node takes from this machine. */
export function dateReplies(clock: Clock, answer: RequestListener): RequestListener {
  return (request, response) => {
    const now = clock();
    if (Math.abs(now - systemClock()) >= 1) response.setHeader('Date', new Date(now * 1000).toUTCString());
    answer(request, response);
  };
}
