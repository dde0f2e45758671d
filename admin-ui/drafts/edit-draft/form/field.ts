/**
 * Forms over a JSON document, described rather than programmed: a field says which key it fills and with what it is typed.
 * The name of an input is the JSON pointer of what it fills, so a mistake that points into the document points at its box.
 */
import { pointer } from '../../../../policy/register/protocols/read.ts';
import type { Json, JsonObject } from '../../../../platform/json.ts';
import type { RegisterState } from '../../../../policy/register/chain/state.ts';

/** What choices are taken from: the register, the whole draft, and the part of it that the page is about. */
export type Scope = { state: RegisterState; document: JsonObject; item: JsonObject };

export type Option = { value: string; text: string; hint?: string };
type Options = (scope: Scope) => Option[];

/** How a value stands in a text box where the two differ: as it is shown, and what it means once typed. */
export type Spelling = {
  show(value: Json | undefined, container: JsonObject, scope: Scope): string;
  /** Undefined leaves the key out. What cannot be understood is kept as it was typed: the check says what is wrong with it. */
  read(typed: string, container: JsonObject, scope: Scope): Json | undefined;
};

type Named = {
  /** The key of the document that it fills. */
  name: string;
  label: string;
  hint?: string;
  /** Other keys of the same object that it fills, and whose mistakes are shown at it. */
  covers?: readonly string[];
};

export type TextField = Named & { as: 'text'; rows?: number; width?: number; email?: true; spelling?: Spelling };
/** `none`: what it means to choose nothing. `follow`: the button that saves and shows what can be chosen after it. */
export type ChoiceField = Named & {
  as: 'choice';
  options: Options;
  radios?: true;
  spelling?: Spelling;
  none?: string;
  follow?: string;
};
/** `without`: what to do first where there is nothing to choose from. */
export type ChoicesField = Named & { as: 'choices'; options: Options; without?: string };
type FlagField = Named & { as: 'flag' };
/** Several keys of an object of their own. `optional`: with nothing filled in, the object is left out. */
export type GroupField = Named & { as: 'group'; fields: readonly Field[]; optional?: true };
/** Objects of one form, one after the other: added, removed and moved with buttons that send the whole form. */
export type ListField = Named & { as: 'list'; item: string; fields: readonly Field[]; blank?: JsonObject };
export type Field = TextField | ChoiceField | ChoicesField | FlagField | GroupField | ListField;

/** The pointer of a key below another pointer. */
export const below = (parent: string, ...keys: (string | number)[]): string => parent + pointer(...keys);

/** A value as an object or a list: what was imported may be of any form. */
export function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
export function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

/** A value as text, whatever it is: nothing that stands in a draft is hidden from who mends it. */
export function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
