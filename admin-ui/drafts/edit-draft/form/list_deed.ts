/** What the buttons beside the items of a list do to the document: add, remove, move. Nothing else that was typed changes. */
import type { Json, JsonObject } from '../../../../platform/json.ts';
import { listOf, objectOf } from './field.ts';

export type ListDeed = { deed: 'add' | 'remove' | 'up' | 'down'; at: string };

/**
 * Reads a button's value, "remove /clauses/0/conditions/1"; undefined for any other button, and for one of a list that is
 * none of these (pointers).
 */
export function readListDeed(value: unknown, lists: readonly string[]): ListDeed | undefined {
  const { deed, list, index } =
    /^(?<deed>add|remove|up|down) (?<list>\/\S+?)(?<index>\/\d+)?$/.exec(String(value))?.groups ?? {};
  if (deed === undefined || list === undefined || !lists.includes(list)) return undefined;
  return (deed === 'add') === (index === undefined)
    ? { deed: deed as ListDeed['deed'], at: `${list}${index ?? ''}` }
    : undefined;
}

/** Does it, and returns the document after it. A place that is not there changes nothing. */
export function doToList(document: JsonObject, { deed, at }: ListDeed, blank: JsonObject = {}): JsonObject {
  const path = stepsOf(at);
  if (deed === 'add') return update(document, path, (list) => [...listOf(list), blank]) as JsonObject;
  const index = Number(path.at(-1));
  return update(document, path.slice(0, -1), (list) => without(listOf(list), index, deed)) as JsonObject;
}

function without(list: readonly Json[], index: number, deed: 'remove' | 'up' | 'down'): Json[] {
  const item = list[index];
  if (item === undefined) return [...list];
  const rest = list.filter((_, at) => at !== index);
  if (deed === 'remove') return rest;
  return rest.toSpliced(Math.max(0, deed === 'up' ? index - 1 : index + 1), 0, item);
}

/** The document with the value at a pointer replaced; lists on the way are kept lists, and all else is an object. */
export function replaceAt(document: JsonObject, at: string, value: Json): JsonObject {
  return update(document, stepsOf(at), () => value) as JsonObject;
}

/** The value at a pointer. */
export function valueAt(document: JsonObject, at: string): Json | undefined {
  return stepsOf(at).reduce<Json | undefined>(
    (value, key) =>
      Array.isArray(value)
        ? (value as Json[])[Number(key)]
        : Object.hasOwn(objectOf(value), key)
          ? objectOf(value)[key]
          : undefined,
    document,
  );
}

export const stepsOf = (at: string): string[] =>
  at
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

function update(value: Json | undefined, path: readonly string[], change: (value: Json | undefined) => Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  if (!Array.isArray(value)) return { ...objectOf(value), [key]: update(objectOf(value)[key], rest, change) };
  const list = value as Json[];
  return list.toSpliced(Math.min(Number(key), list.length), 1, update(list[Number(key)], rest, change));
}
