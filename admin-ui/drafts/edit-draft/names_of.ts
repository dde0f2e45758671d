/** Names for the codes that a draft holds. */
import type { OpenDraft } from '../../kit/draft_of.ts';
import type { AgencyNames } from './parts/part.ts';

export function namesOf({ state }: OpenDraft): AgencyNames {
  return { agency: (code) => state.agencies.get(code)?.name ?? code };
}
