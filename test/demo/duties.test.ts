/** A person's list of duties in Casebook: it says when it no longer holds all of them. */
import { expect, it } from '@jest/globals';
import type Koa from 'koa';
import { listOfDuties, takeDuty } from '../../demo/casebook/duties.ts';
import type { Session } from '../../demo/casebook/sessions.ts';

it.each([
  [499, undefined],
  [501, 500],
])('of %d duties it says that only the newest %s are kept', async (count, most) => {
  const session = { duties: [] as Session['duties'] } as Session;
  const obligation = { id: 'tell', properties: { text: 'Tell the family.' } } as never;
  for (let at = 0; at < count; at += 1) takeDuty(session, obligation, { decision: String(at), reference: 'GC-1' });
  let shown: Record<string, unknown> = {};
  const show = listOfDuties((_ctx, _view, data) => void (shown = data));
  await show({ state: { session } } as unknown as Koa.ParameterizedContext, async () => undefined);
  expect({ todo: (shown.todo as unknown[]).length, most: shown.most }).toEqual({ todo: most ?? count, most });
});
