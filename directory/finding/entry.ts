/** An entry of the directory: what is known about a practitioner, each fact with who says so and how old it is. */
import type { DutyDesk } from '../agencies/find_duty_desk.ts';

/**
 * How a fact is known. `checked`: somebody compared it with evidence; `agency`: the agency that keeps it says so;
 * `format`: it only looks right.
 */
type Evidence = 'checked' | 'agency' | 'format';

/** A value with its provenance. `checkedBy` names who said or checked it, `checkedAt` when (epoch seconds). */
export type Fact<Value> = { value: Value; evidence: Evidence; source: string; checkedBy?: string; checkedAt?: number };

export type EntryPost = {
  id: string;
  agency: string;
  agencyName: string;
  agencyKind: string;
  switchboard?: string;
  team: string;
  teamName: string;
  role: string;
  roleName: string;
  roleDescription: string;
  kind: 'substantive' | 'acting-up' | 'locum';
  from: number;
  until?: number;
};

export type EntryRegistration = {
  body: string;
  bodyName: string;
  number: string;
  lapsed: boolean;
  validUntil?: number;
};

export type Entry = {
  id: string;
  /** Official code and name of the agency that keeps the record. */
  agency: { code: string; name: string };
  name: Fact<string>;
  otherNames: string[];
  email: Fact<string>;
  phone?: Fact<string>;
  identity: Fact<{ level: 0 | 1 | 2 | 3; against?: string }>;
  /** Each with the duty desk to ring when the person is away: the team's own, or else the agency's. */
  posts: (Fact<EntryPost> & { dutyDesk?: DutyDesk })[];
  registrations: Fact<EntryRegistration>[];
};
