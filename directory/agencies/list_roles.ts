/** The catalogue: what a post can be, and what kinds of agency there are. */
import type { Queryable } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';

/** `kinds`: kinds of agency that may have it; `registers`: of which one is expected of a holder; `sensitive`: deserves a second look. */
type Role = {
  code: string;
  name: string;
  description: string;
  kinds: string[];
  registers: string[];
  sensitive: boolean;
};

/** Every role, by name. */
export function listRoles(db: Queryable): Promise<Role[]> {
  return db.query<Role>(sql`select code, name, description, kinds, registers, sensitive from role order by name`);
}
