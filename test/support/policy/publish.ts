/** Documents of the demo region, made public by the one data protection officer that it has. */
import { namedPerson } from '../../../demo/region/people.ts';
import { approveDocument } from '../../../policy/governance/publications/approve.ts';
import { listApprovals, listDocuments } from '../../../policy/governance/publications/published.ts';
import type { RegisteredProtocol, RegisterState } from '../../../policy/register/chain/state.ts';
import type { RunningApplication } from '../application/application.ts';

export const police = 'E23000007';

export function stateOf({ register }: Pick<RunningApplication, 'register'>): RegisterState {
  const state = register.state();
  if (state === undefined) throw new Error('the register does not verify');
  return state;
}

export function protocolNamed(state: RegisterState, id: string): RegisteredProtocol {
  const found = [...state.protocols.values()].find(({ document }) => document.id === id);
  if (found === undefined) throw new Error(`the register has no protocol ${id}`);
  return found;
}

/** Approves everything that a protocol gives Northumbria Police. */
export async function publishForPolice(service: RunningApplication, id: string): Promise<void> {
  const state = stateOf(service);
  const protocol = protocolNamed(state, id);
  const actor = { agency: police, practitioner: namedPerson('dpo').id };
  const approved = await listApprovals(service.ground.db, { protocols: [protocol.hash], agency: police });
  for (const { kind, text } of listDocuments(state, protocol, police)) {
    if (approved.some(({ document }) => document === kind)) continue;
    await approveDocument({ log: service.ground.log, register: service.register }, actor, {
      protocol: protocol.hash,
      document: kind,
      text,
    });
  }
}
