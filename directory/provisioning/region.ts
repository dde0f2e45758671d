/** What a bulk import takes: agencies, each with everything that it owns. Times are epoch seconds. */
import type { AgencyInput } from '../agencies/register_agency.ts';
import type { DutyDeskInput } from '../agencies/set_duty_desk.ts';
import type { Partner } from '../partners/partner.ts';
import type { PostInput } from '../people/give_post.ts';
import type { PractitionerInput } from '../people/admit_practitioner.ts';
import type { RegistrationInput } from '../people/record_registration.ts';
import type { TeamInput } from '../agencies/add_team.ts';

/** When the source last said so; now when left out. */
type Confirmed = { confirmedAt?: number };

export type ImportedTeam = TeamInput & Confirmed & { id: string };
type ImportedDesk = DutyDeskInput & Confirmed;
export type ImportedPost = PostInput & Confirmed & { suspended?: boolean };
type ImportedRegistration = Omit<RegistrationInput, 'practitioner'> & Confirmed & { lapsedAt?: number };
export type ImportedPractitioner = PractitionerInput &
  Confirmed & { id: string; status?: 'active' | 'suspended' | 'left'; registrations?: ImportedRegistration[] };

/** One agency. Its posts and administrators may be practitioners whose record another agency of the import keeps. */
export type ImportedAgency = AgencyInput &
  Confirmed & {
    teams: ImportedTeam[];
    desks: ImportedDesk[];
    practitioners: ImportedPractitioner[];
    posts: ImportedPost[];
    administrators?: string[];
    partners?: (Omit<Partner, 'status' | 'agency'> & { status?: Partner['status'] })[];
  };

/** `service` names who imports, for the log. */
export type Region = { service: string; agencies: ImportedAgency[] };
