/** Presence: the person is there, signed in at the very client that asks. */

/**
 * What a live sign-in says. Times are epoch seconds. `authenticationLevel`: 1 a password, 2 a second factor, 3
 * phishing-resistant. `post` is the one the person chose to act in for this client.
 */
export type Presence = {
  practitioner: string;
  post: string;
  clientId: string;
  session: string;
  authenticationLevel: 1 | 2 | 3;
  authenticatedAt: number;
  expiresAt: number;
};

/**
 * Handed over by the composition root: what the token of a person's sign-in says now, or undefined when it is not valid,
 * not for decisions, or its session or grant has ended.
 */
export type FindPresence = (token: string) => Promise<Presence | undefined>;
