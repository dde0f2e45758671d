/** A passkey in Chromium without anybody's finger: a virtual authenticator that lives in one page's browser window. */
import type { Page } from 'playwright-core';

/** Adds a platform authenticator that verifies its user at once; `verifies: false`: one that cannot tell who is using it. */
export async function addAuthenticator(page: Page, { verifies = true } = {}): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: verifies,
      isUserVerified: verifies,
      automaticPresenceSimulation: true,
    },
  });
}
