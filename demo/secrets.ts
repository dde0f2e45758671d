/** Passwords, one-time-code secrets and client secrets of the demo: they follow from the master key, so nothing needs to be kept. */
import { deriveSecret } from '../platform/keys/derive.ts';
import { words } from './words.ts';

export type DemoSecrets = {
  /** One for everybody: it is typed by people who try things out. A second factor is asked for all the same. */
  password: string;
  totpSecretOf(person: string): string;
  clientSecretOf(clientId: string): string;
};

export function demoSecrets(masterKey: Buffer): DemoSecrets {
  return {
    password: passphrase(deriveSecret(masterKey, 'demo password', 10)),
    totpSecretOf: (person) => base32(deriveSecret(masterKey, `demo one-time codes ${person}`, 20)),
    clientSecretOf: (clientId) => deriveSecret(masterKey, `demo client ${clientId}`, 32).toString('base64url'),
  };
}

// Four words and two digits: long enough to stand alone, short enough to type.
function passphrase(bytes: Buffer): string {
  const chosen = [0, 2, 4, 6].map((at) => words[bytes.readUInt16BE(at) % words.length]);
  return `${chosen.join('-')}-${10 + (bytes.readUInt16BE(8) % 90)}`;
}

function base32(bytes: Buffer): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((five) => alphabet[Number.parseInt(five, 2)]).join('');
}
