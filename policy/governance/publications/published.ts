/** What the public may read now: approved texts that are still what the protocol writes. */
import type { Database } from '../../../platform/database/database.ts';
import { type Query, sql } from '../../../platform/database/sql.ts';
import { read } from '../../../platform/database/transaction.ts';
import type { RegisteredProtocol, RegisterState } from '../../register/chain/state.ts';
import { type GeneratedDocument, hashOfDocument } from './document.ts';
import { type DocumentKind, documentKinds, writeDocument } from './kinds.ts';
import { findMember, sourceOf } from './source.ts';

/** An approval that stands; times are epoch seconds. */
export type Approval = {
  agency: string;
  protocol: string;
  document: DocumentKind;
  text: string;
  approvedBy: string;
  approvedAt: number;
};

/** `current`: the protocol holds now; otherwise it was published and no longer applies. */
export type Published = Approval & {
  protocolId: string;
  title: string;
  version: number;
  partyName: string;
  current: boolean;
};

/** `protocols`: hashes of signed texts. */
type PublishedFilter = { protocols?: string[]; agency?: string };

/** Approvals that stand, narrowed to some texts, to one agency, or to both. */
export function listApprovals(db: Database, { protocols, agency }: PublishedFilter): Promise<Approval[]> {
  const ofProtocol: Query = protocols === undefined ? sql`true` : sql`protocol = any(${protocols})`;
  const ofAgency: Query = agency === undefined ? sql`true` : sql`agency = ${agency}`;
  return read(db, { reading: 'directory' }, (tx) =>
    tx.query<Approval>(sql`
      select agency, protocol, document, text_hash as text, approved_by as "approvedBy",
             extract(epoch from approved_at)::float8 as "approvedAt"
      from publication where withdrawn_at is null and ${ofProtocol} and ${ofAgency}
      order by agency, protocol, document`),
  );
}

/** What the public may find: approved, and either still the text that the protocol writes, or of a protocol that has ended. */
export async function listPublished(
  db: Database,
  state: RegisterState,
  filter: PublishedFilter = {},
): Promise<Published[]> {
  const approvals = await listApprovals(db, filter);
  return approvals.flatMap((approval) => {
    const protocol = state.protocols.get(approval.protocol);
    const party = protocol?.document.parties.find(({ agency }) => agency === approval.agency);
    if (protocol === undefined) return [];
    const current = protocol.status === 'in-force';
    if (current && writtenHash(state, protocol, approval) !== approval.text) return [];
    if (protocol.status === 'not-yet-valid') return [];
    const { id, title, version } = protocol.document;
    const partyName = party?.name ?? state.agencies.get(approval.agency)?.name ?? approval.agency;
    return [{ ...approval, protocolId: id, title, version, partyName, current }];
  });
}

/** Hashes of texts that the agency's officer keeps private, each with its protocol and document in front: `keptKey`. */
export async function listKeptPrivate(db: Database, agency: string): Promise<ReadonlySet<string>> {
  const rows = await read(db, { agency }, (tx) =>
    tx.query<{ protocol: string; document: DocumentKind; text: string }>(
      sql`select protocol, document, text_hash as text from kept_private where agency = ${agency}`,
    ),
  );
  return new Set(rows.map(keptKey));
}

/** Names a text in what `listKeptPrivate` gives. */
export function keptKey({ protocol, document, text }: Pick<Approval, 'protocol' | 'document' | 'text'>): string {
  return `${protocol} ${document} ${text}`;
}

/** Protocols in force that give the agency documents about which its officer has not decided as they read now, and how many. */
export async function listUnpublished(
  db: Database,
  state: RegisterState,
  agency: string,
): Promise<{ protocol: RegisteredProtocol; count: number }[]> {
  const decided = await listDecided(db, agency);
  return [...state.protocols.values()]
    .filter(({ status }) => status === 'in-force')
    .map((protocol) => {
      const waits = documentKinds.filter((document) => {
        const text = writtenHash(state, protocol, { agency, document });
        return text !== undefined && !decided.has(keptKey({ protocol: protocol.hash, document, text }));
      });
      return { protocol, count: waits.length };
    })
    .filter(({ count }) => count > 0);
}

/** Texts that the agency approved or keeps private: `keptKey`. */
async function listDecided(db: Database, agency: string): Promise<ReadonlySet<string>> {
  const rows = await read(db, { agency }, (tx) =>
    tx.query<Pick<Approval, 'protocol' | 'document' | 'text'>>(sql`
      select protocol, document, text_hash as text from publication where agency = ${agency} and withdrawn_at is null
      union all
      select protocol, document, text_hash from kept_private where agency = ${agency}`),
  );
  return new Set(rows.map(keptKey));
}

/** The approved text, or undefined where what the protocol writes now is not what was approved. */
export function findText(
  state: RegisterState,
  protocol: RegisteredProtocol,
  { agency, document, text }: Pick<Approval, 'agency' | 'document' | 'text'>,
): GeneratedDocument | undefined {
  const source = sourceOf(state, protocol);
  const party = findMember(source, agency);
  const written = party && writeDocument(source, party, document);
  return written !== undefined && hashOfDocument(written) === text ? written : undefined;
}

/** Hashes of texts by the state that they follow from: lists for the public must not cost a writing of every text each time. */
const hashes = new WeakMap<RegisterState, Map<string, string | undefined>>();

function writtenHash(
  state: RegisterState,
  protocol: RegisteredProtocol,
  { agency, document }: Pick<Approval, 'agency' | 'document'>,
): string | undefined {
  const known = hashes.get(state) ?? new Map<string, string | undefined>();
  hashes.set(state, known);
  const key = JSON.stringify([protocol.hash, agency, document]);
  if (!known.has(key)) {
    const source = sourceOf(state, protocol);
    const party = findMember(source, agency);
    const written = party && writeDocument(source, party, document);
    known.set(key, written && hashOfDocument(written));
  }
  return known.get(key);
}

/** Every document that a protocol gives a party, with its text. */
export function listDocuments(
  state: RegisterState,
  protocol: RegisteredProtocol,
  agency: string,
): { kind: DocumentKind; document: GeneratedDocument; text: string }[] {
  const source = sourceOf(state, protocol);
  const party = findMember(source, agency);
  if (party === undefined) return [];
  return documentKinds.flatMap((kind) => {
    const document = writeDocument(source, party, kind);
    return document === undefined ? [] : [{ kind, document, text: hashOfDocument(document) }];
  });
}
