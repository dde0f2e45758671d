-- How often something was tried, shared by all replicas. Nothing here must survive a crash, so it is not written ahead.

create unlogged table rate_limit (
  key text primary key,
  points integer not null default 0,
  expire bigint
);
comment on table rate_limit is 'Counters of tries within a window; keys are hashes, never addresses or names';
comment on column rate_limit.key is 'Name of the limit, a colon, and a SHA-256 of whom or what it counts';
comment on column rate_limit.expire is 'End of the window in epoch milliseconds, as rate-limiter-flexible keeps it';
create index rate_limit_expire on rate_limit (expire);

grant select, insert, update, delete on rate_limit to wayleave_app;
