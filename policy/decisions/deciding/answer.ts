/** Step: the decision that is answered, from the fields given and the explanations of those withheld. */
import type { Acting } from './choose_post.ts';
import type { Composed } from './compose_fields.ts';
import { isOpened, type Overridden, type OverrideLack } from './choose_override.ts';
import type { ClauseReference, Decision, DutyDesk } from './decision.ts';
import type { Explained } from './explain.ts';
import { listMissing } from './explain.ts';
import type { Weighed } from './weigh_clauses.ts';
import { lackText, reasonText, sentences } from './wording.ts';

type Findings = {
  id: string;
  acting: Acting | undefined;
  composed: Composed;
  /** The override that was used, or why the one that was asked for was not; absent where none was asked for. */
  override: Overridden | OverrideLack | undefined;
  explained: readonly Explained[];
  /** Why, where nothing was asked for that could be explained. */
  fallback: Explained;
  understands: readonly string[];
  desk: DutyDesk | undefined;
  /** Epoch seconds; an answer never counts for longer than a minute, nor past `boundary`. */
  now: number;
  boundary: number | undefined;
};

/**
 * `true` only if everything asked for is given, or the asking system understands `fields` and something is. A refusal
 * gives no field, so that a system that ignores everything but the boolean cannot disclose too much.
 */
export function answer(findings: Findings): Decision {
  const { id, acting, composed, override, explained, understands, desk, now, boundary } = findings;
  const { given, withheld, contributing } = composed;
  const decision = given.length > 0 && (withheld.length === 0 || understands.includes('fields'));
  const used = isOpened(override) ? override : undefined;
  const { code, sentence } = decision ? permission(used) : refusal(findings);
  const extent = !decision ? 'all' : withheld.length > 0 ? 'some' : 'nothing';
  const until = decision ? endOf(contributing, acting) : Infinity;
  return {
    id,
    decision,
    fields: decision ? [...given] : [],
    withheld: explained.map(({ field, code: reason, text, entry }) => ({
      field,
      reason,
      text,
      ...(entry && { clause: entry.reference }),
    })),
    reason: { code, text: withNote(reasonText(sentence, extent, desk), override) },
    clauses: decision ? contributing.map(({ entry }) => entry.reference) : cited(explained),
    obligations: decision ? obligationsOf(contributing) : [],
    missing: listMissing(explained, acting, used?.weighed.entry),
    ...(extent !== 'nothing' && desk && { dutyDesk: desk }),
    ...(used && { override: { review: used.review, until: used.until } }),
    validUntil: Math.min(now + 60, boundary ?? Infinity, until),
  };
}

function permission(used: Overridden | undefined): { code: Explained['code']; sentence: string } {
  const code = used === undefined ? 'permitted' : 'permitted-by-override';
  return { code, sentence: sentences[code] };
}

function withNote(text: string, override: Findings['override']): string {
  return override === undefined || isOpened(override) ? text : `${text} ${lackText(override)}`;
}

// Nothing given: what is nearest to being given. Some given to a system that takes all or nothing: what is furthest.
function refusal({ explained, composed, fallback }: Findings): { code: Explained['code']; sentence: string } {
  const ordered = [...explained].sort((left, right) => left.distance - right.distance);
  const chosen = (composed.given.length > 0 ? ordered.at(-1) : ordered[0]) ?? fallback;
  return { code: chosen.code, sentence: chosen.text };
}

function cited(explained: readonly Explained[]): ClauseReference[] {
  return [...new Set(explained.flatMap(({ entry }) => (entry === undefined ? [] : [entry.reference])))];
}

// The same duty under two clauses of one protocol is one duty.
function obligationsOf(contributing: readonly Weighed[]): Decision['obligations'] {
  const duties = contributing.flatMap(({ entry }) =>
    entry.clause.obligations.map(({ id, type, text, properties }) => ({
      id,
      type,
      properties: { ...properties, text },
    })),
  );
  return [...new Map(duties.map((duty) => [JSON.stringify(duty), duty])).values()];
}

function endOf(contributing: readonly Weighed[], acting: Acting | undefined): number {
  const { post, presence } = acting ?? {};
  return Math.min(post?.until ?? Infinity, presence?.expiresAt ?? Infinity, ...contributing.map(({ until }) => until));
}
