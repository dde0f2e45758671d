import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appRole } from '../../../platform/app_role.ts';
import { type Database, openDatabase } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import { type TestDatabase, testDatabase } from '../../support/platform/database.ts';

/**
 * Tables whose rows belong to no agency, each with the reason. A new table is either under forced row-level security or
 * is entered here by somebody who thought about it.
 */
const belongToNoAgency: Record<string, string> = {
  migration: 'which migrations ran',
  kind: 'published definition',
  role: 'published catalogue',
  name_token: 'lexicon of names, without people',
  name_sound: 'lexicon of names, without people',
  log_head: 'one row for the whole log',
  log_leaf: 'hashes only',
  log_tile: 'hashes only',
  change_feed: 'keys of cache entries, read by every replica',
  signing_key: 'keys of the service, encrypted',
  oidc_payload: 'state of the provider, found by unguessable key',
  sign_in: 'state of the provider, found by unguessable key',
  sign_in_throttle: 'counters of the provider',
  sign_in_place: 'keyed hashes of the provider',
  grant_post: 'state of the provider, found by unguessable key',
  web_session: 'found by unguessable key',
  rate_limit: 'counters',
  form_taken: 'forms that were sent in the last minute, by a hash',
  duty_cursor: 'how far the log was read',
  register_event: 'the signed register is open to every party',
  protocol_text: 'the signed texts are open to every party',
  agency_key: 'index of the register: public keys',
  officer: 'index of the register',
  definition: 'index of the register',
  protocol: 'index of the register',
  protocol_party: 'index of the register',
  protocol_clause: 'index of the register',
  protocol_signature: 'index of the register',
  protocol_accession: 'index of the register',
};
/** Under row-level security that its owner passes, because one definer function of the owner erases its content. */
const openToItsOwner = ['log_content'];

let test: TestDatabase;
let owner: Database;
beforeAll(async () => {
  test = await testDatabase();
  owner = openDatabase(test.ownerUrl);
});
afterAll(async () => {
  await owner.close();
  await test.drop();
});

describe('the tables', () => {
  it('are under forced row-level security, or are known to belong to no agency', async () => {
    const tables = await owner.query<{ name: string; enabled: boolean; forced: boolean }>(sql`
      select relname as name, relrowsecurity as enabled, relforcerowsecurity as forced
      from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace order by relname`);
    const open = tables.filter(({ enabled, forced, name }) => !enabled || !(forced || openToItsOwner.includes(name)));
    expect(open.map(({ name }) => name).filter((name) => !(name in belongToNoAgency))).toEqual([]);
    const needless = tables.filter(({ name, enabled }) => enabled && name in belongToNoAgency);
    expect(needless.map(({ name }) => name)).toEqual([]);
  });

  it('show the application no row of an agency table without a scope', async () => {
    const guarded = await owner.query<{ statement: string }>(sql`
      select format('select %L as name, count(*) as rows from %I', relname, relname) as statement
      from pg_class where relrowsecurity and relkind = 'r' and relnamespace = 'public'::regnamespace`);
    expect(guarded.length).toBeGreaterThan(5);
    for (const { statement } of guarded) {
      const { rows } = await test.db.pool.query<{ name: string; rows: number }>(statement);
      expect(rows[0]?.rows).toBe(0);
    }
  });
});

describe('the role of the application', () => {
  it('owns nothing and has no attribute that would let it pass a policy', async () => {
    const owned = await owner.query(sql`
      select classid::regclass::text as kind, objid from pg_shdepend
      where refobjid = 'wayleave_app'::regrole and deptype = 'o'`);
    expect(owned).toEqual([]);
    const [role] = await owner.query(sql`
      select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication from pg_roles where rolname = 'wayleave_app'`);
    expect(new Set(Object.values(role ?? {}))).toEqual(new Set([false]));
    const memberships = await owner.query(sql`select from pg_auth_members where member = 'wayleave_app'::regrole`);
    expect(memberships).toEqual([]);
  });

  it('signs in as a member that has its rights and nothing else', async () => {
    const [member] = await test.db.query<{ name: string }>(sql`select current_user::text as name`);
    expect(member?.name).toBe(appRole(test.ownerUrl));
    const [role] = await owner.query(sql`
      select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication from pg_roles where rolname = ${member?.name}`);
    expect(new Set(Object.values(role ?? {}))).toEqual(new Set([false]));
    const owned = await owner.query(sql`
      select from pg_shdepend where refobjid = (select oid from pg_roles where rolname = ${member?.name})`);
    expect(owned).toEqual([]);
    const groups = await owner.query(sql`
      select roleid::regrole::text as name, admin_option as admin from pg_auth_members
      where member = (select oid from pg_roles where rolname = ${member?.name})`);
    expect(groups).toEqual([{ name: 'wayleave_app', admin: false }]);
  });

  it('cannot make, alter or drop anything', async () => {
    for (const statement of [
      sql`create table mine (id int)`,
      sql`create schema mine`,
      sql`alter table post disable row level security`,
      sql`drop table post`,
      sql`select set_config('session_authorization', ${new URL(test.ownerUrl).username}, false)`,
      sql`create or replace function acting_agency() returns text language sql as $$ select 'E08000021' $$`,
    ]) {
      await expect(test.db.query(statement)).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('can add to the log and the register and read them, and neither change nor remove what stands there', async () => {
    const appendOnly = ['change_feed', 'log_content', 'log_leaf', 'log_tile', 'protocol_text', 'register_event'];
    const rights = await owner.query<{ name: string; held: string[] }>(sql`
      select relname as name, array(
               select wanted from unnest(array['select', 'insert', 'update', 'delete', 'truncate']) as wanted
               where has_table_privilege('wayleave_app', oid, wanted)
                  or (wanted in ('update') and has_any_column_privilege('wayleave_app', oid, wanted))) as held
      from pg_class where relkind = 'r' and relname = any(${appendOnly}) order by 1`);
    expect(rights).toEqual(appendOnly.map((name) => ({ name, held: ['select', 'insert'] })));
    await expect(test.db.query(sql`delete from log_leaf`)).rejects.toMatchObject({ code: '42501' });
    await expect(test.db.query(sql`truncate log_content`)).rejects.toMatchObject({ code: '42501' });
    await expect(test.db.query(sql`delete from log_head`)).rejects.toMatchObject({ code: '42501' });
  });
});
