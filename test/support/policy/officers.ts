/** Officers of the demo on their way to a signature: a passkey in a browser, and what their agency’s own key says of them. */
import { readFile } from 'node:fs/promises';
import { keyFile } from '../../../demo/load/keys.ts';
import { findPasskey } from '../../../policy/governance/signing/passkeys.ts';
import { makeHeldKey } from '../../../policy/governance/signing/held_keys.ts';
import { appendEvents, type Submitted } from '../../../policy/register/ledger/append.ts';
import type { EventData, EventType } from '../../../policy/register/events/table.ts';
import type { PrivateKey } from '../../../policy/register/signatures/flattened.ts';
import { thumbprint } from '../../../policy/register/signatures/keys.ts';
import { proposeEvent, signEvent } from '../../../policy/register/events/sign.ts';
import type { RunningApplication } from '../application/application.ts';
import type { Visitor } from '../journeys/browser.ts';
import { traveller } from '../journeys/journey.ts';
import { addAuthenticator } from '../idp/virtual_authenticator.ts';

/** Gives the browser an authenticator that always says yes, and enrols a passkey with it. */
export async function enrolPasskey(service: RunningApplication, { page }: Visitor): Promise<void> {
  await addAuthenticator(page);
  await page.goto(`${service.baseUrl}/passkey`);
  await page.getByRole('button', { name: 'Enrol a passkey' }).click();
  await page.getByRole('button', { name: 'Enrol it now' }).click();
  await page.getByText('Enrolled. It is in the log.').waitFor();
}

/** The private key that the demo keeps for an officer, or, without one, for the agency's administration. */
export async function demoKey(
  { config }: Pick<RunningApplication, 'config'>,
  agency: string,
  officer?: string,
): Promise<PrivateKey> {
  return JSON.parse(await readFile(keyFile(config.dataDir, agency, officer), 'utf8')) as PrivateKey;
}

/** Puts the passkey into the register, with a key that the service holds: signed by the agency's own administration key. */
export async function appointWithPasskey(service: RunningApplication, agency: string, key: string): Promise<void> {
  const { id, name, capacities } = traveller(service, key);
  const passkey = await findPasskey(service.ground, { agency, practitioner: id });
  if (passkey === undefined) throw new Error(`${key} has enrolled no passkey`);
  const { enrolledAt: _, ...entry } = passkey;
  const jwk = await makeHeldKey(service.ground, { agency, service: 'test' }, 'officer');
  const officer = { practitioner: id, name, capacities: capacities as never, kid: thumbprint(jwk), passkey: entry };
  await appendEvents(service.ground, service.register, { service: 'test' }, [
    administered(service, agency, 'key-added', { agency, key: { jwk, use: 'officer', held: 'service' } }),
    administered(service, agency, 'officer-appointed', { agency, officer }),
  ]);
}

/** An event that the agency's own administration key signs when its turn comes. */
export function administered<Type extends EventType>(
  service: RunningApplication,
  agency: string,
  type: Type,
  data: EventData<Type>,
): Submitted {
  return async (head) => {
    const { federation } = service.config;
    const event = proposeEvent(head, { federation: federation.name, type, data, time: service.ground.clock() });
    const key = await demoKey(service, agency);
    return { event, signature: await signEvent(event, { agency, key }) };
  };
}
