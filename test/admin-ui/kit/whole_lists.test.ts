/** Lists on pages that show a part of what there is say so, and how much. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { namedPerson } from '../../../demo/region/people.ts';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import type { Browser } from '../../support/idp/idp.ts';
import { asOwner, openSession } from '../../support/journeys/journey.ts';
import { formOf, mistakesOn } from '../../support/platform/forms.ts';

let service: RunningApplication;
let officer: Browser;
let administrator: Browser;

beforeAll(async () => {
  service = await startApplication();
  officer = await openSession(service, 'siro');
  administrator = await openSession(service, 'administrator');
});
afterAll(() => service.close());

it.each(['/log?person=', '/try-a-decision?name='])('%s says when more people than ten may be meant', async (path) => {
  const many = await officer.send(`${path}an`);
  expect(many.text).toContain('Whom do you mean?');
  expect(many.text).toContain('Only the first 10 are shown.');
  const few = await officer.send(`${path}robson`);
  expect(few.text).toContain('Whom do you mean?');
  expect(few.text.match(/who=/g)!.length < 10).toBe(!few.text.includes('Only the first'));
});

it('the officers’ page says how many proposals were decided before those that it shows', async () => {
  const agency = 'E08000037';
  const path = `/agencies/${agency}/officers`;
  expect((await administrator.send(path)).text).not.toContain('The newest');
  await asOwner(
    service.database,
    `insert into officer_proposal (id, agency, practitioner, capacities, kid, proposed_by, proposed_at, state, decided_by, decided_at)
     select gen_random_uuid(), $1, $4, '{siro}', 'k', $2, now(), 'refused', $3, now() from generate_series(1, 23)`,
    [agency, namedPerson('administrator').id, namedPerson('second-administrator').id, namedPerson('siro').id],
  );
  const [row] = await asOwner(
    service.database,
    `select count(*)::int as count from officer_proposal where agency = $1 and state not in ('proposed', 'approved')`,
    [agency],
  );
  expect((await administrator.send(path)).text).toContain(`The newest 20 of ${String(row?.count)} are shown.`);
});

it('a refused text names the first of its mistakes and says how many more there are', async () => {
  const page = await officer.open('/drafts/start');
  const { target, values } = formOf(page, '/start/import');
  const form = new FormData();
  for (const [name, value] of values) form.append(name, value);
  const twice = Array.from({ length: 9 }, (_, at) => `"part-${at}": 1, "part-${at}": 2`);
  form.set('text', `{${twice.join()}}`);
  const refused = await officer.open(target, form);
  const [mistake] = mistakesOn(refused);
  expect(mistake?.text).toMatch(/part-4.*And at least 4 more like these\.$/);
  expect(mistake?.text).not.toContain('part-5');
});
