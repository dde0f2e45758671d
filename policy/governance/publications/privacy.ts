/** The privacy statement of one party for the public: what UK GDPR articles 13 and 14 ask for, in words for a reader of nine. */
import type { Party } from '../../register/protocols/document.ts';
import { type GeneratedDocument, list, names, section, type Section, text } from './document.ts';
import * as phrases from './phrases.ts';
import { gives, listBars, listShares, receives, type Share } from './shares.ts';
import { type Source, termOf } from './source.ts';

export function privacyStatement(source: Source, party: Party): GeneratedDocument {
  const { protocol } = source;
  const shares = listShares(source);
  const own = shares.filter((share) => gives(share, party.agency));
  const received = shares.filter((share) => !gives(share, party.agency) && receives(share, party.agency));
  const others = shares.filter((share) => !gives(share, party.agency) && !receives(share, party.agency));
  const sections = [
    ...section('In short', text(protocol.privacy_notice)),
    ...phrases.whyWeShare(source),
    ...section('Who it is about', names(protocol.data_subjects)),
    ...shared('What we share, and who may see it', own),
    ...shared('What others let us see', received),
    ...shared('What others share with each other', others),
    ...(shares.length === 0 ? section('What we share', text('This agreement shares nothing. It sets the rules.')) : []),
    ...whoTheyAre(source, shares),
    ...heldBack(source),
    ...askedOrTold(shares, party),
    ...phrases.howWeKeepItSafe(),
    ...phrases.howLong(source),
    ...law(party),
    ...rights(source, party, shares),
    ...phrases.whoToAsk(party),
    ...phrases.inDanger(),
    ...phrases.whoSigned(source),
  ];
  return {
    title: 'What we share about you, and why',
    about: phrases.aboutOf(source, party),
    sections: [...sections, ...phrases.wordList(sections)],
  };
}

function shared(heading: string, shares: readonly Share[]): Section[] {
  return section(heading, ...shares.map(phrases.shareBlock));
}

/** The jobs as the parties described them when they signed. */
function whoTheyAre(source: Source, shares: readonly Share[]): Section[] {
  const roles = [...new Set(shares.flatMap(({ receivers }) => receivers.map(({ role }) => role)))];
  const known = roles.flatMap((role) => source.roles.get(role) ?? []).sort((a, b) => a.name.localeCompare(b.name));
  return section('What they do', {
    type: 'terms',
    items: known.map(({ name, description }) => ({ term: name, text: sentence(description) })),
  });
}

const sentence = (words: string): string => (/[.!?]$/u.test(words) ? words : `${words}.`);

function heldBack(source: Source): Section[] {
  return section('What we do not share', {
    type: 'terms',
    items: listBars(source).map(({ assetName, fields, clause }) => ({
      term: `${assetName}: ${fields.join(', ')}`,
      text: clause.text,
    })),
  });
}

function askedOrTold(shares: readonly Share[], party: Party): Section[] {
  const ruled = (rule: string): boolean => shares.some(({ clause }) => clause.consent.rule === rule);
  return section(
    'Do we ask you?',
    list(
      ruled('required')
        ? 'For some of this we ask you. If you say no, we do not share it. You can say no later too.'
        : '',
      ruled('inform')
        ? `For some of this we do not ask. ${phrases.whyUnasked(party)} We will tell you that we share it.`
        : '',
      ruled('not-required') ? 'For some of this we do not ask, and we may not tell you each time.' : '',
    ),
  );
}

function law({ lawful_basis: basis, regime, part_3: part3 }: Party): Section[] {
  const codes = basis.article6.map((code) => `UK GDPR, Article 6(1)(${code})`);
  const special = basis.article9.map((code) => `UK GDPR, Article 9(2)(${code})`);
  const police = regime === 'dpa-part-3';
  return section(
    'The law that lets us do it',
    list(...basis.article6.map((code) => phrases.article6[code])),
    police ? text('We use it to stop and find out about crime. Then a law just for that holds.') : undefined,
    names([
      ...(police
        ? ['Data Protection Act 2018, Part 3', ...(part3 === undefined ? [] : [part3.policy_document])]
        : codes),
      ...(police ? [] : special),
      ...basis.schedule_conditions,
      ...basis.statutory_powers,
    ]),
  );
}

function rights(source: Source, { regime }: Party, shares: readonly Share[]): Section[] {
  const asked = shares.some(({ clause }) => clause.consent.rule === 'required');
  return section(
    'What you can do',
    list(
      'You can ask to see what we hold about you.',
      'If it is wrong, you can ask us to put it right.',
      'You can ask us to delete it. If the law says that we must keep it, we tell you so.',
      regime === 'uk-gdpr'
        ? 'You can say that you do not want us to share it. Then we look at it again, and we tell you what we do.'
        : '',
      asked ? 'If you said yes, you can take it back when you like.' : '',
    ),
    text(termOf(source, 'rights')),
  );
}
