/** Sections and sentences that several of the public documents say in the same words. */
import type { Clause, Party, Protocol } from '../../register/protocols/document.ts';
import { type Block, list, names, section, type Section, text } from './document.ts';
import { plainWordsIn } from './plain_words.ts';
import type { Share } from './shares.ts';
import { membersOf, type Source, termOf } from './source.ts';

/** "Northumbria Police. Safeguarding children, version 2": whose document it is, and about which agreement. */
export function aboutOf({ protocol }: Source, { name }: Party): string {
  return `${name}. ${protocol.title}, version ${protocol.version}`;
}

/** The lawful bases of UK GDPR, Article 6(1), as reasons. */
export const article6: Record<Party['lawful_basis']['article6'][number], string> = {
  a: 'You said yes.',
  b: 'We need it to do what we agreed with you.',
  c: 'The law says that we must.',
  d: 'It may save a life.',
  e: 'The law gives us this job to do, for the good of all.',
  f: 'We have a good reason, and it is fair to you.',
};

/** Why a party may share without a yes: by law, where it has a task or a duty. */
export function whyUnasked({ lawful_basis: { article6: bases } }: Party): string {
  return bases.some((code) => code === 'c' || code === 'e')
    ? 'The law gives us this job to do.'
    : 'The ones whose job this is do not need a yes.';
}

/** What somebody can say against it, by the law that the party stands under. */
export function howToObject({ regime }: Party): string {
  return regime === 'uk-gdpr'
    ? 'If you do not want it, tell us why. We look at it again, and we write to you.'
    : 'You can ask us why we shared it, and say what you think. We write back to you.';
}

/** What must be true before something is shown, in short sentences to the person concerned. */
function asksOf({ consent, involvement, registrations, override, presence }: Clause): string[] {
  return [
    consent.rule === 'required' ? 'We ask you first. We share this only if you say yes.' : '',
    consent.rule === 'inform' ? 'We tell you that we share this. We do not ask.' : '',
    involvement === 'required' ? 'They must be one of those who work with you.' : '',
    registrations.length > 0 ? 'We check that they are who they say, and that they may do this job.' : '',
    presence === 'required' ? 'They must sign in first.' : '',
    override === undefined
      ? ''
      : 'If someone may get badly hurt, they may see a part of this at once. Then we check why they did.',
  ].filter((sentence) => sentence !== '');
}

export function shareBlock({ clause, assetName, fields, holders, receivers, purposes }: Share): Block {
  return {
    type: 'share',
    title: purposes.map(({ name }) => name).join('; '),
    from: [assetName, ...holders.map(({ name }) => name)],
    to: receivers.map(({ name, parties }) => `${name} (${partiesInWords(parties)})`),
    fields: fields.map(({ title }) => title),
    notes: asksOf(clause),
  };
}

/** A few by name; of many, how many. */
export function partiesInWords(parties: readonly Party[]): string {
  const all = parties.map(({ name }) => name);
  if (all.length <= 4) return all.join(', ');
  return `${all.slice(0, 3).join(', ')} and ${all.length - 3} others`;
}

export function whyWeShare({ protocol }: Source): Section[] {
  return section('Why we share', {
    type: 'terms',
    items: protocol.purposes.map(({ name, aim }) => ({ term: name, text: aim })),
  });
}

/** Whom to write to at the party that publishes it. */
export function whoToAsk({ name, dpo, information_sharing_officer: officer }: Party): Section[] {
  return section(
    'Who to ask',
    text('You can ask us about this. You can write to us. We write back within a month.'),
    { type: 'contact', name: dpo.name, lines: [name, dpo.email] },
    officer && { type: 'contact', name: officer.name, lines: [name, officer.email] },
    text('If we do not put it right, you can tell the ICO. They check that we keep to the rules.'),
    { type: 'contact', name: 'Information Commissioner’s Office (ICO)', lines: ['0303 123 1113', 'ico.org.uk'] },
  );
}

export function inDanger(): Section[] {
  return section('If you are not safe', text('If you or someone else may get hurt now, ring 999. Do not wait.'));
}

/** What the words of these sections mean, where there are any that need it. */
export function wordList(sections: readonly Section[]): Section[] {
  return section('What some words mean', { type: 'terms', items: plainWordsIn(sections.flatMap(everyWordOf)) });
}

function everyWordOf({ heading, blocks }: Section): string[] {
  return [heading, ...blocks.map((block) => JSON.stringify(block))];
}

export function howLong(source: Source): Section[] {
  return section('How long we keep it', text(termOf(source, 'retention')));
}

export function howWeKeepItSafe(): Section[] {
  return section(
    'How we keep it safe',
    list(
      'We check who asks, each time.',
      'They see the parts that they need for their job. They see no more.',
      'We write down each time someone asks. No one can change that without being seen.',
    ),
  );
}

/** The parties of the agreement, and since when it holds. */
export function whoSigned(source: Source): Section[] {
  const { protocol } = source;
  return section('Who signed it', names(membersOf(source).map(({ name }) => name)), {
    type: 'names',
    items: datesOf(protocol),
  });
}

/** First and last day and the day of the next look, as people write them. */
function datesOf({ version, valid, review }: Protocol): string[] {
  return [
    `Version ${version}`,
    `From ${dayInWords(valid.from)} to ${dayInWords(valid.until)}`,
    `We look at it again by ${dayInWords(review)}`,
  ];
}

const day = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' });

/** '2026-06-03' as 3 June 2026. */
export function dayInWords(date: string): string {
  return day.format(new Date(`${date}T12:00:00Z`));
}
