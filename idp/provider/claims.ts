/** What partner systems are told about the person who signed in: the acting person in the acting post, and nothing else. */
import { postIsActive } from '../../directory/active_post.ts';
import type { Post, Registration, Standing } from '../../directory/people/standing.ts';
import { levelOf } from './levels.ts';

/** Claims by scope. Plain OpenID Connect first; then ours under `post`; then those shaped as in NHS CIS2. */
export const claimsByScope = {
  openid: ['sub', 'acr', 'amr', 'auth_time', 'vot'],
  profile: ['name'],
  email: ['email'],
  post: ['agency', 'post', 'team', 'role', 'role_name', 'registrations', 'identity_level'],
  nationalrbacaccess: ['nhsid_useruid', 'nhsid_nrbac_roles', 'idassurancelevel'],
  associatedorgs: ['nhsid_useruid', 'nhsid_user_orgs'],
  professionalmemberships: ['gmc_id', 'nmc_id', 'hcpc_id', 'gphc_id', 'swe_id'],
  selectedrole: ['selected_roleid', 'idassurancelevel', 'authentication_assurance_level'],
  // The library's own, needed because this object replaces its defaults.
  acr: null,
  sid: null,
  auth_time: null,
  iss: null,
};

/** All claims that this sign-in could give; the library picks those of the scopes granted. */
export function claimsOf(
  standing: Standing,
  postId: string | undefined,
  acr: string | undefined,
  now: number,
): Record<string, unknown> {
  const post = standing.posts.find((held) => held.id === postId && postIsActive(held, now));
  return {
    ...personClaims(standing, acr),
    ...(post === undefined ? {} : { ...postClaims(post), ...nhsPostClaims(standing, post) }),
  };
}

function personClaims(standing: Standing, acr: string | undefined): Record<string, unknown> {
  const level = levelOf(acr);
  const current = standing.registrations.filter((registration) => !registration.lapsed);
  return {
    sub: standing.practitioner,
    name: standing.name,
    email: standing.email,
    registrations: current.map(registrationClaim),
    identity_level: {
      level: standing.identity.level,
      ...present({ checked_by: standing.identity.checkedBy, checked_at: whole(standing.identity.checkedAt) }),
    },
    // GOV.UK's vector of trust: how strongly authenticated, how well identified.
    ...(level === undefined
      ? {}
      : {
          vot: `${level === 1 ? 'Cl' : 'Cl.Cm'}.P${standing.identity.level}`,
          authentication_assurance_level: String(level),
        }),
    idassurancelevel: String(standing.identity.level),
    nhsid_useruid: standing.practitioner,
    ...Object.fromEntries(current.map(({ body, number }) => [`${body.toLowerCase()}_id`, number])),
  };
}

function postClaims(post: Post): Record<string, unknown> {
  return {
    agency: {
      id: post.agency,
      name: post.agencyName,
      kind: post.agencyKind,
      code: post.agency.replace(/^[A-Z]+:/, ''),
      code_system: codeSystem(post.agency),
    },
    post: post.id,
    team: post.teamName,
    role: post.role,
    role_name: post.roleName,
  };
}

function nhsPostClaims(standing: Standing, post: Post): Record<string, unknown> {
  return {
    nhsid_nrbac_roles: [
      {
        person_orgid: `${standing.practitioner}:${post.agency}`,
        person_roleid: post.id,
        org_code: post.agency,
        role_name: `"${post.teamName}":"${post.roleName}"`,
        role_code: post.role,
        activities: [],
        activity_codes: [],
      },
    ],
    nhsid_user_orgs: [{ org_name: post.agencyName, org_code: post.agency }],
    selected_roleid: post.id,
  };
}

function registrationClaim({ body, number, evidence, checkedAt, checkedBy }: Registration): Record<string, unknown> {
  return { body, number, evidence, ...present({ checked_at: whole(checkedAt), checked_by: checkedBy }) };
}

/** `URN:108500` is a school, `CHARITY:1094112` a charity, nine characters with one letter a GSS code, the rest ODS. */
function codeSystem(code: string): string {
  const named = /^(URN|CHARITY):/.exec(code)?.[1];
  if (named !== undefined) return named.toLowerCase();
  return /^[A-Z]\d{8}$/.test(code) ? 'gss' : 'ods';
}

const whole = (seconds: number | undefined) => (seconds === undefined ? undefined : Math.floor(seconds));

function present(facts: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}
