-- Texts that a data protection officer has looked at and keeps from the public: nobody is asked about them again until they change.

create table kept_private (
  agency    text not null references agency,
  protocol  text not null check (protocol ~ '^[A-Za-z0-9_-]{43}$'),
  document  text not null check (document in ('privacy', 'children-7-11', 'children-12-17', 'consent-form', 'leaflet')),
  text_hash text not null check (text_hash ~ '^[A-Za-z0-9_-]{43}$'),
  kept_by   uuid not null references practitioner (id),
  kept_at   timestamptz not null default clock_timestamp(),
  primary key (agency, protocol, document, text_hash)
);
comment on table kept_private is 'Texts that a party''s data protection officer decided not to show; an approval that stands comes before it';
comment on column kept_private.text_hash is 'SHA-256 of the canonical generated document: a text that differs waits for a decision of its own';

alter table kept_private enable row level security;
alter table kept_private force row level security;
create policy own on kept_private using (agency = acting_agency()) with check (agency = acting_agency());
grant select, insert on kept_private to wayleave_app;
