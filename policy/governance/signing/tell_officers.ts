/** Mail to the officers of one side of an accession: that something waits or was decided, and no more. */
import type { Queryable } from '../../../platform/database/database.ts';
import { enqueueMail } from '../../../platform/mail/enqueue.ts';
import { listOfficerAddresses } from '../addresses.ts';
import { type KeyContext, stateOf } from './context.ts';

const subjects = {
  waiting: 'An agency wants to join a protocol',
  countersigned: 'Your agency has joined a protocol',
  refused: 'Your agency was not let into a protocol',
};

/** Looks up whom to tell; what it returns queues the messages in the transaction that gives the reason for them. */
export async function tellOfficers(
  context: KeyContext,
  agency: string,
  about: keyof typeof subjects,
  id: string,
): Promise<(tx: Queryable) => Promise<void>> {
  const addresses = await listOfficerAddresses(context.db, stateOf(context), [agency]);
  const subject = subjects[about];
  const text = [
    `${subject}.`,
    '',
    about === 'waiting' ? 'Sign in to read what it signed, and to countersign it or not:' : 'Sign in to read more:',
    `${context.config.baseUrl}/signing/accessions/${id}`,
    '',
    'This message says no more on purpose.',
    '',
  ].join('\n');
  return async (tx) => {
    for (const to of addresses) await enqueueMail(tx, { to, subject, text });
  };
}
