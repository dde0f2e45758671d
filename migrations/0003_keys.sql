-- Signing keys of the service, private halves encrypted under the key-encryption key.

create table signing_key (
  kid        text primary key,
  sequence   bigint generated always as identity,
  purpose    text not null check (purpose in ('oidc', 'log', 'register')),
  alg        text not null check (alg in ('RS256', 'ES256', 'EdDSA')),
  sealed     bytea not null,
  current    boolean not null default true,
  created_at timestamptz not null default now(),
  rotated_at timestamptz,
  retired_at timestamptz,
  check (not (current and retired_at is not null))
);
create unique index signing_key_one_current on signing_key (purpose, alg) where current;

comment on table signing_key is
  'Signing keys shared by all processes. The public half is derived from the sealed private half, so a row added by hand never counts';
comment on column signing_key.kid is 'RFC 7638 thumbprint of the public key';
comment on column signing_key.sealed is 'PKCS#8 private key, AES-256-GCM under the key-encryption key, bound to purpose, alg and kid';
comment on column signing_key.current is 'New signatures are made with this key; one per purpose and algorithm';
comment on column signing_key.rotated_at is 'When another key took its place; it goes on verifying until retired';

grant select, insert on signing_key to wayleave_app;
grant update (current, rotated_at, retired_at) on signing_key to wayleave_app;
