/** Accessions on their way: signed by the agency that joins, kept until an officer of the framework's host countersigns. */
import type { ActingPerson } from '../../../directory/actor.ts';
import { sql } from '../../../platform/database/sql.ts';
import { read } from '../../../platform/database/transaction.ts';
import { type Change, change } from '../../../platform/log/change.ts';
import { isUuid, uuidv7 } from '../../../platform/uuid.ts';
import { PolicyError } from '../../errors.ts';
import { type Accession, readAccession } from '../../register/protocols/accession.ts';
import { appendEvent } from '../../register/ledger/append.ts';
import { holdRegister } from '../../register/ledger/hold.ts';
import type { RegisterState } from '../../register/chain/state.ts';
import { type Signature, types } from '../../register/signatures/flattened.ts';
import type { PublicKey } from '../../register/signatures/keys.ts';
import { verifyOfficerSignature } from '../../register/signatures/officer.ts';
import { readHeader } from '../../register/signatures/flattened.ts';
import { checkJoining, checkJoiningParty } from './check_joining.ts';
import { findMeans, type KeyContext, stateOf } from './context.ts';
import { tellOfficers } from './tell_officers.ts';

type OfferState = 'waiting' | 'countersigned' | 'refused' | 'taken-back';

/** Times are epoch seconds. */
export type Offer = {
  id: string;
  /** The agency that joins. */
  agency: string;
  host: string;
  state: OfferState;
  offeredBy: string;
  offeredAt: number;
  accession: Accession;
  bytes: Uint8Array;
  signature: Signature;
};

/** The host of the framework that the text stands under, or is. */
export function findHost(state: RegisterState, hash: string): string | undefined {
  const protocol = state.protocols.get(hash);
  if (protocol === undefined) return undefined;
  const framework = protocol.document.tier === 'framework' ? protocol : state.protocols.get(protocol.framework ?? '');
  return framework?.document.host;
}

/** Keeps an accession that an officer of the agency signed, after verifying it. Throws what the register would. */
export async function offerAccession(
  context: KeyContext,
  actor: ActingPerson,
  bytes: Uint8Array,
  signature: Signature,
): Promise<string> {
  const accession = readAccession(bytes);
  const { agency, practitioner } = actor;
  const host = checkOffer(stateOf(context), actor, accession);
  const now = context.clock();
  const id = uuidv7(now);
  const tell = await tellOfficers(context, host, 'waiting', id);
  return holdRegister(context, context.register, { agency }, async (tx) => {
    const state = stateOf(context);
    checkOffer(state, actor, accession); // it may have joined, and the officer may have gone, since the first look
    await verifyAccession(state, agency, accession, bytes, signature);
    const kept = await tx.query(sql`
      insert into accession_offer (id, agency, host, protocol, accession, signature, offered_by, offered_at, state)
      values (${id}, ${agency}, ${host}, ${accession.protocol}, ${Buffer.from(bytes)}, ${JSON.stringify(signature)},
              ${practitioner}, to_timestamp(${now}::float8), 'waiting')
      on conflict do nothing returning 1`);
    if (kept.length === 0) throw waitsAlready();
    recordOffer(tx, actor, 'accession.offered', { id, agency, host, accession });
    await tell(tx);
    return id;
  });
}

/** Returns the host that is to countersign. */
function checkOffer(state: RegisterState, { agency }: ActingPerson, { party, protocol: hash }: Accession): string {
  if (party.agency !== agency) {
    throw new PolicyError('forbidden', 'wrong-agency', 'This accession is of another agency than yours.');
  }
  const protocol = state.protocols.get(hash);
  if (protocol !== undefined) checkJoining(state, protocol, agency);
  checkJoiningParty(state, party);
  const host = findHost(state, hash);
  if (host !== undefined) return host;
  throw new PolicyError('conflict', 'no-host', 'The framework names no host, so nobody can countersign an accession.');
}

/** Accessions that this agency offered or is to countersign, the latest first. */
export function listOffers({ db }: Pick<KeyContext, 'db'>, agency: string): Promise<Offer[]> {
  return read(db, { agency }, async (tx) =>
    (await tx.query<Row>(sql`select ${columns} from accession_offer order by offered_at desc`)).map(toOffer),
  );
}

/** Accessions that wait for the agency to countersign, with the name of who asks, the latest first. */
export function listWaitingOffers(
  { db }: Pick<KeyContext, 'db'>,
  host: string,
): Promise<{ id: string; party: string }[]> {
  return read(db, { agency: host }, (tx) =>
    tx.query<{ id: string; party: string }>(sql`
      select id, convert_from(accession, 'UTF8')::json #>> '{party,name}' as party
      from accession_offer where host = ${host} and state = 'waiting' order by offered_at desc`),
  );
}

