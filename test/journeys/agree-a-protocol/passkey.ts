/** An officer's passkey in a browser: a virtual authenticator, and the register's word that it is theirs. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { findPasskey } from '../../../policy/keys/passkeys.ts';
import { makeHeldKey } from '../../../policy/keys/held_keys.ts';
import { appendEvents, type Submitted } from '../../../policy/register/append.ts';
import type { EventData, EventType } from '../../../policy/register/event.ts';
import type { PrivateKey } from '../../../policy/signatures/flattened.ts';
import { thumbprint } from '../../../policy/signatures/keys.ts';
import { proposeEvent, signEvent } from '../../../policy/signatures/sign.ts';
import type { RunningApplication } from '../../support/application.ts';
import type { Visitor } from '../../support/browser.ts';
import { traveller } from '../../support/journey.ts';

/** Gives the browser an authenticator that always says yes, and enrols a passkey with it. */
export async function enrolPasskey(service: RunningApplication, { page, context }: Visitor): Promise<void> {
  const session = await context.newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await page.goto(`${service.baseUrl}/passkey`);
  await page.getByRole('button', { name: 'Enrol a passkey' }).click();
  await page.getByRole('button', { name: 'Enrol it now' }).click();
  await page.getByText('Enrolled. It is in the log.').waitFor();
}

/** Puts the passkey into the register, with a key that the service holds: signed by the agency's own administration key. */
export async function appointWithPasskey(service: RunningApplication, agency: string, key: string): Promise<void> {
  const { id, name, capacities } = traveller(service, key);
  const passkey = await findPasskey(service.ground, { agency, practitioner: id });
  if (passkey === undefined) throw new Error(`${key} has enrolled no passkey`);
  const { enrolledAt: _, ...entry } = passkey;
  const jwk = await makeHeldKey(service.ground, { agency, service: 'test' }, 'officer');
  const officer = { practitioner: id, name, capacities: capacities as never, kid: thumbprint(jwk), passkey: entry };
  const file = path.join(service.config.dataDir, 'demo-keys', `${agency}-administration.json`);
  const administration = JSON.parse(await readFile(file, 'utf8')) as PrivateKey;
  const event = <Type extends EventType>(type: Type, data: EventData<Type>): Submitted => {
    return async (head) => {
      const { federation } = service.config;
      const proposed = proposeEvent(head, { federation: federation.name, type, data, time: service.ground.clock() });
      return { event: proposed, signature: await signEvent(proposed, { agency, key: administration }) };
    };
  };
  await appendEvents(service.ground, service.register, { service: 'test' }, [
    event('key-added', { agency, key: { jwk, use: 'officer', held: 'service' } }),
    event('officer-appointed', { agency, officer }),
  ]);
}
