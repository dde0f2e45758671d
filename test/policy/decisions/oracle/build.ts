/** A random register for real: signed events in a sealed chain, each of which the register itself would have taken, and forgeries besides. */
import { PolicyError } from '../../../../policy/errors.ts';
import { type Accession, accessionBytes } from '../../../../policy/register/protocols/accession.ts';
import { prohibits, protocolBytes, readProtocol } from '../../../../policy/register/protocols/read.ts';
import { applyLink } from '../../../../policy/register/ledger/apply.ts';
import { linkBody, sealLink } from '../../../../policy/register/chain/chain.ts';
import { derive } from '../../../../policy/register/ledger/derive.ts';
import {
  type EventData,
  type EventType,
  kindOf,
  type RegisterEvent,
} from '../../../../policy/register/events/table.ts';
import type { Text } from '../../../../policy/register/protocols/read.ts';
import { types } from '../../../../policy/register/signatures/flattened.ts';
import { generateKey } from '../../../../policy/register/signatures/generate.ts';
import { publicPart, thumbprint } from '../../../../policy/register/signatures/keys.ts';
import { type EventSigner, proposeEvent, signEvent } from '../../../../policy/register/events/sign.ts';
import type { Chain } from './naive_register.ts';
import {
  type AgencyName,
  agencies,
  type Mischief,
  type RegisterPlan,
  type SignatureKind,
  type TextPlan,
} from './plan.ts';
import { signatureOf } from './sign.ts';
import { beside, changed, original, type Site, writeText } from './write_text.ts';
import {
  admissionOf,
  aFederation,
  type Federation,
  type TestAgency,
  testNow,
} from '../../../support/policy/federation.ts';
import { aParty, federationName, type ProtocolInput } from '../../../support/policy/documents.ts';

/** `now`: the moment at which everything is asked, epoch seconds. */
export type Built = { chain: Chain; federation: Federation; now: number; members: Record<AgencyName, TestAgency> };

export async function buildRegister(plan: RegisterPlan): Promise<Built> {
  const federation = await aFederation();
  const joining = (code: string, name: string, kind: string): TestAgency => {
    const officer = { agency: code, officer: `officer-of-${name}`, capacity: 'director' as const, key: generateKey() };
    return { code, name, kind, signsAs: 'director', administration: generateKey(), officer };
  };
  const { council, health, police } = federation.agencies;
  const members: Record<AgencyName, TestAgency> = {
    council,
    health,
    police,
    second: joining('E08000021', 'second', 'council'),
    school: joining('URN:1', 'school', 'school'),
  };
  for (const definition of beside) await federation.append('definition-published', { definition });
  for (const name of ['second', 'school'] as const)
    await federation.append('agency-admitted', admissionOf(members[name]));
  const derivation = await derive(federation.source, federation.trust);
  const site: Site = { federation, members, derivation, texts: [], current: original };
  await agree(site, { ...plan.framework, id: 'framework' });
  for (const text of plan.texts) await agree(site, text);
  const events = federation.links.map(
    ({ body }) => JSON.parse(Buffer.from(body).toString()) as Chain['events'][number],
  );
  const chain = { federation: federationName, events, texts: federation.texts };
  return { chain, federation, now: testNow + plan.days * 86_400, members };
}

/** One text is written and signed by its parties, each in its way; then something happens. */
async function agree(site: Site, plan: TextPlan): Promise<void> {
  const document = writeText(site, plan);
  if (document !== undefined) {
    site.texts.push(document);
    for (const [index, name] of agencies.entries()) {
      const party = document.parties.some(({ agency }) => agency === site.members[name].code);
      if (party) await sign(site, document, site.members[name], plan.signatures[index]!);
    }
  }
  for (const one of plan.after) await cause(site, one);
}
const textOfDocument = (document: ProtocolInput): Text => {
  const bytes = protocolBytes(document);
  return { ...readProtocol(bytes), bytes };
};

async function sign(site: Site, document: ProtocolInput, agency: TestAgency, kind: SignatureKind): Promise<void> {
  if (kind === 'missing') return;
  const text = textOfDocument(document);
  const signature = await signatureOf(site, agency, text.bytes!, types.protocol, kind);
  const { hash, document: read } = text;
  const data = {
    protocol: hash,
    id: read.id,
    version: read.version,
    agency: agency.code,
    prohibits: prohibits(read),
    signature,
  };
  const before = site.federation.texts.has(hash);
  site.federation.texts.set(hash, text.bytes!);
  const taken = await add(site, 'protocol-signed', data, undefined, text, kind !== 'good');
  if (!taken && !before) site.federation.texts.delete(hash);
}

