/** Time-based one-time codes (RFC 6238), as authenticator apps make them: six digits every 30 seconds. */
import { generateSecret, generateURI, verify } from 'otplib';
import { seal, unseal } from '../../platform/keys/envelope.ts';

const periodSeconds = 30;

/** A new shared secret, base32. */
export function makeTotpSecret(): string {
  return generateSecret();
}

/** The address behind the QR code that an authenticator app scans. */
export function totpUri(secret: string, account: string): string {
  return generateURI({ issuer: 'Wayleave', label: account, secret });
}

/**
 * The time step that a code belongs to, or undefined when it is wrong. Accepts one step either side of now: clocks drift
 * and people type slowly. Whether the step was used before is for the caller to see.
 */
export async function findTotpStep(secret: string, code: string, now: number): Promise<number | undefined> {
  const result = await verify({ secret, token: code, epoch: Math.floor(now), epochTolerance: periodSeconds });
  return result.valid && 'timeStep' in result ? result.timeStep : undefined;
}

/** The secret as the database keeps it: sealed, and bound to its credential. */
export function sealTotpSecret(masterKey: Buffer, credential: string, secret: string): string {
  return seal(masterKey, label(credential), Buffer.from(secret, 'utf8')).toString('base64');
}

/** Opens what `sealTotpSecret` made. */
export function unsealTotpSecret(masterKey: Buffer, credential: string, sealed: string): string {
  return unseal(masterKey, label(credential), Buffer.from(sealed, 'base64')).toString('utf8');
}

const label = (credential: string) => `totp/${credential}`;
