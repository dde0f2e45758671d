/** Two people decide about accessions or a signature at once: what each is told is what the register and the rows say. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  countersignOffer,
  getOffer,
  listOffers,
  offerAccession,
  refuseOffer,
} from '../../../../policy/governance/signing/accessions.ts';
import type { ActingPerson } from '../../../../directory/actor.ts';
import { completeSigning, getAsked, handIn, prepareSigning } from '../../../../policy/governance/signing/sign.ts';
import { signAccession } from '../../../../policy/register/events/sign.ts';
import { accessionBytes } from '../../../../policy/register/protocols/accession.ts';
import { protocolBytes } from '../../../../policy/register/protocols/read.ts';
import { hashOf } from '../../../../policy/register/signatures/canonical.ts';
import { types } from '../../../../policy/register/signatures/flattened.ts';
import { answerOf } from '../../../support/idp/authenticator.ts';
import { race, races } from '../../../support/platform/race.ts';
import { aJoiningAgency, anAccession } from '../../../support/policy/accession.ts';
import { baseUrl } from '../../../support/policy/drafts.ts';
import type { TestAgency } from '../../../support/policy/federation.ts';
import { hosted, openSigning, type TestSigning } from '../../../support/policy/signing.ts';

let test: TestSigning;
beforeAll(async () => void (test = await openSigning()));
afterAll(() => test.drop());

const actorOf = ({ code, officer }: TestAgency): ActingPerson => ({ agency: code, practitioner: officer.officer });
const hasJoined = (agency: string): boolean =>
  test
    .state()
    .protocols.get(hashOf(protocolBytes(hosted)))!
    .acceded.some((one) => one.agency === agency);

async function offer(agency: TestAgency) {
  const accession = anAccession(hosted, agency);
  const bytes = accessionBytes(accession);
  const at = { accession, time: test.clock.now };
  const signature = await signAccession({ ...agency.officer, ...at, type: types.accession });
  const { council } = test.agencies;
  return {
    id: await offerAccession(test.keys, actorOf(agency), bytes, signature),
    again: () => offerAccession(test.keys, actorOf(agency), bytes, signature),
    countersignature: await signAccession({ ...council.officer, ...at, type: types.countersignature }),
  };
}

describe('an accession', () => {
  it('is countersigned or taken back, never both', async () => {
    const agencies = await test.admit(200);
    const host = actorOf(test.agencies.council);
    await races(200, async (round) => {
      const agency = agencies[round]!;
      const { id, countersignature } = await offer(agency);
      const [signed, takenBack] = await race(
        round,
        () => countersignOffer(test.keys, host, id, countersignature),
        () => refuseOffer(test.keys, actorOf(agency), id),
      );
      const { state } = await getOffer(test.keys, agency.code, id);
      expect({ signed, takenBack, state, joined: hasJoined(agency.code) }).toEqual({
        signed,
        takenBack: !signed,
        state: signed ? 'countersigned' : 'taken-back',
        joined: signed,
      });
      return [signed, takenBack];
    });
  });

  it('waits for nobody once the agency has joined', async () => {
    const agencies = await test.admit(200);
    const host = actorOf(test.agencies.council);
    for (const [round, agency] of agencies.entries()) {
      const { id, again, countersignature } = await offer(agency);
      const told = await race(round, () => countersignOffer(test.keys, host, id, countersignature), again, 8);
      const offers = await listOffers(test.keys, agency.code);
      expect({ told, states: offers.map(({ state }) => state), joined: hasJoined(agency.code) }).toEqual({
        told: [true, false],
        states: ['countersigned'],
        joined: true,
      });
    }
  });
});

describe('what a passkey answers', () => {
  it('is handed in once, however often it is sent', async () => {
    const { signatory, passkey } = test;
    const { agency } = signatory;
    const joiner = aJoiningAgency({
      code: agency,
      kind: 'council',
      name: 'Newcastle City Council',
      signsAs: 'director',
    });
    const bytes = accessionBytes(anAccession(hosted, joiner));
    await races(200, async (round) => {
      const ceremony = await prepareSigning(test.keys, signatory, { kind: 'accession', capacity: 'director', bytes });
      const answer = answerOf(await getAsked(test.keys, signatory, ceremony), passkey, baseUrl);
      let completed = 0;
      const send = async (): Promise<unknown> => {
        const signed = await completeSigning(test.keys, signatory, ceremony, answer);
        completed += 1;
        return handIn(test.keys, signatory, signed);
      };
      const sent = await race(round, send, send, 4);
      const waiting = await test.asOwner(
        `update accession_offer set state = 'refused', settled_at = now() where agency = $1 and state = 'waiting' returning 1`,
        [agency],
      );
      expect({ completed, sent: sent.filter(Boolean).length, waiting: waiting.length }).toEqual({
        completed: 1,
        sent: 1,
        waiting: 1,
      });
      return sent;
    });
  });
});
