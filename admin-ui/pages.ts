/** Links from page to page of a list, in the form that the pagination component takes. */

export type Pages = { previous?: { href: string }; next?: { href: string }; current: number; last: number } | undefined;

/** Undefined for a list of one page. `query` keeps what the list was narrowed by. */
export function pages(path: string, query: Record<string, string | undefined>, current: number, last: number): Pages {
  if (last <= 1) return undefined;
  const href = (page: number): string => {
    const parameters = new URLSearchParams(
      Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    parameters.set('page', String(page));
    return `${path}?${parameters.toString()}`;
  };
  return {
    current,
    last,
    ...(current > 1 ? { previous: { href: href(current - 1) } } : {}),
    ...(current < last ? { next: { href: href(current + 1) } } : {}),
  };
}
