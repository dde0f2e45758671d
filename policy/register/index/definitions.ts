/** The rows of published definitions. */
import { sql } from '../../../platform/database/sql.ts';
import { canonicalText, type Json } from '../../../platform/json.ts';
import { hashOfJson } from '../signatures/canonical.ts';
import type { IndexChange } from './rows.ts';

/** A definition, from that event on. */
export function indexDefinition(definition: { type: string; code: string }, from: number): IndexChange {
  const json = definition as Json;
  const { type, code } = definition;
  const row = { hash: hashOfJson(json), type, code, from_event: from, body: canonicalText(json) };
  return {
    note: ({ definitions }) => void definitions.set(row.hash, row),
    write: (tx) =>
      tx.query(sql`
        insert into definition (hash, type, code, from_event, body)
        values (${row.hash}, ${row.type}, ${row.code}, ${row.from_event}, ${row.body})`),
  };
}
