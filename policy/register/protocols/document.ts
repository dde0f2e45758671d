/** The protocol document: what the parties sign, as one schema. Its JSON Schema is published; the rules are compiled from it. */
import { z } from 'zod';
import { isComposed, isVisible } from './plain.ts';

/** Dates in a protocol are calendar days in UK time; a protocol is valid from the start of `from` to the end of `until`. */
const day = z.iso.date();
export const code = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'use small letters, digits and single hyphens')
  .max(64);
export const agencyCode = z
  .string()
  .regex(/^[A-Z0-9][A-Z0-9:-]{1,30}$/, 'use the agency’s official code')
  .max(32);
export const sha256 = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'a SHA-256 hash in base64url');
const text = z
  .string()
  .min(1)
  .max(4_000)
  .refine(isVisible, 'it holds a character that cannot be seen; type it again')
  .refine(isComposed, 'a letter and its accent stand apart (Unicode NFD); type it again');
const field = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, 'use small letters, digits and underscores')
  .max(64);

/** Who answers for a party, by name and role mailbox. */
const contact = z.strictObject({ name: text, email: z.email() });

const lawfulBasis = z.strictObject({
  article6: z.array(z.enum(['a', 'b', 'c', 'd', 'e', 'f'])).min(1),
  article9: z.array(z.enum(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'])),
  /** Conditions of the Data Protection Act 2018, Schedule 1 (or 8, under Part 3). */
  schedule_conditions: z.array(text),
  statutory_powers: z.array(text),
  /** Why the common-law duty of confidence allows it. */
  confidence_basis: text,
});

export const Party = z.strictObject({
  agency: agencyCode,
  name: text,
  kind: code,
  controller: z.enum(['controller', 'joint-controller', 'processor']),
  regime: z.enum(['uk-gdpr', 'dpa-part-3']),
  /** Under Part 3: the data-subject categories and the appropriate policy document. */
  part_3: z.strictObject({ categories: z.array(text).min(1), policy_document: text }).optional(),
  /** True where the protocol stops for everybody when this party withdraws. */
  essential: z.boolean(),
  /** The capacity in which its officer must sign. */
  signs_as: z.enum(['caldicott-guardian', 'siro', 'dpo', 'director']),
  senior_officer: contact,
  dpo: contact,
  caldicott_guardian: contact.optional(),
  siro: contact.optional(),
  /** Who is told when somebody overrides, and answers what people ask about sharing. */
  information_sharing_officer: contact.optional(),
  lawful_basis: lawfulBasis,
});

export const Purpose = z.strictObject({ code, name: text, aim: text, benefit: text, necessity: text });

/** A value that a condition may compare with. Times are epoch seconds. */
const scalar = z.union([z.string().max(200).refine(isVisible).refine(isComposed), z.number(), z.boolean()]);
/** A time so many seconds after (or before) the moment of deciding. */
const relative = z.strictObject({ now: z.int() });

/**
 * A condition on one attribute of the record (`resource.properties`). The operators are a whitelist: each has a meaning
 * that cannot fail open on a missing or mistyped value, because presence and type are checked before it is compared.
 */
export const Condition = z.strictObject({
  attribute: field,
  operator: z.enum(['eq', 'in', 'lt', 'lte', 'gt', 'gte']),
  value: z.union([scalar, z.array(scalar).min(1).max(100), relative]),
});

/** Who receives: a role, in one named agency or in every party of a kind. */
export const Recipient = z.union([
  z.strictObject({ role: code, agency: agencyCode }),
  z.strictObject({ role: code, kind: code }),
]);

export const Obligation = z.strictObject({
  id: code,
  type: z.enum(['notification', 'custom', 'step-up', 'session_termination']),
  text,
  properties: z.record(field, scalar),
});

const Override = z.strictObject({
  roles: z.array(code).min(1),
  grounds: z.array(z.enum(['risk-of-significant-harm', 'vital-interests', 'prevention-of-serious-crime'])).min(1),
  fields: z.array(field).min(1),
  minutes: z.int().min(1).max(1_440),
});

export const Clause = z.strictObject({
  id: code,
  text,
  effect: z.enum(['permit', 'prohibit']),
  actions: z.array(code).min(1),
  asset: code,
  fields: z.array(field).min(1),
  /** Agencies whose records the clause is about; each must be a party. */
  holders: z.array(agencyCode).min(1),
  recipients: z.array(Recipient).min(1),
  purposes: z.array(code).min(1),
  conditions: z.array(Condition).max(20),
  /** `own`: only records of an area that the acting team or agency serves. */
  area: z.enum(['own']).optional(),
  presence: z.enum(['required', 'not-required']).default('required'),
  /** What the person concerned is asked or told. `required`: agreement under the duty of confidence, or as the lawful basis. */
  consent: z.discriminatedUnion('rule', [
    z.strictObject({ rule: z.literal('not-required') }),
    z.strictObject({ rule: z.literal('inform') }),
    z.strictObject({ rule: z.literal('required'), as: z.enum(['confidence', 'lawful-basis']) }),
  ]),
  involvement: z.enum(['not-required', 'required']),
  /** Registers of which one must hold a current, checked entry for the recipient; none: no registration needed. */
  registrations: z.array(
    z
      .string()
      .regex(/^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/, 'use the register’s short name')
      .max(16),
  ),
  identity_level: z.int().min(0).max(3),
  /** Least authentication of the session: 1 a password, 2 a second factor, 3 phishing-resistant. Counts where a session does. */
  authentication_level: z.int().min(1).max(3),
  obligations: z.array(Obligation).max(10),
  /** Whether a refusal may tell the recipient facts about the data subject, or only that a condition was not met. */
  explain: z.enum(['policy', 'facts']),
  override: Override.optional(),
  /** Whether an agency that accedes later gets this clause too. */
  open_to_accession: z.boolean(),
});

/** A decision that must hold before the protocol may be signed. */
export const Example = z.strictObject({
  name: text,
  role: code,
  agency: agencyCode,
  action: code,
  asset: code,
  holder: agencyCode,
  purpose: code,
  facts: z.strictObject({ present: z.boolean(), consent: z.boolean(), involvement: z.boolean() }).partial(),
  expect: z.strictObject({ decision: z.boolean(), reason: code, fields: z.array(field) }),
});

export const Protocol = z.strictObject({
  type: z.literal('wayleave-protocol'),
  federation: z.string().min(1).max(128),
  id: code,
  version: z.int().min(1),
  tier: z.enum(['framework', 'operational']),
  /** For an operational protocol: the framework it stands under, by id and by hash of the text. */
  framework: z.strictObject({ id: code, hash: sha256 }).optional(),
  /** Hash of the version that this one replaces. */
  supersedes: sha256.optional(),
  title: text,
  summary: text,
  /** For a framework: the party that countersigns accessions. */
  host: agencyCode.optional(),
  parties: z.array(Party).min(1).max(200),
  purposes: z.array(Purpose).min(1).max(50),
  data_subjects: z.array(text).min(1),
  clauses: z.array(Clause).max(500),
  /** Hashes of the definitions that the text relies on, so that they cannot change under it. */
  pins: z.strictObject({
    assets: z.record(code, sha256),
    roles: z.record(code, sha256),
    kinds: z.record(code, sha256),
  }),
  dpia: z.strictObject({ reference: text, completed: day, summary: text }),
  privacy_notice: text,
  rights: text,
  accuracy: text,
  retention: text,
  security: text,
  breach: text,
  complaints: text,
  training: text,
  guidance: text,
  valid: z.strictObject({ from: day, until: day }),
  review: day,
  examples: z.array(Example).max(200),
});

/** A type of record that some agency holds: its fields, their sensitivity, and the attributes that conditions may test. */
export const AssetDefinition = z.strictObject({
  type: z.literal('wayleave-asset'),
  code,
  name: text,
  description: text,
  /** Whether a record of this type is about one person. */
  about_a_person: z.boolean(),
  actions: z.array(code).min(1),
  fields: z
    .array(
      z.strictObject({
        name: field,
        title: text,
        sensitivity: z.enum(['ordinary', 'special-category', 'criminal', 'restricted']),
      }),
    )
    .min(1)
    .max(200),
  attributes: z.array(z.strictObject({ name: field, type: z.enum(['string', 'number', 'boolean', 'time']) })),
});

export const RoleDefinition = z.strictObject({
  type: z.literal('wayleave-role'),
  code,
  name: text,
  description: text,
  kinds: z.array(code).min(1),
});
export const KindDefinition = z.strictObject({ type: z.literal('wayleave-kind'), code, name: text, description: text });

export type Protocol = z.infer<typeof Protocol>;
export type Party = z.infer<typeof Party>;
export type Purpose = z.infer<typeof Purpose>;
export type Clause = z.infer<typeof Clause>;
export type Condition = z.infer<typeof Condition>;
export type Recipient = z.infer<typeof Recipient>;
export type Obligation = z.infer<typeof Obligation>;
export type Example = z.infer<typeof Example>;
export type AssetDefinition = z.infer<typeof AssetDefinition>;
export type RoleDefinition = z.infer<typeof RoleDefinition>;
export type KindDefinition = z.infer<typeof KindDefinition>;
