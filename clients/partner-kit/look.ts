/** Looking for values in everything that came back: addresses, headers, bodies with their comments and data. */
import type { Visit } from './visit.ts';

/** The values that appear anywhere, plainly or in the encodings that pages use. */
export function findValues(visit: Visit, values: readonly string[]): string[] {
  const places = visit.pages.flatMap(({ url, headers, text }) => [url, headers, text]).flatMap(decodings);
  const squeezed = places.map(squeeze);
  return values.filter((value) => squeezed.some((place) => place.includes(squeeze(value))));
}

const squeeze = (text: string): string => text.replaceAll(/\s+/g, ' ');

/** The text as it stands, and with HTML's, JSON's and addresses' escapes undone. */
function decodings(text: string): string[] {
  const json = text.replaceAll(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return [text, unescapeHtml(text), json.replaceAll('\\"', '"').replaceAll('\\/', '/'), unescapeAddress(text)];
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', rsquo: '’' };

function unescapeHtml(text: string): string {
  return text
    .replaceAll(/&#x([0-9a-f]+);/gi, (_, hex: string) => String.fromCodePoint(Math.min(parseInt(hex, 16), 0x10ffff)))
    .replaceAll(/&#(\d+);/g, (_, digits: string) => String.fromCodePoint(Math.min(Number(digits), 0x10ffff)))
    .replaceAll(/&([a-z]+);/g, (whole, name: string) => entities[name] ?? whole);
}

function unescapeAddress(text: string): string {
  return text.replaceAll('+', ' ').replaceAll(/(?:%[0-9a-f]{2})+/gi, (bytes) => {
    return Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8');
  });
}
