/** Adding a team to an agency. */
import { sql } from '../../platform/database/sql.ts';
import type { Log } from '../../platform/log/log.ts';
import { uuidv7 } from '../../platform/uuid.ts';
import type { Actor } from '../actor.ts';
import { grant } from './administer.ts';
import { DirectoryError } from '../errors.ts';

/** `listed: false` hides the team and its people from everybody outside the agency. */
export type TeamInput = { id?: string; name: string; listed?: boolean; area?: string; source: string };

/** Adds a team to the actor's agency and returns its id. */
export function addTeam(log: Log, actor: Actor, input: TeamInput): Promise<string> {
  return grant(log, actor, async (tx) => {
    const id = input.id ?? uuidv7();
    const added = await tx.query(sql`
      insert into team (id, agency, name, listed, area, source)
      values (${id}, ${actor.agency}, ${input.name}, ${input.listed ?? true}, ${input.area ?? null}, ${input.source})
      on conflict do nothing returning 1`);
    if (added.length === 0) {
      throw new DirectoryError(
        'conflict',
        'team-name-in-use',
        'The agency has a team of this name already. Choose another name.',
      );
    }
    tx.record({
      event: 'team.added',
      actor,
      agencies: [actor.agency],
      subject: id,
      content: { agency: actor.agency, name: input.name, listed: input.listed ?? true },
    });
    return id;
  });
}
