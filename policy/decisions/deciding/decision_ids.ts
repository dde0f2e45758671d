/** Ids of decisions that are recorded as one entry: the entry's id, and the numbers after it. */
import { uuidv7 } from '../../../platform/uuid.ts';

/** As many decisions as one entry may hold: the last seven bits of an id count them. */
export const mostInEntry = 128;

/** Ids for so many decisions (1 to 128) of one entry, which has the first of them for its own. */
export function drawIds(count: number, now?: number): string[] {
  if (count < 1 || count > mostInEntry) throw new RangeError(`${count} decisions do not fit into one entry.`);
  const { entry } = placeOf(uuidv7(now));
  return Array.from({ length: count }, (_, number) => idAt(entry, number));
}

/** The id of the decision at that place of an entry. */
export function idAt(entry: string, number: number): string {
  return entry.slice(0, -2) + toHex(Number.parseInt(entry.slice(-2), 16) + number);
}

/** The entry that a decision with this id stands in if it was not recorded by itself, and its number there, from 0. */
export function placeOf(id: string): { entry: string; number: number } {
  const last = Number.parseInt(id.slice(-2), 16);
  const number = last % mostInEntry;
  return { entry: id.slice(0, -2) + toHex(last - number), number };
}

function toHex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
