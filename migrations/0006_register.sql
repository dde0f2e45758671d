-- The register: one chain of signed events, the texts that were signed, and an index of both for pages.
-- Decisions never read any of this: they live on the state that was derived from the verified chain.

create table register_event (
  sequence bigint primary key check (sequence >= 1),
  body     bytea not null,
  hash     text not null constraint register_event_hash unique check (hash ~ '^[A-Za-z0-9_-]{43}$'),
  seal     text not null
);
comment on table register_event is 'The signed chain of who belongs, who may sign, and what was signed. Everything else about the register follows from it';
comment on column register_event.sequence is 'Position in the chain; also written in the body, which names the hash of the event before';
comment on column register_event.body is 'Canonical JSON (RFC 8785) of {event, signatures}, exactly as hashed';
comment on column register_event.hash is 'SHA-256 of the body, base64url';
comment on column register_event.seal is 'Detached JWS of the service''s register key over federation, sequence, previous and hash';

create table protocol_text (
  hash  text primary key check (hash ~ '^[A-Za-z0-9_-]{43}$'),
  bytes bytea not null
);
comment on table protocol_text is 'Protocols exactly as signed, under the SHA-256 of their canonical bytes';

-- The index. Each row follows from one event; a row that the chain does not say is noticed and reported.

create table agency_key (
  kid              text primary key,
  agency           text not null,
  use              text not null check (use in ('administration', 'officer')),
  jwk              text not null,
  from_event       bigint not null,
  revoked_event    bigint,
  compromised_from bigint
);
comment on table agency_key is 'Index of the register: public keys of agencies. A row added here gives no power to sign';
comment on column agency_key.compromised_from is 'Position in the register from which on nothing signed with it counts';

create table officer (
  agency       text not null,
  practitioner text not null,
  from_event   bigint not null,
  name         text not null,
  capacities   text[] not null,
  kid          text not null,
  ended_event  bigint,
  primary key (agency, practitioner, from_event)
);
comment on table officer is 'Index of the register: who may sign for an agency, in which capacities. A row added here gives no power to sign';

create table definition (
  hash       text primary key,
  type       text not null,
  code       text not null,
  from_event bigint not null,
  body       text not null
);
comment on table definition is 'Index of the register: assets, roles and kinds of agency as published; the latest of a code counts for new protocols';

create table protocol (
  hash       text primary key,
  id         text not null,
  version    integer not null,
  tier       text not null,
  title      text not null,
  valid_from date not null,
  valid_until date not null,
  from_event bigint not null
);
comment on table protocol is 'Index of the register: protocols that somebody signed. Whether one is in force follows from the chain and the day';

create table protocol_party (
  protocol  text not null,
  agency    text not null,
  signs_as  text not null,
  essential boolean not null,
  primary key (protocol, agency)
);
create index protocol_party_agency on protocol_party (agency);

create table protocol_clause (
  protocol text not null,
  clause   text not null,
  effect   text not null,
  asset    text not null,
  text     text not null,
  primary key (protocol, clause)
);
create index protocol_clause_asset on protocol_clause (asset);

create table protocol_signature (
  event     bigint primary key,
  protocol  text not null,
  agency    text not null,
  officer   text,
  capacity  text,
  kid       text not null,
  signed_at bigint not null
);
create index protocol_signature_protocol on protocol_signature (protocol);
comment on table protocol_signature is 'Index of the register: signatures as they were given, whether or not they count now';
comment on column protocol_signature.signed_at is 'Epoch seconds by the signer''s clock';

grant select, insert on register_event, protocol_text, agency_key, officer, definition, protocol, protocol_party,
  protocol_clause, protocol_signature to wayleave_app;
grant update (revoked_event, compromised_from) on agency_key to wayleave_app;
grant update (ended_event) on officer to wayleave_app;
