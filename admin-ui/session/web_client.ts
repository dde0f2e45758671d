/** The web application as an OpenID client: registered by the service itself, with a secret that follows from the master key. */
import { createHash } from 'node:crypto';
import type { Partner } from '../../directory/partners/partner.ts';
import type { Config } from '../../platform/config/config.ts';
import { deriveSecret } from '../../platform/keys/derive.ts';

/** Client id and secret, and the entry that the identity provider is given. It belongs to no agency and holds no records. */
export function webClient(config: Pick<Config, 'baseUrl' | 'masterKey'>): { secret: string; partner: Partner } {
  const secret = deriveSecret(config.masterKey, 'web application client secret').toString('base64url');
  return {
    secret,
    partner: {
      clientId: 'wayleave-web',
      name: 'Wayleave',
      agency: '',
      status: 'active',
      holds: [],
      understands: [],
      scopes: ['openid', 'profile', 'email', 'post', 'decisions'],
      redirectUris: [`${config.baseUrl}/callback`],
      postLogoutRedirectUris: [`${config.baseUrl}/signed-out`],
      authentication: {
        method: 'client_secret_basic',
        secretHash: createHash('sha256').update(secret).digest('base64url'),
      },
    },
  };
}
