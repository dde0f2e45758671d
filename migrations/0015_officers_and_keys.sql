-- Keys that the service holds for agencies, the passkeys of those who sign with them, signings under way, and appointments
-- that wait for a second person. None of it gives anybody a power: who may sign stands in the signed register alone.

create table held_key (
  kid     text primary key check (kid ~ '^[A-Za-z0-9_-]{43}$'),
  agency  text not null references agency,
  use     text not null check (use in ('administration', 'officer')),
  jwk     text not null,
  sealed  bytea not null,
  made_by text not null,
  made_at timestamptz not null
);
create index held_key_agency on held_key (agency);
comment on table held_key is 'Agencies'' signing keys in the service''s keeping. One counts once the register names it, and until it is revoked there';
comment on column held_key.kid is 'RFC 7638 thumbprint of the public key';
comment on column held_key.jwk is 'Public half as canonical JSON';
comment on column held_key.sealed is 'Private JWK, AES-256-GCM under the key-encryption key, bound to agency, use and kid';
comment on column held_key.made_by is 'The administrator, or the service, who had it made';

create table passkey (
  credential_id text primary key check (length(credential_id) <= 1400),
  agency        text not null references agency,
  practitioner  uuid not null,
  jwk           text not null,
  rp_id         text not null,
  enrolled_at   timestamptz not null,
  replaced_at   timestamptz
);
create unique index passkey_current on passkey (agency, practitioner) where replaced_at is null;
comment on table passkey is 'Passkeys that people enrolled to sign with for an agency. An officer answers with the one that the register names, enrolled here or not any more';
comment on column passkey.rp_id is 'The domain that it belongs to (WebAuthn relying party id)';
comment on column passkey.replaced_at is 'When the person enrolled another one in its place';

create table ceremony (
  id           uuid primary key,
  agency       text not null references agency,
  practitioner uuid not null,
  session      text not null,
  kind         text not null
    check (kind in ('enrolment', 'protocol', 'accession', 'countersignature', 'suspension', 'withdrawal')),
  challenge    text not null,
  bytes        bytea,
  signature    text,
  about        text,
  ends_at      timestamptz not null,
  check ((kind = 'enrolment') = (bytes is null)),
  check ((bytes is null) = (signature is null))
);
create index ceremony_ends_at on ceremony (agency, ends_at);
comment on table ceremony is 'What a passkey is being asked for. A row is taken away when it is answered, so no answer serves twice';
comment on column ceremony.session is 'SHA-256 of the browser session that it was begun in';
comment on column ceremony.bytes is 'Exactly what is signed';
comment on column ceremony.signature is 'What the service''s key signed, as JSON; it counts for nothing without the passkey''s answer';
comment on column ceremony.about is 'The draft that is signed, or the accession that is countersigned';

create table accession_offer (
  id         uuid primary key,
  agency     text not null references agency,
  host       text not null,
  protocol   text not null,
  accession  bytea not null,
  signature  text not null,
  offered_by text not null,
  offered_at timestamptz not null,
  state      text not null check (state in ('waiting', 'countersigned', 'refused', 'taken-back')),
  settled_by text,
  settled_at timestamptz,
  check ((state = 'waiting') = (settled_at is null))
);
create unique index accession_offer_waiting on accession_offer (agency, protocol) where state = 'waiting';
create index accession_offer_host on accession_offer (host) where state = 'waiting';
comment on table accession_offer is 'Accessions that the acceding agency signed, on their way to the framework''s host, who countersigns';
comment on column accession_offer.accession is 'The canonical bytes that both sign';
comment on column accession_offer.signature is 'The acceding agency''s signature, as JSON';

create table officer_proposal (
  id           uuid primary key,
  agency       text not null references agency,
  practitioner uuid not null,
  capacities   text[] not null check (cardinality(capacities) > 0),
  kid          text not null,
  passkey      text,
  proposed_by  uuid not null check (proposed_by <> practitioner),
  proposed_at  timestamptz not null,
  state        text not null check (state in ('proposed', 'approved', 'appointed', 'refused', 'taken-back')),
  decided_by   uuid check (decided_by <> practitioner),
  decided_at   timestamptz,
  event        bigint,
  check ((state = 'proposed') = (decided_by is null)),
  check (state not in ('approved', 'appointed') or decided_by <> proposed_by),
  check ((state = 'appointed') = (event is not null))
);
create unique index officer_proposal_open on officer_proposal (agency, practitioner) where state in ('proposed', 'approved');
create index officer_proposal_agency on officer_proposal (agency, proposed_at);
comment on table officer_proposal is 'Appointments of officers: one administrator proposes, another approves, and only then the register is written';
comment on column officer_proposal.kid is 'The key that the officer is to sign with; it stands in the register';
comment on column officer_proposal.passkey is 'Canonical JSON of the passkey as it was when proposed, where the service holds the key';
comment on column officer_proposal.event is 'The register''s event that made the appointment';

alter table held_key enable row level security;
alter table held_key force row level security;
create policy own on held_key using (agency = acting_agency()) with check (agency = acting_agency());

alter table passkey enable row level security;
alter table passkey force row level security;
create policy own on passkey using (agency = acting_agency()) with check (agency = acting_agency());

alter table ceremony enable row level security;
alter table ceremony force row level security;
create policy own on ceremony using (agency = acting_agency()) with check (agency = acting_agency());

alter table accession_offer enable row level security;
alter table accession_offer force row level security;
create policy own on accession_offer using (agency = acting_agency()) with check (agency = acting_agency());
create policy host_reads on accession_offer for select using (host = acting_agency());
create policy host_settles on accession_offer for update using (host = acting_agency()) with check (host = acting_agency());

alter table officer_proposal enable row level security;
alter table officer_proposal force row level security;
create policy own on officer_proposal using (agency = acting_agency()) with check (agency = acting_agency());

grant select, insert on held_key to wayleave_app;
grant select, insert on passkey to wayleave_app;
grant update (replaced_at) on passkey to wayleave_app;
grant select, insert, delete on ceremony to wayleave_app;
grant select, insert on accession_offer to wayleave_app;
grant update (state, settled_by, settled_at) on accession_offer to wayleave_app;
grant select, insert on officer_proposal to wayleave_app;
grant update (state, decided_by, decided_at, event) on officer_proposal to wayleave_app;
