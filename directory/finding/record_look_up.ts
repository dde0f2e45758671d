/** Writing down who looked for whom. A look-up that cannot be recorded does not happen. */
import type { ActingPerson } from '../actor.ts';
import { PlatformError } from '../../platform/errors.ts';
import type { JsonObject } from '../../platform/json.ts';
import type { Log } from '../../platform/log/log.ts';

/** Who looks: a practitioner in a post, or a partner system; `agency` is the one they act for. */
export type Seeker = ActingPerson | { agency: string; client: string };

type LookUp = {
  event: 'directory.search' | 'directory.entry-viewed';
  subject?: string;
  agencies?: string[];
  content: JsonObject;
};

/** Appends the look-up to the log and returns once that is durable; throws `unavailable` when it is not. */
export async function recordLookUp(
  log: Log,
  seeker: Seeker,
  { event, subject, agencies = [], content }: LookUp,
): Promise<void> {
  const appended = await log.append({
    event,
    actor: seeker,
    agencies: [...new Set([seeker.agency, ...agencies])],
    ...(subject !== undefined && { subject }),
    content,
  });
  if (appended.outcome !== 'recorded') {
    throw new PlatformError(
      'unavailable',
      'look-up-not-recorded',
      'The look-up could not be recorded, so it was not made. Try again in a moment.',
    );
  }
}
