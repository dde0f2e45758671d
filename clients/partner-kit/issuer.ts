/** The sign-in that the kit plays: everybody is signed in at once, as one invented practitioner. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { send } from './send.ts';

export type Issuer = {
  url: string;
  /** Every token given out. */
  tokens: string[];
  /** Whether the header carries one of them. */
  knows(authorization: string | undefined): boolean;
  answer(address: URL, response: ServerResponse, body: string): Promise<void>;
};

type Waiting = { client: string; nonce: string | undefined };

/** A new key for each run. People are sent back to the origin that `mayReturn` names, and to no other. */
export async function createIssuer(url: string, mayReturn: () => string): Promise<Issuer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'kit', alg: 'ES256', use: 'sig' }];
  const waiting = new Map<string, Waiting>();
  const tokens: string[] = [];
  const newToken = (): string => {
    const token = `kit-token-${randomBytes(24).toString('base64url')}`;
    tokens.push(token);
    return token;
  };
  const authorize = ({ searchParams: asked }: URL, response: ServerResponse): void => {
    const back = new URL(asked.get('redirect_uri') ?? url);
    if (back.origin !== mayReturn()) return send(response, 400, { error: 'invalid_request' });
    const code = randomUUID();
    waiting.set(code, { client: asked.get('client_id') ?? '', nonce: asked.get('nonce') ?? undefined });
    back.searchParams.set('code', code);
    back.searchParams.set('state', asked.get('state') ?? '');
    back.searchParams.set('iss', url);
    response.writeHead(303, { Location: back.href }).end();
  };
  const idToken = ({ client, nonce }: Waiting): Promise<string> =>
    new SignJWT({ ...person, auth_time: Math.floor(Date.now() / 1000), ...(nonce !== undefined && { nonce }) })
      .setProtectedHeader({ alg: 'ES256', kid: 'kit' })
      .setIssuer(url)
      .setAudience(client)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey);
  const grant = async (body: string, response: ServerResponse): Promise<void> => {
    const form = new URLSearchParams(body);
    const token = { access_token: newToken(), token_type: 'Bearer', expires_in: 300 };
    if (form.get('grant_type') === 'client_credentials') return send(response, 200, { ...token, scope: 'decisions' });
    const code = form.get('code') ?? '';
    const one = waiting.get(code);
    waiting.delete(code);
    if (one === undefined) return send(response, 400, { error: 'invalid_grant' });
    send(response, 200, { ...token, scope: 'openid profile post decisions', id_token: await idToken(one) });
  };
  return {
    url,
    tokens,
    knows: (authorization) => tokens.some((token) => authorization === `Bearer ${token}`),
    async answer(address, response, body) {
      const path = address.pathname.slice('/oidc'.length);
      if (path === '/.well-known/openid-configuration') return send(response, 200, discovery(url));
      if (path === '/jwks') return send(response, 200, { keys });
      if (path === '/authorize') return authorize(address, response);
      if (path === '/token') return grant(body, response);
      send(response, 404, { error: 'not_found' });
    },
  };
}

const person = {
  sub: '01941f29-7c00-7acf-b992-a3426507f1d0',
  sid: 'partner-kit',
  name: 'Kit Tester',
  role: 'social-worker',
  role_name: 'Social worker',
  agency: { id: 'KIT', name: 'Agency of the partner kit' },
};

function discovery(url: string) {
  return {
    issuer: url,
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    jwks_uri: `${url}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  };
}
