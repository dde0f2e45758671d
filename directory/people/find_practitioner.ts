/** Finding a practitioner's record for sign-in: by work e-mail address or by id. */
import type { Database } from '../../platform/database/database.ts';
import { type Query, sql } from '../../platform/database/sql.ts';
import { read } from '../../platform/database/transaction.ts';

/** `agency` keeps the record. A suspended or departed person is returned too: the caller must look at `status`. */
type PractitionerRecord = {
  id: string;
  agency: string;
  name: string;
  email: string;
  status: 'active' | 'suspended' | 'left';
};

/** The practitioner with this work e-mail address, in any capitals; undefined when there is none. */
export function findPractitionerByEmail(db: Database, email: string): Promise<PractitionerRecord | undefined> {
  return find(db, sql`lower(email) = lower(${email.trim()})`);
}

async function find(db: Database, condition: Query): Promise<PractitionerRecord | undefined> {
  const [row] = await read(db, { reading: 'standing' }, (tx) =>
    tx.query<PractitionerRecord>(sql`
      select id, agency, display_name as name, email, status from practitioner where ${condition}`),
  );
  return row;
}
