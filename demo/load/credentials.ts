/** Passwords and one-time-code secrets for the named people, each vouched for by the agency that keeps their entry. */
import { acceptCredentials } from '../../idp/credentials/accept_credentials.ts';
import { importCredentials } from '../../idp/credentials/import_credentials.ts';
import { IdentityError } from '../../idp/errors.ts';
import type { Ground } from '../../platform/ground.ts';
import { namedPeople } from '../region/people.ts';
import { displayName } from '../region/practitioner.ts';
import type { DemoSecrets } from '../secrets.ts';

/** Imports what is not there yet: an agency's people all at once, or none of them. */
export async function giveCredentials(
  { log, config }: Pick<Ground, 'log' | 'config'>,
  secrets: DemoSecrets,
): Promise<void> {
  for (const agency of new Set(namedPeople.map((person) => person.agency))) {
    const people = namedPeople
      .filter((person) => person.agency === agency)
      .map((person) => ({
        practitioner: person.id,
        password: secrets.password,
        totpSecret: secrets.totpSecretOf(person.key),
        words: [displayName(person), person.email],
      }));
    try {
      await importCredentials(log, config, { agency, service: 'demo region' }, people);
    } catch (error) {
      if (!(error instanceof IdentityError && error.code === 'credential-exists')) throw error;
    }
  }
  // Who holds posts in two agencies signs in once: the second agency accepts what the first one vouches for.
  for (const { agency: vouchedBy, posts } of namedPeople) {
    for (const { agency } of posts) {
      if (agency !== vouchedBy) await acceptCredentials(log, { agency, service: 'demo region' }, { vouchedBy });
    }
  }
}
