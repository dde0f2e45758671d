-- Failed sign-ins are counted apart by who could have made them, with pauses that grow. What was counted before starts again.

truncate sign_in_throttle;
drop index sign_in_throttle_expiry;
alter table sign_in_throttle
  drop column points,
  drop column expire,
  add column failures integer not null default 0,
  add column open_at timestamptz not null,
  add column expires_at timestamptz not null;
create index sign_in_throttle_expiry on sign_in_throttle (expires_at);
comment on table sign_in_throttle is 'Failed attempts to sign in, one row for each budget that they are taken from';
comment on column sign_in_throttle.key is 'Name of the budget, a colon, and a keyed hash of whose it is: no names, no addresses';
comment on column sign_in_throttle.open_at is 'No attempt is taken from this budget before';
comment on column sign_in_throttle.expires_at is 'When the count starts again from nothing';

create table sign_in_place (
  key text primary key,
  expires_at timestamptz not null
);
create index sign_in_place_expiry on sign_in_place (expires_at);
comment on table sign_in_place is 'That somebody signed in from some address lately. Nobody can read from it who, or where';
comment on column sign_in_place.key is 'Keyed hash of person and address together';

grant select, insert, update, delete on sign_in_place to wayleave_app;
