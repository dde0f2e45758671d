-- Identity: what sign-in keeps. The OpenID provider's own state, who signed in with what, the post each partner system was
-- given, and the credentials that agencies vouched for. Nothing here says who somebody is: that is the directory's.

create table oidc_payload (
  model text not null,
  id text not null,
  payload jsonb not null,
  grant_id text,
  uid text,
  user_code text,
  consumed_at timestamptz,
  expires_at timestamptz,
  primary key (model, id)
);
create unique index oidc_payload_session on oidc_payload (uid) where model = 'Session';
create index oidc_payload_grant on oidc_payload (grant_id) where grant_id is not null;
create index oidc_payload_expiry on oidc_payload (expires_at);
create index oidc_payload_person on oidc_payload ((payload ->> 'accountId')) where model = 'Session';
comment on table oidc_payload is 'State of the OpenID provider: sessions, grants, interactions, codes and opaque tokens';
comment on column oidc_payload.id is 'SHA-256 (base64url) of a code, a token or a pushed request, which are nowhere in clear; otherwise the id itself';
comment on column oidc_payload.uid is 'Of a session: its lasting name (sid), while its id changes at each sign-in step';
comment on column oidc_payload.consumed_at is 'Of a code or refresh token: when it was used. Of a session: when it ended; it never comes back';

create table sign_in (
  id text primary key,
  email text,
  practitioner uuid,
  password_at timestamptz,
  authenticated_at timestamptz,
  acr text,
  amr text[] not null default '{}',
  vouched_by text[] not null default '{}',
  client text,
  session text,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index sign_in_session on sign_in (session) where session is not null;
create index sign_in_expiry on sign_in (expires_at);
comment on table sign_in is 'One attempt to sign in, from the e-mail address to the session that came of it';
comment on column sign_in.id is 'Same as the interaction''s uid';
comment on column sign_in.practitioner is 'Null while nobody is known by that address: the pages do not tell';
comment on column sign_in.vouched_by is 'Agencies whose credentials were used; each post''s own agency must be, or accept, every one of them';
comment on column sign_in.session is 'uid of the session that it authenticated';

create table grant_post (
  grant_id text primary key,
  session text not null,
  practitioner uuid not null,
  client text not null,
  post uuid not null,
  agency text not null,
  granted_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index grant_post_session on grant_post (session);
create index grant_post_practitioner on grant_post (practitioner);
create index grant_post_expiry on grant_post (expires_at);
comment on table grant_post is 'The post a person acts in at one partner system for one session. The provider''s Grant keeps only its own fields';

create table credential (
  id uuid primary key,
  practitioner uuid not null references practitioner,
  agency text not null references agency,
  kind text not null check (kind in ('password', 'totp')),
  secret text not null,
  sufficient_alone boolean not null default false,
  last_step bigint,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  unique (practitioner, kind)
);
create index credential_agency on credential (agency);
comment on table credential is 'An authenticator of a practitioner and the agency that vouched for it';
comment on column credential.secret is 'password: argon2id hash. totp: the shared secret, sealed under the master key with the row''s id';
comment on column credential.sufficient_alone is 'password: it is long enough to be the only factor (15 characters)';
comment on column credential.last_step is 'totp: the last time step accepted; a code counts once';

create table credential_acceptance (
  agency text not null references agency,
  vouched_by text not null references agency,
  accepted_at timestamptz not null default now(),
  accepted_by text not null,
  primary key (agency, vouched_by)
);
comment on table credential_acceptance is 'An agency accepts, by name, credentials that another agency vouched for';

alter table credential enable row level security;
alter table credential force row level security;
create policy own on credential using (agency = acting_agency()) with check (agency = acting_agency());
create policy standing on credential for select using (reading('standing'));

alter table credential_acceptance enable row level security;
alter table credential_acceptance force row level security;
create policy own on credential_acceptance using (agency = acting_agency()) with check (agency = acting_agency());
create policy standing on credential_acceptance for select using (reading('standing'));

create table sign_in_throttle (
  key varchar(255) primary key,
  points integer not null default 0,
  expire bigint
);
create index sign_in_throttle_expiry on sign_in_throttle (expire);
comment on table sign_in_throttle is 'Attempts to sign in by account and by address, kept by rate-limiter-flexible; keys are keyed hashes';
comment on column sign_in_throttle.expire is 'Milliseconds since 1970';

grant select, insert, update, delete on oidc_payload, sign_in, grant_post, sign_in_throttle to wayleave_app;
grant select, insert, update on credential to wayleave_app;
grant select, insert, delete on credential_acceptance to wayleave_app;
