/** The documents that a party can publish, and how each is written. */
import type { Party } from '../../register/protocols/document.ts';
import { statementForChildren, statementForYoungPeople } from './children.ts';
import { consentForm } from './consent_form.ts';
import type { GeneratedDocument } from './document.ts';
import { leaflet } from './leaflet.ts';
import { privacyStatement } from './privacy.ts';
import { listShares } from './shares.ts';
import type { Source } from './source.ts';

export const documentKinds = ['privacy', 'children-7-11', 'children-12-17', 'consent-form', 'leaflet'] as const;
export type DocumentKind = (typeof documentKinds)[number];

type Kind = { name: string; path: string; write(source: Source, party: Party): GeneratedDocument | undefined };

/** A text that shares nothing by itself (a framework) has a statement for the public and needs none of the others. */
const sharing =
  (write: Kind['write']): Kind['write'] =>
  (source, party) =>
    listShares(source).length === 0 ? undefined : write(source, party);

const kinds: Record<DocumentKind, Kind> = {
  privacy: { name: 'Privacy statement', path: 'privacy', write: privacyStatement },
  'children-7-11': { name: 'For children from 7 to 11', path: 'children/7-11', write: sharing(statementForChildren) },
  'children-12-17': {
    name: 'For young people from 12 to 17',
    path: 'children/12-17',
    write: sharing(statementForYoungPeople),
  },
  'consent-form': { name: 'Consent form', path: 'consent-form', write: sharing(consentForm) },
  leaflet: { name: 'Leaflet', path: 'leaflet', write: sharing(leaflet) },
};

export function kindName(kind: DocumentKind): string {
  return kinds[kind].name;
}

/** Where the document stands beneath its agreement: `children/7-11`. */
export function kindPath(kind: DocumentKind): string {
  return kinds[kind].path;
}

/** The stable public address of a party's document, whatever version is in force. */
export function documentAddress(protocol: string, kind: DocumentKind, agency: string): string {
  return `/agreements/${protocol}/${kinds[kind].path}/${encodeURIComponent(agency)}`;
}

/** Undefined where the protocol gives this party no such document. */
export function writeDocument(source: Source, party: Party, kind: DocumentKind): GeneratedDocument | undefined {
  return kinds[kind].write(source, party);
}
