/** Lists of what an agency's officers and administrators work with are whole, however long, and a text is found by its hash. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { findDraft, listDrafts } from '../../../policy/governance/drafts/find_draft.ts';
import { findDraftText } from '../../../policy/governance/drafts/sign_draft.ts';
import { listVersions } from '../../../policy/governance/drafts/versions.ts';
import { listProposals } from '../../../policy/governance/officers/proposal.ts';
import { listOffers } from '../../../policy/governance/signing/accessions.ts';
import { accessionBytes } from '../../../policy/register/protocols/accession.ts';
import { hashOf } from '../../../policy/register/signatures/canonical.ts';
import { aJoiningAgency, anAccession } from '../../support/policy/accession.ts';
import { aDraft } from '../../support/policy/drafts.ts';
import { hosted, openSigning, type TestSigning } from '../../support/policy/signing.ts';

let test: TestSigning;
beforeAll(async () => void (test = await openSigning()));
afterAll(() => test.drop());

it('a text is found by its hash behind any number of newer drafts, which are all listed', async () => {
  const { context, council } = test;
  const id = await test.begin();
  const hash = await test.put(id);
  await test.asOwner(
    `insert into draft (id, owner, state, revision, document, parties, created_by, created_at, updated_by, updated_at)
     select gen_random_uuid(), owner, 'draft', 1, '{}', '{}', created_by, created_at, updated_by, updated_at + interval '1 day'
     from draft, generate_series(1, 501) where id = $1`,
    [id],
  );
  const found = await findDraftText(context, council, hash);
  expect({ draft: found?.draft, hash: found && hashOf(found.bytes) }).toEqual({ draft: id, hash });
  expect(await findDraftText(context, test.police, hash)).toBeUndefined();
  const drafts = await listDrafts(context, council);
  expect(drafts).toHaveLength(502);
  expect(drafts.at(-1)?.id).toBe(id);
});

it('every agency that a draft names may read it, however many', async () => {
  const { context, council, police } = test;
  const party = (agency: string) => ({ agency });
  const parties = [...Array.from({ length: 200 }, (_, at) => party(`T${at}`)), party(police.agency)];
  const id = await test.begin(aDraft({ id: 'many-parties', parties }));
  const draft = await findDraft(context, council, id);
  expect({ count: draft?.parties.length, last: draft?.parties.at(-1) }).toEqual({ count: 201, last: police.agency });
});

it('every text of a draft that was saved is listed', async () => {
  const id = await test.begin();
  await test.asOwner(
    `insert into draft_revision (id, draft, revision, aside, document, saved_by, saved_at)
     select gen_random_uuid(), draft, number, false, '{}', saved_by, saved_at + interval '1 day'
     from draft_revision, generate_series(2, 502) number where draft = $1`,
    [id],
  );
  expect((await findDraft(test.context, test.council, id))?.revision).toBe(1);
  expect(await listVersions(test.context, test.council, id)).toHaveLength(502);
});

it('every accession that an agency offered, and every proposal of an officer, is listed', async () => {
  const { agency } = test.held.first;
  const bytes = accessionBytes(anAccession(hosted, aJoiningAgency({ code: agency })));
  await test.asOwner(
    `insert into accession_offer (id, agency, host, protocol, accession, signature, offered_by, offered_at, state, settled_at)
     select gen_random_uuid(), $1, 'E08000037', 'p', $2, '{}', 'x', now(), 'refused', now() from generate_series(1, 201)`,
    [agency, Buffer.from(bytes)],
  );
  expect(await listOffers(test.keys, agency)).toHaveLength(201);
  await test.asOwner(
    `insert into officer_proposal (id, agency, practitioner, capacities, kid, proposed_by, proposed_at, state, decided_by, decided_at)
     select gen_random_uuid(), $1, $2, '{siro}', 'k', $3, now(), 'refused', $3, now() from generate_series(1, 101)`,
    [agency, test.held.candidate.practitioner, test.held.first.practitioner],
  );
  expect(await listProposals(test.keys, agency)).toHaveLength(101);
});
