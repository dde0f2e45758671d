/**
 * How addresses in the configuration are read: what can be meant is brought into one way of writing, and the rest refused in
 * words that never quote it, for there may be a password inside.
 */
import { domainToASCII } from 'node:url';

/** What is wrong with an address, and what to write instead; follows the name of the variable. */
export type Wrong = { wrong: string };

/** For the commonest reason why an address with a password cannot be read. */
export const withoutEncoding =
  'In a user name or password, / is written %2F, ? is written %3F, # is written %23 and % is written %25.';

/** Scheme and host, as browsers write them: lower case, Punycode, no default port, no slash at the end. */
export function readBaseUrl(text: string): string | Wrong {
  if (!/^\s*https?:\/\//i.test(text) || !URL.canParse(text)) {
    return { wrong: 'must be https:// and a host name, such as https://wayleave.example' };
  }
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    return { wrong: 'must have no user name and no password: only https:// and a host name' };
  }
  if (url.search !== '' || url.hash !== '') return { wrong: 'must end with the host name: leave out what follows it' };
  if (/[^/]/.test(url.pathname)) {
    return {
      wrong:
        'must be a scheme and a host only, without a path, for every link in the pages begins at the top of its host. ' +
        'Give the service a host name of its own, such as https://wayleave.example, and the proxy a line for it: ' +
        'server_name wayleave.example; location / { proxy_pass http://127.0.0.1:4000; }',
    };
  }
  return url.origin;
}

/** `smtp://` or `smtps://`, with host, and port, user and password where they are given. */
export function readMailServer(text: string): string | Wrong {
  const url = parseAddress(text, /^smtps?:\/\//i);
  if (url === undefined) return { wrong: `must look like smtps://user:password@host:465. ${withoutEncoding}` };
  if (/[^/]/.test(url.pathname) || url.search !== '' || url.hash !== '') {
    return { wrong: `must end with the host and its port: nothing behind them is read. ${withoutEncoding}` };
  }
  url.pathname = '';
  return url.href;
}

/** A host name in ASCII letters: what others than browsers look up. Anything else than a name with such letters stays. */
export function inAscii(host: string): string {
  return /[^\0-\x7F]/.test(host) ? domainToASCII(host) : host;
}

/** The address where it begins with that scheme, has a host, and a user and password that can be decoded. */
export function parseAddress(text: string, scheme: RegExp): URL | undefined {
  // A % that encodes nothing was meant as itself.
  const whole = text.trim().replaceAll(/%(?![0-9a-f]{2})/gi, '%25');
  if (!scheme.test(whole) || !URL.canParse(whole)) return undefined;
  const url = new URL(whole);
  const [user, password] = [decode(url.username), decode(url.password)];
  return user === undefined || password === undefined || !settleHost(url) ? undefined : url;
}

/** Writes the host in lower case and ASCII; false where there is none. A folder of sockets stays as it is. */
export function settleHost(url: URL): boolean {
  const host = decode(url.hostname) ?? '';
  if (host.startsWith('/') || host.includes(',')) return true;
  const settled = domainToASCII(host);
  if (settled !== '') url.hostname = settled;
  return settled !== '';
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
