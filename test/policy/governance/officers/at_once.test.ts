/** Two administrators decide about one proposal at once: what each is told is what the register and the proposal say. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { approveProposal, refuseProposal, submitAppointment } from '../../../../policy/governance/officers/decide.ts';
import { getProposal, wantedAppointment } from '../../../../policy/governance/officers/proposal.ts';
import { proposeOfficer } from '../../../../policy/governance/officers/propose.ts';
import { prepareEvent } from '../../../../policy/governance/signing/administrative.ts';
import { addOfficerKey, revokeKey } from '../../../../policy/governance/signing/agency_keys.ts';
import { signEvent } from '../../../../policy/register/events/sign.ts';
import { generateKey } from '../../../../policy/register/signatures/generate.ts';
import { publicPart, thumbprint } from '../../../../policy/register/signatures/keys.ts';
import { race, races } from '../../../support/platform/race.ts';
import { type Office, openSigning, type TestSigning } from '../../../support/policy/signing.ts';

let test: TestSigning;
beforeAll(async () => void (test = await openSigning()));
afterAll(() => test.drop());

const head = (): number => test.state().head.sequence;
const propose = ({ first, candidate, kid }: Office): Promise<string> =>
  proposeOfficer(test.keys, first, { practitioner: candidate.practitioner, capacities: ['siro'], kid });

/** What must be so when one decided for the appointment and the other against it. */
async function expectOne(
  { first }: Office,
  id: string,
  before: number,
  [appointed, takenBack]: [boolean, boolean],
): Promise<[boolean, boolean]> {
  const { state, event } = await getProposal(test.keys, first.agency, id);
  expect({ appointed, takenBack, state, event, head: head() }).toEqual({
    appointed,
    takenBack: !appointed,
    state: appointed ? 'appointed' : 'taken-back',
    event: appointed ? before + 1 : undefined,
    head: appointed ? before + 1 : before,
  });
  return [appointed, takenBack];
}

describe('the appointment of an officer', () => {
  it('is approved or taken back, never both', async () => {
    const { first, second } = test.held;
    await races(200, async (round) => {
      const [id, before] = [await propose(test.held), head()];
      const told = await race(
        round,
        () => approveProposal(test.keys, second, id),
        () => refuseProposal(test.keys, first, id),
      );
      return expectOne(test.held, id, before, told);
    });
  });

  it('is handed in with the agency’s own signature or taken back, never both', async () => {
    const { first, second } = test.own;
    const by = { agency: first.agency, key: test.agencies.council.administration };
    await races(200, async (round) => {
      const id = await propose(test.own);
      await approveProposal(test.keys, second, id);
      const event = prepareEvent(test.keys, wantedAppointment(await getProposal(test.keys, first.agency, id)));
      const signature = await signEvent(event, by);
      const before = head();
      const told = await race(
        round,
        () => submitAppointment(test.keys, second, id, { event, signature }),
        () => refuseProposal(test.keys, first, id),
      );
      return expectOne(test.own, id, before, told);
    });
  });

  it('is approved as a whole or not at all while its key is being revoked', async () => {
    const { first, second } = test.held;
    await races(200, async (round) => {
      const jwk = publicPart(generateKey());
      const kid = thumbprint(jwk);
      await addOfficerKey(test.keys, first, jwk);
      const id = await propose({ ...test.held, kid });
      const [approved, revoked] = await race(
        round,
        () => approveProposal(test.keys, second, id),
        () => revokeKey(test.keys, first, { kid, reason: 'A test.' }),
      );
      const { state } = await getProposal(test.keys, first.agency, id);
      expect({ state, revoked }).toEqual({ state: approved ? 'appointed' : 'proposed', revoked: true });
      if (!approved) await refuseProposal(test.keys, first, id);
      return [approved, !approved];
    });
  });
});
