/** Words that the law and the records use, each said so that a child of nine can follow. */

type Meaning = { word: RegExp; term: string; text: string };

const meaning = (term: string, text: string, word = new RegExp(`\\b${term}s?\\b`, 'iu')): Meaning => ({
  term,
  text,
  word,
});

const meanings: readonly Meaning[] = [
  meaning('Advocate', 'Someone who speaks for you and is on your side.'),
  meaning('Agreement', 'A paper that all of us signed. It says who may share what.'),
  meaning('Allocated worker', 'The one who helps you, and whom you can ring.'),
  meaning('Appropriate adult', 'A grown-up who helps you when the police talk to you.'),
  meaning('Assessment', 'A talk to find out what you need.'),
  meaning('Care navigator', 'Someone who helps you find the right help.'),
  meaning('Child protection plan', 'A plan to keep a child safe.'),
  meaning('Clinical summary', 'What the doctor found.'),
  meaning('Consent', 'You say yes. You can say no.'),
  meaning('Custody', 'When the police keep you at a police station.'),
  meaning('Deputy', 'Someone whom a court lets decide for you.'),
  meaning('Attorney', 'Someone whom you chose to decide for you.'),
  meaning('Discharge', 'When you go home from hospital.'),
  meaning('Disposal', 'What was done in the end.'),
  meaning('Early help', 'Help before things get bad.'),
  meaning('Equipment', 'Things that help you, like a rail or a frame.'),
  meaning('GP', 'Your own doctor, near your home.', /\bGP\b/u),
  meaning('Health visitor', 'A nurse who comes to see a family with a small child.'),
  meaning('Household', 'All those who live with you.'),
  meaning('Immunisation', 'A jab that stops you from getting ill.'),
  meaning('Intelligence', 'What the police heard and wrote down.'),
  meaning('Key safe', 'A small box with your door key in it.'),
  meaning('Midwife', 'A nurse who helps when a baby is born.'),
  meaning('Next of kin', 'The one in your family whom we ring first.'),
  meaning('NHS number', 'The number that the NHS knows you by.'),
  meaning('Occupational therapist', 'Someone who helps you do things at home.'),
  meaning('Order', 'What a court says that you must do.', /\bOrder or\b/u),
  meaning('Paediatrician', 'A doctor for children.'),
  meaning('Parental responsibility', 'The law says that you may decide for the child.', /parental responsibility/iu),
  meaning('Police marker', 'A note to warn the police.', /\bwarning markers\b/iu),
  meaning('Psychiatric nurse', 'A nurse who helps when your mind is not well.'),
  meaning('Psychiatrist', 'A doctor who helps when your mind is not well.'),
  meaning('Public protection officer', 'Someone in the police who keeps people safe.'),
  meaning('Record', 'What we write down about you and keep.'),
  meaning('Safeguarding', 'To keep people safe from harm.'),
  meaning('Social worker', 'Someone whose job is to keep you safe and well.'),
  meaning('Special educational needs', 'When a child needs more help to learn.'),
  meaning('Suspected offence', 'What the police think that you did.'),
  meaning('Victim', 'Someone who got hurt, or lost something.'),
  meaning('Vulnerability', 'A thing that makes it easy to hurt you.', /\bvulnerabilit/iu),
  meaning('Youth justice', 'Help for a child who broke the law.'),
];

/** The words of the list that stand in any of these texts, in the order of the alphabet. */
export function plainWordsIn(texts: Iterable<string>): { term: string; text: string }[] {
  const all = [...texts].join('\n');
  const found = meanings.filter(({ word }) => word.test(all)).map(({ term, text }) => ({ term, text }));
  return found.sort((a, b) => a.term.localeCompare(b.term, 'en'));
}
