/**
 * The role catalogue as the register publishes it: what practitioners are called, said so that a colleague in another
 * service understands it. The directory's own catalogue (its migration) says the same, and a test holds the two together.
 */
import type { RoleDefinition } from '../../policy/register/protocols/document.ts';
import type { RegisterBody } from './registrations.ts';
import data from './roles.json' with { type: 'json' };

/** `registers`: professional registers of which one is expected of a holder. */
type DemoRole = RoleDefinition & { registers: readonly RegisterBody[] };

export const roles = data as readonly DemoRole[];

/** What is published and pinned: the definitions, without what only the directory needs. */
export const roleDefinitions: readonly RoleDefinition[] = roles.map(({ registers: _, ...definition }) => definition);

/** The catalogue entry; a code that is not in it is a mistake in the demo's own data. */
export function roleOf(code: string): DemoRole {
  const found = roles.find((one) => one.code === code);
  if (found === undefined) throw new Error(`The role catalogue has no ${code}.`);
  return found;
}
