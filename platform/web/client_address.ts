/** Where a request comes from: the one place that reads an address, whoever wrote it down. */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Asked = { headers: IncomingMessage['headers']; socket: { remoteAddress?: string | undefined } };

/** Shared by all whose address nobody can read, so that nonsense is no way round a limit. */
const UNKNOWN = 'unknown';

/** Where the IPv4 address stands in an IPv6 one that is made of it, for translators (RFC 6052, 6145) and 6to4, in bytes. */
const embeddedAt: Record<string, number> = { rfc6052: 12, rfc6145: 12, '6to4': 2 };

/**
 * The caller's address, as limits count it: IPv4 whole (`203.0.113.8`), IPv6 by its network (`2001:db8:0:1::/64`), since
 * whoever has one address of a network can take all of them.
 *
 * `proxies` is how many of our own stand in front: each adds the address that it was asked from to the right of
 * `X-Forwarded-For`, and what stands further left anybody can invent. With none, the header is not read. `Forwarded`
 * (RFC 7239) never is: of two headers that say different things, one is a way round.
 */
export function clientAddress({ headers, socket }: Asked, proxies: number): string {
  const forwarded = proxies === 0 ? [] : [headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  const hops = [...forwarded, socket.remoteAddress ?? ''].slice(-1 - proxies).map(readAddress);
  // Whoever wrote nonsense counts as the nearest hop on our side of it that can be read.
  return networkOf(hops.find((address) => address !== undefined));
}

/** Whether a connection's own address (`socket.remoteAddress`) is of this very machine. */
export function isThisMachine(address: string | undefined): boolean {
  return readAddress(address ?? '')?.range() === 'loopback';
}

/** An address as proxies write it: bare, with a port, in brackets, in quotes, with a zone; undefined for anything else. */
function readAddress(text: string): Address | undefined {
  const entry = text.trim().replace(/^"(.*)"$/, '$1');
  const bare = /^\[(.*)\](?::\d+)?$/.exec(entry)?.[1] ?? /^([\d.]+):\d+$/.exec(entry)?.[1] ?? entry;
  if (isIP(bare) === 0) return undefined;
  const address = ipaddr.process(bare);
  const at = address.kind() === 'ipv6' ? embeddedAt[address.range()] : undefined;
  return at === undefined ? address : ipaddr.fromByteArray(address.toByteArray().slice(at, at + 4));
}

function networkOf(address: Address | undefined): string {
  if (address === undefined) return UNKNOWN;
  if (address.kind() === 'ipv4') return address.toString();
  const network = address.toByteArray().fill(0, 8);
  return `${ipaddr.fromByteArray(network).toString()}/64`;
}
