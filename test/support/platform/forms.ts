/** Filling in a page's form as a browser without JavaScript does: everything that stands in it is sent, changed or not. */
import type { Answer, Browser } from '../idp/idp.ts';

export type Filled = Record<string, string | string[]>;

/** What the form whose action ends so would send as it stands, but for its buttons. */
export function formOf(page: Answer, action: string): { target: string; values: URLSearchParams } {
  const forms = [...page.text.matchAll(/<form[^>]*action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g)];
  const found = forms.find(([, target]) => target?.endsWith(action));
  if (found === undefined)
    throw new Error(`no form to ${action} on ${page.url} (${page.status}): ${page.text.slice(0, 1500)}`);
  const [, target = '', inside = ''] = found;
  const values = new URLSearchParams();
  for (const [tag, inner] of boxesIn(inside)) readBox(tag, inner, values);
  return { target: new URL(unescape(target), page.url).href, values };
}

/** Changes what is named, and sends all of it. `do`: the value of the button that is pressed. */
export function sendForm(browser: Browser, page: Answer, action: string, changes: Filled = {}): Promise<Answer> {
  const { target, values } = formOf(page, action);
  for (const [name, value] of Object.entries(changes)) {
    values.delete(name);
    for (const one of [value].flat()) values.append(name, one);
  }
  return browser.open(target, values);
}

function boxesIn(html: string): [tag: string, inner: string][] {
  const boxes = html.matchAll(
    /<textarea([^>]*)>([\s\S]*?)<\/textarea>|<select([^>]*)>([\s\S]*?)<\/select>|<input([^>]*)>/g,
  );
  return [...boxes].map(([, area, text, select, options, input]) => {
    if (area !== undefined) return [`textarea ${area}`, text ?? ''];
    return select !== undefined ? [`select ${select}`, options ?? ''] : [`input ${input}`, ''];
  });
}

function readBox(tag: string, inner: string, values: URLSearchParams): void {
  const name = attribute(tag, 'name');
  if (name === undefined) return;
  if (tag.startsWith('textarea')) values.append(name, unescape(inner));
  else if (tag.startsWith('select')) values.append(name, chosen(inner));
  else if (!/type="(checkbox|radio|file)"/.test(tag)) values.append(name, attribute(tag, 'value') ?? '');
  else if (/\schecked/.test(tag)) values.append(name, attribute(tag, 'value') ?? 'on');
}

function chosen(options: string): string {
  const all = [...options.matchAll(/<option([^>]*)>/g)].map(([, inside]) => inside ?? '');
  return attribute(all.find((one) => /\sselected/.test(one)) ?? all[0] ?? '', 'value') ?? '';
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return value === undefined ? undefined : unescape(value);
}

export function unescape(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#96;', '`')
    .replaceAll('&#92;', '\\')
    .replaceAll('&amp;', '&');
}

/** What a page says is wrong, and where: the error summary. */
export function mistakesOn({ text }: Answer): { text: string; href: string }[] {
  const list = /<ul class="govuk-list govuk-error-summary__list">([\s\S]*?)<\/ul>/.exec(text)?.[1] ?? '';
  return [...list.matchAll(/<a href="([^"]*)">([\s\S]*?)<\/a>/g)].map(([, href, words]) => ({
    text: unescape((words ?? '').trim()),
    href: unescape(href ?? ''),
  }));
}
