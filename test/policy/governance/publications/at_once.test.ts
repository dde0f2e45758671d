/** A document is decided about while a party leaves the protocol: what counts was decided about what held then. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ActingPerson } from '../../../../directory/actor.ts';
import { approveDocument, keepPrivate } from '../../../../policy/governance/publications/approve.ts';
import { listDocuments } from '../../../../policy/governance/publications/published.ts';
import type { PublicationContext } from '../../../../policy/governance/publications/publication.ts';
import { appendEvent, appendEvents } from '../../../../policy/register/ledger/append.ts';
import { signProtocol } from '../../../../policy/register/events/sign.ts';
import { protocolBytes } from '../../../../policy/register/protocols/read.ts';
import { hashOf } from '../../../../policy/register/signatures/canonical.ts';
import { generateKey } from '../../../../policy/register/signatures/generate.ts';
import { publicPart } from '../../../../policy/register/signatures/keys.ts';
import { race, races } from '../../../support/platform/race.ts';
import { aClause, aFramework, anOperationalProtocol, type ProtocolInput } from '../../../support/policy/documents.ts';
import { openDrafts, type TestDrafts } from '../../../support/policy/drafts.ts';
import { officerEntry, type TestAgency } from '../../../support/policy/federation.ts';
import { append, signed } from '../../../support/policy/register.ts';

const rounds = 200;
let test: TestDrafts;
let dpo: ActingPerson;
let publication: PublicationContext;

beforeAll(async () => {
  test = await openDrafts();
  publication = { log: test.ground.log, register: test.register };
  const { council } = test.agencies;
  const officer = { ...council.officer, officer: randomUUID(), capacity: 'dpo' as const, key: generateKey() };
  const by = { agency: council.code, key: council.administration };
  const key = { jwk: publicPart(officer.key), use: 'officer' as const };
  await append(test, 'key-added', { agency: council.code, key }, { by });
  await append(test, 'officer-appointed', { agency: council.code, officer: officerEntry(officer) }, { by });
  dpo = { agency: council.code, practitioner: officer.officer };
  await test.asOwner(
    `insert into practitioner (id, agency, display_name, sort_key, email, source)
     values ($1, $2, 'Robin Okafor', 'okafor', 'robin@gateshead.example', 'test')`,
    [dpo.practitioner, dpo.agency],
  );
});
afterAll(() => test.drop());

const framework = aFramework();

/** So many protocols in force between these agencies, each with the hash of its text. */
async function inForce(
  name: string,
  parties: readonly TestAgency[],
): Promise<{ hash: string; document: ProtocolInput }[]> {
  const protocols = Array.from({ length: rounds }, (_, round) => {
    const id = `${name}-${round}`;
    return anOperationalProtocol(framework, {
      id,
      clauses: [aClause()],
      parties: framework.parties.filter(({ agency }) => parties.some(({ code }) => code === agency)),
    });
  });
  await appendEvents(
    test.ground,
    test.register,
    { service: 'test' },
    protocols.flatMap((document) => {
      const text = protocolBytes(document);
      return parties.map(({ code, officer }) => async () => ({
        text,
        agency: code,
        signature: await signProtocol({ ...officer, document: text, time: test.clock.now }),
      }));
    }),
  );
  return protocols.map((document) => ({ document, hash: hashOf(protocolBytes(document)) }));
}

const leave =
  ({ hash, document }: { hash: string; document: ProtocolInput }, { code: agency, officer: by }: TestAgency) =>
  () =>
    appendEvent(
      test.ground,
      test.register,
      { service: 'test' },
      signed(
        test,
        'protocol-withdrawn',
        {
          protocol: hash,
          id: document.id,
          version: document.version,
          agency,
          reason: 'A test.',
        },
        { by },
      ),
    );

/** The privacy notice that the protocol writes for the council now. */
const noticeOf = (hash: string) => {
  const state = test.register.state()!;
  const { text } = listDocuments(state, state.protocols.get(hash)!, dpo.agency).find(({ kind }) => kind === 'privacy')!;
  return { protocol: hash, document: 'privacy' as const, text };
};

/** What the log tells of both, in its order. */
const told = async (hash: string, decision: string) =>
  (
    await test.asOwner(
      `select event from log_content where event in ($2, 'register.protocol-withdrawn') and position(convert_to($1, 'UTF8') in convert_to(committed, 'UTF8')) > 0 order by position`,
      [hash, decision],
    )
  ).map(({ event }) => event);

describe.each([
  ['approved while the protocol ends', approveDocument, 'document.approved', ['council', 'health']],
  [
    'kept private while a party leaves and the text changes',
    keepPrivate,
    'document.kept-private',
    ['council', 'health', 'police'],
  ],
] as const)('a document', (name, decide, event, names) => {
  it(`is ${name}, before or not at all`, async () => {
    const parties = names.map((one) => test.agencies[one]);
    const protocols = await inForce(event.replace('.', '-'), parties);
    await races(rounds, async (round) => {
      const protocol = protocols[round]!;
      const notice = noticeOf(protocol.hash);
      const [decided, left] = await race(
        round,
        () => decide(publication, dpo, notice),
        leave(protocol, parties.at(-1)!),
      );
      const withdrawn = 'register.protocol-withdrawn';
      expect({ left, told: await told(protocol.hash, event) }).toEqual({
        left: true,
        told: decided ? [event, withdrawn] : [withdrawn],
      });
      return [decided, !decided];
    });
  });
});
