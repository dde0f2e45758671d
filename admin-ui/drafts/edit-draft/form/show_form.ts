/** From a part of the document to the boxes of a page: each as the macro that draws it takes it. */
import type { InputIssue } from '../../../../platform/errors.ts';
import type { Json, JsonObject } from '../../../../platform/json.ts';
import type { Box } from './box.ts';
import {
  below,
  type ChoiceField,
  type ChoicesField,
  type Field,
  type GroupField,
  type ListField,
  listOf,
  objectOf,
  type Option,
  type Scope,
  textOf,
  type TextField,
} from './field.ts';
import { lengthOf } from './read_form.ts';

type Shown = Scope & {
  issues: readonly InputIssue[];
  /** What somebody else saved meanwhile, where that is another thing than what was typed. */
  meanwhile?: JsonObject;
};

/** The boxes of an object's fields. `at` is its pointer. */
export function showFields(fields: readonly Field[], object: JsonObject, at: string, shown: Shown): Box[] {
  return fields.map((field) => showField(field, object, at, shown));
}

function showField(field: Field, container: JsonObject, parent: string, shown: Shown): Box {
  const at = below(parent, field.name);
  const value = container[field.name];
  switch (field.as) {
    case 'text':
      return text(field, spelled(field, value, container, shown), frame(field, parent, container, shown));
    case 'choice':
      return choice(field, spelled(field, value, container, shown), shown, frame(field, parent, container, shown));
    case 'choices':
      return choices(field, listOf(value).map(textOf), shown, frame(field, parent, container, shown));
    case 'flag':
      return {
        macro: 'checkboxes',
        params: {
          ...frame(field, parent, container, shown),
          items: [{ value: 'yes', text: field.label, hint: hintOf(field.hint), checked: value === true }],
          hint: undefined,
          classes: 'govuk-checkboxes--small',
        },
      };
    case 'group':
      return group(field, at, objectOf(value), shown);
    case 'list':
      return list(field, at, listOf(value), shown);
  }
}

function spelled(field: TextField | ChoiceField, value: Json | undefined, container: JsonObject, scope: Scope): string {
  return field.spelling?.show(value, container, scope) ?? textOf(value);
}

/** What every box has: its name, its mistake, and what was saved meanwhile. */
function frame(field: Exclude<Field, GroupField | ListField>, parent: string, container: JsonObject, shown: Shown) {
  const at = below(parent, field.name);
  const covers = (field.covers ?? []).map((key) => below(parent, key));
  const error = mistakeAt(shown.issues, [at, ...covers]);
  const wrong = error ?? meanwhile(field, container, shown);
  return {
    id: at,
    covers,
    idPrefix: at,
    name: at,
    hint: hintOf(field.hint),
    errorMessage: wrong === undefined ? undefined : { text: wrong },
  };
}

type Frame = ReturnType<typeof frame>;

function text(field: TextField, value: string, common: Frame): Box {
  const long = field.rows !== undefined;
  const width = field.width === undefined ? '' : `govuk-input--width-${field.width}`;
  const params = { ...common, label: { text: field.label }, value, autocomplete: 'off', spellcheck: long };
  return long
    ? { macro: 'textarea', params: { ...params, rows: Math.max(field.rows ?? 0, rowsFor(value)) } }
    : { macro: 'input', params: { ...params, classes: width, ...(field.email ? { type: 'email' } : {}) } };
}

/** As many lines as the text fills in a wide window, and not so many that the page is all one box. */
function rowsFor(text: string): number {
  const lines = text.split('\n').reduce((count, line) => count + Math.ceil((line.length + 1) / 90), 0);
  return Math.min(lines, 20);
}

