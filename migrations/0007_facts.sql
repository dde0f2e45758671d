-- Facts about a data subject that clauses may ask for: what the person agreed to, and who works with them. Agencies own what
-- they recorded; decisions read across agencies. A data subject is known only by a keyed pseudonym, never by a number or name.

create table consent (
  id uuid primary key,
  agency text not null references agency,
  subject text not null check (length(subject) = 43),
  protocol text not null,
  clause text,
  purpose text,
  basis text not null check (basis in ('confidence', 'lawful-basis')),
  state text not null check (state in ('given', 'refused', 'withdrawn')),
  recorded_by text not null,
  recorded_at timestamptz not null default clock_timestamp(),
  ends_at timestamptz,
  check (clause is null or purpose is null),
  check (ends_at is null or state = 'given')
);
create index consent_of_subject on consent (subject, recorded_at);
comment on table consent is 'What a data subject said, each time they said it; the last word for the same protocol, basis and scope counts';
comment on column consent.agency is 'The agency that asked and wrote the answer down';
comment on column consent.subject is 'HMAC-SHA-256 of identifier system and value under a key derived from the master key, base64url';
comment on column consent.clause is 'The one clause it is about; with neither clause nor purpose it is about the whole protocol';
comment on column consent.basis is 'Agreement under the duty of confidence, or consent as the lawful basis: kept apart, neither stands for the other';
comment on column consent.recorded_by is 'The practitioner or service that wrote it down';
comment on column consent.ends_at is 'The moment from which it no longer counts';

create table involvement (
  id uuid primary key,
  agency text not null references agency,
  practitioner uuid not null references practitioner (id),
  post uuid,
  subject text not null check (length(subject) = 43),
  starts_at timestamptz not null,
  ends_at timestamptz,
  recorded_by text not null,
  recorded_at timestamptz not null default clock_timestamp(),
  confirmed_by text,
  confirmed_at timestamptz,
  check ((confirmed_by is null) = (confirmed_at is null)),
  check (ends_at is null or ends_at >= starts_at)
);
create index involvement_of_subject on involvement (subject);
comment on table involvement is 'This practitioner works with this data subject: says who, never why';
comment on column involvement.agency is 'The agency for which they work with the person; it counts only for posts in that agency';
comment on column involvement.post is 'The one post in which they do; null for any of their posts in the agency';
comment on column involvement.confirmed_by is 'The agency''s own system or a second person; unconfirmed, it satisfies no clause';

alter table consent enable row level security;
alter table consent force row level security;
create policy own on consent using (agency = acting_agency()) with check (agency = acting_agency());
create policy standing on consent for select using (reading('standing'));

alter table involvement enable row level security;
alter table involvement force row level security;
create policy own on involvement using (agency = acting_agency()) with check (agency = acting_agency());
create policy standing on involvement for select using (reading('standing'));

-- Consent is never rewritten: a withdrawal is another row.
grant select, insert on consent to wayleave_app;
grant select, insert on involvement to wayleave_app;
grant update (ends_at, confirmed_by, confirmed_at) on involvement to wayleave_app;
