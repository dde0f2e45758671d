-- The log: one head row to append under, leaves that are proved, content that can be erased, and the change feed.
-- Several logs may stand side by side; every table names its log.

create table log_head (
  log        text primary key check (log ~ '^[a-z0-9-]{1,40}$'),
  size       bigint not null default 0 check (size >= 0),
  frontier   bytea not null default '',
  checkpoint text not null default '',
  epoch      bigint not null default 0,
  clock      double precision not null default 0
);
insert into log_head (log) values ('main');

comment on table log_head is 'One row per log, locked by whoever appends: that order is the order of the log, and the fence of revocation';
comment on column log_head.frontier is 'Roots of the complete subtrees whose sizes are the binary digits of size, largest first, 32 bytes each';
comment on column log_head.checkpoint is 'Signed note (c2sp.org/tlog-checkpoint) over size, root, epoch and clock; each writer verifies it before it appends';
comment on column log_head.epoch is 'Position of the last change that may have taken a right away; a decision computed at another epoch is not recorded';
comment on column log_head.clock is 'Epoch seconds of the last entry; never goes back';

create table log_leaf (
  log      text not null,
  position bigint not null check (position >= 0),
  id       uuid not null constraint log_leaf_id unique,
  entry    text not null,
  hash     bytea not null check (length(hash) = 32),
  primary key (log, position)
);
comment on column log_leaf.entry is 'Canonical JSON (RFC 8785) exactly as hashed; holds no direct identifier, only a salted commitment to the content';
comment on column log_leaf.hash is 'RFC 9162 leaf hash: SHA-256(0x00 || entry)';

create table log_content (
  log          text not null,
  position     bigint not null,
  event        text not null,
  time         double precision not null,
  agencies     text[] not null,
  practitioner text,
  subject      text,
  salt         bytea,
  committed    text,
  erased_by    bigint,
  primary key (log, position),
  check ((committed is null) = (erased_by is not null))
);
comment on table log_content is 'What an entry is about. Erasable: without salt and text the leaf no longer tells anything, and proofs still hold';
comment on column log_content.time is 'Epoch seconds; grows with position';
comment on column log_content.agencies is 'Official codes of the agencies whose officers may read this row';
comment on column log_content.practitioner is 'Who did it; a copy out of committed, like agencies and subject, to filter by';
comment on column log_content.committed is
  'Canonical JSON {actor, agencies, content, subject} exactly as the leaf commits to it; text because jsonb would cost twice the whole write';
comment on column log_content.erased_by is 'Position of the entry that recorded the erasure';

create index log_content_practitioner on log_content (log, practitioner, position) where practitioner is not null;
create index log_content_subject on log_content (log, subject, position) where subject is not null;
create index log_content_rare_event on log_content (log, event, position) where event <> 'decision';

-- Not forced: the owner's one function below erases, and nobody connects as the owner to serve requests.
alter table log_content enable row level security;
create policy log_content_append on log_content for insert to wayleave_app with check (true);
create policy log_content_read on log_content for select to wayleave_app
  using (acting_agency() = any (agencies) or reading('audit'));

create table log_reader (
  log      text not null,
  agency   text not null,
  position bigint not null,
  primary key (log, agency, position)
);
comment on table log_reader is 'The entries that an agency''s officers may read, in order: pages of a small agency''s log need no search through all';
alter table log_reader enable row level security;
alter table log_reader force row level security;
create policy log_reader_append on log_reader for insert to wayleave_app with check (true);
create policy log_reader_read on log_reader for select to wayleave_app
  using (agency = acting_agency() or reading('audit'));

create table log_tile (
  log   text not null,
  level integer not null check (level > 0),
  index bigint not null check (index >= 0),
  hash  bytea not null check (length(hash) = 32),
  primary key (log, level, index)
);
comment on table log_tile is 'Roots of complete subtrees of 256^level leaves: proofs read at most 256 hashes a level, not the whole tree';

create table change_feed (
  log      text not null,
  position bigint not null,
  topic    text not null,
  key      text not null,
  primary key (log, position, topic, key)
);
comment on table change_feed is 'Which cached facts a change touched; position is the epoch that the change raised. The key * means all of the topic';

-- Erases the content of one entry. Refuses unless this very transaction has recorded the erasure in the same log.
create function erase_log_content(in_log text, in_position bigint, in_erasure bigint) returns void
  language plpgsql security definer set search_path = pg_catalog, public
as $$
begin
  if not exists (
    select from public.log_leaf leaf join public.log_content beside using (log, position)
    where leaf.log = in_log and leaf.position = in_erasure
      and leaf.xmin = pg_current_xact_id()::xid
      and (leaf.entry::jsonb) ->> 'event' = 'content-erased'
      and beside.committed::jsonb #> '{content,positions}' @> to_jsonb(in_position)
  ) then
    raise exception 'entry % is not an erasure of entry % recorded in this transaction', in_erasure, in_position
      using errcode = 'insufficient_privilege';
  end if;
  update public.log_content
  set salt = null, practitioner = null, subject = null, committed = null, erased_by = in_erasure
  where log = in_log and position = in_position and erased_by is null and event <> 'content-erased';
end
$$;
revoke all on function erase_log_content(text, bigint, bigint) from public;
grant execute on function erase_log_content(text, bigint, bigint) to wayleave_app;

grant select on log_head to wayleave_app;
grant update (size, frontier, checkpoint, epoch, clock) on log_head to wayleave_app;
grant select, insert on log_leaf, log_content, log_reader, log_tile, change_feed to wayleave_app;
