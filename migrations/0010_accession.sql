-- Accession to protocols, keys that the service holds, and the passkeys that officers answer with: the index of the register.

create table protocol_accession (
  event          bigint primary key,
  protocol       text not null,
  agency         text not null,
  officer        text,
  capacity       text,
  kid            text not null,
  signed_at      bigint not null,
  host           text,
  host_officer   text,
  host_capacity  text,
  host_kid       text not null,
  host_signed_at bigint not null
);
create index protocol_accession_protocol on protocol_accession (protocol);
create index protocol_accession_agency on protocol_accession (agency);
comment on table protocol_accession is 'Index of the register: accessions as they were given, whether or not they count now';
comment on column protocol_accession.signed_at is 'Epoch seconds by the clock of the acceding agency''s officer';
comment on column protocol_accession.host is 'The framework''s host, whose officer countersigned';
comment on column protocol_accession.host_signed_at is 'Epoch seconds by the clock of the host''s officer';

alter table agency_key add column held text check (held = 'service');
comment on column agency_key.held is 'Who holds the private key: the service, or (null) the agency';
alter table officer add column passkey text;
comment on column officer.passkey is 'Canonical JSON of the passkey that must answer for what a key held by the service signs for this officer';

grant select, insert on protocol_accession to wayleave_app;
