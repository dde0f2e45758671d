/** Tells officers and administrators each day that duties are overdue. No message says more than how many. */
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import { transaction } from '../../../platform/database/transaction.ts';
import { enqueueMail } from '../../../platform/mail/enqueue.ts';
import { listAdministratorsOf } from '../../../directory/people/list_administrators.ts';
import { findStanding } from '../../../directory/people/find_standing.ts';
import type { Register } from '../../register/chain/state.ts';
import { listReviewers } from '../overrides/list_reviewers.ts';
import { countByAgency } from './list_duties.ts';

/** Queues one message to each officer of a holding agency and each administrator of an acting one; returns how many. */
export async function mailDuties(
  { db, clock, config }: { db: Database; clock: Clock; config: { baseUrl: string } },
  register: Pick<Register, 'state'>,
): Promise<number> {
  const letters: { to: string; subject: string; text: string }[] = [];
  for (const { agency, part, count } of await countByAgency(db, clock())) {
    const recipients =
      part === 'holds' ? await listReviewers(db, register.state(), { agency }) : await listAdministrators(db, agency);
    letters.push(...recipients.map((to) => ({ to, ...letter(part, count, `${config.baseUrl}/duties`) })));
  }
  // In one transaction: a job that is run again has sent nothing yet, or everything.
  await transaction(db, {}, async (tx) => {
    for (const mail of letters) await enqueueMail(tx, mail);
  });
  return letters.length;
}

async function listAdministrators(db: Database, agency: string): Promise<string[]> {
  const administrators = await listAdministratorsOf(db, agency);
  const standings = await Promise.all(administrators.map(({ practitioner }) => findStanding(db, practitioner)));
  return standings.flatMap((one) => (one?.status === 'active' ? [one.email] : []));
}

function letter(part: 'holds' | 'acts', count: number, address: string): { subject: string; text: string } {
  const duties = count === 1 ? '1 duty was' : `${count} duties were`;
  const whose = part === 'holds' ? 'with records that your agency holds' : 'by people of your agency';
  return {
    subject: 'Duties are overdue',
    text: [`${duties} not reported as done in time ${whose}.`, '', 'Sign in to see them:', address, ''].join('\n'),
  };
}
