/** Reminding people by mail that a protocol whose guide they read has a new version in force. */
import { activePost } from '../../../directory/active_post.ts';
import type { Database } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import { transaction } from '../../../platform/database/transaction.ts';
import { enqueueMail } from '../../../platform/mail/enqueue.ts';
import type { Register, RegisteredProtocol } from '../../register/chain/state.ts';
import { rolesWithGuide } from './guide.ts';
import { membersOf, type Source, sourceOf } from './source.ts';

/**
 * Queues one message for each person in an active post that the new version covers, who read the guide to an earlier one and
 * not to this. Nobody is reminded twice of one version. Returns how many.
 */
export async function remindOfNewVersions(
  db: Database,
  register: Pick<Register, 'state'>,
  baseUrl: string,
): Promise<number> {
  const state = register.state();
  let count = 0;
  for (const protocol of state?.protocols.values() ?? []) {
    if (state === undefined || protocol.status !== 'in-force' || protocol.document.version === 1) continue;
    const source = sourceOf(state, protocol);
    for (const { agency } of membersOf(source)) count += await remindAgency(db, { protocol, source, agency, baseUrl });
  }
  return count;
}

type Reminding = { protocol: RegisteredProtocol; source: Source; agency: string; baseUrl: string };

// In one transaction with the record of it: a job that is run again has reminded nobody of the agency yet, or everybody.
function remindAgency(db: Database, { protocol, source, agency, baseUrl }: Reminding): Promise<number> {
  const { id, version } = protocol.document;
  const roles = rolesWithGuide(source, agency).map(({ code }) => code);
  return transaction(db, { agency, reading: 'standing' }, async (tx) => {
    const people = await tx.query<{ practitioner: string; email: string }>(sql`
      select distinct p.id as practitioner, p.email
      from training_acknowledgement k
      join practitioner p on p.id = k.practitioner and p.status = 'active'
      join post o on o.practitioner = p.id and o.agency = ${agency} and o.role = any(${roles})
      join agency a on a.code = o.agency and ${activePost}
      where k.agency = ${agency} and k.id = ${id} and k.version < ${version}
        and not exists (select from training_acknowledgement n
                        where n.agency = ${agency} and n.practitioner = p.id and n.protocol = ${protocol.hash})`);
    let count = 0;
    for (const { practitioner, email } of people) {
      const rows = await tx.query(sql`
        insert into training_reminder (agency, practitioner, protocol)
        values (${agency}, ${practitioner}, ${protocol.hash}) on conflict do nothing returning 1`);
      if (rows.length === 0) continue;
      await enqueueMail(tx, { to: email, ...letter(protocol, baseUrl) });
      count += 1;
    }
    return count;
  });
}

function letter({ document: { id, version, title } }: RegisteredProtocol, baseUrl: string) {
  return {
    subject: 'A guide that you read has a new version',
    text: [
      `“${title}” has come in force in version ${version}. What you may see under it may have changed.`,
      'Its guide is one page. Read it, then say so at the end:',
      '',
      `${baseUrl}/protocols/${id}/${version}/guide`,
      '',
    ].join('\n'),
  };
}
