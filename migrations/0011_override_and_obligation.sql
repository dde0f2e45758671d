-- Overrides and their reviews, and the duties that permitted answers carried. A review belongs to the agency that holds the
-- record; the agency that the person acted for may read it. What people wrote is sealed; a data subject is a pseudonym.

create table override_review (
  id uuid primary key,
  agency text not null references agency,
  decision uuid not null unique,
  practitioner uuid not null references practitioner (id),
  post uuid not null,
  acting text not null references agency (code),
  role text not null,
  client text not null,
  subject text not null check (length(subject) = 43),
  protocol text not null,
  version integer not null,
  clause text not null,
  hash text not null,
  ground text not null check (ground in ('risk-of-significant-harm', 'vital-interests', 'prevention-of-serious-crime')),
  reason bytea not null,
  action text not null,
  asset text not null,
  resource text not null,
  purpose text not null,
  fields text[] not null,
  unusual boolean not null,
  opened_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > opened_at),
  outcome text check (outcome in ('justified', 'justified-with-learning', 'not-justified', 'concern-raised')),
  note bytea,
  closed_by uuid references practitioner (id),
  closed_at timestamptz,
  check ((outcome is null) = (closed_at is null) and (note is null) = (closed_at is null) and (closed_by is null) = (closed_at is null)),
  constraint never_ones_own check (closed_by <> practitioner)
);
create index override_review_of_agency on override_review (agency, opened_at);
create index override_review_of_person on override_review (practitioner, opened_at);
comment on table override_review is 'An override and what the agency that holds the record thinks of it; open until closed_at';
comment on column override_review.agency is 'The agency that holds the record: its officers review';
comment on column override_review.decision is 'The decision that the override was for; without an entry in the log nothing was given';
comment on column override_review.acting is 'The agency that the person acted for';
comment on column override_review.subject is 'Pseudonym of the one person concerned, as in consent';
comment on column override_review.hash is 'The signed text that the clause stands in';
comment on column override_review.reason is 'Why, in the person''s own words: sealed under the master key';
comment on column override_review.resource is 'The record as the log names it';
comment on column override_review.unusual is 'More than usual had been opened by then; noticed, never a reason to refuse';
comment on column override_review.ends_at is 'Until then the same person may go on without stating ground and reason again';
comment on column override_review.note is 'What the reviewer wrote: sealed under the master key';

create table duty (
  decision uuid not null,
  obligation text not null,
  agency text not null references agency,
  acting text not null references agency (code),
  client text not null,
  practitioner uuid not null,
  text text not null,
  decided_at timestamptz not null,
  due_at timestamptz not null,
  primary key (decision, obligation)
);
create index duty_of_agency on duty (agency, due_at);
create index duty_of_acting on duty (acting, due_at);
comment on table duty is 'Index of the log: the duties that permitted answers carried, gathered after the event so that deciding writes none';
comment on column duty.agency is 'The agency that holds the record';
comment on column duty.acting is 'The agency that the person acted for';
comment on column duty.due_at is 'When the clause''s within_hours are over';

create table duty_cursor (
  log text primary key,
  position bigint not null
);
insert into duty_cursor (log, position) values ('main', 0);
comment on table duty_cursor is 'How far the duties in a log have been gathered: the first position not looked at yet';

create table obligation_acknowledgement (
  decision uuid not null,
  obligation text not null,
  state text not null check (state in ('done', 'refused')),
  agency text not null references agency,
  acting text not null references agency (code),
  client text not null,
  note bytea,
  acknowledged_at timestamptz not null,
  primary key (decision, obligation, state)
);
comment on table obligation_acknowledgement is 'What a partner system said of a duty: each of the two words once, so that a refusal after the deed stays visible';
comment on column obligation_acknowledgement.note is 'What it wrote beside it: sealed under the master key';

alter table override_review enable row level security;
alter table override_review force row level security;
create policy own on override_review using (agency = acting_agency()) with check (agency = acting_agency());
create policy acting on override_review for select using (acting = acting_agency());
create policy audit on override_review for select using (reading('audit'));

alter table duty enable row level security;
alter table duty force row level security;
create policy own on duty for select using (acting_agency() in (agency, acting));
create policy gather on duty using (reading('audit')) with check (reading('audit'));

alter table obligation_acknowledgement enable row level security;
alter table obligation_acknowledgement force row level security;
create policy own on obligation_acknowledgement using (agency = acting_agency()) with check (agency = acting_agency());
create policy acting on obligation_acknowledgement for select using (acting = acting_agency());
create policy audit on obligation_acknowledgement for select using (reading('audit'));

-- An override is never rewritten: only its review is closed, once.
grant select, insert on override_review to wayleave_app;
grant update (outcome, note, closed_by, closed_at) on override_review to wayleave_app;
grant select, insert on duty, obligation_acknowledgement to wayleave_app;
grant select, update (position) on duty_cursor to wayleave_app;
