/** Writes what one event puts into the index tables, in the event's own transaction. */
import type { Queryable } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import type { Protocol } from '../protocols/document.ts';
import type { EventOf, KeyEntry, OfficerEntry, RegisterEvent } from '../chain/event.ts';
import type { Text } from '../events/protocol_signed.ts';
import { accessionRow, definitionRow, keyRow, officerRow, protocolRow, signatureRow } from './rows.ts';

/** Writes the rows of one event; of a protocol's signature, the text and what it holds where it is the first. */
export async function writeIndex(tx: Queryable, event: RegisterEvent, text?: Text): Promise<void> {
  switch (event.type) {
    case 'agency-admitted':
      for (const key of event.data.keys) await insertKey(tx, event.data.agency, key, event.sequence);
      for (const officer of event.data.officers) await insertOfficer(tx, event.data.agency, officer, event.sequence);
      break;
    case 'key-added':
      await insertKey(tx, event.data.agency, event.data.key, event.sequence);
      break;
    case 'key-revoked':
      await revokeKey(tx, event);
      break;
    case 'officer-appointed':
      await endOfficer(tx, event.data.agency, event.data.officer.practitioner, event.sequence);
      await insertOfficer(tx, event.data.agency, event.data.officer, event.sequence);
      break;
    case 'officer-ended':
      await endOfficer(tx, event.data.agency, event.data.practitioner, event.sequence);
      break;
    case 'definition-published':
      await insertDefinition(tx, event);
      break;
    case 'protocol-signed':
      if (text !== undefined) await insertText(tx, text, event.sequence);
      await insertSignature(tx, event);
      break;
    case 'protocol-acceded':
      await insertAccession(tx, event);
      break;
    case 'agency-ended':
    case 'protocol-suspended':
    case 'protocol-withdrawn': // these leave the index as it is
  }
}

async function insertKey(tx: Queryable, agency: string, key: KeyEntry, from: number): Promise<void> {
  const row = keyRow(agency, key, from);
  await tx.query(sql`
    insert into agency_key (kid, agency, use, jwk, held, from_event)
    values (${row.kid}, ${row.agency}, ${row.use}, ${row.jwk}, ${row.held}, ${row.from_event})`);
}

async function revokeKey(tx: Queryable, { data, sequence }: EventOf<'key-revoked'>): Promise<void> {
  await tx.query(sql`
    update agency_key set revoked_event = coalesce(revoked_event, ${sequence}),
           compromised_from = coalesce(${data.compromised_from ?? null}, compromised_from)
    where kid = ${data.kid}`);
}

async function insertOfficer(tx: Queryable, agency: string, officer: OfficerEntry, from: number): Promise<void> {
  const row = officerRow(agency, officer, from);
  await tx.query(sql`
    insert into officer (agency, practitioner, from_event, name, capacities, kid, passkey)
    values (${row.agency}, ${row.practitioner}, ${row.from_event}, ${row.name}, ${row.capacities}, ${row.kid},
            ${row.passkey})`);
}

async function endOfficer(tx: Queryable, agency: string, practitioner: string, at: number): Promise<void> {
  await tx.query(sql`
    update officer set ended_event = ${at}
    where agency = ${agency} and practitioner = ${practitioner} and ended_event is null`);
}

async function insertDefinition(tx: Queryable, { data, sequence }: EventOf<'definition-published'>): Promise<void> {
  const row = definitionRow(data.definition, sequence);
  await tx.query(sql`
    insert into definition (hash, type, code, from_event, body)
    values (${row.hash}, ${row.type}, ${row.code}, ${row.from_event}, ${row.body})`);
}

async function insertText(tx: Queryable, { hash, bytes, document }: Text, from: number): Promise<void> {
  if (bytes === undefined) throw new TypeError('a text is written with its bytes');
  const stored = await tx.query(sql`
    insert into protocol_text (hash, bytes) values (${hash}, ${Buffer.from(bytes)})
    on conflict (hash) do nothing returning hash`);
  if (stored.length > 0) await insertProtocol(tx, hash, document, from);
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

async function insertSignature(tx: Queryable, event: EventOf<'protocol-signed'>): Promise<void> {
  const row = signatureRow(event);
  await tx.query(sql`
    insert into protocol_signature (event, protocol, agency, officer, capacity, kid, signed_at)
    values (${row.event}, ${row.protocol}, ${row.agency}, ${row.officer}, ${row.capacity}, ${row.kid}, ${row.signed_at})`);
}

async function insertAccession(tx: Queryable, event: EventOf<'protocol-acceded'>): Promise<void> {
  const row = accessionRow(event);
  await tx.query(sql`
    insert into protocol_accession (event, protocol, agency, officer, capacity, kid, signed_at,
                                    host, host_officer, host_capacity, host_kid, host_signed_at)
    values (${row.event}, ${row.protocol}, ${row.agency}, ${row.officer}, ${row.capacity}, ${row.kid}, ${row.signed_at},
            ${row.host}, ${row.host_officer}, ${row.host_capacity}, ${row.host_kid}, ${row.host_signed_at})`);
}
