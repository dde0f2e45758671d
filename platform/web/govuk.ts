/** govuk-frontend as others may use it: its components, without the crown, the crest and the typeface that only gov.uk may carry. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const systemFonts = 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",arial,sans-serif';

/** The folder whose `govuk/…` holds templates and macros. */
export const govukRoot = join(dirname(createRequire(import.meta.url).resolve('govuk-frontend/package.json')), 'dist');

/** The stylesheet, with a system typeface in place of GDS Transport and without its fonts and crest. */
export function readGovukStyles(): string {
  return read('govuk-frontend.min.css')
    .replaceAll(/@font-face\{[^}]*\}/g, '')
    .replaceAll('GDS Transport,arial,sans-serif', systemFonts)
    .replaceAll('url(/assets/images/govuk-crest.svg)', 'none')
    .replaceAll(/\/\*# sourceMappingURL=.*?\*\//g, '');
}

/** The components' script, an ES module that exports `initAll`. */
export function readGovukScript(): string {
  return read('govuk-frontend.min.js').replaceAll(/\/\/# sourceMappingURL=.*/g, '');
}

/** The page template, for the hash of its one inline script. */
export function readGovukTemplate(): string {
  return read('template.njk');
}

function read(name: string): string {
  return readFileSync(join(govukRoot, 'govuk', name), 'utf8');
}
