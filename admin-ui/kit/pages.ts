/** Links from page to page of a list, and which part of it stands on this one. */

type Link = { href: string; labelText: string };
/** `range`: "51 to 100 of 1,234". The links are in the form that the pagination component takes. */
type Pages = { range: string; previous?: Link; next?: Link } | undefined;

export type PageQuery = Record<string, string | undefined>;

const inWords = new Intl.NumberFormat('en-GB');

/** Undefined for a list of one page. `query` keeps what the list was narrowed by. */
export function pages(path: string, query: PageQuery, list: { page: number; size: number; total: number }): Pages {
  const { page, size, total } = list;
  const last = Math.ceil(total / size);
  if (last <= 1) return undefined;
  const link = (number: number): Link => ({
    href: addressOf(path, { ...query, page: String(number) }),
    labelText: `${number} of ${last}`,
  });
  const [first, end, all] = [(page - 1) * size + 1, Math.min(page * size, total), total].map((n) => inWords.format(n));
  return {
    range: `${first} to ${end} of ${all}`,
    ...(page > 1 ? { previous: link(Math.min(page - 1, last)) } : {}),
    ...(page < last ? { next: link(page + 1) } : {}),
  };
}

/** A path with those parameters that there are. */
export function addressOf(path: string, query: PageQuery): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}
