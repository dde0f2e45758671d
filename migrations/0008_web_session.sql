-- Sessions of the web application. They belong to people, not to an agency, and nothing but the cookie opens one.

create table web_session (
  token_hash bytea primary key check (length(token_hash) = 32),
  practitioner uuid not null,
  post uuid not null,
  identity_session text not null,
  id_token bytea not null,
  created_at timestamptz not null,
  last_used_at timestamptz not null
);
create index web_session_identity on web_session (identity_session);
create index web_session_last_used on web_session (last_used_at);
comment on table web_session is 'A browser signed in to the web application. A row is removed when the session ends';
comment on column web_session.token_hash is 'SHA-256 of the cookie''s value';
comment on column web_session.post is 'The acting post, as the identity provider said at sign-in';
comment on column web_session.identity_session is 'The identity provider''s session (sid); when that one ends, so does this';
comment on column web_session.id_token is 'The ID token, encrypted under the master key: the hint for signing out';

grant select, insert, update (last_used_at), delete on web_session to wayleave_app;
