/** What the directory's interface takes in paths and queries. */
import { z } from 'zod';
import { lastPage } from '../finding/search_practitioners.ts';

const agencyCode = z.string().regex(/^[A-Z0-9][A-Z0-9:-]{1,30}$/, 'must be an agency’s official code');
const slug = z
  .string()
  .max(64)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be small letters, digits and single hyphens');
// Control characters stand in no name, and U+0000 cannot be written down.
const name = z
  .string()
  .max(200)
  .regex(/^\P{Cc}*$/u, 'must be a name, without control characters');

export const SearchParameters = z.strictObject({
  name: name.optional().describe('Any name the person goes by; typing errors are forgiven'),
  role: slug.optional().describe('Code of a role'),
  agency: agencyCode.optional().describe('Official code of an agency'),
  page: z
    .string()
    .regex(/^[1-9][0-9]?$/, 'must be a whole number')
    .refine((page) => Number(page) <= lastPage, `must be ${lastPage} at most: narrow the search instead`)
    .optional()
    .describe(`From 1 to ${lastPage}, 20 people each`),
});

export const EntryParameters = z.strictObject({ id: z.string().max(100).describe('Id of the practitioner') });

export const AgenciesParameters = z.strictObject({ kind: slug.optional().describe('Kind of agency') });

export const AgencyParameters = z.strictObject({ code: agencyCode });

export const NoParameters = z.strictObject({});
