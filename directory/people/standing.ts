/** Standing: what a practitioner is, right now. Sign-in and decisions read it from here and from nothing a caller claims. */
import { postIsActive } from '../active_post.ts';

declare module '../../platform/log/event.ts' {
  interface Topics {
    practitioner: true;
  }
}

export type PostKind = 'substantive' | 'acting-up' | 'locum';

/** A practitioner holding a role in an agency and team. Times are epoch seconds; `until` is exclusive, absent while open-ended. */
export type Post = {
  id: string;
  agency: string;
  agencyName: string;
  agencyKind: string;
  /** The area that the agency serves, as people name it. */
  agencyArea?: string;
  team: string;
  teamName: string;
  /** Whether the team is listed; `mayBeShown` says to whom the post may be shown. */
  listed: boolean;
  teamArea?: string;
  role: string;
  roleName: string;
  kind: PostKind;
  from: number;
  until?: number;
  /** True while the agency has taken the post's rights away without ending it. */
  suspended: boolean;
};

/** An entry on a professional register. "Format valid" and "checked by X on D" are different facts. */
export type Registration = {
  body: string;
  number: string;
  /** `checked`: somebody compared it with the register; `format`: it only looks right. */
  evidence: 'checked' | 'format';
  checkedBy?: string;
  checkedAt?: number;
  /** Epoch seconds until which the check counts. */
  validUntil?: number;
  /** True once the register or the agency said that it lapsed. */
  lapsed: boolean;
};

/** How sure we are of who this is, 0 to 3, and who says so. */
type IdentityLevel = { level: 0 | 1 | 2 | 3; checkedBy?: string; checkedAt?: number };

export type Standing = {
  practitioner: string;
  name: string;
  email: string;
  status: 'active' | 'suspended' | 'left';
  identity: IdentityLevel;
  posts: Post[];
  registrations: Registration[];
  /** Official codes of the agencies that made them an administrator; see `isAdministratorOf`. */
  appointedBy: string[];
};

/** True while the practitioner may administer the agency's entries: leaving it ends the capacity without a second act. */
export function isAdministratorOf({ status, appointedBy, posts }: Standing, agency: string, now: number): boolean {
  const holds = posts.some((post) => post.agency === agency && postIsActive(post, now));
  return status === 'active' && holds && appointedBy.includes(agency);
}
