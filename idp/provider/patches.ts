/** Where oidc-provider must do otherwise than it is written, and has no setting for it. Look here first when it is upgraded. */
import type { Provider } from 'oidc-provider';
import { clientSecretMatches } from '../../directory/partners/client_secret.ts';
import { SeenBefore } from './store/replay_store.ts';

/** Makes all of them on one provider; other providers in the process are left as they are. */
export function patch(provider: Provider): void {
  compareHashedSecrets(provider);
  nameSessions(provider);
  answerReplays(provider);
  renameSessions(provider);
  fixAddresses(provider);
}

/** Client metadata holds the hash of a secret, so comparing means hashing what was sent. */
function compareHashedSecrets(provider: Provider): void {
  const { prototype } = provider.Client as unknown as {
    prototype: { clientSecret?: string; compareClientSecret(actual: string): boolean };
  };
  prototype.compareClientSecret = function compareClientSecret(actual) {
    return clientSecretMatches(this.clientSecret ?? '', actual);
  };
}

/** Every token and ID token names its session, also for clients that take no back-channel logout: presence rests on it. */
function nameSessions(provider: Provider): void {
  const { prototype } = provider.Client as unknown as { prototype: { includeSid(): boolean } };
  prototype.includeSid = () => true;
}

/** The library looks whether a proof was used, and writes then. Here the insert decides, and "taken" is an answer. */
function answerReplays(provider: Provider): void {
  const model = provider.ReplayDetection as unknown as {
    unique(iss: string, jti: string, exp: number): Promise<boolean>;
  };
  const unique = model.unique.bind(model);
  model.unique = async (iss, jti, exp) => {
    try {
      return await unique(iss, jti, exp);
    } catch (error) {
      if (error instanceof SeenBefore) return false;
      throw error;
    }
  };
}

/**
 * The library changes a session's id by deleting the row and writing another: for a moment the session would not exist,
 * and a deletion could not be told from signing out. Here the row is renamed instead.
 */
function renameSessions(provider: Provider): void {
  const { prototype } = provider.Session as unknown as {
    prototype: { oldId?: string | undefined; save(ttl: number): Promise<string> };
  };
  const save = prototype.save;
  prototype.save = function saveUnderSameName(ttl) {
    this.oldId = undefined;
    return save.call(this, ttl);
  };
}

/** The library builds addresses from the Host header; here they come from the configured issuer, whatever a request claims. */
function fixAddresses(provider: Provider): void {
  const { prototype } = provider.OIDCContext as unknown as { prototype: { urlFor: Provider['urlFor'] } };
  prototype.urlFor = (name, options) => provider.urlFor(name, options);
}
