/** The question that is tried: its form, made for the type of record, and what the deciding steps take. */
import { z } from 'zod';
import { readLine } from '../../../platform/typed.ts';
import type { DecisionRequest } from '../../../policy/decisions/deciding/decision.ts';
import type { Trying } from '../../../policy/decisions/deciding/trace.ts';
import { Obligation } from '../../../policy/register/protocols/document.ts';
import type { RegisterState } from '../../../policy/register/chain/state.ts';
import { day, startOfDay } from '../../kit/days.ts';
import { fromCode } from '../../words/sentence.ts';
import type { Choice } from './choice.ts';

/** With a sign and a point, as JSON writes it. */
const number = /^-?\d+(\.\d+)?$/;

export const levels = [
  { value: '0', text: 'Not signed in' },
  { value: '1', text: 'Signed in with a password' },
  { value: '2', text: 'Signed in with a second factor' },
  { value: '3', text: 'Signed in with a passkey or security key' },
];

/** What an asking system may say that it can carry out. */
export const duties = [
  { value: 'fields', text: 'Show some of the fields and leave out others' },
  ...Obligation.shape.type.options.map((type) => ({ value: type, text: dutyWords(type) })),
];

function dutyWords(type: Obligation['type']): string {
  const words: Record<Obligation['type'], string> = {
    notification: 'Tell somebody, where a duty says so',
    custom: 'Show its people their duties, and report when they are done',
    'step-up': 'Ask for a stronger sign-in',
    session_termination: 'End the session',
  };
  return words[type];
}

/** How the form opens: as a system that can do everything would ask for somebody who is well signed in. */
export const opening = { level: '3', understands: duties.map(({ value }) => value) };

type Asset = Pick<Choice['asset'], 'attributes'>;
type Attribute = Asset['attributes'][number];
const named = ({ name }: Attribute): string => `attribute-${name}`;

/** The fields of the form for this choice. */
export function questionForm({ asset, facts }: Choice) {
  return z.object({
    action: z.string('Choose what is done').max(64),
    purpose: z.string('Choose a purpose').max(64),
    level: z.enum(['0', '1', '2', '3'], 'Choose how the person is signed in'),
    understands: z.union([z.string(), z.array(z.string())]).optional(),
    area: z.string().overwrite(readLine).max(200, 'Use at most 200 characters').optional(),
    ...(facts && {
      system: z.string().overwrite(readLine).max(256, 'Use at most 256 characters').optional(),
      value: z.string().overwrite(readLine).max(256, 'Use at most 256 characters').optional(),
    }),
    ...attributeFields(asset),
  });
}

/** One field for each attribute of the type of record. */
export function attributeFields({ attributes }: Asset): Record<string, z.ZodType> {
  return Object.fromEntries(attributes.map((attribute) => [named(attribute), fieldFor(attribute).optional()]));
}

/** What was typed about the record, as conditions test it. */
export function attributesFrom({ attributes }: Asset, typed: Record<string, unknown>): Record<string, unknown> {
  const { area } = typed;
  const given = attributes.flatMap((one) => (typed[named(one)] === undefined ? [] : [[one.name, typed[named(one)]]]));
  return { ...Object.fromEntries(given), ...(area !== undefined && { area }) };
}

function fieldFor({ name, type }: Attribute): z.ZodType {
  if (type === 'boolean') return z.enum(['true', 'false'], 'Choose yes or no').transform((text) => text === 'true');
  if (type === 'number') return z.string().overwrite(readLine).regex(number, 'Use digits only').transform(Number);
  if (type === 'time') return day(fromCode(name)).transform((date) => startOfDay(date));
  return z.string().overwrite(readLine).max(200, 'Use at most 200 characters');
}

/** The attributes as the page asks for them. */
export function attributesOf({ attributes }: Asset) {
  return attributes
    .filter(({ name }) => name !== 'area')
    .map((attribute) => ({ name: named(attribute), label: fromCode(attribute.name), type: attribute.type }));
}

export function actionOptions({ asset }: Choice) {
  return asset.actions.map((action) => ({ value: action, text: fromCode(action) }));
}

/** Purposes that protocols state for this type of record, by name. */
export function purposeOptions({ protocols }: RegisterState, { asset }: Choice) {
  const stated = new Map<string, string>();
  for (const { document } of protocols.values()) {
    const used = new Set(
      document.clauses.filter((one) => one.asset === asset.code).flatMap(({ purposes }) => purposes),
    );
    for (const { code, name } of document.purposes) if (used.has(code)) stated.set(code, name);
  }
  return [...stated]
    .map(([value, text]) => ({ value, text }))
    .sort((one, other) => one.text.localeCompare(other.text, 'en'));
}

type Answers = z.output<ReturnType<typeof questionForm>> & Record<string, unknown>;

/** What was typed, as the deciding steps take it. A data subject counts only where the officer may be shown facts. */
export function toQuestion(choice: Choice, typed: Answers): { request: DecisionRequest; trying: Trying } {
  const { who, post, asset, holder, facts } = choice;
  const { action, purpose, level, understands = [], system, value } = typed;
  const about = facts && typeof system === 'string' && typeof value === 'string' ? { system, value } : undefined;
  const presumed = Number(level) as 0 | 1 | 2 | 3;
  return {
    request: {
      subject: { type: 'practitioner', id: who, post: post.id },
      action,
      resource: {
        type: asset.code,
        id: 'tried',
        agency: holder.code,
        ...(about && { dataSubject: about }),
        attributes: attributesFrom(asset, typed),
      },
      purpose,
    },
    trying: { understands: [understands].flat(), ...(presumed > 0 && { presume: { level: presumed as 1 | 2 | 3 } }) },
  };
}
