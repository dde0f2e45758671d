/** What the kit proves, case by case: the answer that it gives, and what must come of it. */
import type { DecisionPoint } from './decision_point.ts';
import { findValues } from './look.ts';
import type { KitOptions } from './options.ts';
import { deskPhone, type Duty, reasonText, type Script } from './scripted.ts';
import type { Visit } from './visit.ts';

type Verdict = { passed: boolean; seen: string };
type Found = { visit: Visit; point: DecisionPoint; options: KitOptions; asked: number };
type Case = { name: string; must: string; script: Script; check(found: Found): Verdict | Promise<Verdict> };

/** The cases in their order. */
export function listCases(options: KitOptions): Case[] {
  const names = Object.keys(options.record.fields);
  const half = Math.ceil(names.length / 2);
  const [first, second] = [names.slice(0, half), names.slice(half)];
  const permit: Script = { kind: 'answer', decision: true, fields: names };
  const none = (name: string, must: string, script: Script): Case => ({ name, must, script, check: nothing });
  return [
    part('part of the fields', first, second),
    part('the other part', second, first),
    { ...part('an answer to be used once', first, second), must: 'ask again for each look', check: askedAgain },
    { ...part('copies', first, second), must: 'forbid caches to keep the page (no-store)', check: notKept },
    { name: 'no', must: 'show nothing', script: deny([]), check: nothing },
    { name: 'no, in words', must: 'show the reason and the duty desk', script: deny([]), check: words },
    none('no, with fields beside it', 'show nothing', deny(names)),
    none('yes, to no field', 'show nothing', { kind: 'answer', decision: true, fields: [] }),
    none('an answer whose time is over', 'show nothing', { ...permit, seconds: -1 }),
    {
      ...part('an answer by a clock two minutes behind yours', first, second),
      script: { kind: 'answer', decision: true, fields: first, ahead: -120 },
    },
    none('one whose time is over, by a clock ahead of yours', 'show nothing', { ...permit, seconds: -1, ahead: 120 }),
    none('an answer that comes too late', 'show nothing', { ...permit, seconds: 1, delayMs: options.slowMs }),
    none('Wayleave is down', 'show nothing', { kind: 'cut' }),
    none('a page instead of an answer', 'show nothing', { kind: 'text', type: 'text/html', text: '<h1>Hello</h1>' }),
    none('a decision that is not true or false', 'show nothing', {
      kind: 'text',
      type: 'application/json',
      text: mistyped(names),
    }),
    ...[401, 403, 500, 503].map((status) =>
      none(`Wayleave answers ${status}`, 'show nothing', { kind: 'status', status }),
    ),
    none('a duty that nobody knows', 'show nothing', { ...permit, obligations: [duty('partner-kit-unknown')] }),
    ...options.handles.map((type) => ({
      name: `a duty of type ${type}`,
      must: 'do it or put it before the person, and show',
      script: { ...permit, obligations: [duty(type)] } satisfies Script,
      check: carriedOut,
    })),
  ];
}

const deny = (fields: string[]): Script => ({ kind: 'answer', decision: false, fields });
const mistyped = (fields: string[]): string => JSON.stringify({ decision: 'true', context: { id: 'x', fields } });
const dutyText = 'Kit-duty: write this down.';
const duty = (type: string): Duty => ({ id: `kit-${type}`, type, properties: { text: dutyText } });

function part(name: string, given: string[], withheld: string[]): Case {
  return {
    name,
    must: 'show these fields, and the others nowhere',
    script: { kind: 'answer', decision: true, fields: given },
    check: (found) => shown(found, given, withheld),
  };
}

function shown(found: Found, given: string[], withheld: string[]): Verdict {
  const [leaked, there] = [fieldsSeen(found, withheld), fieldsSeen(found, given)];
  const lacking = given.filter((field) => !there.includes(field));
  if (leaked.length > 0) return failed(`withheld, and yet there: ${leaked.join(', ')}`);
  if (lacking.length > 0) return failed(`given, and not there: ${lacking.join(', ')}${ending(found)}`);
  return unasked(found) ?? passed(`${there.length} fields there, ${withheld.length} not`);
}

function nothing(found: Found): Verdict {
  const leaked = fieldsSeen(found, Object.keys(found.options.record.fields));
  if (leaked.length > 0) return failed(`there all the same: ${leaked.join(', ')}`);
  // A system that is not there shows nothing either, and proves nothing.
  if (found.visit.failed !== undefined) return failed(found.visit.failed);
  return unasked(found) ?? passed(`nothing of the record${ending(found)}`);
}

function askedAgain(found: Found): Verdict {
  return unasked(found) ?? passed('it asked again');
}

function notKept({ visit }: Found): Verdict {
  const headers = visit.pages.at(-1)?.headers ?? '';
  const [, control] = /^cache-control: (.*)$/im.exec(headers) ?? [];
  return /\bno-store\b/i.test(control ?? '') ? passed(control!) : failed(control ?? 'no Cache-Control header');
}

function words(found: Found): Verdict {
  const there = findValues(found.visit, [reasonText, deskPhone]);
  if (!there.includes(reasonText)) return failed('the reason is not shown');
  if (!there.includes(deskPhone)) return failed('the duty desk’s telephone number is not shown');
  return passed('reason and duty desk are shown');
}

function carriedOut(found: Found): Verdict {
  const names = Object.keys(found.options.record.fields);
  const lacking = names.length - fieldsSeen(found, names).length;
  if (lacking > 0) return failed(`${lacking} of the fields given are not there${ending(found)}`);
  const said = found.point.acknowledged.filter(({ state }) => state === 'done');
  if (said.length > 0) return passed('acknowledged at once');
  if (findValues(found.visit, [dutyText]).length > 0) return passed('on the page; to be acknowledged when it is done');
  return failed('shown without a word of the duty, and not acknowledged');
}

function unasked({ asked }: Found): Verdict | undefined {
  return asked === 0 ? failed('Wayleave was not asked') : undefined;
}

function fieldsSeen({ visit, options }: Found, names: string[]): string[] {
  const { fields } = options.record;
  const there = new Set(
    findValues(
      visit,
      names.map((name) => fields[name]!),
    ),
  );
  return names.filter((name) => there.has(fields[name]!));
}

function ending({ visit }: Found): string {
  if (visit.failed !== undefined) return ` (${visit.failed})`;
  return ` (status ${visit.pages.at(-1)?.status ?? 'unknown'})`;
}

const passed = (seen: string): Verdict => ({ passed: true, seen });
const failed = (seen: string): Verdict => ({ passed: false, seen });
