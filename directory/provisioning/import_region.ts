/** Loading many people at once: a demo region, or an agency's first hand-over. All of it or nothing, with one epoch. */
import type { Queryable } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { type Change, change } from '../../platform/log/change.ts';
import type { Log } from '../../platform/log/log.ts';
import { DirectoryError } from '../errors.ts';
import { indexNames } from '../people/names/index_names.ts';
import { insertAgency, insertDesks, insertPartners, insertTeams } from './insert_agency.ts';
import { insertAdministrators, insertPosts, insertPractitioners, insertRegistrations } from './insert_people.ts';
import type { ImportedAgency, Region } from './region.ts';

/**
 * Loads a region in one transaction, with a few statements for each agency. An agency that is there already is left as it
 * is and gets what is new; anything else that exists already fails the whole import. Records one event for each agency.
 */
export function importRegion(log: Log, region: Region): Promise<void> {
  return change(log, { reading: 'standing' }, async (tx) => {
    for (const agency of region.agencies) await importAgency(tx, agency);
    // Posts come last: their holders may stand in another agency's list.
    for (const agency of region.agencies) await importPosts(tx, agency, region.service);
    for (const agency of region.agencies) recordImport(tx, agency, region.service);
    for (const topic of ['agency', 'practitioner', 'partner'] as const) tx.affects(topic, '*');
  });
}

async function importAgency(tx: Queryable, agency: ImportedAgency): Promise<void> {
  await actFor(tx, agency.code);
  await insertAgency(tx, agency);
  await insertTeams(tx, agency);
  await insertDesks(tx, agency);
  await insertPartners(tx, agency);
  await insertPractitioners(tx, agency);
  await insertRegistrations(tx, agency);
  await indexNames(
    tx,
    agency.practitioners.map(({ id, names }) => ({ practitioner: id, agency: agency.code, names })),
  );
}

async function importPosts(tx: Queryable, agency: ImportedAgency, service: string): Promise<void> {
  await actFor(tx, agency.code);
  await insertPosts(tx, agency);
  await insertAdministrators(tx, agency, service);
  const [wrong] = await tx.query<{ role: string }>(sql`
    select o.role from post o join agency a on a.code = o.agency join role r on r.code = o.role
    where o.agency = ${agency.code} and a.kind <> all (r.kinds) limit 1`);
  if (wrong === undefined) return;
  throw new DirectoryError(
    'invalid',
    'role-not-for-this-agency',
    `${agency.name} is not of a kind that has the role ${wrong.role}.`,
  );
}

// Row-level security holds during an import too: each agency's rows are written as that agency.
async function actFor(tx: Queryable, agency: string): Promise<void> {
  await tx.query(sql`select set_config('wayleave.agency', ${agency}, true)`);
}

function recordImport(tx: Change, agency: ImportedAgency, service: string): void {
  const { teams, practitioners, posts, partners = [] } = agency;
  tx.record({
    event: 'agency.imported',
    actor: { service, agency: agency.code },
    agencies: [agency.code],
    subject: agency.code,
    content: {
      name: agency.name,
      teams: teams.length,
      practitioners: practitioners.length,
      posts: posts.length,
      partners: partners.map(({ clientId }) => clientId),
    },
  });
}
