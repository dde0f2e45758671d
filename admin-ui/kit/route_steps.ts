/** What a file of routes is handed: how a page is added, and the steps that most of them begin with. */
import type Koa from 'koa';

type Add = (path: string, ...steps: (Koa.Middleware | Koa.Middleware[])[]) => void;

/** `person`: somebody is signed in. `form`: the page has a form, or takes one, from our own pages and once. */
export type RouteSteps = { get: Add; post: Add; person: Koa.Middleware; form: Koa.Middleware[] };
