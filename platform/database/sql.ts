/** The one way to write SQL: a tagged template that binds every value as a parameter and composes with itself. */

/** A statement with its parameters, as pg takes it. */
export type Query = { readonly text: string; readonly values: readonly unknown[] };

const fragments = new WeakSet<object>();

/**
 * Builds a parameterised statement: `` sql`select id from post where agency = ${code}` ``. A value that is itself made by
 * `sql` is spliced in as SQL with its own parameters; anything else is bound. There is no way to splice a string.
 */
export function sql(strings: TemplateStringsArray, ...parts: readonly unknown[]): Query {
  let text = strings[0] ?? '';
  const values: unknown[] = [];
  parts.forEach((part, index) => {
    if (isFragment(part)) {
      text += part.text.replace(/\$(\d+)/g, (_, number: string) => `$${Number(number) + values.length}`);
      values.push(...part.values);
    } else {
      values.push(part);
      text += `$${values.length}`;
    }
    text += strings[index + 1] ?? '';
  });
  const query: Query = { text, values };
  fragments.add(query);
  return query;
}

/** Joins fragments with a separator written in the source, for lists of conditions: `joinSql(conditions, ' and ')`. */
export function joinSql(parts: readonly Query[], separator: ' and ' | ' or ' | ', '): Query {
  return parts.reduce<Query>((all, part, index) => (index === 0 ? part : separators[separator](all, part)), sql``);
}

const separators = {
  ' and ': (left: Query, right: Query) => sql`${left} and ${right}`,
  ' or ': (left: Query, right: Query) => sql`${left} or ${right}`,
  ', ': (left: Query, right: Query) => sql`${left}, ${right}`,
};

function isFragment(part: unknown): part is Query {
  return typeof part === 'object' && part !== null && fragments.has(part);
}
