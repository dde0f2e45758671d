/** The consent form: one question for each purpose that needs a yes, and never one where the law already gives the task. */
import type { Party } from '../../register/protocols/document.ts';
import { type ConsentQuestion, consentQuestions, sharesWithoutAsking } from './consent_questions.ts';
import { type Block, type GeneratedDocument, names, section, type Section, text } from './document.ts';
import * as phrases from './phrases.ts';
import { jobsOf, titlesOf } from './shares.ts';
import type { Source } from './source.ts';

/** Undefined where there is nothing to ask: then the leaflet tells what is shared, and how to object. */
export function consentForm(source: Source, party: Party): GeneratedDocument | undefined {
  const questions = consentQuestions(source, party.agency);
  if (questions.length === 0) return undefined;
  const sections = [
    ...section(
      'Before you start',
      text(
        'You can say yes or no. You can say yes to one thing and no to the next. You will not be in trouble if you say no.',
      ),
      text('You can take your yes back when you like. Ask us how.'),
    ),
    ...section('Who this form is about', box('Name'), box('Date of birth'), box('Address', 2)),
    ...questions.flatMap(ask),
    ...withoutAsking(source, party),
    ...whoSaysYes(),
    ...section(
      'The child’s own view',
      text('If this is about a child, we ask the child too. Write down what they say, in their own words.'),
      box('What the child says', 3),
    ),
    ...section('Sign here', box('Name of the one who signs'), box('Signature', 2), box('Date')),
    ...section(
      'For the worker',
      text('I said what this form means. I gave a copy to the one who signed.'),
      box('Name and job'),
      box('Date'),
    ),
    ...phrases.whoToAsk(party),
  ];
  return {
    title: 'Do you agree?',
    about: phrases.aboutOf(source, party),
    sections: [...sections, ...phrases.wordList(sections)],
  };
}

const box = (label: string, lines = 1): Block => ({ type: 'box', label, lines });

const basis = {
  confidence: 'What you tell us is yours. You trust us to keep it. So we ask you before we pass it on.',
  'lawful-basis': 'The law lets us share this only if you say yes.',
};
const basisName = {
  confidence: 'Agreement under the duty of confidence',
  'lawful-basis': 'Consent under UK GDPR, Article 6(1)(a) and, for facts such as health, Article 9(2)(a)',
};

function ask({ purpose, as, shares }: ConsentQuestion, index: number): Section[] {
  return section(
    `Question ${index + 1}: ${purpose.name}`,
    text(basis[as]),
    names([basisName[as]]),
    text('These people may see it:'),
    names(
      shares.flatMap(({ receivers }) =>
        receivers.map(({ name, parties }) => `${name} (${phrases.partiesInWords(parties)})`),
      ),
    ),
    text('This is what they may see:'),
    names(titlesOf(shares)),
    { type: 'choice', question: 'May we share this?', options: ['Yes', 'No'] },
  );
}

function withoutAsking(source: Source, party: Party): Section[] {
  const told = sharesWithoutAsking(source, party.agency).filter(({ clause }) => clause.consent.rule === 'inform');
  if (told.length === 0) return [];
  return section(
    'What we do not ask, but tell you',
    text(phrases.whyUnasked(party), 'For this we do not need your yes, so we do not ask. We will tell you.'),
    text('It is for this:'),
    names(told.flatMap(({ purposes }) => purposes.map(({ name }) => name))),
    text('These people may see what they need:'),
    names(jobsOf(told)),
    text(phrases.howToObject(party), 'Write to:'),
    { type: 'contact', name: party.dpo.name, lines: [party.name, party.dpo.email] },
  );
}

function whoSaysYes(): Section[] {
  return section(
    'Who says yes or no?',
    {
      type: 'choice',
      question: 'Tick one:',
      options: [
        'I say it for me.',
        'I am under 16. I know what this means, and I say it for me.',
        'I have parental responsibility for the child.',
        'I am a deputy or attorney, and I can show it.',
        'I am an advocate. I speak for the one this is about.',
      ],
    },
    {
      type: 'choice',
      question: 'For the worker. Can they see what it means to say yes or no, here and now?',
      options: ['Yes', 'No. We did what is best for them, and we wrote down why.'],
    },
    text('If they cannot, ask who may say it for them.'),
  );
}
