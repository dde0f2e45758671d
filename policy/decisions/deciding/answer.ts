/** Step: the decision that is answered, from the fields given and the explanations of those withheld. */
import type { Acting } from './choose_post.ts';
import type { Composed } from './compose_fields.ts';
import { isOpened, type Overridden } from './choose_override.ts';
import type { ClauseReference } from '../rules/clause.ts';
import type { Decision, DutyDesk } from './decision.ts';
import { type Explained, explainField, listMissing } from './explain.ts';
import type { Inquiry } from './inquiry.ts';
import { type ReasonCode, reasons } from './reasons.ts';
import type { Weighed } from './weigh_clauses.ts';
import { lackText, type OverrideLack, reasonText } from './wording.ts';

type Findings = {
  weighed: readonly Weighed[];
  composed: Composed;
  /** The override that was used, or why the one that was asked for was not; absent where none was asked for. */
  override?: Overridden | OverrideLack | undefined;
  explained: readonly Explained[];
  desk?: DutyDesk | undefined;
};

/**
 * `true` only if everything asked for is given, or the asking system understands `fields` and something is. A refusal
 * gives no field, so that a system that ignores everything but the boolean cannot disclose too much. It never counts for
 * longer than a minute, nor past what it rests on.
 */
export function answer(inquiry: Inquiry, findings: Findings): Decision {
  const { id, acting, circumstances, matched } = inquiry;
  const { composed, override, explained, desk } = findings;
  const { given, withheld, contributing } = composed;
  const decision = given.length > 0 && (withheld.length === 0 || circumstances.understands.includes('fields'));
  const used = isOpened(override) ? override : undefined;
  const { code, sentence } = decision ? permission(used) : refusal(inquiry, findings);
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
    validUntil: Math.min(circumstances.now + 60, circumstances.rules?.boundary ?? Infinity, matched.until, until),
  };
}

function permission(used: Overridden | undefined): { code: ReasonCode; sentence: string } {
  const code = used === undefined ? 'permitted' : 'permitted-by-override';
  return { code, sentence: reasons[code].sentence };
}

function withNote(text: string, override: Findings['override']): string {
  return override === undefined || isOpened(override) ? text : `${text} ${lackText(override)}`;
}

// Nothing given: what is nearest to being given. Some given to a system that takes all or nothing: what is furthest.
function refusal(inquiry: Inquiry, { weighed, explained, composed }: Findings): { code: ReasonCode; sentence: string } {
  const ordered = [...explained].sort((left, right) => left.distance - right.distance);
  const chosen = (composed.given.length > 0 ? ordered.at(-1) : ordered[0]) ?? explainField('', inquiry, weighed);
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
