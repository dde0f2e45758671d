/** Pieces that the templates are built from: clauses with careful terms, examples, lawful bases, promises made alike. */
import type { Clause } from '../../register/protocols/document.ts';
import type { LawfulBasis, Recipient, TemplateExample, Terms } from './template.ts';

/** Several fields, roles or codes, written one after the other with a blank between them. */
export const names = (text: string): string[] => text.split(' ');

/** These roles in every party of a kind. */
export function to(kind: string, ...roles: string[]): Recipient[] {
  return roles.map((role) => ({ role, kind }));
}

/** A clause of a template, whose recipients are kinds of agency, or of a protocol, where they may be agencies too. */
type ClauseFor<R> = Omit<Clause, 'recipients'> & { recipients: R[] };
type Given = 'id' | 'text' | 'asset' | 'fields' | 'holders' | 'recipients' | 'purposes';
type Wording<R> = Pick<ClauseFor<R>, Given> & Partial<Omit<Clause, Given>>;

const careful = {
  effect: 'permit',
  actions: ['read'],
  conditions: [],
  presence: 'required',
  consent: { rule: 'inform' },
  involvement: 'not-required',
  registrations: [],
  identity_level: 2,
  authentication_level: 2,
  obligations: [],
  explain: 'facts',
  open_to_accession: true,
} satisfies Partial<Clause>;

const forbidding = {
  effect: 'prohibit',
  presence: 'not-required',
  consent: { rule: 'not-required' },
  identity_level: 0,
  authentication_level: 1,
  explain: 'policy',
} satisfies Partial<Clause>;

/** A clause that gives something; whatever is not said takes the careful choice. */
export function permit<R extends Clause['recipients'][number]>(wording: Wording<R>): ClauseFor<R> {
  return { ...careful, ...wording };
}

/** A clause that forbids, whatever another clause gives. It asks nothing of the recipient, so that nothing can lift it. */
export function prohibit<R extends Clause['recipients'][number]>(wording: Wording<R>): ClauseFor<R> {
  return permit({ ...forbidding, ...wording });
}

/** Who asks whom for what, in an example. */
type Asked = Pick<TemplateExample, 'role' | 'kind' | 'asset' | 'holderKind' | 'purpose' | 'facts'>;

/** An example that is answered with these fields. */
export function gives(name: string, asked: Asked, fields: readonly string[]): TemplateExample {
  return { name, action: 'read', ...asked, expect: { decision: true, reason: 'permitted', fields: [...fields] } };
}

/** An example that is refused for this reason. */
export function refuses(name: string, asked: Asked, reason: string): TemplateExample {
  return { name, action: 'read', ...asked, expect: { decision: false, reason, fields: [] } };
}

/** Data Protection Act 2018, Schedule 1. */
export const safeguardingCondition =
  'Data Protection Act 2018, Schedule 1, paragraph 18: safeguarding of children and of individuals at risk';
export const statutoryCondition =
  'Data Protection Act 2018, Schedule 1, paragraph 6: statutory and government purposes';
export const healthCondition = 'Data Protection Act 2018, Schedule 1, paragraph 2: health or social care purposes';
export const crimeCondition =
  'Data Protection Act 2018, Schedule 1, paragraph 10: preventing or detecting unlawful acts';
/** A public task: the agency shares because a law gives it the work. */
export function publicTask(
  article9: LawfulBasis['article9'],
  schedule_conditions: string[],
  statutory_powers: string[],
  confidence_basis: string,
): LawfulBasis {
  return { article6: ['e'], article9, schedule_conditions, statutory_powers, confidence_basis };
}

/** What every protocol promises alike, beneath what its framework promises. */
export const commonTerms: Omit<Terms, 'privacy_notice' | 'guidance'> = {
  rights:
    'A person may ask any party what is held and shared about them, ask for mistakes to be put right, and object. The party that is asked answers for all, within one month; it passes the request to the others within two working days. Whoever objects is heard by a person, and the objection is noted beside the record.',
  accuracy:
    'The party that holds a record answers for it. Fields are read from its own record at the moment of asking, never from a copy. Whoever notices a mistake tells the holder the same day; the holder puts it right and tells those who were given the mistaken fields.',
  retention:
    'An answer is for one use. What was shown is written into the receiving party’s own record only where its duty to keep records asks for it, and is then kept under that party’s own schedule. The log of decisions is kept for eight years.',
  security:
    'People sign in through their own agency with two factors. Access is by role and purpose. Data travels encrypted. Every decision is recorded where it cannot be changed unnoticed, and the holder’s officer can read every one about its records.',
  breach:
    'Whoever notices that information was lost, seen or changed by somebody who should not have tells the holder’s data protection officer at once, and at the latest within 24 hours, so that the holder can tell the Information Commissioner within 72 hours and, where the risk is high, the people concerned.',
  complaints:
    'A complaint goes to the data protection officer of any party and is answered within 20 working days. Anybody can complain to the Information Commissioner at any time.',
  training:
    'Everybody who receives information under this protocol has had training on sharing it in the last two years, and has said that they read the one-page guide.',
};
