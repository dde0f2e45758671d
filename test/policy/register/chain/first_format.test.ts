/**
 * A chain as it was written before there were accessions, passkeys and keys that the service holds. What was signed must
 * verify for ever: a change of a schema that breaks this takes protocols out of force.
 */
import { expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import type { StoredLink } from '../../../../policy/register/chain/chain.ts';
import type { Trust } from '../../../../policy/register/chain/derivation.ts';
import type { Source } from '../../../../policy/register/ledger/read_page.ts';
import { deriveState, testNow } from '../../../support/policy/federation.ts';

type Stored = { links: (Omit<StoredLink, 'body'> & { body: string })[]; texts: [string, string][]; trust: Trust };

it('a chain of the first format verifies byte for byte, and says what it said', async () => {
  const stored = JSON.parse(await readFile(new URL('first_format.json', import.meta.url), 'utf8')) as Stored;
  const links = stored.links.map((link) => ({ ...link, body: Buffer.from(link.body, 'base64') }));
  const texts = new Map(stored.texts.map(([hash, text]) => [hash, Buffer.from(text, 'base64')]));
  const source: Source = {
    links: (after, limit) => Promise.resolve(links.slice(after, after + limit)),
    texts: () => Promise.resolve(texts),
  };
  const state = await deriveState(source, stored.trust, testNow);
  expect(state.head).toEqual({ sequence: links.length, hash: links.at(-1)?.hash });
  expect([...state.protocols.values()]).toMatchObject([
    { hash: stored.texts[0]?.[0], status: 'in-force', rejected: [], unsigned: [], acceded: [] },
    { hash: stored.texts[1]?.[0], status: 'in-force', rejected: [], unsigned: [], acceded: [] },
  ]);
  expect(state.damaged.size).toBe(0);
});
