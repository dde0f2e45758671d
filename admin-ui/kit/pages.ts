/** Links from page to page of a list, in the form that the pagination component takes. */

type Link = { href: string; labelText: string };
export type Pages = { previous?: Link; next?: Link } | undefined;

/** Undefined for a list of one page. `query` keeps what the list was narrowed by. */
export function pages(path: string, query: Record<string, string | undefined>, current: number, last: number): Pages {
  if (last <= 1) return undefined;
  const link = (page: number): Link => ({
    href: addressOf(path, { ...query, page: String(page) }),
    labelText: `${page} of ${last}`,
  });
  return {
    ...(current > 1 ? { previous: link(Math.min(current - 1, last)) } : {}),
    ...(current < last ? { next: link(current + 1) } : {}),
  };
}

/** A path with those parameters that there are. */
export function addressOf(path: string, query: Record<string, string | undefined>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}
