/** What of a draft a page is about: a sheet (keys of the document itself) or one item of a series. */
import { hashOf } from '../../policy/signatures/canonical.ts';
import { canonicalBytes, type Json, type JsonObject } from '../../platform/json.ts';
import { WebApplicationError } from '../errors.ts';
import { type Field, listOf, objectOf } from './form/field.ts';
import { replaceAt } from './form/list_deed.ts';
import { isSeries, type Part } from './parts/parts.ts';

export type Place = {
  part: Part;
  fields: readonly Field[];
  /** Pointer of the object that the fields are keys of; empty for the document itself. */
  at: string;
  index?: number;
  /** The keys or the item as they are saved. */
  object: JsonObject;
};

/** Where the page of a part, or of an item (`number` counts from 1), stands in the document. */
export function placeOf(part: Part, document: JsonObject, number?: string): Place {
  if (!isSeries(part)) return { part, fields: part.fields, at: '', object: keysOf(part.fields, document) };
  const index = Number(number) - 1;
  const item = listOf(document[part.list])[index];
  if (item === undefined) {
    throw new WebApplicationError(
      'not-found',
      'item-gone',
      `The draft has no ${part.item} ${number ?? ''}. Somebody may have removed it meanwhile; go back to the list.`,
    );
  }
  return { part, fields: part.fields, at: `/${part.list}/${index}`, index, object: objectOf(item) };
}

/** Fingerprint of what was shown, so that a change of somebody else is noticed; elsewhere in the draft it does not matter. */
export function fingerprint(value: Json): string {
  return hashOf(canonicalBytes(value));
}

/**
 * The place as the draft stands now, where what was shown still stands; undefined where somebody changed it. An item that
 * somebody only moved is found where it is now.
 */
export function followPlace(place: Place, document: JsonObject, base: string): Place | undefined {
  if (fingerprint(place.object) === base) return place;
  if (!isSeries(place.part)) return undefined;
  const list = listOf(document[place.part.list]);
  const index = list.findIndex((item) => fingerprint(item) === base);
  return index < 0 ? undefined : placeOf(place.part, document, String(index + 1));
}

/** The document with what was typed in its place. */
export function putInPlace(document: JsonObject, { part, fields, at }: Place, typed: JsonObject): JsonObject {
  if (isSeries(part)) return replaceAt(document, at, typed);
  const own = new Set(namesOf(fields));
  const others = Object.entries(document).filter(([key]) => !own.has(key));
  return { ...Object.fromEntries(others), ...typed };
}

function keysOf(fields: readonly Field[], document: JsonObject): JsonObject {
  const own = new Set(namesOf(fields));
  return Object.fromEntries(Object.entries(document).filter(([key]) => own.has(key)));
}

const namesOf = (fields: readonly Field[]): string[] => fields.flatMap(({ name, covers }) => covers ?? [name]);
