/** Mail to the officers whose signature a text asks for: that it waits, which agency asks, and no more. */
import type { ActingPerson } from '../../../directory/actor.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { enqueueMail } from '../../../platform/mail/enqueue.ts';
import { listAddresses, officersOf } from '../addresses.ts';
import { type Draft, type DraftContext, stateOf } from './draft.ts';
import { objectsIn } from './text.ts';

/**
 * Looks up whom to tell: of each party the officers of the type that signs for it, but not the one who puts the text to
 * signature. What it returns queues the messages in the transaction that fixes the text.
 */
export async function tellSignatories(
  context: DraftContext,
  actor: ActingPerson,
  { document, owner }: Draft,
  baseUrl: string,
): Promise<(tx: Queryable, hash: string) => Promise<void>> {
  const state = stateOf(context);
  const asked = objectsIn(document.parties).flatMap(({ agency, signs_as: signsAs }) => {
    const officers = typeof agency === 'string' ? officersOf(state, agency) : [];
    return officers.filter(({ capacities }) => capacities.some((one) => one === signsAs));
  });
  const others = asked.filter(({ practitioner }) => practitioner !== actor.practitioner);
  const addresses = await listAddresses(context.db, others);
  const asking = state.agencies.get(owner)?.name ?? owner;
  return async (tx, hash) => {
    const letter = letterFrom(asking, `${baseUrl}/signing/${hash}`);
    for (const to of addresses) await enqueueMail(tx, { to, ...letter });
  };
}

function letterFrom(asking: string, address: string): { subject: string; text: string } {
  const lines = [
    `${asking} asks for your signature to a protocol.`,
    '',
    'Sign in to read the text, and to sign it or not:',
    address,
    '',
    'This message says no more on purpose.',
    '',
  ];
  return { subject: 'A protocol waits for your signature', text: lines.join('\n') };
}
