/** Writing down that an officer read the log. What cannot be recorded is not shown. */
import { PlatformError } from '../../platform/errors.ts';
import type { JsonObject } from '../../platform/json.ts';
import type { Log } from '../../platform/log/log.ts';
import type { Person } from '../session/person.ts';

export async function recordReading(log: Log, { actor }: Person, content: JsonObject): Promise<void> {
  const { outcome } = await log.append({
    event: 'log.read',
    actor,
    agencies: [actor.agency],
    content,
  });
  if (outcome !== 'recorded')
    throw new PlatformError(
      'unavailable',
      'reading-not-recorded',
      'Reading the log could not be recorded, so nothing is shown. Try again in a moment.',
    );
}
