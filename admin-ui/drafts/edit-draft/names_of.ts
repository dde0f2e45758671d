/** Names for the codes that a draft holds. */
import type { OpenDraft } from '../../kit/draft_of.ts';
import type { Names } from './parts/part.ts';

export function namesOf({ state }: OpenDraft): Names {
  return { agency: (code) => state.agencies.get(code)?.name ?? code };
}
