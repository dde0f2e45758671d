/** Partner systems of the directory, as the OpenID provider knows clients. Registered there, never here. */
import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { Partner } from '../../../directory/partners/partner.ts';
import { findActivePartner, type IdentityContext } from '../../context.ts';
import { scopes } from '../scopes.ts';

/** Reads clients only. A suspended partner system is not found: nothing that it asks for is answered from then on. */
export function createClientStore(context: IdentityContext): Adapter {
  const refuse = async () => {
    throw new Error('partner systems are registered in the directory');
  };
  return {
    find: async (id) => {
      const partner = await findActivePartner(context, id);
      return partner && clientMetadata(partner);
    },
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
    upsert: refuse,
    consume: refuse,
    destroy: refuse,
    revokeByGrantId: refuse,
  };
}

/** Client metadata (OpenID Connect Dynamic Client Registration, section 2) of a partner system. */
function clientMetadata(partner: Partner): AdapterPayload {
  const signsIn = partner.redirectUris.length > 0;
  const asksForItself = partner.scopes.some((scope) => scopes.machine.has(scope));
  return {
    client_id: partner.clientId,
    client_name: partner.name,
    // An app on a telephone is called back by a scheme of its own, which the standard allows to native clients only.
    application_type: partner.redirectUris.every((uri) => /^https?:/i.test(uri)) ? 'web' : 'native',
    redirect_uris: partner.redirectUris,
    post_logout_redirect_uris: partner.postLogoutRedirectUris,
    response_types: signsIn ? ['code'] : [],
    grant_types: [
      ...(signsIn ? ['authorization_code', 'refresh_token'] : []),
      ...(asksForItself ? ['client_credentials'] : []),
    ],
    scope: partner.scopes.filter((scope) => scopes.all.has(scope)).join(' '),
    ...(partner.backchannelLogoutUri === undefined
      ? {}
      : { backchannel_logout_uri: partner.backchannelLogoutUri, backchannel_logout_session_required: true }),
    ...(partner.authentication.method === 'private_key_jwt'
      ? { token_endpoint_auth_method: 'private_key_jwt', jwks: partner.authentication.jwks }
      : { token_endpoint_auth_method: 'client_secret_basic', client_secret: partner.authentication.secretHash }),
  };
}
