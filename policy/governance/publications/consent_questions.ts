/** What the person concerned is asked under a protocol, purpose by purpose: only where a clause says that they must agree. */
import { gives, listShares, receives, type Share } from './shares.ts';
import type { Source } from './source.ts';

/** `wording` names the question in a record of consent; `as` the basis that the answer is. */
export type ConsentQuestion = {
  wording: string;
  purpose: { code: string; name: string };
  as: 'confidence' | 'lawful-basis';
  shares: Share[];
};

/** The questions that concern an agency, because it gives or receives. Empty: nothing may be asked, only told. */
export function consentQuestions(source: Source, agency: string): ConsentQuestion[] {
  const concerned = sharesOf(source, agency);
  return source.protocol.purposes.flatMap((purpose) =>
    (['confidence', 'lawful-basis'] as const).flatMap((as) => {
      const shares = concerned.filter(
        ({ clause, purposes }) =>
          clause.consent.rule === 'required' &&
          clause.consent.as === as &&
          purposes.some(({ code }) => code === purpose.code),
      );
      return shares.length === 0 ? [] : [{ wording: `${purpose.code}/${as}`, purpose, as, shares }];
    }),
  );
}

/** What this agency gives or receives without asking; the person is told, and can object. */
export function sharesWithoutAsking(source: Source, agency: string): Share[] {
  return sharesOf(source, agency).filter(({ clause }) => clause.consent.rule !== 'required');
}

function sharesOf(source: Source, agency: string): Share[] {
  return listShares(source).filter((share) => gives(share, agency) || receives(share, agency));
}
