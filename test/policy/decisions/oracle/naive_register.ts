/**
 * What is in force, worked out the slow way: from the signed JSON, by going through all of it again for every question.
 * It shares no code with the register: its own hashing, its own verification, no index, no cache.
 */
import { createHash, createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import canonicalize from 'canonicalize';

/** As the chain and the texts hold it: parsed and no more. */
export type Signed = { protected: string; signature: string };
export type SignedEvent = { event: Any; signatures: Signed[] };
// The oracle reads what was signed as it is written; types of the service would already be a reading.
// oxlint-disable-next-line typescript/no-explicit-any
type Any = any;

export type Chain = { federation: string; events: SignedEvent[]; texts: Map<string, Uint8Array> };

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('base64url');
const canonical = (value: unknown): Buffer => Buffer.from(canonicalize(value) ?? '', 'utf8');

const parsed = new WeakMap<Uint8Array>();
/** What a text says, parsed once. */
export function textOf({ texts }: Chain, hash: string): Any {
  const bytes = texts.get(hash)!;
  if (!parsed.has(bytes)) parsed.set(bytes, JSON.parse(Buffer.from(bytes).toString()));
  return parsed.get(bytes);
}
export const hashOfJson = (value: unknown): string => sha256(canonical(value));
const headerOf = (signature: Signed): Any => JSON.parse(Buffer.from(signature.protected, 'base64url').toString());

const known = ['typ', 'alg', 'kid', 'iat', 'agency', 'officer', 'capacity'];

const days = new Map<string, number>();

/** A day in the United Kingdom as a moment, asked of the time zone database hour by hour. */
export function beginning(day: string): number {
  const known = days.get(day);
  if (known !== undefined) return known;
  const midnight = Date.parse(`${day}T00:00:00Z`) / 1000;
  for (const moment of [midnight - 3600, midnight]) {
    const text = new Date(moment * 1000).toLocaleString('sv-SE', { timeZone: 'Europe/London' });
    if (text !== `${day} 00:00:00`) continue;
    days.set(day, moment);
    return moment;
  }
  throw new Error(day);
}
const dayAfter = (day: string): string => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);

/** The agency as the events before `position` left it: whether it belongs, its keys, its officers. */
export function agencyAt(chain: Chain, code: string, position: number): Any {
  let agency: Any;
  for (const { event } of chain.events) {
    const { sequence, type, data } = event;
    if (sequence >= position || data.agency !== code) continue;
    if (type === 'agency-admitted') {
      const keys = data.keys.map((entry: Any) => ({ ...entry, kid: hashOfJson(entry.jwk) }));
      agency = { code, kind: data.kind, since: sequence, ended: false, keys, officers: structuredClone(data.officers) };
    }
    if (agency === undefined) continue;
    if (type === 'agency-ended') agency.ended = true;
    if (type === 'key-revoked') for (const key of agency.keys) if (key.kid === data.kid) key.revoked = true;
    if (type === 'officer-ended')
      agency.officers = agency.officers.filter((one: Any) => one.practitioner !== data.practitioner);
  }
  return agency;
}

export const agenciesOf = ({ events }: Chain): string[] =>
  events.flatMap(({ event }) => (event.type === 'agency-admitted' ? [event.data.agency] : []));

function isCompromised({ events }: Chain, kid: string, position: number): boolean {
  return events.some(
    ({ event: { type, data } }) =>
      type === 'key-revoked' &&
      data.kid === kid &&
      data.compromised_from !== undefined &&
      position >= data.compromised_from,
  );
}

/** Whether a signature over these bytes, by an officer of that agency in that capacity, counts at that place in the chain. */
function counts(chain: Chain, signature: Signed, bytes: Uint8Array, place: Any, typ: string): boolean {
  let header: Any;
  try {
    header = headerOf(signature);
  } catch {
    return false;
  }
  const { agency: code, capacity, sequence, time } = place;
  if (Object.keys(header).some((name) => !known.includes(name))) return false;
  if (header.typ !== typ || header.agency !== code || header.capacity !== capacity) return false;
  if (header.iat < time - 7 * 86_400 || header.iat > time + 300) return false;
  const agency = agencyAt(chain, code, sequence);
  if (agency === undefined || agency.ended) return false;
  const key = agency.keys.find((one: Any) => one.kid === header.kid);
  if (key === undefined || key.use !== 'officer' || key.revoked || isCompromised(chain, header.kid, sequence))
    return false;
  const officer = agency.officers.find((one: Any) => one.practitioner === header.officer);
  if (officer?.kid !== header.kid || !officer.capacities.includes(capacity)) return false;
  const algorithm = key.jwk.kty === 'OKP' ? 'EdDSA' : 'ES256';
  if (header.alg !== algorithm) return false;
  const input = Buffer.from(`${signature.protected}.${Buffer.from(bytes).toString('base64url')}`);
  const publicKey = createPublicKey({ key: key.jwk as JsonWebKey, format: 'jwk' });
  const value = Buffer.from(signature.signature, 'base64url');
  return verify(algorithm === 'EdDSA' ? null : 'sha256', input, { key: publicKey, dsaEncoding: 'ieee-p1363' }, value);
}

