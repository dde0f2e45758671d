/** The same for children, in two age bands: what is said about you, to whom, and what you can do. */
import type { Party } from '../../register/protocols/document.ts';
import { type GeneratedDocument, list, names, section, type Section, text } from './document.ts';
import * as phrases from './phrases.ts';
import { jobsOf, listBars, listShares, type Share, titlesOf } from './shares.ts';
import { membersOf, type Source } from './source.ts';

/** For 7 to 11: short, and read with a grown-up. */
export function statementForChildren(source: Source, party: Party): GeneratedDocument {
  const shares = listShares(source);
  const sections = [
    ...section(
      'Hello',
      text(`This page tells you what we say about you, and who we tell.`),
      text(source.protocol.privacy_notice),
    ),
    ...section(
      'Who we are',
      text('We all work as one team on this.'),
      names(membersOf(source).map(({ name }) => name)),
    ),
    ...whyAndWho(source, shares),
    ...section('Do we ask you?', ...asking(shares, 'We ask you, or the grown-up who looks after you.')),
    ...section(
      'What you can do',
      list(
        'You can ask us what we wrote about you.',
        'If it is wrong, tell us. We will put it right.',
        'If you do not like it, tell us. We will listen.',
        'Tell a grown-up whom you trust. They can help you to write to us.',
      ),
    ),
    ...help(party),
  ];
  return {
    title: 'What we say about you',
    about: phrases.aboutOf(source, party),
    sections: [...sections, ...phrases.wordList(sections)],
  };
}

/** For 12 to 17: who may decide, and more about rights. */
export function statementForYoungPeople(source: Source, party: Party): GeneratedDocument {
  const shares = listShares(source);
  const asked = shares.some(({ clause }) => clause.consent.rule === 'required');
  const sections = [
    ...section('In short', text(source.protocol.privacy_notice)),
    ...section('Who works on this', names(membersOf(source).map(({ name }) => name))),
    ...whyAndWho(source, shares),
    ...section(
      'Do we ask you?',
      ...asking(shares, 'We ask you. If you can see what it means to say yes or no, then you can say it for yourself.'),
      asked
        ? text(
            'If you cannot, we ask the grown-up who looks after you. We still want to know what you think. We write that down too.',
          )
        : undefined,
    ),
    ...phrases.howWeKeepItSafe(),
    ...section(
      'What you can do',
      list(
        'You can ask to see what we hold about you. You need not wait until you are 18.',
        'If it is wrong, you can ask us to put it right.',
        party.regime === 'uk-gdpr'
          ? 'You can say that you do not want us to share it. We look at it again and tell you what we do.'
          : '',
        asked ? 'If you said yes, you can take it back when you like.' : '',
        'You can bring someone you trust, such as a friend, a teacher or a youth worker.',
      ),
    ),
    ...phrases.whoToAsk(party),
    ...help(party),
  ];
  return {
    title: 'Your facts, your rights',
    about: phrases.aboutOf(source, party),
    sections: [...sections, ...phrases.wordList(sections)],
  };
}

function whyAndWho(source: Source, shares: readonly Share[]): Section[] {
  const bars = listBars(source);
  return [
    ...section('Why we do it', names(source.protocol.purposes.map(({ name }) => name))),
    ...section(
      'Who may see things about you',
      text('Not all of them see it all. They see what they need to help you.'),
      names(jobsOf(shares)),
    ),
    ...section('What they may see', names(titlesOf(shares))),
    ...section(
      'What we keep back',
      bars.some(({ always }) => always) ? text('This we do not show:') : undefined,
      names(bars.filter(({ always }) => always).flatMap(({ fields }) => fields)),
      bars.some(({ always }) => !always) ? text('This we hide when it could put you in danger:') : undefined,
      names(bars.filter(({ always }) => !always).flatMap(({ fields }) => fields)),
    ),
  ];
}

function asking(shares: readonly Share[], ask: string) {
  const ruled = (rule: string): boolean => shares.some(({ clause }) => clause.consent.rule === rule);
  return [
    list(
      ruled('required') ? `For some things: yes. ${ask} If the answer is no, we do not share it.` : '',
      ruled('inform') ? 'For some things: no. But we will tell you.' : '',
      ruled('not-required') ? 'For some things we may not tell you each time.' : '',
    ),
  ];
}

function help({ name, dpo }: Party): Section[] {
  return section(
    'If you want to talk',
    { type: 'contact', name: dpo.name, lines: [name, dpo.email] },
    text('You can ring Childline for free, by day or by night. You need not say your name.'),
    { type: 'contact', name: 'Childline', lines: ['0800 1111'] },
    text('If you are in danger now, ring 999.'),
  );
}