function choice(field: ChoiceField, value: string, scope: Scope, common: Frame): Box {
  const options = withUnknown(field.options(scope), value === '' ? [] : [value]);
  const items = options.map((option) => ({ ...option, hint: hintOf(option.hint), checked: option.value === value }));
  if (field.radios) {
    return {
      macro: 'radios',
      params: { ...common, fieldset: legend(field.label), items, classes: 'govuk-radios--small' },
    };
  }
  const first = { value: '', text: field.none ?? 'Choose' };
  const params = { ...common, label: { text: field.label }, items: [first, ...items], value };
  return { macro: 'select', params, ...(field.follow === undefined ? {} : { follow: field.follow }) };
}

function choices(field: ChoicesField, values: string[], scope: Scope, common: Frame): Box {
  const items = withUnknown(field.options(scope), values).map((option) => ({
    ...option,
    hint: hintOf(option.hint),
    checked: values.includes(option.value),
  }));
  const hint = items.length === 0 ? hintOf(field.without) : common.hint;
  const params = { ...common, hint, fieldset: legend(field.label), items, classes: 'govuk-checkboxes--small' };
  return { macro: 'checkboxes', params };
}

/** What stands in the draft and is no longer, or never was, to be chosen is shown all the same, so that it can be taken away. */
function withUnknown(options: Option[], values: string[]): Option[] {
  const known = new Set(options.map(({ value }) => value));
  const unknown = [...new Set(values)].filter((value) => !known.has(value));
  return [...options, ...unknown.map((value) => ({ value, text: `${value} (not known here)` }))];
}

function group(field: GroupField, at: string, object: JsonObject, shown: Shown): Box {
  const error = shown.issues.find(({ pointer }) => pointer === at)?.message;
  return {
    macro: 'group',
    legend: field.label,
    id: at,
    boxes: showFields(field.fields, object, at, inside(shown, field.name)),
    ...(field.hint === undefined ? {} : { hint: field.hint }),
    ...(error === undefined ? {} : { error }),
  };
}

function list(field: ListField, at: string, values: readonly Json[], shown: Shown): Box {
  const items = values.map((value, index) => {
    const here = below(at, index);
    const error = shown.issues.find(({ pointer }) => pointer === here)?.message;
    const boxes = showFields(field.fields, objectOf(value), here, inside(shown, field.name, index));
    const place = { at: here, number: index + 1, first: index === 0, last: index === values.length - 1 };
    return { ...place, boxes, ...(error === undefined ? {} : { error }) };
  });
  const error = shown.issues.find(({ pointer }) => pointer === at)?.message;
  return {
    macro: 'list',
    legend: field.label,
    id: at,
    item: field.item,
    length: lengthOf(at),
    items,
    ...(field.hint === undefined ? {} : { hint: field.hint }),
    ...(error === undefined ? {} : { error }),
  };
}

function inside(shown: Shown, ...path: (string | number)[]): Shown {
  if (shown.meanwhile === undefined) return shown;
  const saved = path.reduce<unknown>(
    (value, key) => (value as Record<string, unknown> | undefined)?.[key],
    shown.meanwhile,
  );
  return { ...shown, meanwhile: objectOf(saved) };
}

function meanwhile(field: Field, container: JsonObject, shown: Shown): string | undefined {
  if (shown.meanwhile === undefined) return undefined;
  const words = (object: JsonObject): string => {
    if (field.as === 'text' || field.as === 'choice') return spelled(field, object[field.name], object, shown);
    const value = object[field.name];
    return Array.isArray(value) ? value.map(textOf).join(', ') : textOf(value);
  };
  const [typed, saved] = [words(container), words(shown.meanwhile)];
  return typed === saved ? undefined : `Saved meanwhile by somebody else: ${saved === '' ? 'nothing' : saved}`;
}

/** The first mistake at one of these places or inside them. */
function mistakeAt(issues: readonly InputIssue[], places: readonly string[]): string | undefined {
  return issues.find(({ pointer }) => places.some((place) => pointer === place || pointer.startsWith(`${place}/`)))
    ?.message;
}

const hintOf = (text: string | undefined) => (text === undefined || text === '' ? undefined : { text });
const legend = (text: string) => ({ legend: { text, classes: 'govuk-fieldset__legend--s' } });
