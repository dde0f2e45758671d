/** Parameters and shapes of the public JSON interface to agreements and types of record. */
import { z } from 'zod';
import { agreementStates } from './agreements.ts';

export const AgreementParameters = z.strictObject({
  agency: z.string().max(32).optional().describe('Official code of a party'),
  state: z.enum(agreementStates).optional(),
  subject: z
    .string()
    .max(200)
    .optional()
    .describe('Words that stand in the title, the summary, a purpose or whom it is about'),
  after: z.string().max(64).optional().describe('Id of the last agreement of the page before'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

const AgreementShape = z.object({
  id: z.string(),
  version: z.int(),
  title: z.string(),
  summary: z.string(),
  state: z.enum(agreementStates).describe('`ended`: expired, withdrawn or replaced'),
  since: z.iso.date(),
  until: z.iso.date(),
  review: z.iso.date(),
  parties: z.array(
    z.object({
      agency: z.string(),
      name: z.string(),
      kind: z.string(),
      joined: z.iso.date().optional().describe('Of an agency that joined later: since when'),
    }),
  ),
  purposes: z.array(z.object({ code: z.string(), name: z.string(), aim: z.string() })),
  data_subjects: z.array(z.string()),
  versions: z.array(
    z.object({ version: z.int(), state: z.enum(agreementStates), from: z.iso.date(), until: z.iso.date() }),
  ),
  documents: z
    .array(z.object({ document: z.string(), agency: z.string(), href: z.string() }))
    .describe('What the parties published: approved by their data protection officers'),
});

export const AgreementList = z.object({
  agreements: z.array(AgreementShape),
  next: z.string().nullable().describe('`after` of the next page'),
});

export const AssetParameters = z.strictObject({
  agency: z.string().max(32).optional().describe('Official code: only what it holds or receives'),
});

export const AssetList = z.object({
  assets: z.array(
    z.object({
      code: z.string(),
      name: z.string(),
      description: z.string(),
      about_a_person: z.boolean(),
      fields: z.array(z.object({ name: z.string(), title: z.string(), sensitivity: z.string() })),
      holders: z.array(z.object({ agency: z.string(), name: z.string() })),
      flows: z.array(
        z.object({
          protocol: z.string(),
          version: z.int(),
          clause: z.string(),
          purpose: z.string(),
          holders: z.array(z.string()),
          recipients: z.array(z.object({ role: z.string(), agencies: z.array(z.string()) })),
          fields: z.array(z.string()),
        }),
      ),
    }),
  ),
});
