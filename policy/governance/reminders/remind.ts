/** Reminds the parties of reviews and ends of their protocols: each of them once a mark, without personal data. */
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import { type Transaction, transaction } from '../../../platform/database/transaction.ts';
import { enqueueMail } from '../../../platform/mail/enqueue.ts';
import type { Mail } from '../../../platform/mail/message.ts';
import type { Register } from '../../register/chain/state.ts';
import { listDue, type Reminder } from './due.ts';

type RemindGround = { db: Database; clock: Clock; config: { baseUrl: string } };

const london = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' });

/** Queues every message that is due today and was not sent before; returns how many. Sends nothing while the register does not verify. */
export async function remindParties(ground: RemindGround, register: Pick<Register, 'state'>): Promise<number> {
  const state = register.state();
  if (state === undefined) return 0;
  const today = london.format(new Date(ground.clock() * 1000));
  let sent = 0;
  for (const reminder of listDue(state, today)) {
    // Note and messages in one transaction: a job that is run again, or twice at once, sends nothing a second time.
    sent += await transaction(ground.db, { agency: reminder.agency }, (tx) =>
      remind(tx, reminder, ground.config.baseUrl),
    );
  }
  return sent;
}

async function remind(tx: Transaction, reminder: Reminder, baseUrl: string): Promise<number> {
  const { protocol, agency, about, day, days, mailboxes } = reminder;
  const noted = await tx.query(sql`
    insert into reminder (protocol, agency, about, day, days)
    values (${protocol}, ${agency}, ${about}, ${day}, ${days}) on conflict do nothing returning days`);
  if (noted.length === 0) return 0;
  const letter = letterFor(reminder, baseUrl);
  const reachable = mailboxes.filter((to) => mailbox.test(to));
  for (const to of reachable) await enqueueMail(tx, { to, ...letter });
  return reachable.length;
}

// What a protocol may name as an address and the post cannot carry must not keep the other mailbox waiting.
const mailbox = /^[^\s@,;:<>"'()[\]\\]+@[^\s@,;:<>"'()[\]\\]+$/;

function letterFor({ document, about, day, days }: Reminder, baseUrl: string): Omit<Mail, 'to'> {
  const { id, version, title } = document;
  const subject = subjects[about](days);
  const ask =
    about === 'review'
      ? 'Look at it with the other parties: is it still right, and still needed? To change it, begin its next version.'
      : 'After that day it gives nobody anything. To carry on, agree and sign its next version in time.';
  return {
    subject,
    text: [
      `${subject}: ${title}`,
      '',
      about === 'review' ? `Day of the review: ${day}` : `Last day: ${day}`,
      ask,
      '',
      `${baseUrl}/protocols/${id}/${version}`,
      '',
    ].join('\n'),
  };
}

const subjects = {
  review: (days: number) =>
    days < 0
      ? 'The review of a protocol is overdue'
      : days === 0
        ? 'A protocol is to be reviewed today'
        : `A protocol is to be reviewed within ${days} days`,
  expiry: (days: number) => `A protocol ends within ${days} days`,
};
