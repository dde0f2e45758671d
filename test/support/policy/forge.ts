/** What an attacker would send: signatures with any header that JSON can say. */
import { createHmac, createPrivateKey, sign } from 'node:crypto';
import type { JWK } from 'jose';
import type { PrivateKey, Signature } from '../../../policy/register/signatures/flattened.ts';
import { publicPart, thumbprint } from '../../../policy/register/signatures/keys.ts';

const encode = (bytes: string | Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** A signature that is right for its key and bytes, over whatever header is given; `raw` is the header's text as it is. */
export function forge(bytes: Uint8Array, header: object | { raw: string }, key: PrivateKey): Signature {
  const text = 'raw' in header && typeof header.raw === 'string' ? header.raw : JSON.stringify(header);
  const named = encode(text);
  const input = Buffer.from(`${named}.${encode(bytes)}`);
  return { protected: named, signature: encode(signWith(input, key)) };
}

/** The header that a protocol's signature should have, with changes. */
export function protocolHeader(
  signer: { agency: string; officer: string; capacity: string; key: PrivateKey },
  time: number,
  changes: object = {},
): object {
  const { agency, officer, capacity, key } = signer;
  const kid = thumbprint(publicPart(key));
  return { typ: 'wayleave-protocol+jws', alg: 'EdDSA', kid, iat: time, agency, officer, capacity, ...changes };
}

/** HMAC with the public key's bytes as the secret: the classic confusion of algorithms. */
export function forgeWithPublicKey(bytes: Uint8Array, header: object, key: JWK): Signature {
  const named = encode(JSON.stringify({ ...header, alg: 'HS256' }));
  const mac = createHmac('sha512', Buffer.from(key.x ?? '', 'base64url'))
    .update(`${named}.${encode(bytes)}`)
    .digest();
  return { protected: named, signature: encode(mac) };
}

function signWith(input: Buffer, key: PrivateKey): Buffer {
  const privateKey = createPrivateKey({ key, format: 'jwk' });
  return key.kty === 'OKP'
    ? sign(null, input, privateKey)
    : sign('sha256', input, { key: privateKey, dsaEncoding: 'ieee-p1363' });
}
