/** What a protocol asks of the people whom it is about: where it needs their agreement, and where they are told and may object. */
import type { Clause, Protocol } from '../../register/protocols/document.ts';
import { bases, type ConsentBasis, type StatementScope, type StatementState } from './statement.ts';

/** One thing that may be agreed to, refused, taken back or objected to, with the clauses that it reaches. */
export type Matter = { basis: ConsentBasis; scope?: StatementScope; clauses: Clause[] };

/** The clauses in a scope about which such a statement can be made at all. */
export function clausesAsked(
  protocol: Protocol,
  state: StatementState,
  { basis, scope }: { basis: ConsentBasis; scope?: StatementScope },
): Clause[] {
  return protocol.clauses.filter(
    (clause) =>
      clause.effect === 'permit' &&
      (scope?.clause === undefined || clause.id === scope.clause) &&
      (scope?.purpose === undefined || clause.purposes.includes(scope.purpose)) &&
      (state === 'objected' ? basis === 'lawful-basis' && isToldOnly(protocol, clause) : asks(clause, basis)),
  );
}

/** What can be said for one purpose: about the purpose, about one clause of several, and about the protocol where it reaches further. */
export function listMatters(protocol: Protocol, state: StatementState, purpose: string): Matter[] {
  return bases.flatMap((basis) => {
    const clauses = clausesAsked(protocol, state, { basis, scope: { purpose } });
    if (clauses.length === 0) return [];
    const whole = clausesAsked(protocol, state, { basis });
    return [
      { basis, scope: { purpose }, clauses },
      ...(clauses.length > 1 ? clauses.map((one) => ({ basis, scope: { clause: one.id }, clauses: [one] })) : []),
      ...(whole.length > clauses.length ? [{ basis, clauses: whole }] : []),
    ];
  });
}

/** The purposes of a protocol with what it asks for each: agreement, telling, or neither. */
export function listPurposes(protocol: Protocol) {
  return protocol.purposes.map((purpose) => ({
    purpose,
    asks: bases.flatMap((basis) => clausesAsked(protocol, 'given', { basis, scope: { purpose: purpose.code } })),
    tells: clausesAsked(protocol, 'objected', { basis: 'lawful-basis', scope: { purpose: purpose.code } }),
  }));
}

function asks({ consent }: Clause, basis: ConsentBasis): boolean {
  return consent.rule === 'required' && consent.as === basis;
}

/** People are told, not asked: the clause says so, or a holder shares in its public task (UK GDPR Article 21(1)). */
function isToldOnly(protocol: Protocol, { consent, holders }: Clause): boolean {
  if (consent.rule === 'inform') return true;
  if (consent.rule === 'required' && consent.as === 'lawful-basis') return false;
  return protocol.parties.some(
    ({ agency, lawful_basis: { article6 } }) =>
      holders.includes(agency) && (article6.includes('e') || article6.includes('f')),
  );
}
