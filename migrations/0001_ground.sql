-- The ground: extensions, the application's role, and the two settings that row-level security reads.
-- The application role owns nothing; its password is set at start-up, never here.

create extension if not exists pg_trgm;
create extension if not exists btree_gin;

do $$
begin
  if not exists (select from pg_roles where rolname = 'wayleave_app') then
    create role wayleave_app login;
  end if;
exception when duplicate_object or unique_violation then
  null; -- another database of this server was being migrated at the same moment
end
$$;

revoke all on schema public from public;
grant usage on schema public to wayleave_app;

create function acting_agency() returns text
  language sql stable parallel safe
  return nullif(current_setting('wayleave.agency', true), '');
comment on function acting_agency() is
  'Official code of the agency on whose behalf this transaction runs; null when unset, and then agency tables show no rows';

create function reading(policy text) returns boolean
  language sql stable parallel safe
  return current_setting('wayleave.reading', true) = policy;
comment on function reading(text) is
  'True when this transaction was opened under the named cross-agency read policy: directory, standing or audit';
