/** Taking a practitioner into the directory. */
import { sql } from '../../platform/database/sql.ts';
import type { Log } from '../../platform/log/log.ts';
import { uuidv7 } from '../../platform/uuid.ts';
import type { Actor } from '../actor.ts';
import { grant } from '../agencies/administer.ts';
import { DirectoryError } from '../errors.ts';
import { checkChecked } from '../times.ts';
import { indexNames } from './names/index_names.ts';
import { sortKey } from './names/words.ts';

type Names = {
  display: string;
  given?: string;
  family?: string;
  /** Other whole names they go by: a former name, a known-as name, another spelling. */
  other?: string[];
};

/** `identity`: how sure the agency is of who this is, who checked, when (epoch seconds) and against what. */
export type PractitionerInput = {
  id?: string;
  names: Names;
  email: string;
  phone?: string;
  identity?: { level: 0 | 1 | 2 | 3; checkedBy: string; checkedAt: number; against: string };
  source: string;
};

/** Admits a practitioner whose record the actor's agency will keep; they can do nothing until given a post. Returns their id. */
export function admitPractitioner(log: Log, actor: Actor, input: PractitionerInput): Promise<string> {
  const { id = uuidv7(), names, identity } = input;
  return grant(log, actor, async (tx) => {
    if (identity !== undefined) checkChecked({ at: identity.checkedAt }, log.clock());
    const added = await tx.query(sql`
      insert into practitioner (id, agency, display_name, given_names, family_name, other_names, sort_key, email, phone,
                                identity_level, identity_checked_by, identity_checked_at, identity_checked_against, source)
      values (${id}, ${actor.agency}, ${names.display}, ${names.given ?? ''}, ${names.family ?? ''}, ${names.other ?? []},
              ${sortKey(names)}, ${input.email}, ${input.phone ?? null}, ${identity?.level ?? 0}, ${identity?.checkedBy ?? null},
              to_timestamp(${identity?.checkedAt ?? null}), ${identity?.against ?? null}, ${input.source})
      on conflict do nothing returning 1`);
    if (added.length === 0) {
      throw new DirectoryError(
        'conflict',
        'email-in-use',
        'Somebody with this work e-mail address is in the directory already.',
      );
    }
    await indexNames(tx, [{ practitioner: id, agency: actor.agency, names }]);
    tx.record({
      event: 'practitioner.admitted',
      actor,
      agencies: [actor.agency],
      subject: id,
      content: { name: names.display, email: input.email, identityLevel: identity?.level ?? 0 },
    });
    tx.affects('practitioner', id);
    return id;
  });
}
