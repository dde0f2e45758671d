/** The rows of an imported agency itself: one statement for each table. */
import type { Queryable } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import type { ImportedAgency } from './region.ts';

/** Adds the agency, unless it is there. */
export async function insertAgency(tx: Queryable, agency: ImportedAgency): Promise<void> {
  await tx.query(sql`
    insert into agency (code, code_system, code_source, kind, name, switchboard, website, area, source, confirmed_at)
    values (${agency.code}, ${agency.codeSystem}, ${agency.codeSource}, ${agency.kind}, ${agency.name},
            ${agency.switchboard ?? null}, ${agency.website ?? null}, ${agency.area ?? null}, ${agency.source},
            coalesce(to_timestamp(${agency.confirmedAt ?? null}), now()))
    on conflict do nothing`);
}

/** Adds its teams. */
export async function insertTeams(tx: Queryable, { code, teams }: ImportedAgency): Promise<void> {
  await tx.query(sql`
    insert into team (id, agency, name, listed, area, source, confirmed_at)
    select id, ${code}, name, coalesce(listed, true), area, source, coalesce(to_timestamp("confirmedAt"), now())
    from json_to_recordset(${JSON.stringify(teams)}::json) as x
      (id uuid, name text, listed boolean, area text, source text, "confirmedAt" float8)`);
}

/** Adds its duty desk and those of its teams. */
export async function insertDesks(tx: Queryable, { code, desks }: ImportedAgency): Promise<void> {
  await tx.query(sql`
    insert into duty_desk (agency, team, name, phone, hours, source, confirmed_at)
    select ${code}, team, name, phone, hours, source, coalesce(to_timestamp("confirmedAt"), now())
    from json_to_recordset(${JSON.stringify(desks)}::json) as x
      (team uuid, name text, phone text, hours text, source text, "confirmedAt" float8)`);
}

/** Adds the partner systems that it runs. */
export async function insertPartners(tx: Queryable, { code, partners = [] }: ImportedAgency): Promise<void> {
  await tx.query(sql`
    insert into partner (client_id, agency, name, status, holds, understands, scopes, redirect_uris, post_logout_redirect_uris,
                         backchannel_logout_uri, authentication, home_uri)
    select "clientId", ${code}, name, coalesce(status, 'active'), holds, understands, scopes, "redirectUris",
           "postLogoutRedirectUris", "backchannelLogoutUri", authentication, "homeUri"
    from json_to_recordset(${JSON.stringify(partners)}::json) as x
      ("clientId" text, name text, status text, holds text[], understands text[], scopes text[], "redirectUris" text[],
       "postLogoutRedirectUris" text[], "backchannelLogoutUri" text, authentication jsonb, "homeUri" text)`);
}
