/** Templates: protocols from the field's practice, written for kinds of agency, to be filled with the agencies that agree. */
import type { Clause, Example, Party, Protocol, Purpose } from '../../register/protocols/document.ts';

export type LawfulBasis = Party['lawful_basis'];
export type Recipient = { role: string; kind: string };

/** Holders and recipients stand as kinds of agency; who they are is chosen when the template is filled. */
export type TemplateClause = Omit<Clause, 'holders' | 'recipients'> & { holders: string[]; recipients: Recipient[] };
export type TemplateExample = Omit<Example, 'agency' | 'holder'> & { kind: string; holderKind: string };

/** What every protocol says beside its clauses. */
export type Terms = Pick<
  Protocol,
  | 'privacy_notice'
  | 'rights'
  | 'accuracy'
  | 'retention'
  | 'security'
  | 'breach'
  | 'complaints'
  | 'training'
  | 'guidance'
>;

export type Template = {
  code: string;
  tier: Protocol['tier'];
  title: string;
  summary: string;
  /** Kinds of agency that it is written for; with one agency of each, every clause and example has its place. */
  kinds: string[];
  purposes: Purpose[];
  dataSubjects: string[];
  /** By kind: why such a party may share, in law. */
  lawfulBasis: Record<string, LawfulBasis>;
  /** Kinds that take part under Part 3 of the Data Protection Act 2018. */
  part3?: Record<string, NonNullable<Party['part_3']>>;
  clauses: TemplateClause[];
  examples: TemplateExample[];
  /** What the impact assessment has to look at. Its reference and date are the parties' own. */
  dpia: string;
  terms: Terms;
};
