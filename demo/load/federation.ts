/** The demo's federation: its root key, the private half in the data folder, the public half where configuration looks for it. */
import path from 'node:path';
import type { Config } from '../../platform/config/config.ts';
import { PlatformError } from '../../platform/errors.ts';
import { publicPart, thumbprint } from '../../policy/register/signatures/keys.ts';
import { keepKey, writeOnce } from './keys.ts';

/**
 * Makes sure that the federation has a root key whose private half this machine holds, and returns the configuration with
 * it. To be called before the floors open, where the demo region is to be loaded. Throws `root-key-not-ours` where another
 * root key is configured: nothing could be signed for it here.
 */
export async function prepareFederation(config: Config): Promise<Config> {
  const rootKey = publicPart(await keepKey(config.dataDir, 'federation-root'));
  const configured = config.federation.rootKey;
  if (configured !== undefined && thumbprint(publicPart(configured)) !== thumbprint(rootKey)) {
    throw new PlatformError(
      'conflict',
      'root-key-not-ours',
      'The demo region cannot be loaded: the federation’s root key is configured to be another one than the demo’s own. Unset FEDERATION_ROOT_KEY, or set DEMO=no.',
    );
  }
  await writeOnce(path.join(config.dataDir, 'federation-root.json'), rootKey, 0o644);
  return { ...config, federation: { ...config.federation, rootKey } };
}
