-- What a protocol writes about itself: which of these texts a party has approved for the public, and who has read the guide.

create table publication (
  id           uuid primary key,
  agency       text not null references agency,
  protocol     text not null check (protocol ~ '^[A-Za-z0-9_-]{43}$'),
  document     text not null check (document in ('privacy', 'children-7-11', 'children-12-17', 'consent-form', 'leaflet')),
  text_hash    text not null check (text_hash ~ '^[A-Za-z0-9_-]{43}$'),
  approved_by  uuid not null references practitioner (id),
  approved_at  timestamptz not null default clock_timestamp(),
  withdrawn_by uuid references practitioner (id),
  withdrawn_at timestamptz,
  check ((withdrawn_by is null) = (withdrawn_at is null))
);
create unique index publication_standing on publication (agency, protocol, document) where withdrawn_at is null;
comment on table publication is 'Approvals by a party''s data protection officer: exactly this text may be shown to the public';
comment on column publication.protocol is 'Hash of the signed text; another version needs an approval of its own';
comment on column publication.text_hash is 'SHA-256 of the canonical generated document: a text that differs is not shown';
comment on column publication.withdrawn_by is 'Who took the approval back, or approved another text in its place';

alter table publication enable row level security;
alter table publication force row level security;
create policy own on publication using (agency = acting_agency()) with check (agency = acting_agency());
create policy directory on publication for select using (reading('directory'));
grant select, insert on publication to wayleave_app;
grant update (withdrawn_by, withdrawn_at) on publication to wayleave_app;

create table training_acknowledgement (
  agency          text not null references agency,
  practitioner    uuid not null references practitioner (id),
  protocol        text not null check (protocol ~ '^[A-Za-z0-9_-]{43}$'),
  id              text not null,
  version         integer not null,
  role            text not null,
  acknowledged_at timestamptz not null default clock_timestamp(),
  primary key (agency, practitioner, protocol)
);
create index training_acknowledgement_protocol on training_acknowledgement (agency, id, version);
comment on table training_acknowledgement is 'Who said, for which agency, that they read the guide to this version of a protocol';
comment on column training_acknowledgement.role is 'The role whose guide they read';

alter table training_acknowledgement enable row level security;
alter table training_acknowledgement force row level security;
create policy own on training_acknowledgement using (agency = acting_agency()) with check (agency = acting_agency());
grant select, insert on training_acknowledgement to wayleave_app;

create table training_reminder (
  agency       text not null references agency,
  practitioner uuid not null references practitioner (id),
  protocol     text not null check (protocol ~ '^[A-Za-z0-9_-]{43}$'),
  sent_at      timestamptz not null default clock_timestamp(),
  primary key (agency, practitioner, protocol)
);
comment on table training_reminder is 'Who was told by mail that a protocol whose guide they read has a new version: nobody is told twice';

alter table training_reminder enable row level security;
alter table training_reminder force row level security;
create policy own on training_reminder using (agency = acting_agency()) with check (agency = acting_agency());
grant select, insert on training_reminder to wayleave_app;
