import type { ActingPerson } from '../../../../directory/actor.ts';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { uuidv7 } from '../../../../platform/uuid.ts';
import { addComment, resolveComment } from '../../../../policy/governance/drafts/comments.ts';
import { openConsultation } from '../../../../policy/governance/drafts/consultation.ts';
import { putToSignature, returnToDraft } from '../../../../policy/governance/drafts/put_to_signature.ts';
import type { Capacity } from '../../../../policy/register/signatures/capacity.ts';
import { aDraft, baseUrl, openDrafts, type TestDrafts } from '../../../support/policy/drafts.ts';
import { append } from '../../../support/policy/register.ts';
import { officerEntry, type TestAgency } from '../../../support/policy/federation.ts';

let test: TestDrafts;
let author: ActingPerson;
beforeAll(async () => {
  test = await openDrafts();
  const { council, health, police } = test.agencies;
  author = { agency: council.code, practitioner: await appoint(council, 'author', 'director') };
  await appoint(council, 'second-director', 'director');
  await appoint(health, 'guardian', 'caldicott-guardian');
  await appoint(health, 'dpo', 'dpo');
  await appoint(health, 'guardian-on-leave', 'caldicott-guardian', 'suspended');
  await end(health, await appoint(health, 'former-guardian', 'caldicott-guardian'));
  await appoint(police, 'senior-officer', 'siro');
});
afterAll(() => test.drop());

/** Enters somebody in the directory and the register; returns their id. Their address begins with `key`. */
async function appoint(agency: TestAgency, key: string, capacity: Capacity, status = 'active'): Promise<string> {
  const practitioner = uuidv7();
  await test.asOwner(
    `insert into practitioner (id, agency, display_name, sort_key, email, status, source)
     values ($1, $2, 'Robin Okafor', 'okafor', $3, $4, 'test')`,
    [practitioner, agency.code, `${key}@agency.example`, status],
  );
  const officer = { ...officerEntry(agency.officer), practitioner, capacities: [capacity] };
  const by = { agency: agency.code, key: agency.administration };
  await append(test, 'officer-appointed', { agency: agency.code, officer }, { by });
  return practitioner;
}

async function end({ code, administration }: TestAgency, practitioner: string): Promise<void> {
  const by = { agency: code, key: administration };
  await append(test, 'officer-ended', { agency: code, practitioner }, { by });
}

type Queued = { to: string; subject: string; text: string };

async function queued(): Promise<Queued[]> {
  const rows = await test.asOwner(`select payload from graphile_worker._private_jobs order by payload ->> 'to'`);
  return rows.map(({ payload }) => payload as Queued);
}

const put = (id: string, revision = 1) => putToSignature(test.context, author, id, { revision, baseUrl });

it('tells nobody of a text that is held up', async () => {
  const { context, health } = test;
  const id = await test.begin(aDraft({ id: 'held-up' }));
  await openConsultation(context, author, id);
  const comment = await addComment(context, health, id, { text: 'We cannot sign this.', blocking: true });
  await expect(put(id)).rejects.toMatchObject({ code: 'comments-open' });
  await expect(put(id, 2)).rejects.toMatchObject({ code: 'draft-changed' });
  await resolveComment(context, health, id, comment);
  expect(await queued()).toEqual([]);
});

it('tells the officers whose signature is asked for and are active, and says only which agency asks', async () => {
  const id = await test.begin(aDraft({ id: 'asked-for' }));
  const { hash } = await put(id);
  const mails = await queued();
  expect(mails.map(({ to }) => to)).toEqual(['guardian@agency.example', 'second-director@agency.example']);
  for (const { subject, text } of mails) {
    expect(subject).toBe('A protocol waits for your signature');
    expect(text).toContain('Gateshead Council asks for your signature to a protocol.');
    expect(text).toContain(`${baseUrl}/signing/${hash}\n`);
    expect(text).not.toMatch(/Okafor|asked-for|Regional|children/i);
  }
});

it('tells them again of a text that was taken back and put again', async () => {
  const id = await test.begin(aDraft({ id: 'put-again' }));
  await put(id);
  const once = (await queued()).length;
  await returnToDraft(test.context, author, id);
  expect(await queued()).toHaveLength(once);
  await put(id);
  expect(await queued()).toHaveLength(once + 2);
});
