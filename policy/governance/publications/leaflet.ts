/** The leaflet to hand out: one sheet, folded, that says what you agree to, how to take it back, and who to ask. */
import type { Party } from '../../register/protocols/document.ts';
import { consentQuestions, sharesWithoutAsking } from './consent_questions.ts';
import { type GeneratedDocument, list, names, section, type Section, text } from './document.ts';
import * as phrases from './phrases.ts';
import { jobsOf, listBars, titlesOf } from './shares.ts';
import type { Source } from './source.ts';

export function leaflet(source: Source, party: Party): GeneratedDocument {
  const asked = consentQuestions(source, party.agency);
  const sections = [
    ...section('What this is about', text(source.protocol.privacy_notice)),
    ...section('Why we share', names(source.protocol.purposes.map(({ name }) => name))),
    ...agreeing(source, party),
    ...telling(source, party),
    ...section(
      'What we do not share',
      names(
        listBars(source)
          .filter(({ always }) => always)
          .flatMap(({ fields }) => fields),
      ),
    ),
    ...section(
      asked.length > 0 ? 'How to take it back' : 'If you do not want it',
      list(
        asked.length > 0 ? 'You can take your yes back when you like. You need not say why.' : '',
        asked.length > 0 ? 'Tell the one who helps you, or write to us. From then on we stop.' : '',
        phrases.howToObject(party),
      ),
    ),
    ...phrases.whoToAsk(party),
    ...phrases.inDanger(),
  ];
  return {
    title: 'Sharing to help you',
    about: phrases.aboutOf(source, party),
    sections: [...sections, ...phrases.wordList(sections)],
  };
}

function agreeing(source: Source, { agency }: Party): Section[] {
  return consentQuestions(source, agency).flatMap(({ purpose, shares }) =>
    section(
      `What you agree to: ${purpose.name}`,
      text('We ask you first. If you say yes, these people may see it:'),
      names(jobsOf(shares)),
      text('They may see this:'),
      names(titlesOf(shares)),
    ),
  );
}

function telling(source: Source, party: Party): Section[] {
  const shares = sharesWithoutAsking(source, party.agency);
  const told = shares.filter(({ clause }) => clause.consent.rule === 'inform');
  const untold = shares.filter(({ clause }) => clause.consent.rule === 'not-required');
  return [
    ...(told.length === 0
      ? []
      : section(
          'What we do not ask, but tell you',
          text(phrases.whyUnasked(party), 'We will tell you. These people may see what they need:'),
          names(jobsOf(told)),
        )),
    ...(untold.length === 0
      ? []
      : section(
          'What we may share and not tell you',
          text('We do not tell you each time of this. These people may see what they need:'),
          names(jobsOf(untold)),
        )),
  ];
}
