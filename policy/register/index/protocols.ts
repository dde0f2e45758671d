/** The rows of protocols: their texts, the signatures on them, and who acceded to them. */
import type { Queryable } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import type { Protocol } from '../protocols/document.ts';
import type { Text } from '../protocols/read.ts';
import { headerOf, type Signature } from '../signatures/flattened.ts';
import { type IndexChange, protocolRow } from './rows.ts';

/** A protocol that an event is about; what it holds follows from its text. Only the first such event puts it there. */
export function indexText(hash: string, from: number, text: Text | undefined): IndexChange {
  return {
    note: ({ protocols }) => {
      if (!protocols.has(hash)) protocols.set(hash, from);
    },
    write: async (tx) => {
      if (text?.bytes === undefined) throw new TypeError('a text is written with its bytes');
      const stored = await tx.query(sql`
        insert into protocol_text (hash, bytes) values (${hash}, ${Buffer.from(text.bytes)})
        on conflict (hash) do nothing returning hash`);
      if (stored.length > 0) await insertProtocol(tx, hash, text.document, from);
    },
  };
}

async function insertProtocol(tx: Queryable, hash: string, document: Protocol, from: number): Promise<void> {
  const row = protocolRow(hash, document, from);
  await tx.query(sql`
    insert into protocol (hash, id, version, tier, title, valid_from, valid_until, from_event)
    values (${row.hash}, ${row.id}, ${row.version}, ${row.tier}, ${row.title}, ${row.valid_from}, ${row.valid_until},
            ${row.from_event})`);
  const parties = document.parties;
  await tx.query(sql`
    insert into protocol_party (protocol, agency, signs_as, essential)
    select ${hash}, agency, signs_as, essential
    from unnest(${parties.map((one) => one.agency)}::text[], ${parties.map((one) => one.signs_as)}::text[],
                ${parties.map((one) => one.essential)}::boolean[]) as party (agency, signs_as, essential)`);
  const clauses = document.clauses;
  await tx.query(sql`
    insert into protocol_clause (protocol, clause, effect, asset, text)
    select ${hash}, clause, effect, asset, words
    from unnest(${clauses.map((one) => one.id)}::text[], ${clauses.map((one) => one.effect)}::text[],
                ${clauses.map((one) => one.asset)}::text[], ${clauses.map((one) => one.text)}::text[])
         as clause (clause, effect, asset, words)`);
}

/** A party's signature, put there by that event. */
export function indexSignature(protocol: string, agency: string, signature: Signature, event: number): IndexChange {
  const { kid, iat, officer, capacity } = headerOf(signature);
  const row = {
    event,
    protocol,
    agency,
    officer: officer ?? null,
    capacity: capacity ?? null,
    kid,
    signed_at: iat,
  };
  return {
    note: ({ signatures }) => void signatures.set(String(event), row),
    write: (tx) =>
      tx.query(sql`
        insert into protocol_signature (event, protocol, agency, officer, capacity, kid, signed_at)
        values (${row.event}, ${row.protocol}, ${row.agency}, ${row.officer}, ${row.capacity}, ${row.kid}, ${row.signed_at})`),
  };
}

type Accession = { protocol: string; agency: string; signature: Signature; countersignature: Signature };

/** An agency's accession, put there by that event. */
export function indexAccession(accession: Accession, event: number): IndexChange {
  const { protocol, agency, signature, countersignature } = accession;
  const [own, host] = [headerOf(signature), headerOf(countersignature)];
  const row = {
    event,
    protocol,
    agency,
    officer: own.officer ?? null,
    capacity: own.capacity ?? null,
    kid: own.kid,
    signed_at: own.iat,
    host: host.agency ?? null,
    host_officer: host.officer ?? null,
    host_capacity: host.capacity ?? null,
    host_kid: host.kid,
    host_signed_at: host.iat,
  };
  return {
    note: ({ accessions }) => void accessions.set(String(event), row),
    write: (tx) =>
      tx.query(sql`
        insert into protocol_accession (event, protocol, agency, officer, capacity, kid, signed_at,
                                        host, host_officer, host_capacity, host_kid, host_signed_at)
        values (${row.event}, ${row.protocol}, ${row.agency}, ${row.officer}, ${row.capacity}, ${row.kid},
                ${row.signed_at}, ${row.host}, ${row.host_officer}, ${row.host_capacity}, ${row.host_kid},
                ${row.host_signed_at})`),
  };
}
