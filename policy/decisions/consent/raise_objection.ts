/** Asking a holder to answer an objection: the row that waits, and the message that says so. */
import { sql } from '../../../platform/database/sql.ts';
import type { Change } from '../../../platform/log/change.ts';
import { enqueueMail } from '../../../platform/mail/enqueue.ts';
import type { Party } from '../../register/protocols/document.ts';

/**
 * Done once for each statement on record and holder. The message goes to the data protection officer whom the protocol names.
 */
export async function raiseObjection(tx: Change, id: string, holder: Party, baseUrl: string): Promise<void> {
  const rows = await tx.query(sql`
    insert into objection (consent, agency, asked_through, subject, protocol, clause, purpose, said_at, due_at)
    select id, ${holder.agency}, agency, subject, protocol, clause, purpose, said_at, said_at + interval '1 month'
    from consent where id = ${id}
    on conflict do nothing returning agency`);
  if (rows.length > 0)
    await enqueueMail(tx, { to: holder.dpo.email, ...letter(`${baseUrl}/consent/objections/${id}`) });
}

/** Says that something waits, and nothing about whom. */
function letter(address: string): { subject: string; text: string } {
  const lines = [
    'Somebody objects to what your agency shares, and is to be answered within a month.',
    '',
    'Sign in to see what it is about, and to answer:',
    address,
    '',
    'This message says no more on purpose.',
    '',
  ];
  return { subject: 'An objection waits for your agency’s answer', text: lines.join('\n') };
}
