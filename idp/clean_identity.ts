/** Removing what has run out, a batch at a time so that no statement holds many rows. */
import { sql } from '../platform/database/sql.ts';
import type { IdentityContext } from './context.ts';

const batch = 1_000;

/** Deletes expired provider state, attempts to sign in, bound posts and counts of failures; returns how many rows went. */
export async function cleanIdentity(context: IdentityContext): Promise<number> {
  const now = context.clock();
  const sweeps = [
    sql`delete from oidc_payload where (model, id) in (
          select model, id from oidc_payload where expires_at < to_timestamp(${now}) limit ${batch}) returning 1`,
    sql`delete from sign_in where id in (
          select id from sign_in where expires_at < to_timestamp(${now}) limit ${batch}) returning 1`,
    sql`delete from grant_post where grant_id in (
          select grant_id from grant_post where expires_at < to_timestamp(${now}) limit ${batch}) returning 1`,
    sql`delete from sign_in_throttle where key in (
          select key from sign_in_throttle where expires_at < to_timestamp(${now}) limit ${batch}) returning 1`,
    sql`delete from sign_in_place where key in (
          select key from sign_in_place where expires_at < to_timestamp(${now}) limit ${batch}) returning 1`,
  ];
  let removed = 0;
  for (const sweep of sweeps) {
    for (let last = batch; last === batch; removed += last) last = (await context.db.query(sweep)).length;
  }
  return removed;
}
