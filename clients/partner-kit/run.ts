/** A run of the kit: each case with its own answer and a visit to the record, and what was seen. */
import { setTimeout as delay } from 'node:timers/promises';
import { listCases } from './cases.ts';
import type { DecisionPoint } from './decision_point.ts';
import type { KitOptions } from './options.ts';
import { createVisitor, type Visit } from './visit.ts';

export type Line = { name: string; must: string; passed: boolean; seen: string };
export type Report = { system: string; passed: boolean; lines: Line[] };

/** How long a system may take for a page beyond the time of the late answer. */
const patienceMs = 30_000;
/** Duties may be acknowledged just after the page went out. */
const settleMs = 300;

/** Runs every case; `told` hears of each line as it stands. */
export async function runKit(
  point: DecisionPoint,
  options: KitOptions,
  told: (line: Line) => void = () => undefined,
): Promise<Report> {
  const visitor = createVisitor(options.headers);
  const { url } = options.record;
  const visits: Visit[] = [];
  const lines: Line[] = [];
  const tell = (line: Line): void => {
    lines.push(line);
    told(line);
  };
  // Signing in, where the system does so at Wayleave, is not part of any case.
  point.script = { kind: 'answer', decision: false, fields: [] };
  visits.push(await visitor(url, patienceMs));
  for (const { name, must, script, check } of listCases(options)) {
    point.script = script;
    point.acknowledged.length = 0;
    const before = point.questions;
    const visit = await visitor(url, options.slowMs + patienceMs);
    visits.push(visit);
    if (script.kind === 'answer' && script.obligations !== undefined) await delay(settleMs);
    tell({ name, must, ...(await check({ visit, point, options, asked: point.questions - before })) });
  }
  tell({ name: 'tokens', must: 'stand in no address and on no page', ...checkTokens(point, visits) });
  return { system: new URL(url).origin, passed: lines.every(({ passed }) => passed), lines };
}

function checkTokens({ issuer, called }: DecisionPoint, visits: readonly Visit[]): Pick<Line, 'passed' | 'seen'> {
  const addresses = [...called, ...visits.flatMap((visit) => visit.addresses)];
  const pages = visits.flatMap(({ pages }) => pages.flatMap(({ headers, text }) => [headers, text]));
  const holds = (places: string[]): boolean => issuer.tokens.some((token) => places.some((one) => one.includes(token)));
  if (holds(addresses)) return { passed: false, seen: 'a token stands in an address' };
  if (holds(pages)) return { passed: false, seen: 'a token stands on a page or in its headers' };
  return { passed: true, seen: `none of ${issuer.tokens.length} in ${addresses.length} addresses` };
}
