/** Step: which of the fields asked for are given. Prohibitions beat permissions, field by field. */
import type { CompiledClause } from '../rules/clause.ts';
import type { Weighed } from './weigh_clauses.ts';
import type { Inquiry } from './inquiry.ts';

export type Composed = {
  given: readonly string[];
  withheld: readonly string[];
  /** Every clause that gives at least one of the fields. */
  contributing: readonly Weighed[];
};

/** Composes the answer's fields from the clauses with nothing unmet. */
export function composeFields(inquiry: Inquiry, weighed: readonly Weighed[]): Composed {
  const { matched } = inquiry;
  const asked = askedFields(inquiry);
  const open = matched.unreadable === undefined ? weighed.filter(({ unmet }) => unmet.length === 0) : [];
  const gives = (field: string): boolean =>
    prohibitionOf(field, matched.prohibitions) === undefined && open.some(({ entry }) => entry.fields.has(field));
  const given = asked.filter(gives);
  return {
    given,
    withheld: given.length === asked.length ? [] : asked.filter((field) => !given.includes(field)),
    contributing: open.filter(({ entry }) => given.some((field) => entry.fields.has(field))),
  };
}

/** The fields asked for: those named, or every field of the asset. */
function askedFields({ request, matched }: Inquiry): readonly string[] {
  const { fields } = request.resource;
  if (fields !== undefined && fields.length > 0) return [...new Set(fields)];
  return matched.asset?.fields.map(({ name }) => name) ?? [];
}

/** The first clause that forbids the field. */
export function prohibitionOf(field: string, prohibitions: readonly CompiledClause[]): CompiledClause | undefined {
  return prohibitions.find((entry) => entry.fields.has(field));
}
