import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { importRegion } from '../../../directory/provisioning/import_region.ts';
import { findPractitionerByEmail } from '../../../directory/people/find_practitioner.ts';
import { findStanding } from '../../../directory/people/find_standing.ts';
import { listAgencies } from '../../../directory/agencies/list_agencies.ts';
import { listEntries } from '../../../platform/log/read.ts';
import {
  anAgency,
  anImportedAgency,
  aPost,
  aPractitioner,
  aStaffedAgency,
  aTeam,
  gateshead,
  newcastle,
  northumbria,
} from '../../support/directory/directory.ts';
import { testLog } from '../../support/platform/log.ts';

let database: Awaited<ReturnType<typeof testLog>>;
beforeAll(async () => {
  database = await testLog();
});
afterAll(() => database.drop());

const load = (...agencies: Parameters<typeof importRegion>[1]['agencies']) =>
  importRegion(database.log, { service: 'tests', agencies });

test('an import with one mistake leaves nothing behind', async () => {
  const good = aPractitioner({ email: 'good@gateshead.example' });
  const badNumber = aPractitioner({ registrations: [{ body: 'GMC', number: 'x', source: 'x' }] });
  await expect(load(aStaffedAgency([good, badNumber]))).rejects.toMatchObject({
    code: 'malformed-registration-number',
  });
  await expect(load(aStaffedAgency([good], {}, { role: 'police-officer' }))).rejects.toMatchObject({
    code: 'role-not-for-this-agency',
  });
  await expect(load(aStaffedAgency([good], {}, { role: 'wizard' }))).rejects.toThrow(/foreign key/);
  await expect(load(aStaffedAgency([good, aPractitioner({ email: 'GOOD@gateshead.example' })]))).rejects.toThrow(
    /practitioner_email/,
  );
  expect(await listAgencies(database.db)).toEqual([]);
  expect(await findPractitionerByEmail(database.db, 'good@gateshead.example')).toBeUndefined();
  expect((await listEntries(database.db, { reading: 'audit' }, { event: 'agency.imported' })).entries).toEqual([]);
});

test('a region of three agencies is one epoch and one record for each agency, with posts across agencies', async () => {
  const jo = aPractitioner();
  const team = aTeam();
  const before = database.log.fence.epoch();
  await load(
    anImportedAgency({ practitioners: [jo] }),
    anImportedAgency({
      ...anAgency({ code: newcastle, name: 'Newcastle' }),
      teams: [team],
      posts: [aPost({ practitioner: jo.id, team: team.id, suspended: true })],
    }),
    anImportedAgency(anAgency({ code: northumbria, kind: 'police', name: 'Northumbria Police' })),
  );
  expect(database.log.fence.epoch()).toBeGreaterThan(before);
  const { entries } = await listEntries(database.db, { reading: 'audit' }, { event: 'agency.imported' });
  expect(entries.map(({ event, epoch }) => [event, epoch])).toEqual(
    Array.from({ length: 3 }, () => ['agency.imported', database.log.fence.epoch()]),
  );
  expect((await findStanding(database.db, jo.id))?.posts).toMatchObject([{ agency: newcastle, suspended: true }]);
});

test('a second import adds people to an agency that is there', async () => {
  const late = aPractitioner({ email: 'late@gateshead.example' });
  await load(anImportedAgency({ name: 'Another name', practitioners: [late] }));
  expect(await findPractitionerByEmail(database.db, 'late@gateshead.example')).toMatchObject({
    id: late.id,
    agency: gateshead,
  });
  expect((await listAgencies(database.db)).map(({ name }) => name)).toContain('Gateshead Council');
});
