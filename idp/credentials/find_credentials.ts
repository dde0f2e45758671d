/** Reading a practitioner's credentials for sign-in. */
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { read } from '../../platform/database/transaction.ts';

type CredentialKind = 'password' | 'totp';

/** `agency` vouched for it. `secret`: a password's hash, or a sealed TOTP secret. */
export type Credential = {
  id: string;
  practitioner: string;
  agency: string;
  kind: CredentialKind;
  secret: string;
  sufficientAlone: boolean;
  lastStep: number | null;
};

/** The practitioner's credentials by kind; at most one of each. */
export async function findCredentials(
  db: Database,
  practitioner: string,
): Promise<Partial<Record<CredentialKind, Credential>>> {
  const rows = await read(db, { reading: 'standing' }, (tx) =>
    tx.query<Credential>(sql`
      select id, practitioner, agency, kind, secret, sufficient_alone as "sufficientAlone", last_step as "lastStep"
      from credential where practitioner = ${practitioner}`),
  );
  return Object.fromEntries(rows.map((row) => [row.kind, row]));
}
