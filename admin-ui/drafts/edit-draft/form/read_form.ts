/** From what was typed to the part of the document that it means. */
import type { Json, JsonObject } from '../../../../platform/json.ts';
import type { FormValues } from '../../../../platform/web/body.ts';
import { below, type Field, type ListField, objectOf, type Scope } from './field.ts';

/**
 * Reads the fields of one object, in their order, so that a later one may look at what an earlier one says. Keys that no
 * field fills are left out; keys with nothing in them too.
 */
export function readFields(
  fields: readonly Field[],
  at: string,
  values: FormValues,
  scope: Omit<Scope, 'item'> & { item?: JsonObject },
): JsonObject {
  const object: Record<string, Json> = {};
  // What the page is about is the object that is being read, unless this is an object inside it.
  const inner: Scope = { ...scope, item: scope.item ?? object };
  for (const field of fields) {
    const value = readField(field, below(at, field.name), values, object, inner);
    if (value === undefined) continue;
    // A field that covers other keys gives them itself.
    if (field.covers === undefined) object[field.name] = value;
    else Object.assign(object, objectOf(value));
  }
  return object;
}

function readField(
  field: Field,
  at: string,
  values: FormValues,
  container: JsonObject,
  scope: Scope,
): Json | undefined {
  switch (field.as) {
    case 'text':
    case 'choice': {
      const typed = one(values, at);
      if (field.spelling !== undefined) return field.spelling.read(typed, container, scope);
      return typed === '' ? undefined : typed;
    }
    case 'choices':
      return [values[at] ?? []].flat().filter((value) => value !== '');
    case 'flag':
      return one(values, at) === 'yes';
    case 'group': {
      const object = readFields(field.fields, at, values, scope);
      return field.optional === true && isBlank(object) ? undefined : object;
    }
    case 'list':
      return readList(field, at, values, scope);
  }
}

/** As many items as the form says that it shows: one that nobody filled in stays until somebody removes it. */
function readList(field: ListField, at: string, values: FormValues, scope: Scope): Json[] {
  const count = Math.min(Number(one(values, lengthOf(at))) || 0, 500);
  return Array.from({ length: count }, (_, index) => readFields(field.fields, below(at, index), values, scope));
}

/** The hidden field that says how many items of a list the page shows. */
export const lengthOf = (at: string): string => `${at}#length`;

/** What a new item of the list at that place begins with. */
export function blankOf(fields: readonly Field[], at: string): JsonObject {
  const name = at.split('/').at(-1);
  const inner = fields.flatMap((field) => ('fields' in field ? [field, ...field.fields] : [field]));
  const found = inner.find((field): field is ListField => field.as === 'list' && field.name === name);
  return found?.blank ?? {};
}

/** One line, as it was meant: without the spaces around it, and with one kind of line end. */
function one(values: FormValues, name: string): string {
  return ([values[name] ?? ''].flat()[0] ?? '').replaceAll('\r\n', '\n').trim();
}

/** True for a value in which nobody filled in anything. */
export function isBlank(value: Json | undefined): boolean {
  if (value === undefined || value === false || value === '') return true;
  return typeof value === 'object' && value !== null && Object.values(value).every(isBlank);
}
