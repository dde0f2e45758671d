/** Gives every request an id that appears in the answer, in the log and on error pages. */
import type { ApiContext } from './api.ts';

// What a caller calls its request goes into log lines and onto pages only where it is plainly an id.
const sane = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;
// AuthZEN lets it be any text, and wants it back as it was.
const printable = /^[\x20-\x7e]{1,256}$/;

/**
 * Takes the caller's `X-Request-ID` where it has the shape of an id, else makes one; `ctx.state.requestId`. The answer's
 * header holds what the caller sent, if it can be printed at all.
 */
export function nameRequest(
  ctx: Pick<ApiContext, 'get' | 'set'> & { state: { requestId?: string } },
  newId: () => string,
): void {
  const sent = ctx.get('X-Request-ID');
  const id = sane.test(sent) ? sent : newId();
  ctx.state.requestId = id;
  ctx.set('X-Request-ID', printable.test(sent) ? sent : id);
}
