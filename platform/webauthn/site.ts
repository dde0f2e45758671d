/** The site that passkeys belong to, as WebAuthn names it. */
export type Site = {
  /** The relying party's id: passkeys belong to this domain. */
  domain: string;
  /** The one origin on which they are asked. */
  origin: string;
};

/** The site at this address. */
export function siteOf(baseUrl: string): Site {
  const { hostname, origin } = new URL(baseUrl);
  return { domain: hostname, origin };
}
