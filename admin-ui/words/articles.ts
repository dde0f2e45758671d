/** The words for lawful bases: letters of Articles 6(1) and 9(2) of the UK GDPR. */
export const article6Words = {
  a: '(a) Consent',
  b: '(b) Contract',
  c: '(c) Legal obligation',
  d: '(d) Vital interests',
  e: '(e) Public task',
  f: '(f) Legitimate interests',
};

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
