/** The JSON that the interface of consent takes and gives. */
import { z } from 'zod';
import { identifierProblem } from './identifiers.ts';
import {
  authorities,
  bases,
  capacities,
  childViews,
  notAskedReasons,
  relations,
  statementStates,
  wordings,
} from './statement.ts';

const seconds = z.number().min(0).max(8e9).describe('Epoch seconds');
const code = z.string().min(1).max(64);

const subject = z
  .strictObject({ system: z.string().min(1).max(200), value: z.string().min(1).max(100) })
  .superRefine((value, context) => {
    const message = identifierProblem(value);
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['value'], message });
  })
  .describe('A named identifier; only a pseudonym made from it is kept');

const about = {
  agency: z
    .string()
    .max(32)
    .describe('The agency that the system records for: one whose records it holds, or that runs it'),
  data_subject: subject,
  protocol: code.describe('The protocol’s id'),
};

const said = {
  state: z.enum(statementStates),
  basis: z.enum(bases).describe('For an objection: lawful-basis'),
  clause: code.optional(),
  purpose: code.optional().describe('With neither clause nor purpose, it is about the whole protocol'),
  said_at: seconds,
  until: seconds.optional(),
  given_by: z.enum(relations),
  capacity: z.enum(capacities),
  authority: z.enum(authorities).optional(),
  child_view: z.enum(childViews).optional(),
  not_asked_because: z.enum(notAskedReasons).optional(),
  wording: z.enum(wordings),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[a-z0-9]{1,8})*$/i, 'must be a BCP 47 tag, such as en')
    .overwrite(canonicalTag),
};

/** Language tags are the same in any capitals (RFC 5646 section 2.1.1); kept as they are usually written. */
function canonicalTag(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? tag;
  } catch {
    return tag; // a tag of the right form that no registry knows
  }
}

export const StatementBody = z
  .strictObject({
    id: z.uuid().optional().describe('The same statement sent twice under its id is recorded once'),
    ...about,
    ...said,
  })
  .refine(({ clause, purpose }) => clause === undefined || purpose === undefined, {
    path: ['purpose'],
    message: 'stands beside a clause: name one of them, or neither',
  });

export const StatementResponse = z.strictObject({ id: z.uuid() });

export const FindBody = z.strictObject(about);

export const FindResponse = z.strictObject({
  statements: z
    .array(
      z.strictObject({
        id: z.uuid(),
        agency: z.string(),
        ...Object.fromEntries(Object.entries(said).map(([name, shape]) => [name, shape.nullable()])),
        recorded_at: seconds,
        recorded_by: z.string(),
      }),
    )
    .describe('Newest first'),
  standing: z
    .array(
      z.strictObject({
        clause: z.string(),
        purpose: z.string(),
        state: z.enum(['given', 'refused', 'needed']),
        until: seconds.optional(),
      }),
    )
    .describe('What now counts for each clause that asks for agreement'),
});
