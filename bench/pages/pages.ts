/** The pages that are measured, who opens them, and how many statements each may cost. */
import { namedPerson } from '../../demo/region/people.ts';

/** `who`: a key of the demo region's people. */
export type Page = { name: string; who: string; path: string; statements: number };

export const pages: readonly Page[] = [
  // The register is in memory, so that this page asks the database for nothing but its guard.
  { name: 'the guard alone', who: 'housing-officer', path: '/protocols', statements: 2 },
  {
    name: 'a directory entry',
    who: 'housing-officer',
    path: `/directory/${namedPerson('police-officer').id}`,
    statements: 8,
  },
  { name: 'home of an officer', who: 'siro', path: '/', statements: 12 },
  { name: 'home of an officer and administrator', who: 'dpo', path: '/', statements: 14 },
  { name: 'home of a practitioner', who: 'housing-officer', path: '/', statements: 7 },
  { name: 'a directory search', who: 'housing-officer', path: '/directory?name=hedley', statements: 17 },
  // It looks back up to ten times to be full beside the reader's own readings, of which these views make many.
  { name: 'the log', who: 'siro', path: '/log', statements: 28 },
];
