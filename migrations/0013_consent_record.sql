-- Consent in full: who said it and for whom, in which words, with what capacity, and when it was said, which may be earlier
-- than it was written down. And objections, which change no decision by themselves: each holding agency answers them.

alter table consent drop constraint consent_state_check;
alter table consent
  add constraint consent_state_check check (state in ('given', 'refused', 'withdrawn', 'objected')),
  add column said_at timestamptz,
  add column given_by text check (given_by in ('self', 'parental-responsibility', 'deputy-or-attorney', 'advocate', 'best-interests')),
  add column capacity text check (capacity in ('has-capacity', 'competent-child', 'child-not-competent', 'lacks-capacity')),
  add column authority text check (authority in ('document-seen', 'on-record', 'stated')),
  add column child_view text check (child_view in ('agrees', 'disagrees', 'not-asked')),
  add column not_asked_because text check (not_asked_because in ('too-young', 'not-safe', 'cannot-express', 'not-present')),
  add column form_version int,
  add column form_hash text check (form_hash ~ '^[A-Za-z0-9_-]{43}$'),
  add column wording text,
  add column wording_version text,
  add column language text,
  add check ((not_asked_because is not null) = (child_view is not distinct from 'not-asked'));
comment on column consent.state is 'What was said. An objection is answered by the holders of the records and changes no decision by itself';
comment on column consent.said_at is 'When the person said it; null where only the moment of recording is known. The order of words is by this, then by recording';
comment on column consent.given_by is 'Who said it: a relation to the data subject, never a name. An advocate passes on the person''s own words';
comment on column consent.capacity is 'Whether the data subject could decide this: Mental Capacity Act 2005; for a child, Gillick competence';
comment on column consent.authority is 'How it was checked that who said it may decide for the data subject';
comment on column consent.child_view is 'What the child thinks, where somebody else spoke for them';
comment on column consent.form_version is 'Version of the protocol that the person was asked under';
comment on column consent.form_hash is 'SHA-256 of the protocol''s text, base64url';
comment on column consent.wording is 'The form or words that were used';
comment on column consent.language is 'BCP 47 tag of the language in which the person was asked';

create table objection (
  consent uuid not null references consent,
  agency text not null references agency,
  asked_through text not null references agency,
  subject text not null check (length(subject) = 43),
  protocol text not null,
  clause text,
  purpose text,
  said_at timestamptz not null,
  due_at timestamptz not null,
  outcome text check (outcome in ('stopped', 'goes-on')),
  reason text,
  answered_by uuid references practitioner (id),
  answered_at timestamptz,
  primary key (consent, agency),
  check ((outcome is null) = (answered_at is null) and (outcome is null) = (reason is null))
);
create index objection_of_agency on objection (agency, answered_at, due_at);
comment on table objection is 'An objection as each holder of the records has to answer it (UK GDPR Article 21), within a month of its being said';
comment on column objection.agency is 'The holder whose officers answer';
comment on column objection.asked_through is 'The agency that wrote the objection down and tells the person the answer';
comment on column objection.outcome is 'stopped: nothing more is shared about the person under this protocol; goes-on: compelling grounds prevail, the reason says which';

alter table objection enable row level security;
alter table objection force row level security;
create policy own on objection for select using (acting_agency() in (agency, asked_through));
create policy raised on objection for insert with check (asked_through = acting_agency());
create policy answered on objection for update using (agency = acting_agency()) with check (agency = acting_agency());
grant select, insert on objection to wayleave_app;
grant update (outcome, reason, answered_by, answered_at) on objection to wayleave_app;
