-- Protocols before they are signed: what the owner's officers write, what the parties say about it, and the text that was
-- put to signature. Nothing here gives anybody anything: decisions live on the signed register alone.

create table draft (
  id         uuid primary key,
  owner      text not null references agency,
  state      text not null check (state in ('draft', 'consultation', 'awaiting-signatures', 'abandoned')),
  revision   integer not null check (revision >= 1),
  document   jsonb not null check (jsonb_typeof(document) = 'object'),
  parties    text[] not null default '{}',
  hash       text check (hash ~ '^[A-Za-z0-9_-]{43}$'),
  created_by text not null,
  created_at timestamptz not null,
  updated_by text not null,
  updated_at timestamptz not null,
  check ((hash is not null) = (state = 'awaiting-signatures'))
);
create index draft_owner on draft (owner);
create index draft_parties on draft using gin (parties);
comment on table draft is 'A protocol as its author types it. Whether it is signed follows from the register, never from this table';
comment on column draft.owner is 'The agency whose officers write it';
comment on column draft.revision is 'Goes up with every save; a save upon an older one is kept aside and refused';
comment on column draft.document is 'As typed: it may be incomplete';
comment on column draft.parties is 'Agencies that the document names as parties; they may read it while they are consulted or asked to sign';
comment on column draft.hash is 'SHA-256 of the canonical bytes that the parties are asked to sign';

create table draft_revision (
  id       uuid primary key,
  draft    uuid not null references draft,
  revision integer not null,
  aside    boolean not null,
  document jsonb not null,
  saved_by text not null,
  saved_at timestamptz not null
);
create unique index draft_revision_number on draft_revision (draft, revision) where not aside;
create index draft_revision_draft on draft_revision (draft, saved_at);
comment on table draft_revision is 'Every text that was ever saved, also one that came after somebody else''s: nothing typed is lost';
comment on column draft_revision.aside is 'True for a text typed upon a revision that somebody had saved over meanwhile; revision then says which';

create table draft_comment (
  id          uuid primary key,
  draft       uuid not null references draft,
  agency      text not null references agency,
  author      text not null,
  clause      text,
  body        text not null check (length(body) between 1 and 4000),
  blocking    boolean not null,
  created_at  timestamptz not null,
  answer      text check (length(answer) between 1 and 4000),
  answered_by text,
  answered_at timestamptz,
  resolved_by text,
  resolved_at timestamptz,
  check ((answer is null) = (answered_at is null)),
  check ((resolved_by is null) = (resolved_at is null))
);
create index draft_comment_draft on draft_comment (draft, created_at);
comment on table draft_comment is 'What an officer of the owner or of a named party says about a draft';
comment on column draft_comment.clause is 'Id of the clause it is about; null: the whole text';
comment on column draft_comment.blocking is 'True where its author asks that the text is not put to signature before this is resolved';

create table draft_text (
  draft  uuid not null references draft,
  hash   text not null check (hash ~ '^[A-Za-z0-9_-]{43}$'),
  bytes  bytea not null,
  put_by text not null,
  put_at timestamptz not null,
  primary key (draft, hash)
);
comment on table draft_text is 'Canonical bytes that were put to signature, under their SHA-256';

-- The owner writes. Agencies named as parties read while they are consulted or asked to sign; nobody else sees that a
-- draft exists. What hangs on a draft is seen by whoever sees the draft: the policies below ask through its own policy.
alter table draft enable row level security;
alter table draft force row level security;
create policy own on draft using (owner = acting_agency()) with check (owner = acting_agency());
create policy party on draft for select
  using (state in ('consultation', 'awaiting-signatures') and acting_agency() = any (parties));

alter table draft_revision enable row level security;
alter table draft_revision force row level security;
create policy own on draft_revision
  using (exists (select from draft where draft.id = draft_revision.draft and draft.owner = acting_agency()))
  with check (exists (select from draft where draft.id = draft_revision.draft and draft.owner = acting_agency()));

alter table draft_comment enable row level security;
alter table draft_comment force row level security;
create policy seen on draft_comment for select
  using (exists (select from draft where draft.id = draft_comment.draft));
create policy said on draft_comment for insert
  with check (agency = acting_agency() and exists (select from draft where draft.id = draft_comment.draft));
create policy answered on draft_comment for update
  using (exists (select from draft where draft.id = draft_comment.draft
                 and (draft.owner = acting_agency() or draft_comment.agency = acting_agency())));

alter table draft_text enable row level security;
alter table draft_text force row level security;
create policy seen on draft_text for select using (exists (select from draft where draft.id = draft_text.draft));
create policy put on draft_text for insert
  with check (exists (select from draft where draft.id = draft_text.draft and draft.owner = acting_agency()));

-- Texts that were saved or put to signature are never rewritten.
grant select, insert on draft, draft_revision, draft_comment, draft_text to wayleave_app;
grant update (state, revision, document, parties, hash, updated_by, updated_at) on draft to wayleave_app;
grant update (answer, answered_by, answered_at, resolved_by, resolved_at) on draft_comment to wayleave_app;

create table reminder (
  protocol text not null,
  agency   text not null,
  about    text not null check (about in ('review', 'expiry')),
  day      date not null,
  days     integer not null,
  sent_at  timestamptz not null default clock_timestamp(),
  primary key (protocol, agency, about, day, days)
);
comment on table reminder is 'Reminders of review and expiry that went out: each once';
comment on column reminder.protocol is 'Hash of the text';
comment on column reminder.day is 'The day that it reminds of';
comment on column reminder.days is 'How long before: 60, 30, 7, 0 for a review, -1 once it is past; 90, 30, 7 for the end';
alter table reminder enable row level security;
alter table reminder force row level security;
create policy own on reminder using (agency = acting_agency()) with check (agency = acting_agency());
grant select, insert on reminder to wayleave_app;
