/** What a condition compares with, typed as the attribute is: words, a number, yes or no, a moment, or a time from now. */
import { z } from 'zod';
import type { Json, JsonObject } from '../../../../platform/json.ts';
import { startOfDay } from '../../../../policy/register/protocols/dates.ts';
import type { AssetDefinition } from '../../../../policy/register/protocols/document.ts';
import { listOf, objectOf, type Scope, type Spelling, textOf } from '../form/field.ts';
import { readRelativeTime, relativeTime } from '../../../words/relative_time.ts';
import { readDay, readLine } from '../../../../platform/typed.ts';
import { readLines, showDay } from './spellings.ts';

type AttributeType = AssetDefinition['attributes'][number]['type'];

export const conditionValue: Spelling = {
  show: (value, container, scope) => {
    const type = typeOf(container, scope);
    return Array.isArray(value)
      ? listOf(value)
          .map((one) => show(one, type))
          .join('\n')
      : show(value, type);
  },
  read: (typed, container, scope) => {
    if (typed === '') return undefined;
    const type = typeOf(container, scope);
    if (container.operator !== 'in') return read(typed, type);
    return readLines(typed).map((line) => read(line, type));
  },
};

function typeOf({ attribute }: JsonObject, { state, item }: Scope): AttributeType | undefined {
  const asset = state.assets.get(textOf(item.asset))?.definition;
  return asset?.attributes.find(({ name }) => name === attribute)?.type;
}

function show(value: Json | undefined, type: AttributeType | undefined): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const now = objectOf(value).now;
  if (typeof now === 'number') return relativeTime(now);
  if (type === 'time' && typeof value === 'number') return moment(value);
  return textOf(value);
}

function read(typed: string, type: AttributeType | undefined): Json {
  const plain = readLine(typed);
  if (type === 'boolean') return { yes: true, true: true, no: false, false: false }[plain.toLowerCase()] ?? typed;
  if (type === 'number') return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : typed;
  if (type === 'time') {
    const offset = readRelativeTime(plain);
    return offset === undefined ? (readMoment(typed) ?? typed) : { now: offset };
  }
  return typed;
}

/** A day in UK time where it begins one; else the exact moment, as machines write it. */
function moment(at: number): string {
  if (!Number.isSafeInteger(at) || Math.abs(at) > 8e12) return String(at);
  const iso = new Date((at + 43_200) * 1000).toISOString().slice(0, 10);
  if (/^\d{4}-/.test(iso) && startOfDay(iso) === at) return showDay(iso);
  return new Date(at * 1000).toISOString().replace('.000Z', 'Z');
}

function readMoment(typed: string): Json | undefined {
  const iso = readDay(typed);
  if (iso !== undefined) return startOfDay(iso);
  return z.iso.datetime().safeParse(typed).success ? Math.floor(Date.parse(typed) / 1000) : undefined;
}
