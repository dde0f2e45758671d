/** Reading a practitioner's credentials for sign-in. */
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { read } from '../../platform/database/transaction.ts';

/** An id that nobody has. */
const nobody = '00000000-0000-7000-8000-000000000000';

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
  /** Epoch seconds. */
  changedAt: number;
};

/** What somebody has; at most one of each. */
export type Credentials = Partial<Record<CredentialKind, Credential>>;

/** The practitioner's credentials by kind. Somebody unknown (null) costs the same query as somebody known. */
export async function findCredentials(db: Database, practitioner: string | null): Promise<Credentials> {
  const rows = await read(db, { reading: 'standing' }, (tx) =>
    tx.query<Credential>(sql`
      select id, practitioner, agency, kind, secret, sufficient_alone as "sufficientAlone", last_step as "lastStep",
             extract(epoch from changed_at)::float8 as "changedAt"
      from credential where practitioner = ${practitioner ?? nobody}`),
  );
  return Object.fromEntries(rows.map((row) => [row.kind, row]));
}
