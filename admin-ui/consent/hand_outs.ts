/** What the agency has published for a protocol, to read out or hand over when somebody is asked or told. */
import { type DocumentKind, documentAddress, kindName } from '../../policy/governance/publications/kinds.ts';
import { listPublished } from '../../policy/governance/publications/published.ts';
import type { WebContext } from '../context.ts';
import { inSentence } from '../words/sentence.ts';

type HandOut = { text: string; href: string };

const order: DocumentKind[] = ['consent-form', 'leaflet'];

/** The consent form and the leaflet of an agency for a protocol's text, those that its officer approved. */
export async function listHandOuts(
  { ground, register }: WebContext,
  agency: string,
  { id, hash }: { id: string; hash: string },
): Promise<HandOut[]> {
  const state = register.state();
  if (state === undefined) return [];
  const published = await listPublished(ground.db, state, { protocols: [hash], agency });
  return order
    .filter((kind) => published.some(({ document, current }) => document === kind && current))
    .map((kind) => ({ text: `the ${inSentence(kindName(kind))}`, href: documentAddress(id, kind, agency) }));
}