async function cause(site: Site, plan: Mischief): Promise<void> {
  const agency = site.members[plan.agency];
  const document = site.texts[plan.text % Math.max(1, site.texts.length)];
  const kid = thumbprint(publicPart(agency.officer.key));
  const by = { agency: agency.code, key: agency.administration };
  // What is about a text comes after.
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check
  switch (plan.deed) {
    case 'end-agency':
      return void (await add(site, 'agency-ended', { agency: agency.code, reason: 'It left.' }));
    case 'end-officer':
      return void (await add(site, 'officer-ended', { agency: agency.code, practitioner: agency.officer.officer }, by));
    case 'revoke-key':
      return void (await add(site, 'key-revoked', { agency: agency.code, kid, reason: 'Lost.' }, by));
    case 'compromise': {
      const from = Math.max(1, site.derivation.head.sequence - (plan.text % 12));
      await add(site, 'key-revoked', { agency: agency.code, kid, reason: 'Stolen.', compromised_from: from });
      site.derivation = await derive(site.federation.source, site.federation.trust);
      return;
    }
    case 'publish': {
      const next = site.current === changed ? undefined : changed;
      if (next !== undefined && (await add(site, 'definition-published', { definition: next }))) site.current = next;
      return;
    }
  }
  if (document === undefined) return;
  if (plan.deed === 'sign-again') return sign(site, document, agency, 'good');
  const { hash, document: read } = textOfDocument(document);
  const name = { protocol: hash, id: read.id, version: read.version, agency: agency.code };
  if (plan.deed === 'suspend') await add(site, 'protocol-suspended', { ...name, reason: 'A worry.' }, agency.officer);
  else if (plan.deed === 'withdraw')
    await add(site, 'protocol-withdrawn', { ...name, reason: 'It ends.' }, agency.officer);
  else if (plan.deed === 'accede') await accede(site, plan, document, agency);
}

async function accede(
  site: Site,
  plan: Extract<Mischief, { deed: 'accede' }>,
  document: ProtocolInput,
  agency: TestAgency,
): Promise<void> {
  const { hash, document: read, bytes } = textOfDocument(document);
  const frameworks = site.texts.filter(({ id }) => id === 'framework');
  const framework = read.tier === 'framework' ? document : frameworks.at(-1)!;
  const host = Object.values(site.members).find(({ code }) => code === framework.host)!;
  const accession: Accession = {
    type: 'wayleave-accession',
    federation: federationName,
    protocol: hash,
    id: read.id,
    version: read.version,
    party: aParty(agency),
  };
  // An accession to what nobody signed breaks the chain, and with it everything: there is nothing to compare.
  if (plan.by === 'missing' || plan.countersigned === 'missing' || !site.derivation.protocols.has(hash)) return;
  const over = accessionBytes(accession);
  const signature = await signatureOf(site, agency, over, types.accession, plan.by);
  const countersignature = await signatureOf(site, host, over, types.countersignature, plan.countersigned);
  const data = {
    protocol: hash,
    id: read.id,
    version: read.version,
    agency: agency.code,
    accession,
    signature,
    countersignature,
  };
  const good = plan.by === 'good' && plan.countersigned === 'good';
  await add(site, 'protocol-acceded', data, undefined, { hash, document: read, bytes }, !good);
}

/** Adds an event if the register would take it; `anyway`: as somebody would who holds the seal's key and the database. */
async function add<Type extends EventType>(
  site: Site,
  type: Type,
  data: EventData<Type>,
  by: EventSigner = { key: site.federation.root },
  text?: Text,
  anyway = false,
): Promise<boolean> {
  const { federation, derivation } = site;
  const event: RegisterEvent = proposeEvent(federation.head(), {
    federation: federationName,
    type,
    data,
    time: testNow,
  });
  const signatures = text === undefined ? [await signEvent(event, by)] : [];
  const { body, hash } = linkBody(event, signatures);
  const link = { event, signatures, hash, proved: false };
  if (!anyway) {
    try {
      await kindOf(event).verify(derivation, link, text);
    } catch (error) {
      if (error instanceof PolicyError) return false;
      throw error;
    }
  }
  federation.links.push({
    sequence: event.sequence,
    body,
    hash,
    seal: await sealLink(event, hash, federation.seal, testNow),
  });
  await applyLink(derivation, link, new Map(text === undefined ? [] : [[text.hash, text]]));
  return true;
}
