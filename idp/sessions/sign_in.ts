/** The record of one attempt to sign in, kept between its pages, and of the session that came of it. */
import type { Queryable } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { lifetimes } from '../lifetimes.ts';

/** `id` is the interaction's uid. `practitioner` is absent while nobody is known by the address that was typed. */
export type SignIn = {
  id: string;
  email: string | null;
  practitioner: string | null;
  passwordAt: number | null;
  authenticatedAt: number | null;
  vouchedBy: string[];
};

/** The attempt under way at this interaction, if its first page was answered. */
export async function findSignIn(db: Queryable, id: string): Promise<SignIn | undefined> {
  const [row] = await db.query<SignIn>(sql`
    select id, email, practitioner, extract(epoch from password_at)::float8 as "passwordAt",
           extract(epoch from authenticated_at)::float8 as "authenticatedAt", vouched_by as "vouchedBy"
    from sign_in where id = ${id}`);
  return row;
}

/** Begins, or begins again with another address: what was proved before counts no more. */
export async function beginSignIn(
  db: Queryable,
  input: { id: string; email: string; practitioner: string | undefined; client: string; now: number },
): Promise<void> {
  await db.query(sql`
    insert into sign_in (id, email, practitioner, client, created_at, expires_at)
    values (${input.id}, ${input.email}, ${input.practitioner ?? null}, ${input.client}, to_timestamp(${input.now}),
            to_timestamp(${input.now + lifetimes.interaction}))
    on conflict (id) do update
      set email = excluded.email, practitioner = excluded.practitioner, password_at = null, authenticated_at = null, vouched_by = '{}'`);
}

/** The password was right. */
export async function recordPassword(db: Queryable, id: string, agency: string, now: number): Promise<void> {
  await db.query(sql`
    update sign_in set password_at = to_timestamp(${now}), vouched_by = array[${agency}::text] where id = ${id}`);
}

/** Ties the attempt to the session that the provider opened for it, for as long as the session can last. */
export async function bindSignIn(db: Queryable, id: string, session: string, practitioner: string): Promise<void> {
  await db.query(sql`
    update sign_in set session = ${session}, email = null,
                       expires_at = authenticated_at + make_interval(secs => ${lifetimes.grant})
    where id = ${id} and practitioner = ${practitioner} and authenticated_at is not null`);
}

/** Agencies that vouched for the credentials of the session's latest sign-in; empty when it is unknown. */
export async function findVouchers(db: Queryable, session: string): Promise<string[]> {
  const [row] = await db.query<{ vouchedBy: string[] }>(sql`
    select vouched_by as "vouchedBy" from sign_in
    where session = ${session} order by authenticated_at desc limit 1`);
  return row?.vouchedBy ?? [];
}
