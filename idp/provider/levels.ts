/** How strongly somebody authenticated: `acr` values of this issuer, in order. */

/** 1: a long password alone. 2: password and one-time code. 3: phishing-resistant (not offered yet). */
export type AuthenticationLevel = 1 | 2 | 3;

const prefix = 'urn:wayleave:acr:';

/** The levels that signing in here can reach. */
export const reachable: readonly AuthenticationLevel[] = [1, 2];

/** The `acr` value of a level. */
export function acrOf(level: AuthenticationLevel): string {
  return `${prefix}${level}`;
}

/** The level of an `acr` value, or undefined for one of another issuer. */
export function levelOf(acr: string | undefined): AuthenticationLevel | undefined {
  const match = /^urn:wayleave:acr:([123])$/.exec(acr ?? '');
  return match === null ? undefined : (Number(match[1]) as AuthenticationLevel);
}

/** The lowest level that satisfies `acr_values`; undefined when none of the values is known here. */
export function requiredLevel(acrValues: string): AuthenticationLevel | undefined {
  const levels = acrValues.split(' ').flatMap((value) => levelOf(value) ?? []);
  return levels.length === 0 ? undefined : (Math.min(...levels) as AuthenticationLevel);
}
