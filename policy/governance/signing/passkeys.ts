/** Passkeys that people sign with: enrolled in a ceremony of WebAuthn, one for each agency that a person acts for. */
import type { PublicKeyCredentialCreationOptionsJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { sql } from '../../../platform/database/sql.ts';
import { read } from '../../../platform/database/transaction.ts';
import { canonicalText } from '../../../platform/json.ts';
import { change } from '../../../platform/log/change.ts';
import { creationOptions, verifyEnrolment } from '../../../platform/webauthn/enrol.ts';
import { siteOf } from '../../../platform/webauthn/assertion.ts';
import { PolicyError } from '../../errors.ts';
import { type Passkey, PublicKey, thumbprint } from '../../register/signatures/keys.ts';
import { keepCeremony, type Signatory, takeCeremony } from './ceremony.ts';
import type { KeyContext } from './context.ts';

/** A passkey, and when it was enrolled (epoch seconds). */
type EnrolledPasskey = Passkey & { enrolledAt: number };

/** The passkey that this person would sign with for the agency if they were appointed now. */
export async function findPasskey(
  { db }: Pick<KeyContext, 'db'>,
  { agency, practitioner }: { agency: string; practitioner: string },
): Promise<EnrolledPasskey | undefined> {
  const [row] = await read(db, { agency }, (tx) =>
    tx.query<Omit<EnrolledPasskey, 'jwk'> & { jwk: string }>(sql`
      select credential_id, jwk, rp_id, extract(epoch from enrolled_at)::float8 as "enrolledAt"
      from passkey where agency = ${agency} and practitioner = ${practitioner} and replaced_at is null`),
  );
  return row && { ...row, jwk: JSON.parse(row.jwk) as PublicKey };
}

/** Begins an enrolment: what `navigator.credentials.create` takes. */
export async function beginEnrolment(
  context: KeyContext,
  who: Signatory,
  name: { account: string; shown: string },
): Promise<{ ceremony: string; options: PublicKeyCredentialCreationOptionsJSON }> {
  const known = await findPasskey(context, who);
  const site = siteOf(context.config.baseUrl);
  const options = await creationOptions(site, name, known === undefined ? [] : [known.credential_id]);
  const ceremony = await keepCeremony(context, who, { kind: 'enrolment', challenge: options.challenge });
  return { ceremony, options };
}

/** Completes an enrolment; the passkey takes the place of the one before. Throws `ceremony-over`, `passkey-not-valid`. */
export async function completeEnrolment(
  context: KeyContext,
  who: Signatory,
  ceremony: string,
  response: RegistrationResponseJSON,
): Promise<void> {
  const { kind, challenge } = await takeCeremony(context, who, ceremony);
  if (kind !== 'enrolment') throw notValid('it was asked for something else');
  const passkey = await verifyRegistration(context, challenge, response);
  await replacePasskey(context, who, passkey);
}

async function verifyRegistration(
  { config }: KeyContext,
  challenge: string,
  response: RegistrationResponseJSON,
): Promise<Passkey> {
  const site = siteOf(config.baseUrl);
  try {
    const { id, jwk } = await verifyEnrolment(site, challenge, response);
    return { credential_id: id, jwk: PublicKey.parse(jwk), rp_id: site.domain };
  } catch (cause) {
    // The library's words are for engineers and may quote what was sent.
    throw notValid('it did not answer what was asked, or did not check who is using it', cause);
  }
}

function replacePasskey(context: KeyContext, who: Signatory, { credential_id, jwk, rp_id }: Passkey): Promise<void> {
  const { agency, practitioner, session: _, ...rest } = who;
  const now = context.clock();
  return change(context.log, { agency }, async (tx) => {
    const replaced = await tx.query(sql`
      update passkey set replaced_at = to_timestamp(${now}::float8)
      where agency = ${agency} and practitioner = ${practitioner} and replaced_at is null returning credential_id`);
    const added = await tx.query(sql`
      insert into passkey (credential_id, agency, practitioner, jwk, rp_id, enrolled_at)
      values (${credential_id}, ${agency}, ${practitioner}, ${canonicalText(jwk)}, ${rp_id}, to_timestamp(${now}::float8))
      on conflict do nothing returning 1`);
    if (added.length === 0) throw notValid('it is enrolled already');
    tx.record({
      event: 'passkey.enrolled',
      actor: { agency, practitioner, ...rest },
      agencies: [agency],
      subject: practitioner,
      content: { key: thumbprint(jwk), replaces: replaced.length > 0 },
    });
  });
}

function notValid(why: string, cause?: unknown): PolicyError {
  const words = `The passkey was not enrolled: ${why}. Begin again.`;
  return new PolicyError('invalid', 'passkey-not-valid', words, { cause });
}