const answers = new WeakMap<object, Map<string, unknown>>();

/** A chain that is whole never changes, so the same question about it is worked out once. That is all the cleverness here. */
function once<T>(chain: Chain, question: string, work: () => T): T {
  const known = answers.get(chain) ?? new Map<string, unknown>();
  answers.set(chain, known);
  if (!known.has(question)) known.set(question, work());
  return known.get(question) as T;
}

const isPast = (chain: Chain, hash: string, sequence: number, time: number): boolean => {
  const text = textOf(chain, hash);
  if (beginning(dayAfter(text.valid.until)) <= time) return true;
  return versionsOf(chain, text.id).some(
    (other) => textOf(chain, other).version > text.version && isComplete(chain, other, sequence),
  );
};

const versionsOf = (chain: Chain, id: string): string[] =>
  [...chain.texts.keys()].filter((hash) => textOf(chain, hash).id === id && signers(chain, hash, Infinity).length > 0);

const signers = (chain: Chain, hash: string, until: number): string[] =>
  chain.events
    .filter(({ event }) => event.type === 'protocol-signed' && event.data.protocol === hash && event.sequence < until)
    .map(({ event }) => event.data.agency);

function isGoodSignature(chain: Chain, { event }: SignedEvent): boolean {
  return once(chain, `signature ${event.sequence}`, () => {
    const { protocol, agency, signature } = event.data;
    const party = textOf(chain, protocol).parties.find((one: Any) => one.agency === agency);
    if (party === undefined || isPast(chain, protocol, event.sequence, event.time)) return false;
    const earlier = chain.events.filter((one) => one.event.sequence < event.sequence);
    if (earlier.some((one) => one.event.data.signature?.signature === signature.signature)) return false;
    const place = { agency, capacity: party.signs_as, sequence: event.sequence, time: event.time };
    return counts(chain, signature, chain.texts.get(protocol)!, place, 'wayleave-protocol+jws');
  });
}

/** How a party stands towards a text just before `position`: the last thing that it said and that counted. */
export function stanceOf(chain: Chain, hash: string, agency: string, position: number): string {
  return once(chain, `stance ${hash} ${agency} ${position}`, () => readStance(chain, hash, agency, position));
}

function readStance(chain: Chain, hash: string, agency: string, position: number): string {
  let stance = 'nothing';
  for (const signed of chain.events) {
    const { type, data, sequence } = signed.event;
    if (sequence >= position || data.agency !== agency) continue;
    // Whoever leaves the federation leaves what it signed; coming back brings nothing back.
    if (type === 'agency-ended') stance = stance === 'nothing' || stance === 'withdrawn' ? stance : 'gone';
    if (data.protocol !== hash) continue;
    if (type === 'protocol-signed' && isGoodSignature(chain, signed)) stance = 'signed';
    if (type === 'protocol-suspended' && stance === 'signed') stance = 'suspended';
    if (type === 'protocol-withdrawn' && (stance === 'signed' || stance === 'suspended')) stance = 'withdrawn';
    if (type === 'protocol-acceded' && isGoodAccession(chain, signed)) stance = 'signed';
  }
  return stance;
}

const parties = (chain: Chain, hash: string): Any[] => textOf(chain, hash).parties;

/** Whether every party had signed at some moment before `position`; one that withdrew meanwhile does not hold it up. */
function isComplete(chain: Chain, hash: string, position: number): boolean {
  const moments = chain.events.filter(
    (one) => one.event.type === 'protocol-signed' && one.event.data.protocol === hash && isGoodSignature(chain, one),
  );
  return moments.some(
    ({ event: { sequence } }) =>
      sequence < position &&
      parties(chain, hash).every(({ agency }) =>
        ['signed', 'suspended', 'withdrawn'].includes(stanceOf(chain, hash, agency, sequence + 1)),
      ),
  );
}

