/** Making documents public, as the region's one data protection officer would after reading them. */
import type { Ground } from '../../platform/ground.ts';
import { approveDocument } from '../../policy/documents/approve.ts';
import { listApprovals, listDocuments } from '../../policy/documents/published.ts';
import type { Register } from '../../policy/register/state.ts';
import { namedPerson } from '../region/people.ts';

/** The agreement of which Northumbria Police has published everything. What it shares under others waits to be read. */
const agreement = 'youth-offending';

/** What is approved already stays so: a load that was cut short may begin again. */
export async function publishDocuments({ db, log }: Pick<Ground, 'db' | 'log'>, register: Register): Promise<void> {
  const officer = namedPerson('dpo');
  const state = register.state();
  const protocol = [...(state?.protocols.values() ?? [])].find(({ document }) => document.id === agreement);
  if (state === undefined || protocol === undefined) return;
  const actor = { agency: officer.agency, practitioner: officer.id };
  const approved = await listApprovals(db, { protocols: [protocol.hash], agency: officer.agency });
  for (const { kind, text } of listDocuments(state, protocol, officer.agency)) {
    if (approved.some((one) => one.document === kind && one.text === text)) continue;
    await approveDocument({ log, state }, actor, { protocol: protocol.hash, document: kind, text });
  }
}
