/** Step: why a field is withheld, told to whoever is entitled to know: the nearest clause and what it still asks for. */
import type { CompiledClause } from '../rules/clause.ts';
import { isConditional } from '../rules/conditions.ts';
import type { Acting } from './choose_post.ts';
import { type Composed, prohibitionOf } from './compose_fields.ts';
import type { Missing } from './decision.ts';
import type { Inquiry } from './inquiry.ts';
import { type ReasonCode, reasons } from './reasons.ts';
import type { Weighed } from './weigh_clauses.ts';
import { overrideText } from './wording.ts';

/** `distance` orders explanations: how much is missing, smallest first. */
export type Explained = {
  field: string;
  code: ReasonCode;
  text: string;
  entry?: CompiledClause;
  needs: readonly ReasonCode[];
  distance: number;
};

/** Explains every field that is withheld. */
export function explainWithheld({ withheld }: Composed, inquiry: Inquiry, weighed: readonly Weighed[]): Explained[] {
  return withheld.map((field) => explainField(field, inquiry, weighed));
}

/** Explains one field; for '', why nothing at all is given. */
export function explainField(field: string, { matched, obstacle }: Inquiry, weighed: readonly Weighed[]): Explained {
  if (obstacle !== undefined) return because(field, obstacle.code, { text: obstacle.text });
  if (matched.asset === undefined) return because(field, matched.otherwise);
  if (matched.unreadable !== undefined) return because(field, 'protocol-not-in-force', { text: unreadable });
  const prohibition = prohibitionOf(field, matched.prohibitions);
  if (prohibition !== undefined && mayBeTold(prohibition)) return because(field, 'prohibited', { entry: prohibition });
  const covering = weighed.filter(({ entry }) => entry.fields.has(field));
  return nearest(field, covering) ?? elsewhere(field, matched, weighed.length > 0, covering);
}

/** What the nearest clauses of these explanations still ask for, each clause once; an override where one offers it beyond `used`. */
export function listMissing(
  explained: readonly Explained[],
  acting: Acting | undefined,
  used: CompiledClause | undefined,
): Missing[] {
  const clauses = new Map(
    explained.flatMap((one) => (one.entry === undefined ? [] : [[one.entry, one.needs] as const])),
  );
  return [...clauses].flatMap(([entry, needs]) => [
    ...needs.map((need) => ({ need, text: reasons[need].sentence, clause: entry.reference })),
    ...(needs.some((need) => reasons[need].aboutSubject) ? offerOverride(entry, acting, used) : []),
  ]);
}

/** What a clause still asks for, as its recipient may know it. */
function shownNeeds({ entry, unmet }: Weighed): readonly ReasonCode[] {
  // Only once nothing else is missing: before that, naming the condition or not would tell whether it is met.
  const shown = entry.clause.explain === 'facts' ? unmet : unmet.filter((code) => !reasons[code].aboutSubject);
  // Nothing missing at all: a prohibition that must not be told withholds it, and looks like any other condition.
  return shown.length > 0 ? shown : ['condition-not-met'];
}

const unreadable =
  'The text of a signed protocol that forbids something is damaged; until it is restored nothing is given that it might forbid.';

/** A prohibition under a condition tells something about the data subject; it is named only where the clause says so. */
function mayBeTold({ clause }: CompiledClause): boolean {
  return !isConditional(clause) || clause.explain === 'facts';
}

function nearest(field: string, covering: readonly Weighed[]): Explained | undefined {
  const candidates = covering
    .filter(({ unmet }) => unmet[0] !== 'purpose-not-covered')
    .map((weighed) => ({ entry: weighed.entry, needs: shownNeeds(weighed) }));
  if (candidates.length === 0) return undefined;
  const { entry, needs } = candidates.reduce((best, one) => (one.needs.length < best.needs.length ? one : best));
  return because(field, needs[0] ?? 'condition-not-met', { entry, needs, distance: needs.length });
}

// No clause gives the field to this role for this purpose: the next best thing to say.
function elsewhere(
  field: string,
  matched: Inquiry['matched'],
  otherFields: boolean,
  covering: readonly Weighed[],
): Explained {
  const dormant = matched.dormant.find((entry) => entry.fields.has(field));
  if (dormant !== undefined) {
    return because(field, 'protocol-not-in-force', { entry: dormant, needs: ['protocol-not-in-force'] });
  }
  const otherPurpose = covering[0]?.entry;
  if (otherPurpose !== undefined) {
    return because(field, 'purpose-not-covered', { entry: otherPurpose, needs: ['purpose-not-covered'] });
  }
  return because(field, otherFields ? 'fields-not-covered' : matched.otherwise);
}

type Details = { entry?: CompiledClause; needs?: readonly ReasonCode[]; text?: string | undefined; distance?: number };

function because(field: string, code: ReasonCode, { entry, needs = [], text, distance }: Details = {}): Explained {
  const { sentence, distance: known = 200 } = reasons[code];
  return { field, code, text: text ?? sentence, ...(entry && { entry }), needs, distance: distance ?? known };
}

function offerOverride(entry: CompiledClause, acting: Acting | undefined, used: CompiledClause | undefined): Missing[] {
  const { override } = entry.clause;
  if (override === undefined || entry === used || acting === undefined) return [];
  if (!override.roles.includes(acting.post.role)) return [];
  const { grounds, fields, minutes } = override;
  return [
    {
      need: 'override',
      text: overrideText(minutes),
      clause: entry.reference,
      override: { grounds, fields, minutes },
    },
  ];
}
