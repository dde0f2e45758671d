/** The partner systems as the directory keeps them, and moving Casebook to where it runs now. */
import type { ImportedAgency } from '../../directory/provisioning/region.ts';
import { findPartner } from '../../directory/partners/find_partner.ts';
import { hashClientSecret } from '../../directory/partners/client_secret.ts';
import { sql } from '../../platform/database/sql.ts';
import type { Ground } from '../../platform/ground.ts';
import { change } from '../../platform/log/change.ts';
import { casebook, partners } from '../partners.ts';
import type { DemoSecrets } from '../secrets.ts';

type Partners = NonNullable<ImportedAgency['partners']>;

/** The systems that an agency runs. `casebookUrl` is where people are sent back to. */
export function describePartners(agency: string, secrets: DemoSecrets, casebookUrl: string): Partners {
  return partners
    .filter((one) => one.agency === agency)
    .map(({ agency: _, signsPeopleIn, ...system }) => ({
      ...system,
      ...(signsPeopleIn ? addresses(casebookUrl) : { redirectUris: [], postLogoutRedirectUris: [] }),
      authentication: {
        method: 'client_secret_basic',
        secretHash: hashClientSecret(secrets.clientSecretOf(system.clientId)),
      },
    }));
}

/** Registers Casebook's present address: its port may have been taken since the last start. */
export async function moveCasebook({ db, log }: Pick<Ground, 'db' | 'log'>, casebookUrl: string): Promise<void> {
  const { agency, clientId } = casebook;
  const to = addresses(casebookUrl);
  if ((await findPartner(db, clientId))?.homeUri === to.homeUri) return;
  await change(log, { agency }, async (tx) => {
    await tx.query(sql`
      update partner set redirect_uris = ${to.redirectUris}, post_logout_redirect_uris = ${to.postLogoutRedirectUris},
             backchannel_logout_uri = ${to.backchannelLogoutUri}, home_uri = ${to.homeUri}, updated_at = now()
      where client_id = ${clientId}`);
    tx.record({
      event: 'partner.moved',
      actor: { service: 'demo region', agency },
      agencies: [agency],
      subject: clientId,
      content: { homeUri: to.homeUri },
    });
    tx.affects('partner', clientId);
  });
}

function addresses(url: string) {
  return {
    redirectUris: [`${url}/callback`],
    postLogoutRedirectUris: [`${url}/signed-out`],
    backchannelLogoutUri: `${url}/backchannel-logout`,
    homeUri: `${url}/`,
  };
}
