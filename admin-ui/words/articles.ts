/** The words for lawful bases: letters of Articles 6(1) and 9(2) of the UK GDPR. */
import type { Party } from '../../policy/register/protocols/document.ts';

export const article6Words = {
  a: '(a) Consent',
  b: '(b) Contract',
  c: '(c) Legal obligation',
  d: '(d) Vital interests',
  e: '(e) Public task',
  f: '(f) Legitimate interests',
};

/** 'Article 6(1): (e) Public task. Article 9(2): (h) Health or social care.' */
export function lawfulBasisWords({ article6, article9 }: Pick<Party['lawful_basis'], 'article6' | 'article9'>): string {
  const first = `Article 6(1): ${article6.map((one) => article6Words[one]).join(', ')}.`;
  if (article9.length === 0) return first;
  return `${first} Article 9(2): ${article9.map((one) => article9Words[one]).join(', ')}.`;
}

export const article9Words = {
  a: '(a) Explicit consent',
  b: '(b) Employment, social security and social protection',
  c: '(c) Vital interests',
  d: '(d) Not-for-profit bodies',
  e: '(e) Made public by the person',
  f: '(f) Legal claims',
  g: '(g) Substantial public interest',
  h: '(h) Health or social care',
  i: '(i) Public health',
  j: '(j) Archiving, research and statistics',
};
