/** Two administrators register and revoke keys that the service holds at once: what each is told is what the register says. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ActingPerson } from '../../../../directory/actor.ts';
import { addHeldKey, revokeKey } from '../../../../policy/governance/signing/agency_keys.ts';
import { listUnregistered } from '../../../../policy/governance/signing/held_keys.ts';
import { race, races } from '../../../support/platform/race.ts';
import { openSigning, type TestSigning } from '../../../support/policy/signing.ts';

let test: TestSigning;
beforeAll(async () => void (test = await openSigning()));
afterAll(() => test.drop());

it('keys that the service holds are registered once for each that was told so, and revoked once', async () => {
  const { first, second } = test.held;
  const current = () =>
    [...test.state().agencies.get(first.agency)!.keys.values()].filter(
      ({ use, held, revokedAt }) => use === 'officer' && held === 'service' && revokedAt === undefined,
    );
  await races(200, async (round) => {
    const before = current();
    const added = await race(
      round,
      () => addHeldKey(test.keys, first, 'officer'),
      () => addHeldKey(test.keys, second, 'officer'),
    );
    const fresh = current().filter(({ kid }) => before.every((one) => one.kid !== kid));
    expect(fresh).toHaveLength(added.filter(Boolean).length);
    expect(await listUnregistered(test.keys, first.agency, 'officer')).toEqual([]);
    for (const { kid } of fresh) {
      const revoke = (actor: ActingPerson) => () => revokeKey(test.keys, actor, { kid, reason: 'A test.' });
      const revoked = await race(round, revoke(first), revoke(second));
      expect(revoked.filter(Boolean)).toHaveLength(1);
      expect(current().some((one) => one.kid === kid)).toBe(false);
    }
    return added;
  });
});