/** One of them; `unknown-accession` where there is none that this agency may see. */
export async function getOffer({ db }: Pick<KeyContext, 'db'>, agency: string, id: string): Promise<Offer> {
  const [row] = isUuid(id)
    ? await read(db, { agency }, (tx) => tx.query<Row>(sql`select ${columns} from accession_offer where id = ${id}`))
    : [];
  if (row === undefined) {
    throw new PolicyError(
      'not-found',
      'unknown-accession',
      'There is no such accession, or it is not for your agency.',
    );
  }
  return toOffer(row);
}

/** The host lets the agency in: both signatures go to the register, which verifies them. */
export async function countersignOffer(
  context: KeyContext,
  actor: ActingPerson,
  id: string,
  countersignature: Signature,
): Promise<void> {
  const offer = await getOffer(context, actor.agency, id);
  if (offer.host !== actor.agency) throw hostOnly();
  if (offer.state !== 'waiting') throw settledBefore();
  const { bytes: accession, signature } = offer;
  const within = await settling(context, actor, offer, 'countersigned');
  const scope = { agency: actor.agency };
  await appendEvent(
    context,
    context.register,
    { ...actor },
    { accession, signature, countersignature },
    { within, scope },
  );
}

/** An officer of the host does not let the agency in, or one of the agency thinks better of it. */
export async function refuseOffer(context: KeyContext, actor: ActingPerson, id: string): Promise<void> {
  const offer = await getOffer(context, actor.agency, id);
  if (findMeans(stateOf(context), actor) === undefined) throw officersOnly();
  if (offer.state !== 'waiting') throw settledBefore();
  const settle = await settling(context, actor, offer, offer.agency === actor.agency ? 'taken-back' : 'refused');
  await change(context.log, { agency: actor.agency }, settle);
}

/** Settles it in the transaction that decides; whoever comes second is refused. */
async function settling(
  context: KeyContext,
  actor: ActingPerson,
  offer: Offer,
  state: Exclude<OfferState, 'waiting'>,
): Promise<(tx: Change) => Promise<void>> {
  const tell = state === 'taken-back' ? undefined : await tellOfficers(context, offer.agency, state, offer.id);
  return async (tx) => {
    const changed = await tx.query(sql`
      update accession_offer set state = ${state}, settled_by = ${actor.practitioner},
                                 settled_at = to_timestamp(${context.clock()}::float8)
      where id = ${offer.id} and state = 'waiting' returning 1`);
    if (changed.length === 0) throw settledBefore();
    recordOffer(tx, actor, `accession.${state}`, offer);
    await tell?.(tx);
  };
}

function recordOffer(
  tx: Change,
  actor: ActingPerson,
  event: string,
  { id, agency, host, accession }: Pick<Offer, 'id' | 'agency' | 'host' | 'accession'>,
): void {
  const { protocol, version } = accession;
  tx.record({
    event,
    actor: { ...actor },
    agencies: [...new Set([agency, host])],
    subject: protocol,
    content: { accession: id, protocol, id: accession.id, version, agency, host },
  });
}

async function verifyAccession(
  state: RegisterState,
  agency: string,
  { party }: Accession,
  bytes: Uint8Array,
  signature: Signature,
): Promise<void> {
  const { officer: practitioner = '', capacity, kid } = readHeader(signature);
  const means = findMeans(state, { agency, practitioner });
  if (means?.key.kid !== kid || capacity === undefined || !means.officer.capacities.includes(capacity)) {
    throw new PolicyError('forbidden', 'unknown-officer', 'The signature is not by a current officer of your agency.');
  }
  if (capacity !== party.signs_as) {
    throw new PolicyError('forbidden', 'capacity-missing', `It must be signed as ${party.signs_as}.`);
  }
  const { key, officer } = means;
  const known = { jwk: key.jwk as PublicKey, held: key.held, passkey: officer.passkey };
  await verifyOfficerSignature(signature, bytes, known, types.accession);
}

type Row = Omit<Offer, 'accession' | 'signature' | 'bytes'> & { bytes: Buffer; signature: string };

const columns = sql`id, agency, host, state, offered_by as "offeredBy", accession as bytes, signature,
  extract(epoch from offered_at)::float8 as "offeredAt"`;

function toOffer({ signature, ...row }: Row): Offer {
  return { ...row, accession: readAccession(row.bytes), signature: JSON.parse(signature) as Signature };
}

function hostOnly(): PolicyError {
  return new PolicyError('forbidden', 'host-only', 'Only an officer of the framework’s host can countersign this.');
}

function officersOnly(): PolicyError {
  return new PolicyError('forbidden', 'officers-only', 'Only an officer whom the register names can decide this.');
}

function settledBefore(): PolicyError {
  return new PolicyError(
    'conflict',
    'accession-settled',
    'This accession was countersigned, refused or taken back already.',
  );
}

function waitsAlready(): PolicyError {
  return new PolicyError(
    'conflict',
    'accession-waits',
    'Your agency has an accession to this protocol waiting already. Take that one back first.',
  );
}
