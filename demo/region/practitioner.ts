/** What the demo says of one invented practitioner. Times are in days before the region is loaded, so that it never ages. */
import type { RegisterBody } from './registrations.ts';

export type DemoPost = {
  id: string;
  agency: string;
  /** Code of the team within the agency. */
  team: string;
  role: string;
  kind: 'substantive' | 'acting-up' | 'locum';
  startedDaysAgo: number;
  endedDaysAgo?: number;
};

export type DemoRegistration = {
  id: string;
  body: RegisterBody;
  number: string;
  /** Days since somebody compared it with the register; absent: only its form was looked at. */
  checkedDaysAgo?: number;
  lapsedDaysAgo?: number;
};

export type DemoPractitioner = {
  id: string;
  /** Code of the agency that keeps the entry. */
  agency: string;
  givenNames: string;
  familyName: string;
  otherNames: string[];
  email: string;
  status: 'active' | 'suspended';
  identity: { level: 0 | 1 | 2 | 3; checkedDaysAgo?: number; against?: string };
  posts: DemoPost[];
  registrations: DemoRegistration[];
  /** Days since the agency last confirmed the entry. */
  confirmedDaysAgo: number;
};

/** The name as it is shown. */
export function displayName(person: { givenNames: string; familyName: string }): string {
  return `${person.givenNames} ${person.familyName}`;
}
