/** Lists as parameters, in the binary format of PostgreSQL's arrays: it reads them without looking for quotes or separators. */

/** A parameter for `${…}::text[]`; `undefined` is null. No item may hold U+0000. */
export function textArray(items: readonly (string | undefined)[]): Buffer {
  const lengths = items.map((item) => (item === undefined ? -1 : Buffer.byteLength(item, 'utf8')));
  return writeArray(textType, lengths, (buffer, index, at) => void buffer.write(items[index] ?? '', at, 'utf8'));
}

/** A parameter for `${…}::bytea[]`; `undefined` is null. */
export function byteaArray(items: readonly (Uint8Array | undefined)[]): Buffer {
  const lengths = items.map((item) => item?.length ?? -1);
  return writeArray(byteaType, lengths, (buffer, index, at) => buffer.set(items[index]!, at));
}

// The object identifiers of pg_type.
const byteaType = 17;
const textType = 25;

/** Each item is its length (-1 is null) and its bytes, which `write` puts at their place. */
function writeArray(
  type: number,
  lengths: readonly number[],
  write: (buffer: Buffer, index: number, at: number) => void,
): Buffer {
  const head = [lengths.length > 0 ? 1 : 0, lengths.includes(-1) ? 1 : 0, type];
  // The one dimension, which an array without items does not have: how many there are, and the number of the first.
  if (lengths.length > 0) head.push(lengths.length, 1);
  const buffer = Buffer.allocUnsafe(lengths.reduce((size, length) => size + 4 + Math.max(length, 0), 4 * head.length));
  let at = 0;
  for (const value of head) at = buffer.writeInt32BE(value, at);
  for (const [index, length] of lengths.entries()) {
    at = buffer.writeInt32BE(length, at);
    if (length > 0) write(buffer, index, at);
    at += Math.max(length, 0);
  }
  return buffer;
}
