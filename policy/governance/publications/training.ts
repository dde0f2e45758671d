/** Who has read the guide to a protocol: practitioners acknowledge each version, and their administrators see who has. */
import { activePost } from '../../../directory/active_post.ts';
import type { ActingPerson } from '../../../directory/actor.ts';
import type { Database } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import { read } from '../../../platform/database/transaction.ts';
import { change } from '../../../platform/log/change.ts';
import type { Log } from '../../../platform/log/log.ts';
import { PolicyError } from '../../errors.ts';
import type { RegisteredProtocol, RegisterState } from '../../register/chain/state.ts';
import { rolesWithGuide } from './guide.ts';
import { findMember, sourceOf } from './source.ts';

export type Trainee = ActingPerson & { role: string };

/** `state`: read; never read; or another version was read, and this one has come since. */
export type Training = {
  protocol: RegisteredProtocol;
  state: 'read' | 'to-read' | 'new-version';
  /** Epoch seconds. */
  acknowledgedAt?: number;
  /** The last version that they read, where it is not this one. */
  lastVersion?: number;
};

type Row = { protocol: string; id: string; version: number; practitioner: string; at: number };

/** Guides to the protocols in force that give something to this role of this agency, those to be read first. */
export async function listTraining(db: Database, state: RegisterState, trainee: Trainee): Promise<Training[]> {
  const { agency, practitioner } = trainee;
  const rows = await read(db, { agency }, (tx) =>
    tx.query<Row>(sql`
      select protocol, id, version, practitioner, extract(epoch from acknowledged_at)::float8 as at
      from training_acknowledgement where agency = ${agency} and practitioner = ${practitioner}`),
  );
  const order = ['new-version', 'to-read', 'read'];
  return protocolsFor(state, agency, trainee.role)
    .map((protocol) => weigh(protocol, rows))
    .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
}

function weigh(protocol: RegisteredProtocol, rows: readonly Row[]): Training {
  const read = rows.find((row) => row.protocol === protocol.hash);
  if (read !== undefined) return { protocol, state: 'read', acknowledgedAt: read.at };
  const earlier = rows.filter(({ id }) => id === protocol.document.id).map(({ version }) => version);
  if (earlier.length === 0) return { protocol, state: 'to-read' };
  return { protocol, state: 'new-version', lastVersion: Math.max(...earlier) };
}

/** Protocols in force under which this role of this agency receives something. */
export function protocolsFor(state: RegisterState, agency: string, role?: string): RegisteredProtocol[] {
  return [...state.protocols.values()].filter((protocol) => {
    if (protocol.status !== 'in-force') return false;
    const source = sourceOf(state, protocol);
    if (findMember(source, agency) === undefined) return false;
    const roles = rolesWithGuide(source, agency);
    return role === undefined ? roles.length > 0 : roles.some(({ code }) => code === role);
  });
}

/** Records that the practitioner read the guide to this text. Saying it twice changes nothing. */
export async function acknowledgeTraining(
  log: Log,
  state: RegisterState,
  trainee: Trainee,
  hash: string,
): Promise<void> {
  const { role, ...actor } = trainee;
  const { agency, practitioner } = actor;
  const protocol = protocolsFor(state, agency, role).find((one) => one.hash === hash);
  if (protocol === undefined) {
    throw new PolicyError(
      'conflict',
      'no-such-guide',
      'This version is not in force for your job any more. Open the list again to see what is.',
    );
  }
  const { id, version } = protocol.document;
  await change(log, { agency }, async (tx) => {
    const rows = await tx.query(sql`
      insert into training_acknowledgement (agency, practitioner, protocol, id, version, role)
      values (${agency}, ${practitioner}, ${hash}, ${id}, ${version}, ${role})
      on conflict do nothing returning 1`);
    if (rows.length === 0) return;
    tx.record({
      event: 'training.acknowledged',
      actor,
      agencies: [agency],
      subject: practitioner,
      content: { protocol: hash, id, version, role },
    });
  });
}

export type Trained = {
  practitioner: string;
  name: string;
  role: string;
  acknowledgedAt?: number;
  lastVersion?: number;
};

/** Everybody whose active post in the agency receives something under the protocol, by name, and whether they read its guide. */
export async function listTrained(
  db: Database,
  state: RegisterState,
  agency: string,
  protocol: RegisteredProtocol,
): Promise<Trained[]> {
  const roles = rolesWithGuide(sourceOf(state, protocol), agency);
  const { id } = protocol.document;
  const rows = await read(db, { agency, reading: 'standing' }, (tx) =>
    tx.query<{ practitioner: string; name: string; role: string; at: number | null; last: number | null }>(sql`
      select p.id as practitioner, p.display_name as name, min(o.role) as role,
             (select extract(epoch from k.acknowledged_at)::float8 from training_acknowledgement k
              where k.agency = ${agency} and k.practitioner = p.id and k.protocol = ${protocol.hash}) as at,
             (select max(k.version) from training_acknowledgement k
              where k.agency = ${agency} and k.practitioner = p.id and k.id = ${id}) as last
      from post o join agency a on a.code = o.agency join practitioner p on p.id = o.practitioner
      where o.agency = ${agency} and o.role = any(${roles.map(({ code }) => code)}) and p.status = 'active' and ${activePost}
      group by p.id, p.display_name, p.sort_key order by p.sort_key, p.id`),
  );
  return rows.map(({ practitioner, name, role, at, last }) => ({
    practitioner,
    name,
    role: roles.find(({ code }) => code === role)?.name ?? role,
    ...(at === null ? {} : { acknowledgedAt: at }),
    ...(at === null && last !== null ? { lastVersion: last } : {}),
  }));
}
