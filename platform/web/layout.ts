/** What stands around a page. */

/** A link in a navigation or a footer. */
export type Link = { text: string; href: string; current?: boolean };

/** What stands around a page: what `createViews` was given, then the guard's `ctx.state.layout`, then the model's own `layout`. */
export type Layout = {
  /** The service navigation under the header. */
  navigation?: Link[];
  /** Who is signed in, in which post, and what they may do about it (change post, account, sign out). */
  account?: { name: string; post?: string; links: Link[] };
  /** A notice above the content, for example that this is the demo. */
  banner?: { tag: string; text: string };
  /** A box in the header: what is typed goes to `action` as the parameter `name`. */
  search?: { action: string; name: string; label: string };
  footer?: Link[];
  /** Of the product, for the footer. */
  version?: string;
  /** As wide as the window allows: tables of many columns. */
  wide?: boolean;
};
