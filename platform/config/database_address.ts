/** How the address of a database is read: as libpq and the driver both would, so that neither reads it in a way of its own. */
import { isIPv6 } from 'node:net';
import { parseAddress, settleHost, withoutEncoding, type Wrong } from './addresses.ts';

/** `postgres://user:password@host:5432/name`, to which what libpq also takes as a parameter is moved. */
export function readDatabase(text: string): string | Wrong {
  const url = parseAddress(withHost(text), /^postgres(ql)?:\/\//i);
  const port = url?.searchParams.get('port') ?? '1';
  if (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65_535) return { wrong: 'must have a port of 1 to 65535' };
  if (url !== undefined) moveIntoPlace(url);
  if (url?.hostname.includes(',')) {
    return { wrong: 'must name one host, not several: a name that always leads to the server in charge' };
  }
  const usable = url !== undefined && url.hash === '' && /^\/[^/@]+\/?$/.test(url.pathname);
  if (!usable || url.hostname === NO_HOST || !settleHost(url)) {
    return {
      wrong:
        'must look like postgres://user:password@host:5432/name, ' +
        `or postgres://user:password@/name?host=/run/postgresql for a socket. ${withoutEncoding}`,
    };
  }
  url.pathname = url.pathname.replace(/\/$/, '');
  return settleTls(url) ?? url.href;
}

const NO_HOST = 'host.missing.invalid';

/** An address without a host is none to the parser: it gets one, which its parameter `host` replaces. */
function withHost(text: string): string {
  const [, scheme = '', authority = '', rest = ''] = /^([a-z]+:\/\/)([^/?#]*)(.*)$/is.exec(text.trim()) ?? [];
  const at = authority.lastIndexOf('@') + 1;
  const host = authority.slice(at);
  if (host !== '' && !host.startsWith(':')) return text;
  return `${scheme}${authority.slice(0, at)}${NO_HOST}${host}${rest}`;
}

/** libpq takes these as parameters too. The driver lets them win, even over the user whom the service sets itself. */
function moveIntoPlace(url: URL): void {
  const places = {
    // What is no host the parser passes over without a word, and would go to the one before it.
    host: (host: string) => {
      url.hostname = NO_HOST;
      url.hostname = host.startsWith('/') ? encodeURIComponent(host) : isIPv6(host) ? `[${host}]` : host;
    },
    port: (port: string) => (url.port = port),
    user: (user: string) => (url.username = user),
    password: (password: string) => (url.password = password),
    dbname: (name: string) => (url.pathname = `/${encodeURIComponent(name)}`),
  };
  for (const [name, put] of Object.entries(places)) {
    const value = url.searchParams.get(name) ?? '';
    url.searchParams.delete(name);
    if (value !== '') put(value);
  }
}

const modes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];

/**
 * Says by name what the driver does: whoever asks for TLS gets a server whose certificate is checked. `verify-ca` with a
 * certificate of one's own leaves the host name unchecked, as in libpq.
 */
function settleTls({ hostname, searchParams: given }: URL): Wrong | undefined {
  if (/^%2f/i.test(hostname)) {
    // Nothing on a socket crosses a network; libpq leaves TLS out there as well.
    for (const name of ['ssl', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey']) given.delete(name);
  }
  if (given.get('sslrootcert') === 'system') {
    given.delete('sslrootcert');
    given.set('sslmode', 'verify-full');
  }
  const mode = given.get('sslmode');
  if (mode === null) return undefined;
  if (!modes.includes(mode)) return { wrong: 'must have an sslmode of disable, require, verify-ca or verify-full' };
  if (mode === 'verify-ca' && given.has('sslrootcert')) {
    given.set('uselibpqcompat', 'true');
    return undefined;
  }
  // Who asks the driver for libpq's own meaning of `require` gets it; `verify-ca` means nothing without a certificate.
  const asWritten = given.has('uselibpqcompat') && mode !== 'verify-ca';
  if (!asWritten && !['disable', 'no-verify'].includes(mode)) given.set('sslmode', 'verify-full');
  return undefined;
}
