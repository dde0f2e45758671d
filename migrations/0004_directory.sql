-- The directory: who everybody is. Agencies keep their own rows: forced row-level security lets an agency write what it
-- owns and nothing else; named policies let a transaction read across agencies for search (directory) or for sign-in and
-- decisions (standing). A transaction with no scope sees no agency, no person, no post and no partner system.

-- Catalogue: not owned by an agency, changed only by migrations.

create table kind (
  code text primary key check (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  name text not null,
  description text not null
);
comment on table kind is 'Kinds of agency. Protocols name recipients by role and kind';

create table role (
  code text primary key check (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  name text not null,
  description text not null,
  kinds text[] not null check (cardinality(kinds) > 0),
  registers text[] not null default '{}',
  sensitive boolean not null default false
);
comment on table role is 'Role catalogue: what a post can be';
comment on column role.description is 'Plain English, for practitioners of other agencies';
comment on column role.kinds is 'Kinds of agency in which the role exists';
comment on column role.registers is 'Professional registers of which one is expected of a holder; empty: none';
comment on column role.sensitive is 'True for roles whose appointment deserves a second look by another administrator';

grant select on kind, role to wayleave_app;

-- Agencies and their teams.

create table agency (
  code text primary key check (code ~ '^[A-Z0-9][A-Z0-9:-]{1,30}$'),
  code_system text not null check (code_system in ('gss', 'ods', 'urn', 'charity')),
  code_source text not null,
  kind text not null references kind,
  name text not null check (length(name) between 1 and 200),
  switchboard text,
  website text,
  area text,
  ended_at timestamptz,
  source text not null,
  confirmed_at timestamptz not null default now(),
  created_at timestamptz not null default now()
);
comment on table agency is 'An organisation whose practitioners the directory lists, keyed by its official code';
comment on column agency.code_source is 'Where the official code was looked up';
comment on column agency.area is 'The area it serves, as people name it';
comment on column agency.ended_at is 'When it left; posts in it end then too, whatever they say';
comment on column agency.source is 'Who says what stands in this row';
comment on column agency.confirmed_at is 'When they last said so';

create table team (
  id uuid primary key,
  agency text not null references agency,
  name text not null check (length(name) between 1 and 200),
  listed boolean not null default true,
  area text,
  source text not null,
  confirmed_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  unique (agency, id),
  unique (agency, name)
);
comment on column team.listed is 'False: nobody outside the agency can find the team or who works in it (a refuge, say)';

create table duty_desk (
  agency text not null references agency,
  team uuid,
  name text not null,
  phone text not null,
  hours text not null,
  source text not null,
  confirmed_at timestamptz not null default now(),
  unique nulls not distinct (agency, team),
  foreign key (agency, team) references team (agency, id)
);
comment on table duty_desk is 'How to reach a human being of an agency now: its own desk (team null) or a team''s';

-- People.

create table practitioner (
  id uuid primary key,
  agency text not null references agency,
  display_name text not null check (length(display_name) between 1 and 200),
  given_names text not null default '' check (length(given_names) <= 200),
  family_name text not null default '' check (length(family_name) <= 200),
  other_names text[] not null default '{}',
  sort_key text not null,
  email text not null check (email like '%_@_%' and length(email) <= 254),
  phone text,
  status text not null default 'active' check (status in ('active', 'suspended', 'left')),
  identity_level smallint not null default 0 check (identity_level between 0 and 3),
  identity_checked_by text,
  identity_checked_at timestamptz,
  identity_checked_against text,
  source text not null,
  confirmed_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (id, agency)
);
create unique index practitioner_email on practitioner (lower(email));
create index practitioner_agency on practitioner (agency, sort_key);
create index practitioner_sort_key on practitioner (sort_key) where status = 'active';
comment on column practitioner.agency is 'The agency that keeps this record; posts may be in others';
comment on column practitioner.other_names is 'Other whole names the person goes by: a former name, a known-as name, another spelling';
comment on column practitioner.sort_key is 'Folded family name and given names, for lists in order';
comment on column practitioner.identity_level is 'How sure the agency is of who this is, 0 to 3';

create table post (
  id uuid primary key,
  agency text not null references agency,
  practitioner uuid not null references practitioner,
  team uuid not null,
  role text not null references role,
  kind text not null check (kind in ('substantive', 'acting-up', 'locum')),
  starts_at timestamptz not null,
  ends_at timestamptz,
  suspended boolean not null default false,
  source text not null,
  confirmed_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  foreign key (agency, team) references team (agency, id),
  check (ends_at is null or ends_at >= starts_at)
);
create index post_practitioner on post (practitioner);
create index post_agency on post (agency, practitioner);
create index post_agency_role on post (agency, role, practitioner);
create index post_role on post (role, practitioner);
create index post_team on post (team);
comment on table post is 'A practitioner holding a role in an agency and team. The agency owns the post, whoever keeps the person''s record';
comment on column post.ends_at is 'Exclusive; null while open-ended';

create table registration (
  id uuid primary key,
  practitioner uuid not null,
  agency text not null,
  body text not null,
  number text not null,
  evidence text not null check (evidence in ('checked', 'format')),
  checked_by text,
  checked_at timestamptz,
  valid_until timestamptz,
  lapsed_at timestamptz,
  source text not null,
  confirmed_at timestamptz not null default now(),
  unique (practitioner, body),
  foreign key (practitioner, agency) references practitioner (id, agency),
  check (evidence = 'format' or (checked_by is not null and checked_at is not null))
);
comment on table registration is 'An entry on a professional register, as the agency that keeps the person''s record knows it';
comment on column registration.evidence is 'checked: somebody compared it with the register; format: the number only looks right';
comment on column registration.valid_until is 'Until when the check counts';

create table administrator (
  agency text not null references agency,
  practitioner uuid not null references practitioner,
  appointed_at timestamptz not null default now(),
  appointed_by text not null,
  primary key (agency, practitioner)
);
create index administrator_practitioner on administrator (practitioner);
comment on table administrator is 'Who administers an agency''s entries. Counts only while the person is active and holds an active post there';
comment on column administrator.appointed_by is 'Id of the administrator who appointed them, or the name of the service that did';

-- Partner systems.

create table partner (
  client_id text primary key check (client_id ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$'),
  agency text not null references agency,
  name text not null,
  status text not null default 'active' check (status in ('active', 'suspended')),
  holds text[] not null default '{}',
  understands text[] not null default '{}',
  scopes text[] not null default '{}',
  redirect_uris text[] not null default '{}',
  post_logout_redirect_uris text[] not null default '{}',
  backchannel_logout_uri text,
  authentication jsonb not null check (authentication ->> 'method' in ('client_secret_basic', 'private_key_jwt')),
  home_uri text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index partner_agency on partner (agency);
comment on table partner is 'A partner system: an OpenID client that signs people in, or asks for decisions, or both';
comment on column partner.holds is 'Codes of the agencies about whose records it may ask';
comment on column partner.understands is 'What its enforcement point understands: "fields", and obligation types';
comment on column partner.authentication is 'How it proves itself: a secret''s hash, or public keys. Never a secret';

-- Search: each distinct word of a name stands once in the lexicon, where spelling and sound are compared; people are then
-- found through plain b-trees. The lexicon says nothing about who bears a name, so it belongs to no agency.

create table name_token (
  id integer generated always as identity primary key,
  token text collate "C" not null unique check (length(token) between 1 and 64)
);
create index name_token_trigram on name_token using gin (token gin_trgm_ops);
comment on table name_token is 'Distinct words of names, folded to plain small letters';

create table name_sound (
  code text not null,
  token integer not null references name_token,
  primary key (code, token)
);
comment on table name_sound is 'Daitch-Mokotoff codes of each word, computed in code';

create table name_index (
  practitioner uuid not null,
  agency text not null,
  family integer not null references name_token,
  given integer not null references name_token,
  other boolean not null default false,
  foreign key (practitioner, agency) references practitioner (id, agency) on update cascade
);
create index name_index_family on name_index (family, given, practitioner);
create index name_index_given on name_index (given, practitioner);
create index name_index_practitioner on name_index (practitioner);
comment on table name_index is 'One row for each pair of family word and given word in each name a person goes by';
comment on column name_index.given is 'Same as family where the name has one word only';
comment on column name_index.other is 'True when the pair comes from another name than the one displayed';

-- Row-level security: each table shows and changes the acting agency's own rows; what else may be read has a name.
-- The settings are read once in each statement (a sub-select) and not once in each row: it halves the time of a search.

alter table agency enable row level security;
alter table agency force row level security;
create policy own on agency using (code = (select acting_agency())) with check (code = acting_agency());
create policy directory on agency for select using ((select reading('directory')));
create policy standing on agency for select using ((select reading('standing')));

alter table team enable row level security;
alter table team force row level security;
create policy own on team using (agency = (select acting_agency())) with check (agency = acting_agency());
create policy directory on team for select using ((select reading('directory')) and listed);
create policy standing on team for select using ((select reading('standing')));

alter table duty_desk enable row level security;
alter table duty_desk force row level security;
create policy own on duty_desk using (agency = (select acting_agency())) with check (agency = acting_agency());
create policy directory on duty_desk for select using ((select reading('directory')));
create policy standing on duty_desk for select using ((select reading('standing')));

alter table practitioner enable row level security;
alter table practitioner force row level security;
create policy own on practitioner using (agency = (select acting_agency())) with check (agency = acting_agency());
create policy directory on practitioner for select using ((select reading('directory')) and status = 'active');
create policy standing on practitioner for select using ((select reading('standing')));

alter table post enable row level security;
alter table post force row level security;
create policy own on post using (agency = (select acting_agency())) with check (agency = acting_agency());
create policy directory on post for select using ((select reading('directory')) and not suspended);
create policy standing on post for select using ((select reading('standing')));

alter table registration enable row level security;
alter table registration force row level security;
create policy own on registration using (agency = (select acting_agency())) with check (agency = acting_agency());
create policy directory on registration for select using ((select reading('directory')));
create policy standing on registration for select using ((select reading('standing')));

alter table administrator enable row level security;
alter table administrator force row level security;
create policy own on administrator using (agency = (select acting_agency())) with check (agency = acting_agency());
create policy standing on administrator for select using ((select reading('standing')));

alter table partner enable row level security;
alter table partner force row level security;
create policy own on partner using (agency = (select acting_agency())) with check (agency = acting_agency());
create policy standing on partner for select using ((select reading('standing')));

alter table name_index enable row level security;
alter table name_index force row level security;
create policy own on name_index using (agency = (select acting_agency())) with check (agency = acting_agency());
create policy directory on name_index for select using ((select reading('directory')));

grant select, insert, update on agency, team, duty_desk, practitioner, post, registration, partner to wayleave_app;
grant select, insert, delete on administrator, name_index to wayleave_app;
grant select, insert on name_token, name_sound to wayleave_app;

-- The catalogue.

insert into kind (code, name, description) values
  ('council', 'Council', 'A local authority: social care, housing, education, public health, youth justice'),
  ('health', 'Health', 'An NHS trust or another provider of NHS care'),
  ('police', 'Police', 'A territorial police force'),
  ('school', 'School', 'A school, academy or college'),
  ('voluntary', 'Voluntary organisation', 'A charity or community organisation that works with people directly');

insert into role (code, name, description, kinds, registers, sensitive) values
  ('social-worker', 'Social worker', 'Assesses and supports children, adults and families, and has legal duties to protect them', '{council,health,voluntary}', '{SWE}', false),
  ('senior-social-worker', 'Senior social worker', 'An experienced social worker who supervises others and holds the hardest cases', '{council,health}', '{SWE}', false),
  ('team-manager', 'Team manager', 'Runs a team of practitioners and answers for its decisions', '{council,health,voluntary}', '{}', false),
  ('family-support-worker', 'Family support worker', 'Helps families at home with parenting, routines and getting other help', '{council,voluntary}', '{}', false),
  ('early-help-coordinator', 'Early help coordinator', 'Brings services together for a family before things get worse', '{council}', '{}', false),
  ('youth-justice-worker', 'Youth justice worker', 'Works with young people who offend or may offend, and with the courts', '{council}', '{}', false),
  ('housing-officer', 'Housing officer', 'Manages tenancies and helps people who are, or may become, homeless', '{council,voluntary}', '{}', false),
  ('education-welfare-officer', 'Education welfare officer', 'Follows up children who miss school and supports them back', '{council}', '{}', false),
  ('occupational-therapist', 'Occupational therapist', 'Helps people manage everyday life at home, with equipment and adaptations', '{council,health}', '{HCPC}', false),
  ('approved-mental-health-professional', 'Approved mental health professional', 'Carries out assessments under the Mental Health Act', '{council}', '{SWE,NMC,HCPC}', true),
  ('care-navigator', 'Care navigator', 'Guides people and carers through health and care services', '{council,health,voluntary}', '{}', false),
  ('health-visitor', 'Health visitor', 'A nurse or midwife who visits every family with a child under five', '{health,council}', '{NMC}', false),
  ('school-nurse', 'School nurse', 'A nurse for children of school age', '{health,council,school}', '{NMC}', false),
  ('midwife', 'Midwife', 'Cares for women and babies in pregnancy, birth and the first weeks', '{health}', '{NMC}', false),
  ('district-nurse', 'District nurse', 'Nurses people in their own homes and in care homes', '{health}', '{NMC}', false),
  ('community-psychiatric-nurse', 'Community psychiatric nurse', 'Supports people with mental illness outside hospital', '{health}', '{NMC}', false),
  ('general-practitioner', 'General practitioner', 'A family doctor', '{health}', '{GMC}', false),
  ('paediatrician', 'Paediatrician', 'A hospital or community doctor for children', '{health}', '{GMC}', false),
  ('emergency-department-doctor', 'Emergency department doctor', 'A doctor in accident and emergency', '{health}', '{GMC}', false),
  ('psychiatrist', 'Psychiatrist', 'A doctor for mental illness', '{health}', '{GMC}', false),
  ('physiotherapist', 'Physiotherapist', 'Helps people move and recover', '{health}', '{HCPC}', false),
  ('speech-and-language-therapist', 'Speech and language therapist', 'Helps children and adults to communicate and to swallow', '{health}', '{HCPC}', false),
  ('paramedic', 'Paramedic', 'Answers emergency calls by ambulance', '{health}', '{HCPC}', false),
  ('pharmacist', 'Pharmacist', 'Supplies and advises on medicines', '{health}', '{GPhC}', false),
  ('discharge-coordinator', 'Discharge coordinator', 'Plans with home and community services how a patient leaves hospital', '{health}', '{}', false),
  ('safeguarding-lead', 'Safeguarding lead', 'The named person for protecting children or adults in an organisation', '{health,council,voluntary,police}', '{}', true),
  ('police-officer', 'Police officer', 'A constable or sergeant on response or neighbourhood duty', '{police}', '{}', false),
  ('public-protection-officer', 'Public protection officer', 'A police officer who investigates abuse and protects vulnerable people', '{police}', '{}', true),
  ('neighbourhood-officer', 'Neighbourhood officer', 'A police officer or community support officer who knows one area', '{police}', '{}', false),
  ('teacher', 'Teacher', 'Teaches, and sees a child every school day', '{school}', '{TRA}', false),
  ('headteacher', 'Headteacher', 'Runs a school', '{school}', '{TRA}', false),
  ('designated-safeguarding-lead', 'Designated safeguarding lead', 'The person in a school who leads on protecting children', '{school}', '{}', true),
  ('special-needs-coordinator', 'Special educational needs coordinator', 'Arranges support in school for children with special needs', '{school}', '{TRA}', false),
  ('domestic-abuse-adviser', 'Domestic abuse adviser', 'Keeps people at high risk from a partner or relative safe', '{voluntary}', '{}', true),
  ('substance-misuse-worker', 'Substance misuse worker', 'Supports people who use drugs or drink too much', '{voluntary,health}', '{}', false),
  ('youth-worker', 'Youth worker', 'Works with young people in clubs, on the street and in projects', '{voluntary,council}', '{}', false),
  ('carers-support-worker', 'Carers’ support worker', 'Supports people who look after a relative or friend', '{voluntary}', '{}', false),
  ('information-governance-officer', 'Information governance officer', 'Answers for how the organisation keeps and shares personal data', '{council,health,police,school,voluntary}', '{}', true);
