/** Step: the rules in force now. */
import { PolicyError } from '../../errors.ts';
import type { Ruleset } from '../rules/compile.ts';
import type { PolicyContext } from './context.ts';

/**
 * The rules of the register's verified state; undefined while the register does not verify, and then nothing is in force.
 * Past a date on which protocols begin or end, the register is asked to look again first; `register-behind` (503) when it
 * still lives on the day before.
 */
export async function pickRules(context: PolicyContext, now: number): Promise<Ruleset | undefined> {
  const rules = current(context);
  if (!isPast(rules, now)) return rules;
  await context.register.verify();
  const again = current(context);
  if (isPast(again, now)) {
    throw new PolicyError(
      'unavailable',
      'register-behind',
      'The register of protocols is being brought up to date. Try again in a moment.',
    );
  }
  return again;
}

function current(context: PolicyContext): Ruleset | undefined {
  const state = context.register.state();
  return state && context.rules(state);
}

function isPast(rules: Ruleset | undefined, now: number): boolean {
  return rules?.boundary !== undefined && now >= rules.boundary;
}
