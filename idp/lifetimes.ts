/** How long things of sign-in live, in seconds. */

export const lifetimes = {
  authorizationCode: 60,
  accessToken: 5 * 60,
  idToken: 5 * 60,
  /** From the e-mail address to the partner system; a page left open for longer has to be started again. */
  interaction: 60 * 60,
  /** A session without any use. */
  sessionIdle: 30 * 60,
  /** A session from the moment of authentication, whatever its use. */
  sessionAbsolute: 12 * 60 * 60,
  /** Two requests of one system that renew by the same refresh token at the same moment are no theft. */
  refreshGrace: 5,
  /** Outlives every session that it can belong to: a grant must never end before its session. */
  grant: 13 * 60 * 60,
} as const;
