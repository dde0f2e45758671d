/** What of a draft a page is about: a sheet (keys of the document itself) or one item of a series. */
import type Koa from 'koa';
import { hashOf } from '../../../policy/register/signatures/canonical.ts';
import { canonicalBytes, type Json, type JsonObject } from '../../../platform/json.ts';
import { WebApplicationError } from '../../errors.ts';
import { type Field, listOf, objectOf } from './form/field.ts';
import { replaceAt } from './form/list_deed.ts';
import { isSeries, type Part } from './parts/part.ts';

export type EditedPart = {
  part: Part;
  fields: readonly Field[];
  /** Pointer of the object that the fields are keys of; empty for the document itself. */
  at: string;
  index?: number;
  /** The keys or the item as they are saved. */
  object: JsonObject;
};

/** The number of an item in the address of its page, counted from 1. */
export const numberOf = (ctx: Koa.Context): string | undefined => (ctx.params as { number?: string }).number;

/** The pointer that the boxes of a page begin with. */
export const pointerOf = (part: Part, number: string | undefined): string =>
  isSeries(part) ? `/${part.list}/${Number(number) - 1}` : '';

/** Where the page of a part, or of an item (`number` counts from 1), stands in the document. */
export function editedPart(part: Part, document: JsonObject, number?: string): EditedPart {
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
 * The place as the draft stands now; `moved` where it is not any more what was shown (`base`, its fingerprint). An item that
 * somebody only moved is found where it is.
 */
export function followPlace(
  part: Part,
  document: JsonObject,
  number: string | undefined,
  base: string,
): { place: EditedPart; moved: boolean } {
  if (isSeries(part)) {
    const list = listOf(document[part.list]);
    const same = [Number(number) - 1, ...list.keys()].find(
      (index) => list[index] !== undefined && fingerprint(objectOf(list[index])) === base,
    );
    if (same !== undefined) return { place: editedPart(part, document, String(same + 1)), moved: false };
  }
  const place = editedPart(part, document, number);
  return { place, moved: fingerprint(place.object) !== base };
}

/** The document with what was typed in its place. */
export function putInPlace(document: JsonObject, { part, fields, at }: EditedPart, typed: JsonObject): JsonObject {
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
