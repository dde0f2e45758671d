/** What a passkey is being asked for: kept by the service, for one person in one session, answered once, within five minutes. */
import type { ActingPerson } from '../../../directory/actor.ts';
import { sql } from '../../../platform/database/sql.ts';
import { transaction } from '../../../platform/database/transaction.ts';
import { isUuid, uuidv7 } from '../../../platform/uuid.ts';
import { PolicyError } from '../../errors.ts';
import type { Signature } from '../../register/signatures/flattened.ts';
import type { KeyContext } from './context.ts';
import type { SigningKind } from './kinds/table.ts';

/** Somebody in a browser; `session` names that session and opens nothing. */
export type Signatory = ActingPerson & { session: string };

export type Ceremony = {
  id: string;
  kind: 'enrolment' | SigningKind;
  /** base64url. */
  challenge: string;
  /** What is signed, and what the service's key signed; absent for an enrolment. */
  bytes?: Uint8Array;
  signature?: Signature;
  about?: string;
  /** Epoch seconds. */
  endsAt: number;
};

const lifetimeSeconds = 5 * 60;

/** Keeps a ceremony and returns its id. Those of the agency that nobody answered in time go. */
export function keepCeremony(
  { db, clock }: Pick<KeyContext, 'db' | 'clock'>,
  { agency, practitioner, session }: Signatory,
  { kind, challenge, bytes, signature, about }: Omit<Ceremony, 'id' | 'endsAt'>,
): Promise<string> {
  const now = clock();
  const id = uuidv7(now);
  return transaction(db, { agency }, async (tx) => {
    await tx.query(sql`delete from ceremony where agency = ${agency} and ends_at <= to_timestamp(${now}::float8)`);
    await tx.query(sql`
      insert into ceremony (id, agency, practitioner, session, kind, challenge, bytes, signature, about, ends_at)
      values (${id}, ${agency}, ${practitioner}, ${session}, ${kind}, ${challenge},
              ${bytes === undefined ? null : Buffer.from(bytes)},
              ${signature === undefined ? null : JSON.stringify(signature)}, ${about ?? null},
              to_timestamp(${now + lifetimeSeconds}::float8))`);
    return id;
  });
}

/** The ceremony while this person can still answer it here; throws `ceremony-over`. */
export function getCeremony(context: Pick<KeyContext, 'db' | 'clock'>, who: Signatory, id: string): Promise<Ceremony> {
  return open(context, who, id, 'read');
}

/** Takes it away to be answered: whoever comes second finds nothing (`ceremony-over`). */
export function takeCeremony(context: Pick<KeyContext, 'db' | 'clock'>, who: Signatory, id: string): Promise<Ceremony> {
  return open(context, who, id, 'take');
}

type Row = {
  id: string;
  kind: Ceremony['kind'];
  challenge: string;
  bytes: Buffer | null;
  signature: string | null;
  about: string | null;
  endsAt: number;
};

const columns = sql`id, kind, challenge, bytes, signature, about, extract(epoch from ends_at)::float8 as "endsAt"`;

async function open(
  { db, clock }: Pick<KeyContext, 'db' | 'clock'>,
  { agency, practitioner, session }: Signatory,
  id: string,
  how: 'read' | 'take',
): Promise<Ceremony> {
  if (!isUuid(id)) throw over();
  const theirs = sql`from ceremony where id = ${id} and agency = ${agency} and practitioner = ${practitioner}
    and session = ${session} and ends_at > to_timestamp(${clock()}::float8)`;
  const [row] = await transaction(db, { agency }, (tx) =>
    tx.query<Row>(how === 'read' ? sql`select ${columns} ${theirs}` : sql`delete ${theirs} returning ${columns}`),
  );
  if (row === undefined) throw over();
  const { bytes, signature, about, ...rest } = row;
  return {
    ...rest,
    ...(bytes === null ? {} : { bytes }),
    ...(signature === null ? {} : { signature: JSON.parse(signature) as Signature }),
    ...(about === null ? {} : { about }),
  };
}

function over(): PolicyError {
  return new PolicyError(
    'conflict',
    'ceremony-over',
    'This was answered already, is more than five minutes old, or was begun by somebody else or in another browser. Nothing was signed by this. Begin again.',
  );
}
