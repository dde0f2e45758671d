/** Sends the log's last checkpoint to every party's officers: the anchor outside the service. It holds no personal data. */
import type { Database } from '../../../platform/database/database.ts';
import { transaction } from '../../../platform/database/transaction.ts';
import { currentCheckpoint } from '../../../platform/log/prove.ts';
import { enqueueMail } from '../../../platform/mail/enqueue.ts';
import { findStanding } from '../../../directory/people/find_standing.ts';
import type { Register, RegisterState } from '../../register/chain/state.ts';

/** Queues one message to each officer whom the register names and who is active now; returns how many. */
export async function mailCheckpoint(
  db: Database,
  register: Pick<Register, 'state'>,
  baseUrl: string,
): Promise<number> {
  const checkpoint = await currentCheckpoint(db);
  const addresses = checkpoint === undefined ? [] : await listAddresses(db, register.state());
  // In one transaction: a job that is run again has sent nothing yet, or everything.
  await transaction(db, {}, async (tx) => {
    for (const to of addresses) {
      await enqueueMail(tx, { to, subject: 'Checkpoint of the log', text: letter(checkpoint ?? '', baseUrl) });
    }
  });
  return addresses.length;
}

async function listAddresses(db: Database, state: RegisterState | undefined): Promise<string[]> {
  const officers = [...(state?.agencies.values() ?? [])]
    .filter(({ endedAt }) => endedAt === undefined)
    .flatMap((agency) => [...agency.officers.values()])
    .filter(({ endedAt }) => endedAt === undefined);
  const standings = await Promise.all(
    [...new Set(officers.map(({ practitioner }) => practitioner))].map((id) => findStanding(db, id)),
  );
  return standings.flatMap((standing) => (standing?.status === 'active' ? [standing.email] : []));
}

function letter(checkpoint: string, baseUrl: string): string {
  return [
    'This is the last checkpoint of the log of decisions that your agency is a party to.',
    'Keep this message. With it anybody can prove later that no earlier entry was removed or changed.',
    '',
    checkpoint,
    `The present checkpoint: ${baseUrl}/audit/v1/checkpoint`,
    '',
  ].join('\n');
}
