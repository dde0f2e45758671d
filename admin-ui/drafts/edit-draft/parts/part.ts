/** A part of a protocol as the task list shows it: which keys of the document it answers for, and its form. */
import type { JsonObject } from '../../../../platform/json.ts';
import type { RegisterState } from '../../../../policy/register/chain/state.ts';
import type { Field } from '../form/field.ts';

type Named = {
  /** The last step of its address. */
  code: string;
  title: string;
  hint: string;
  /** Keys of the document whose mistakes are mended here. */
  keys: readonly string[];
};
/** A part on one page: the fields fill keys of the document itself. */
export type Sheet = Named & { fields: readonly Field[] };
/** A part with a page for each item of a list; the page of the part lists them. */
export type Series = Named & {
  list: string;
  item: string;
  fields: readonly Field[];
  nameOf(item: JsonObject, names: AgencyNames): string;
  blank: JsonObject;
  /** Fills in what follows from what was typed, where nothing else was. */
  complete?(typed: JsonObject, before: JsonObject, state: RegisterState): JsonObject;
};
export type Part = Sheet | Series;
export type AgencyNames = { agency(code: string): string };

export const isSeries = (part: Part): part is Series => 'list' in part;
