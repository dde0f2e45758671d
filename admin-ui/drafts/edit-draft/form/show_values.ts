/** A part of a draft for those who may read but not change it: the same fields, as words under headings. */
import type { Json, JsonObject } from '../../../../platform/json.ts';
import { type Field, listOf, objectOf, type Scope, textOf } from './field.ts';

type Row = { key: string; values: string[] };
type Section = { heading?: string; rows: Row[] };

/** The fields that have something in them; objects inside become sections of their own. */
export function showValues(fields: readonly Field[], object: JsonObject, scope: Scope): Section[] {
  const rows = fields.map((field) => ({ key: field.label, values: valuesOf(field, object, scope) }));
  const nested = fields.flatMap((field) => sectionsOf(field, object[field.name], scope));
  const own = rows.filter(({ values }) => values.length > 0);
  return own.length === 0 ? nested : [{ rows: own }, ...nested];
}

function sectionsOf(field: Field, value: Json | undefined, scope: Scope): Section[] {
  if (field.as === 'group') return titled(field.label, showValues(field.fields, objectOf(value), scope));
  if (field.as !== 'list') return [];
  return listOf(value).flatMap((item, index) =>
    titled(`${field.label}: ${index + 1}`, showValues(field.fields, objectOf(item), scope)),
  );
}

const titled = (heading: string, sections: Section[]): Section[] =>
  sections.map((section, index) => (index === 0 ? { ...section, heading } : section));

function valuesOf(field: Field, object: JsonObject, scope: Scope): string[] {
  const value = object[field.name];
  switch (field.as) {
    case 'text':
      return (field.spelling?.show(value, object, scope) ?? textOf(value)).split('\n').filter((line) => line !== '');
    case 'choice':
      return [field.spelling?.show(value, object, scope) ?? textOf(value)]
        .filter((chosen) => chosen !== '')
        .map((chosen) => field.options(scope).find((option) => option.value === chosen)?.text ?? chosen);
    case 'choices':
      return listOf(value).map((chosen) => {
        const option = field.options(scope).find((one) => one.value === chosen);
        return option?.text ?? textOf(chosen);
      });
    case 'flag':
      return [value === true ? 'Yes' : 'No'];
    case 'group':
    case 'list':
      return [];
  }
}
