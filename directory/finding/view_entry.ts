/** Opening somebody's entry. Every view is recorded before the entry is given. */
import type { Database, Queryable } from '../../platform/database/database.ts';
import { type Query, sql } from '../../platform/database/sql.ts';
import { read } from '../../platform/database/transaction.ts';
import type { Log } from '../../platform/log/log.ts';
import { isUuid } from '../../platform/uuid.ts';
import type { DutyDesk } from '../agencies/find_duty_desk.ts';
import { listRegisters } from '../people/formats.ts';
import { shownPost } from '../shown_post.ts';
import { findable } from './findable.ts';
import { recordLookUp, type Seeker } from './record_look_up.ts';
import type { Entry, EntryPost, EntryRegistration, Fact } from './entry.ts';

/**
 * The entry of a practitioner who may be found, with the posts that may be shown; undefined for anybody else, who cannot
 * be told apart from nobody. Fails closed: when the view cannot be recorded, nothing is returned.
 */
export async function viewEntry(db: Database, log: Log, seeker: Seeker, id: string): Promise<Entry | undefined> {
  const entry = await read(db, { reading: 'directory' }, (tx) => findEntry(tx, id));
  // A view of nobody is recorded too: it may be somebody trying ids.
  await recordLookUp(log, seeker, {
    event: 'directory.entry-viewed',
    ...(entry !== undefined && { subject: entry.id }),
    agencies: entry === undefined ? [] : [entry.agency.code, ...entry.posts.map(({ value }) => value.agency)],
    content: { found: entry !== undefined, asked: id.slice(0, 64) },
  });
  return entry;
}

async function findEntry(tx: Queryable, id: string): Promise<Entry | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await tx.query<Row>(sql`
    select p.id, p.agency as code, a.name as agency, p.display_name as name, p.other_names as "otherNames", p.email, p.phone,
           p.identity_level as level, p.identity_checked_by as "identityBy", p.identity_checked_against as against,
           extract(epoch from p.identity_checked_at)::float8 as "identityAt",
           p.source, extract(epoch from p.confirmed_at)::float8 as "confirmedAt",
           (select coalesce(json_agg(post), '[]') from (${postsOf(id)}) post) as posts,
           (select coalesce(json_agg(registration), '[]') from (${registrationsOf(id)}) registration) as registrations
    from practitioner p join agency a on a.code = p.agency
    where p.id = ${id} and ${findable({})}`);
  return (
    row && { ...toPerson(row), posts: row.posts.map(toPost), registrations: row.registrations.map(toRegistration) }
  );
}

type Row = PersonRow & { posts: PostRow[]; registrations: RegistrationRow[] };

type PersonRow = {
  id: string;
  code: string;
  agency: string;
  name: string;
  otherNames: string[];
  email: string;
  phone: string | null;
  level: 0 | 1 | 2 | 3;
  identityBy: string | null;
  identityAt: number | null;
  against: string | null;
  source: string;
  confirmedAt: number;
};

function toPerson(row: PersonRow): Omit<Entry, 'posts' | 'registrations'> {
  const said = <Value>(value: Value): Fact<Value> => ({
    value,
    evidence: 'agency',
    source: row.source,
    checkedBy: row.agency,
    checkedAt: row.confirmedAt,
  });
  return {
    id: row.id,
    agency: { code: row.code, name: row.agency },
    name: said(row.name),
    otherNames: row.otherNames,
    email: said(row.email),
    ...(row.phone !== null && { phone: said(row.phone) }),
    identity: {
      value: { level: row.level, ...(row.against !== null && { against: row.against }) },
      evidence: row.identityBy === null ? 'agency' : 'checked',
      source: row.source,
      ...(row.identityBy !== null && { checkedBy: row.identityBy }),
      ...(row.identityAt !== null && { checkedAt: row.identityAt }),
    },
  };
}

type PostRow = Omit<EntryPost, 'until' | 'switchboard'> & {
  until: number | null;
  switchboard: string | null;
  source: string;
  confirmedAt: number;
  desk: (Omit<DutyDesk, 'team'> & { team: string | null }) | null;
};

const postsOf = (practitioner: string): Query => sql`
  select o.id, o.agency, a.name as "agencyName", a.kind as "agencyKind", a.switchboard, o.team, t.name as "teamName",
         o.role, r.name as "roleName", r.description as "roleDescription", o.kind,
         extract(epoch from o.starts_at)::float8 as "from", extract(epoch from o.ends_at)::float8 as until,
         o.source, extract(epoch from o.confirmed_at)::float8 as "confirmedAt", d.desk
  from post o join team t on t.id = o.team join agency a on a.code = o.agency join role r on r.code = o.role
  left join lateral (
    select json_build_object('agency', d.agency, 'agencyName', a.name, 'team', d.team, 'name', d.name, 'phone', d.phone,
                             'hours', d.hours, 'source', d.source, 'confirmedAt', extract(epoch from d.confirmed_at)) as desk
    from duty_desk d where d.agency = o.agency and (d.team is null or d.team = o.team)
    order by d.team nulls last limit 1) d on true
  where o.practitioner = ${practitioner} and ${shownPost()}
  order by o.starts_at desc, o.id`;

function toPost({ until, switchboard, source, confirmedAt, desk, ...post }: PostRow): Entry['posts'][number] {
  return {
    value: { ...post, ...(until !== null && { until }), ...(switchboard !== null && { switchboard }) },
    evidence: 'agency',
    source,
    checkedBy: post.agencyName,
    checkedAt: confirmedAt,
    ...(desk !== null && { dutyDesk: deskOf(desk) }),
  };
}

function deskOf({ team, ...desk }: NonNullable<PostRow['desk']>): DutyDesk {
  return team === null ? desk : { ...desk, team };
}

type RegistrationRow = Omit<EntryRegistration, 'bodyName' | 'validUntil'> & {
  validUntil: number | null;
  evidence: 'checked' | 'format';
  source: string;
  checkedBy: string | null;
  checkedAt: number | null;
};

const registrationsOf = (practitioner: string): Query => sql`
  select body, number, lapsed_at is not null as lapsed, extract(epoch from valid_until)::float8 as "validUntil", evidence,
         source, checked_by as "checkedBy", extract(epoch from coalesce(checked_at, confirmed_at))::float8 as "checkedAt"
  from registration where practitioner = ${practitioner} order by body`;

function toRegistration(row: RegistrationRow): Entry['registrations'][number] {
  const { validUntil, evidence, source, checkedBy, checkedAt, ...registration } = row;
  return {
    value: {
      ...registration,
      bodyName: listRegisters().find(({ body }) => body === registration.body)?.name ?? registration.body,
      ...(validUntil !== null && { validUntil }),
    },
    evidence,
    source,
    ...(checkedBy !== null && { checkedBy }),
    ...(checkedAt !== null && { checkedAt }),
  };
}
