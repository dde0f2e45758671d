/** The partner systems of a running service, as far as `demo.json` describes them. */
import type { Example } from '../../../demo/examples.ts';
import type { Manifest } from '../../../demo/load/manifest.ts';

export type Partnership = {
  /** Calls the service as a partner system of the manifest. */
  call(clientId: string, address: string, body?: object): Promise<Response>;
  /** Asks an example's question as its partner. */
  ask(example: Example): Promise<Response>;
};

/** The partner systems of the manifest, each with a token of its own. */
export function actAsPartners({
  config,
  manifest,
}: {
  config: { baseUrl: string; issuer: string };
  manifest: Manifest;
}): Partnership {
  const tokens = new Map<string, Promise<string>>();
  const fetchToken = async (clientId: string): Promise<string> => {
    const secret = manifest.partners.find((one) => one.client_id === clientId)!.client_secret;
    const response = await fetch(`${config.issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'decisions audit.read' }),
    });
    const { access_token: token } = (await response.json()) as { access_token?: string };
    if (token === undefined) throw new Error(`No token for ${clientId}: ${response.status}`);
    return token;
  };
  const call: Partnership['call'] = async (clientId, address, body) => {
    const token = tokens.get(clientId) ?? fetchToken(clientId);
    tokens.set(clientId, token);
    const headers = { authorization: `Bearer ${await token}`, 'content-type': 'application/json' };
    const sent = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
    return fetch(`${config.baseUrl}${address}`, sent);
  };
  return { call, ask: (example) => call(example.partner, '/access/v1/evaluation', example.request) };
}
