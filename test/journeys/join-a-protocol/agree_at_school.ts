/** A protocol for early help at school, agreed before anybody joins it: one clause is open to agencies that join, one is not. */
import { children } from '../../../demo/protocols/children.ts';
import { pinsFor } from '../../../demo/protocols/parts.ts';
import { officerOf } from '../../../demo/region/officers.ts';
import type { Protocol } from '../../../policy/register/protocols/document.ts';
import { protocolBytes } from '../../../policy/register/protocols/read.ts';
import { appendEvents } from '../../../policy/register/ledger/append.ts';
import { signProtocol } from '../../../policy/register/events/sign.ts';
import type { RunningApplication } from '../../support/application/application.ts';
import { demoKey } from '../../support/policy/officers.ts';

export const council = 'E08000037';
export const school = 'URN:146752';

/** Signed by the council and one school with the keys that the demo keeps for them. */
export async function agreeAtSchool(service: RunningApplication): Promise<void> {
  const time = service.ground.clock();
  const text = protocolBytes(helpAtSchool(service));
  const signatures = [council, school].map(async (agency) => {
    const { practitioner: officer, signsAs: capacity } = officerOf(agency);
    const key = await demoKey(service, agency, officer);
    return { text, agency, signature: await signProtocol({ agency, officer, capacity, key, document: text, time }) };
  });
  await appendEvents(service.ground, service.register, { service: 'test' }, await Promise.all(signatures));
}

function helpAtSchool({ config, register, ground }: RunningApplication): Protocol {
  const framework = [...register.state()!.protocols.values()].find(({ document }) => document.tier === 'framework')!;
  const today = new Date(ground.clock() * 1000).toLocaleDateString('en-CA', { timeZone: 'Europe/London' });
  const like = children({ federation: config.federation.name, today }, framework.hash);
  const asked = like.clauses.find(({ id }) => id === 'early-help-in-school')!;
  const clause = { ...asked, holders: [council], conditions: [], consent: { rule: 'inform' as const } };
  const clauses: Protocol['clauses'] = [
    { ...clause, id: 'what-goes-well', fields: ['name', 'strengths'], open_to_accession: true },
    {
      ...clause,
      id: 'health-at-school',
      text: 'A teacher may read which help with their health a child needs at school.',
      fields: ['health_needs'],
      open_to_accession: false,
    },
  ];
  const parties = like.parties.filter(({ agency }) => agency === council || agency === school);
  return {
    ...like,
    id: 'help-at-school',
    title: 'Early help at school',
    summary: 'What a school may know of a child whom the council’s early help supports.',
    parties,
    purposes: like.purposes.filter(({ code }) => code === 'early-help'),
    clauses,
    pins: pinsFor({ clauses, parties }),
    examples: [],
  };
}
