/** Nunjucks over the floors' view folders and govuk-frontend: always escaped, and an unknown name in a template is an error. */
import { join } from 'node:path';
import nunjucks from 'nunjucks';
import type { Assets } from './assets.ts';
import { filters } from './filters.ts';
import { govukRoot } from './govuk.ts';
import type { Layout } from './layout.ts';

export type Views = {
  /** What stands around every page. */
  layout: Layout;
  /** Renders a template by its path below one of the roots. */
  render(template: string, model: object): string;
};

type ViewOptions = {
  /** Folders of templates, searched in this order, before the ground floor's own. */
  roots?: string[];
  assets: Assets;
  layout?: Layout;
  /** Read and compile every template again at each rendering, so that a change of its file shows. */
  reload?: boolean;
};

/** Opens the views. Templates extend `layout.njk` and import macros from `macros.njk` and `govuk/components/…`. */
export function createViews(options: ViewOptions): Views {
  const roots = [...(options.roots ?? []), join(import.meta.dirname, 'views'), govukRoot];
  const loader = new nunjucks.FileSystemLoader(roots, { noCache: options.reload ?? false });
  const environment = new nunjucks.Environment(loader, {
    autoescape: true,
    throwOnUndefined: true,
    trimBlocks: true,
    lstripBlocks: true,
  });
  environment.addGlobal('asset', (name: string) => options.assets.url(name));
  for (const [name, filter] of Object.entries(filters)) environment.addFilter(name, filter);
  return { layout: options.layout ?? {}, render: (template, model) => environment.render(template, model) };
}