const hasBegun = (chain: Chain, hash: string, now: number): boolean =>
  isComplete(chain, hash, Infinity) && beginning(textOf(chain, hash).valid.from) <= now;

/** The framework above a text now: the one it names, or the latest version that has begun. */
function frameworkOf(chain: Chain, hash: string, now: number): string | undefined {
  const named = textOf(chain, hash).framework?.hash;
  if (named === undefined || !chain.texts.has(named)) return undefined;
  const { id, version } = textOf(chain, named);
  const later = versionsOf(chain, id)
    .filter((other) => textOf(chain, other).version > version && hasBegun(chain, other, now))
    .toSorted((one, other) => textOf(chain, other).version - textOf(chain, one).version);
  return later[0] ?? named;
}

/** Whether the agency has left a text, or the framework above it. */
export function hasLeft(chain: Chain, hash: string, agency: string, now: number): boolean {
  const framework = frameworkOf(chain, hash, now);
  return [hash, ...(framework === undefined ? [] : [framework])].some((one) =>
    ['withdrawn', 'gone'].includes(stanceOf(chain, one, agency, Infinity)),
  );
}

/** Whether a text is in force at `now`. */
export function isInForce(chain: Chain, hash: string, now: number): boolean {
  return once(chain, `in force ${hash} ${now}`, () => standsInForce(chain, hash, now));
}

function standsInForce(chain: Chain, hash: string, now: number): boolean {
  const text = textOf(chain, hash);
  const later = versionsOf(chain, text.id).filter((other) => textOf(chain, other).version > text.version);
  if (later.some((other) => hasBegun(chain, other, now))) return false;
  if (now < beginning(text.valid.from) || now >= beginning(dayAfter(text.valid.until))) return false;
  const staying = text.parties.filter(({ agency }: Any) => !hasLeft(chain, hash, agency, now));
  const left = text.parties.filter((one: Any) => !staying.includes(one));
  if (staying.length === 0 || left.some(({ essential }: Any) => essential)) return false;
  if (!staying.every(({ agency }: Any) => stanceOf(chain, hash, agency, Infinity) === 'signed')) return false;
  if (text.tier === 'framework') return true;
  const framework = frameworkOf(chain, hash, now);
  if (framework === undefined || !isInForce(chain, framework, now)) return false;
  return staying.every(({ agency }: Any) => parties(chain, framework).some((one) => one.agency === agency));
}

function isGoodAccession(chain: Chain, { event }: SignedEvent): boolean {
  return once(chain, `accession ${event.sequence}`, () => {
    const { accession, agency, protocol, signature, countersignature } = event.data;
    const text = textOf(chain, protocol);
    if (accession.protocol !== protocol || accession.party.agency !== agency) return false;
    if (isPast(chain, protocol, event.sequence, event.time)) return false;
    const framework = text.tier === 'framework' ? protocol : frameworkOf(chain, protocol, event.time);
    const { host, parties: members } = textOf(chain, framework);
    const countersigner = members.find((one: Any) => one.agency === host);
    if (countersigner === undefined) return false;
    const place = { sequence: event.sequence, time: event.time };
    const bytes = canonical(accession);
    return (
      counts(
        chain,
        signature,
        bytes,
        { ...place, agency, capacity: accession.party.signs_as },
        'wayleave-accession+jws',
      ) &&
      counts(
        chain,
        countersignature,
        bytes,
        { ...place, agency: host, capacity: countersigner.signs_as },
        'wayleave-countersignature+jws',
      )
    );
  });
}

/** Whether an agency that was no party from the start takes part in a text now: by accession, to it and to its framework. */
export function hasAcceded(chain: Chain, hash: string, agency: string, now: number): boolean {
  return once(chain, `acceded ${hash} ${agency} ${now}`, () => takesPart(chain, hash, agency, now));
}

function takesPart(chain: Chain, hash: string, agency: string, now: number): boolean {
  if (stanceOf(chain, hash, agency, Infinity) !== 'signed') return false;
  if (parties(chain, hash).some((one) => one.agency === agency)) return false;
  const framework = frameworkOf(chain, hash, now);
  if (framework === undefined) return true;
  const member = parties(chain, framework).some((one) => one.agency === agency);
  return member ? !hasLeft(chain, hash, agency, now) : hasAcceded(chain, framework, agency, now);
}
