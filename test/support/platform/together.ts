/** One question about many records, as a partner system asks it for a page that lists them. */
import { namedPerson } from '../../../demo/region/people.ts';
import type { RunningApplication } from '../application/application.ts';
import type { Answer } from '../journeys/journey.ts';
import { callService } from '../policy/override.ts';

/** What an emergency doctor asks about invented children of these ages, GC-3001 and on: yes for those under eighteen. */
export async function askTogether(service: RunningApplication, ages: readonly number[]): Promise<Answer[]> {
  const properties = { agency: 'E08000037', fields: ['name', 'allocated_worker'] };
  const response = await callService(service, '/access/v1/evaluations', {
    subject: { type: 'practitioner', id: namedPerson('emergency-doctor').id },
    action: { name: 'read' },
    context: { purpose: 'emergency-care' },
    evaluations: ages.map((age, index) => ({
      resource: { type: 'child-record', id: `GC-${3001 + index}`, properties: { ...properties, age_years: age } },
    })),
  });
  if (response.status !== 200) throw new Error(`AuthZEN answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { evaluations: Answer[] }).evaluations;
}
