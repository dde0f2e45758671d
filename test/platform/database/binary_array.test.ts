import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { byteaArray, textArray } from '../../../platform/database/binary_array.ts';
import { sql } from '../../../platform/database/sql.ts';
import { type TestDatabase, testDatabase } from '../../support/platform/database.ts';

let database: TestDatabase;
beforeAll(async () => void (database = await testDatabase()));
afterAll(() => database.drop());

/** What PostgreSQL made of a parameter, item by item. */
async function readBack(parameter: Buffer, type: 'text' | 'bytea'): Promise<unknown> {
  const rows = await database.db.query<{ item: unknown }>(
    type === 'text'
      ? sql`select item from unnest(${parameter}::text[]) with ordinality as one (item, number) order by number`
      : sql`select item from unnest(${parameter}::bytea[]) with ordinality as one (item, number) order by number`,
  );
  return rows.map(({ item }) => item);
}

describe('a list as a binary parameter', () => {
  it.each([
    ['nothing', []],
    ['one empty text', ['']],
    ['what text arrays would have to quote', ['{', '"', '\\', ',', 'null', ' ', '\n']],
    ['characters of one to four bytes, and control characters', ['a', 'é', '€', '𐍈', '\u0001\u001e\u001f']],
    ['thousands of items', Array.from({ length: 3_000 }, (_, index) => `${index}`.repeat(index % 7))],
  ])('holds %s', async (_, items: string[]) => {
    expect(await readBack(textArray(items), 'text')).toEqual(items);
  });

  it('says undefined as null', async () => {
    expect(await readBack(textArray(['a', undefined, '', undefined]), 'text')).toEqual(['a', null, '', null]);
  });

  it('holds bytes of any value, and none', async () => {
    const items = [Buffer.alloc(0), Buffer.from(Array.from({ length: 256 }, (_, value) => value)), Buffer.of(0)];
    expect(await readBack(byteaArray(items), 'bytea')).toEqual(items);
    expect(await readBack(byteaArray([]), 'bytea')).toEqual([]);
    expect(await readBack(byteaArray([undefined, Buffer.of(1)]), 'bytea')).toEqual([null, Buffer.of(1)]);
  });

  it('is the array that PostgreSQL itself would make', async () => {
    const [row] = await database.db.query<{ same: boolean; bounds: string }>(
      sql`select ${textArray(['a', undefined])}::text[] = array['a', null] as same,
                 array_dims(${textArray(['a', 'b'])}::text[]) as bounds`,
    );
    expect(row).toEqual({ same: true, bounds: '[1:2]' });
  });

  it('is refused, and not cut short, where a text holds U+0000', async () => {
    await expect(readBack(textArray(['a\u0000b']), 'text')).rejects.toMatchObject({ code: '22021' });
  });
});
