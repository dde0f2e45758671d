/** Every text that was ever saved of a draft, for its authors. */
import type { ActingPerson } from '../../../directory/actor.ts';
import { sql } from '../../../platform/database/sql.ts';
import { read } from '../../../platform/database/transaction.ts';
import type { JsonObject } from '../../../platform/json.ts';
import { isUuid } from '../../../platform/uuid.ts';
import { type DraftContext, type DraftVersion, requireOfficer } from './draft.ts';

const columns = sql`
  id, revision, aside, saved_by as "savedBy", extract(epoch from saved_at)::float8 as "savedAt"`;

/** The versions of a draft of the actor's own agency, the last first; none for anybody else. */
export async function listVersions(context: DraftContext, actor: ActingPerson, draft: string): Promise<DraftVersion[]> {
  requireOfficer(context, actor);
  if (!isUuid(draft)) return [];
  return read(context.db, { agency: actor.agency }, (tx) =>
    tx.query<DraftVersion>(sql`
      select ${columns} from draft_revision where draft = ${draft} order by saved_at desc, revision desc, id desc`),
  );
}

/** One version with its text, to compare or to save again; undefined for anybody but the draft's authors. */
export async function findVersion(
  context: DraftContext,
  actor: ActingPerson,
  draft: string,
  version: string,
): Promise<(DraftVersion & { document: JsonObject }) | undefined> {
  requireOfficer(context, actor);
  if (!isUuid(draft) || !isUuid(version)) return undefined;
  const [found] = await read(context.db, { agency: actor.agency }, (tx) =>
    tx.query<DraftVersion & { document: JsonObject }>(sql`
      select ${columns}, document from draft_revision where draft = ${draft} and id = ${version}`),
  );
  return found;
}
