/** Federations of any size for the bench, and the questions that are put to them. */
import type { RegisterState } from '../../policy/register/chain/state.ts';
import { anEvaluation } from '../../test/support/policy/decision_server.ts';
import { aClause, aParty, aProtocol } from '../../test/support/policy/documents.ts';
import { aState } from '../../test/support/policy/decisions.ts';
import { gateshead, hospitals } from '../../test/support/directory/directory.ts';

/** How many protocols there are. */
export const sizes = [10, 1_000, 10_000] as const;
/** How many questions are asked in one request. */
export const batch = 100;

export const clauses = [
  aClause({ id: 'who', fields: ['name', 'school'] }),
  aClause({ id: 'plan', fields: ['plan'], conditions: [{ attribute: 'risk', operator: 'lt', value: 5 }] }),
  aClause({
    id: 'shield',
    effect: 'prohibit',
    fields: ['name', 'address'],
    conditions: [{ attribute: 'shielded', operator: 'eq', value: true }],
  }),
];

/** A federation of so many protocols, all with the same trust and role; each agency's records are under one of them. */
export function region(protocols: number): RegisterState {
  const holders = Array.from({ length: protocols }, (_, index) => (index === 0 ? gateshead : `X${index}`));
  const state = aState(
    holders.map((holder, index) => {
      const parties = [holder, hospitals].map((code) => aParty(code));
      return aProtocol({
        id: `protocol-${index}`,
        parties,
        clauses: clauses.map((one) => ({ ...one, holders: [holder] })),
      });
    }),
  );
  const council = state.agencies.get(gateshead)!;
  for (const code of holders) state.agencies.set(code, { ...council, code });
  return state;
}

/** A question that gets three fields. */
export function question(person: string): ReturnType<typeof anEvaluation> {
  return anEvaluation(person, { fields: ['name', 'school', 'plan'], shielded: false, risk: 2 });
}

/** The same question about a hundred records, as a page that lists them would put it. */
export function questions(person: string): object {
  const { subject, action, resource, context } = question(person);
  const evaluations = Array.from({ length: batch }, (_, index) => ({ resource: { ...resource, id: `case-${index}` } }));
  return { subject, action, context, evaluations };
}
