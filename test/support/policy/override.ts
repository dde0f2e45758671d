/** Overriding through the whole service, as a partner system of the demo region does it for somebody who has just signed in. */
import { decodeJwt, SignJWT } from 'jose';
import { listCases } from '../../../demo/casebook/cases.ts';
import type { RunningApplication } from '../application/application.ts';
import { signIn } from '../idp/idp.ts';
import { forgetLastCode, partnerToken, traveller } from '../journeys/journey.ts';

export const casebook = 'casebook-gateshead';

/** The access token of a new sign-in of that person at Casebook. */
export async function userToken(service: RunningApplication, key: string): Promise<string> {
  const { id, email, password, totp_secret: totpSecret } = traveller(service, key);
  const partner = service.manifest.partners.find(({ client_id: clientId }) => clientId === casebook)!;
  await forgetLastCode(service, { id });
  const tokens = await signIn(
    service.config.issuer,
    {
      clientId: partner.client_id,
      secret: partner.client_secret,
      redirectUri: partner.redirect_uris[0]!,
      postLogoutRedirectUri: '',
    },
    { id, email, password, totpSecret },
    { scope: 'openid profile email post decisions' },
  );
  return tokens.access_token;
}

/** The same token as the issuer would have made it for a sign-in so many seconds earlier. */
export async function signedInEarlier(service: RunningApplication, token: string, seconds: number): Promise<string> {
  const claims = decodeJwt(token) as { auth_time: number };
  const key = await service.ground.keys.current('oidc', 'ES256');
  return new SignJWT({ ...claims, auth_time: claims.auth_time - seconds })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: key.kid })
    .sign(key.privateKey);
}

export const theReason = 'The mother rang: Callum has not been seen since Tuesday and the door is locked.';
export const stated = { ground: 'risk-of-significant-harm', reason: theReason };

/** A health visitor's question about a child with whom she is not known to work. */
export function aQuestion(
  token: string,
  override: object | undefined,
  changes: { fields?: string[]; key?: string; person: string; record?: string; properties?: object },
) {
  const {
    fields = ['allocated_worker', 'child_protection_plan'],
    person,
    record = 'GC-1003',
    properties = {},
  } = changes;
  const { dataSubject, attributes } = listCases(0).find(({ reference }) => reference === record)!;
  return {
    subject: { type: 'practitioner', id: person },
    action: { name: 'read' },
    resource: {
      type: 'child-record',
      id: record,
      properties: { ...attributes, agency: 'E08000037', data_subject: dataSubject, fields, ...properties },
    },
    context: { purpose: 'safeguarding-children', user_token: token, ...(override && { override }) },
  };
}

export type OverrideAnswer = {
  decision: boolean;
  context: {
    id: string;
    fields: string[];
    reason: { code: string; text: string };
    valid_until: number;
    override?: { review: string; until: number };
  };
};

/** Sends anything to the service's interface for partner systems, as Casebook. */
export async function callService(
  service: RunningApplication,
  path: string,
  body?: object,
  client = casebook,
): Promise<Response> {
  return fetch(`${service.baseUrl}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { Authorization: `Bearer ${await partnerToken(service, client)}`, 'Content-Type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
}

/** Asks Casebook's question for that person of the demo region. */
export async function askWith(
  service: RunningApplication,
  key: string,
  token: string,
  override?: object,
  changes: Partial<Parameters<typeof aQuestion>[2]> = {},
): Promise<OverrideAnswer> {
  const question = aQuestion(token, override, { person: traveller(service, key).id, ...changes });
  return (await (await callService(service, '/access/v1/evaluation', question)).json()) as OverrideAnswer;
}
