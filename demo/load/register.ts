/** The signed register of the demo: definitions, agencies with their keys and officers, and protocols signed one by one. */
import { type Accession, accessionBytes } from '../../policy/register/protocols/accession.ts';
import type { Party } from '../../policy/register/protocols/document.ts';
import { protocolBytes } from '../../policy/register/protocols/read.ts';
import type { Head } from '../../policy/register/chain/chain.ts';
import type { Submission, Submitted } from '../../policy/register/ledger/append.ts';
import type { EventData, EventType } from '../../policy/register/events/table.ts';
import type { KeyEntry } from '../../policy/register/events/fields.ts';
import { type PrivateKey, types } from '../../policy/register/signatures/flattened.ts';
import { publicPart, thumbprint } from '../../policy/register/signatures/keys.ts';
import {
  type EventSigner,
  type OfficerSigner,
  proposeEvent,
  signAccession,
  signEvent,
  signProtocol,
} from '../../policy/register/events/sign.ts';
import { assets } from '../protocols/assets.ts';
import { frameworkHost } from '../protocols/framework.ts';
import { type SignedDocument, writeProtocols } from '../protocols/index.ts';
import { agencies, type DemoAgency } from '../region/agencies.ts';
import { kinds } from '../region/kinds.ts';
import { type DemoOfficer, officerOf, officersOf } from '../region/officers.ts';
import { roleDefinitions } from '../region/roles.ts';
import type { HeldKeys } from './held_keys.ts';
import { keepKey, keyName } from './keys.ts';

type Federation = { name: string; rootKey: PrivateKey; dataDir: string; now: number; held: HeldKeys };
type Officer = Omit<DemoOfficer, 'signsAs'> & { key: PrivateKey };
/** `officer` is the one of its `officers` who signs. */
type Member = {
  agency: DemoAgency;
  administration: PrivateKey;
  officer: OfficerSigner;
  officers: Officer[];
  held: KeyEntry[];
};

/** Everything that the register is to hold, in order, each event to be signed when its turn comes. */
export async function composeRegister(federation: Federation): Promise<Submitted[]> {
  const members = new Map<string, Member>();
  for (const agency of agencies) members.set(agency.code, await enrol(agency, federation));
  const root: EventSigner = { key: federation.rootKey };
  const definitions = [...kinds, ...roleDefinitions, ...assets].map((definition) =>
    event(federation, 'definition-published', { definition }, root),
  );
  const admissions = [...members.values()].map((member) =>
    event(federation, 'agency-admitted', admission(member), root),
  );
  const setting = { federation: federation.name, today: dayOf(federation.now) };
  const signatures = writeProtocols(setting).flatMap((one) => signatureEvents(federation, one, members));
  return [...definitions, ...admissions, ...signatures];
}

async function enrol(agency: DemoAgency, { dataDir, held }: Federation): Promise<Member> {
  const { code } = agency;
  const { practitioner, signsAs } = officerOf(code);
  const officers: Officer[] = [];
  for (const one of officersOf(code)) {
    officers.push({ ...one, key: await keepKey(dataDir, keyName(code, one.practitioner)) });
  }
  const { key } = officers.find((one) => one.practitioner === practitioner)!;
  return {
    agency,
    administration: await keepKey(dataDir, keyName(code)),
    officer: { agency: code, officer: practitioner, capacity: signsAs, key },
    officers,
    held: held.get(code) ?? [],
  };
}

function admission({ agency, administration, officers, held }: Member): EventData<'agency-admitted'> {
  const entries: KeyEntry[] = officers.map(({ key }) => ({ jwk: publicPart(key), use: 'officer' }));
  return {
    agency: agency.code,
    name: agency.name,
    kind: agency.kind,
    keys: [{ jwk: publicPart(administration), use: 'administration' }, ...entries, ...held],
    officers: officers.map(({ practitioner, name, capacities, key }) => ({
      practitioner,
      name,
      capacities,
      kid: thumbprint(publicPart(key)),
    })),
  };
}

function signatureEvents(federation: Federation, signed: SignedDocument, members: Map<string, Member>): Submitted[] {
  const text = protocolBytes(signed.document);
  const given = signed.signatories.map((agency) => async (): Promise<Submission> => {
    const { officer } = members.get(agency)!;
    const signature = await signProtocol({ ...officer, document: text, time: federation.now });
    return { text, agency, signature };
  });
  const joined = (signed.joined ?? []).map((party) => accession(federation, signed, party, members));
  if (signed.suspended === undefined) return [...given, ...joined];
  const { agency, reason } = signed.suspended;
  const { id, version } = signed.document;
  const data = { protocol: signed.hash, id, version, agency, reason };
  return [...given, event(federation, 'protocol-suspended', data, members.get(agency)!.officer)];
}

/** The agency's officer accedes, and the framework's host countersigns. */
function accession(
  { name, now }: Federation,
  { hash, document: { id, version } }: SignedDocument,
  party: Party,
  members: Map<string, Member>,
): Submitted {
  const joining: Accession = { type: 'wayleave-accession', federation: name, protocol: hash, id, version, party };
  const by = (agency: string, type: typeof types.accession | typeof types.countersignature) =>
    signAccession({ ...members.get(agency)!.officer, accession: joining, type, time: now });
  return async (): Promise<Submission> => ({
    accession: accessionBytes(joining),
    signature: await by(party.agency, types.accession),
    countersignature: await by(frameworkHost, types.countersignature),
  });
}

function event<Type extends EventType>(
  { name, now }: Federation,
  type: Type,
  data: EventData<Type>,
  signer: EventSigner,
): Submitted {
  return async (head: Head) => {
    const proposed = proposeEvent(head, { federation: name, type, data, time: now });
    return { event: proposed, signature: await signEvent(proposed, signer) };
  };
}

/** The calendar day in UK time. */
function dayOf(now: number): string {
  return new Date(now * 1000).toLocaleDateString('en-CA', { timeZone: 'Europe/London' });
}
