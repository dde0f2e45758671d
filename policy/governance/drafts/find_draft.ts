/** Reading drafts: the owner's officers read all of theirs, those of named parties while they are asked. */
import type { ActingPerson } from '../../../directory/actor.ts';
import type { Database, Queryable } from '../../../platform/database/database.ts';
import { type Query, sql } from '../../../platform/database/sql.ts';
import { read } from '../../../platform/database/transaction.ts';
import type { JsonObject } from '../../../platform/json.ts';
import { isUuid } from '../../../platform/uuid.ts';
import type { RegisterState } from '../../register/chain/state.ts';
import {
  type Draft,
  type DraftContext,
  type DraftState,
  type DraftSummary,
  requireOfficer,
  unknownDraft,
} from './draft.ts';

export type DraftRow = Omit<DraftSummary, 'state' | 'hash' | 'title' | 'protocol'> & {
  state: Exclude<DraftState, 'signed'>;
  hash: string | null;
  title: string | null;
  protocol: string | null;
};

const columns = sql`
  id, owner, state, revision, parties, hash, updated_by as "updatedBy",
  left(document ->> 'title', 200) as title, left(document ->> 'id', 64) as protocol,
  extract(epoch from created_at)::float8 as "createdAt", extract(epoch from updated_at)::float8 as "updatedAt"`;

/** The draft, or undefined where there is none or this agency may not know of it. */
export async function findDraft(context: DraftContext, actor: ActingPerson, id: string): Promise<Draft | undefined> {
  const state = requireOfficer(context, actor);
  if (!isUuid(id)) return undefined;
  const row = await read(context.db, { agency: actor.agency }, (tx) => findRow(tx, id));
  return row && { ...summarise(state, row), document: row.document, editable: isEditable(row, actor) };
}

/** The draft; throws `unknown-draft`. */
export async function getDraft(context: DraftContext, actor: ActingPerson, id: string): Promise<Draft> {
  const draft = await findDraft(context, actor, id);
  if (draft === undefined) throw unknownDraft();
  return draft;
}

/** Every draft that this agency may read, what was changed last first. */
export async function listDrafts(context: DraftContext, actor: ActingPerson): Promise<DraftSummary[]> {
  const state = requireOfficer(context, actor);
  const rows = await listRows(context.db, actor.agency);
  return rows.map((row) => summarise(state, row));
}

function listRows(db: Database, agency: string): Promise<DraftRow[]> {
  return read(db, { agency }, (tx) =>
    tx.query<DraftRow>(sql`select ${columns} from draft order by updated_at desc, id`),
  );
}

/** Drafts that name the agency as a party and ask it for comments or a signature, what was changed last first. */
export function listAsking(
  { db }: Pick<DraftContext, 'db'>,
  agency: string,
): Promise<Pick<DraftRow, 'id' | 'owner' | 'title' | 'hash'>[]> {
  return read(db, { agency }, (tx) =>
    tx.query<Pick<DraftRow, 'id' | 'owner' | 'title' | 'hash'>>(sql`
      select id, owner, left(document ->> 'title', 200) as title, hash from draft
      where state in ('consultation', 'awaiting-signatures') and ${agency} = any (parties)
      order by updated_at desc, id`),
  );
}

/** One row under the policies of the transaction; `lock` keeps others from changing it until the end. */
export async function findRow(
  tx: Queryable,
  id: string,
  lock: Query = sql``,
): Promise<(DraftRow & { document: JsonObject }) | undefined> {
  const [row] = await tx.query<DraftRow & { document: JsonObject }>(
    sql`select ${columns}, document from draft where id = ${id} ${lock}`,
  );
  return row;
}

/** True while this actor may change the text. */
export function isEditable({ owner, state }: Pick<DraftRow, 'owner' | 'state'>, actor: ActingPerson): boolean {
  return owner === actor.agency && (state === 'draft' || state === 'consultation');
}

function summarise(register: RegisterState, row: DraftRow): DraftSummary {
  const { id, owner, state, revision, title, protocol, parties, hash, createdAt, updatedAt, updatedBy } = row;
  return {
    id,
    owner,
    state: hash !== null && isSigned(register, hash) ? 'signed' : state,
    revision,
    title: title ?? '',
    protocol: protocol ?? '',
    parties,
    ...(hash !== null && { hash }),
    createdAt,
    updatedAt,
    updatedBy,
  };
}

// The register says who signed, not the draft: signatures arrive by other ways too, and one that falls counts no longer.
function isSigned(register: RegisterState, hash: string): boolean {
  const registered = register.protocols.get(hash);
  return registered !== undefined && registered.unsigned.length === 0;
}
