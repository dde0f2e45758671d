/** A partner system: an OpenID client that signs people in, or asks for decisions, or both. */

declare module '../../platform/log/event.ts' {
  interface Topics {
    partner: true;
  }
}

export type Partner = {
  clientId: string;
  name: string;
  /** Official code of the agency that runs it. */
  agency: string;
  status: 'active' | 'suspended';
  /** Agencies about whose records it may ask. */
  holds: string[];
  /** What its enforcement point understands: `fields`, and obligation types. Default nothing. */
  understands: string[];
  scopes: string[];
  redirectUris: string[];
  postLogoutRedirectUris: string[];
  backchannelLogoutUri?: string;
  /** How it proves itself at the token endpoint. */
  authentication:
    { method: 'client_secret_basic'; secretHash: string } | { method: 'private_key_jwt'; jwks: { keys: object[] } };
  /** Shown to people as a link to open it. */
  homeUri?: string;
};
