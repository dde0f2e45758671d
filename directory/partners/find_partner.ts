/** Reading partner systems, for sign-in, for decisions and for the list that people open them from. */
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { read } from '../../platform/database/transaction.ts';
import type { Partner } from './partner.ts';

type Row = Omit<Partner, 'backchannelLogoutUri' | 'homeUri'> & {
  backchannelLogoutUri: string | null;
  homeUri: string | null;
};

const columns = sql`
  client_id as "clientId", p.name, agency,
  case when a.ended_at is null then p.status else 'suspended' end as status, holds, understands, scopes, redirect_uris as "redirectUris",
  post_logout_redirect_uris as "postLogoutRedirectUris", backchannel_logout_uri as "backchannelLogoutUri",
  authentication, home_uri as "homeUri"`;

/** The partner system with this client id, suspended ones too (as is one whose agency has left); undefined when there is none. */
export async function findPartner(db: Database, clientId: string): Promise<Partner | undefined> {
  const [row] = await read(db, { reading: 'standing' }, (tx) =>
    tx.query<Row>(
      sql`select ${columns} from partner p join agency a on a.code = p.agency where client_id = ${clientId}`,
    ),
  );
  return row && toPartner(row);
}

/** Every partner system, by name. */
export async function listPartners(db: Database): Promise<Partner[]> {
  const rows = await read(db, { reading: 'standing' }, (tx) =>
    tx.query<Row>(sql`select ${columns} from partner p join agency a on a.code = p.agency order by p.name, client_id`),
  );
  return rows.map(toPartner);
}

function toPartner({ backchannelLogoutUri, homeUri, ...partner }: Row): Partner {
  return {
    ...partner,
    ...(backchannelLogoutUri !== null && { backchannelLogoutUri }),
    ...(homeUri !== null && { homeUri }),
  };
}
