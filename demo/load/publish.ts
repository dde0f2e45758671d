/** Making documents public, as an agency's data protection officer would after reading them. */
import type { Ground } from '../../platform/ground.ts';
import { approveDocument } from '../../policy/governance/publications/approve.ts';
import { listApprovals, listDocuments } from '../../policy/governance/publications/published.ts';
import type { OpenRegister } from '../../policy/register/ledger/open.ts';
import { namedPerson } from '../region/people.ts';

/** Who has published everything that an agreement gives their agency. What others share still waits to be read. */
const publications = [
  { officer: 'dpo', agreement: 'youth-offending' },
  { officer: 'council-dpo', agreement: 'safeguarding-children' },
  { officer: 'health-dpo', agreement: 'safeguarding-children' },
  { officer: 'health-dpo', agreement: 'hospital-discharge' },
];

type Publication = (typeof publications)[number];

/** What is approved already stays so: a load that was cut short may begin again. */
export async function publishDocuments(ground: Pick<Ground, 'db' | 'log'>, register: OpenRegister): Promise<void> {
  for (const one of publications) await publish(ground, register, one);
}

async function publish(
  { db, log }: Pick<Ground, 'db' | 'log'>,
  register: OpenRegister,
  { officer, agreement }: Publication,
): Promise<void> {
  const { agency, id: practitioner } = namedPerson(officer);
  const state = register.state();
  const protocol = [...(state?.protocols.values() ?? [])].find(({ document }) => document.id === agreement);
  if (state === undefined || protocol === undefined) return;
  const approved = await listApprovals(db, { protocols: [protocol.hash], agency });
  for (const { kind, text } of listDocuments(state, protocol, agency)) {
    if (approved.some((one) => one.document === kind && one.text === text)) continue;
    const input = { protocol: protocol.hash, document: kind, text };
    await approveDocument({ log, register }, { agency, practitioner }, input);
  }
}
