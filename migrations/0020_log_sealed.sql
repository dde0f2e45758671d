-- What of an entry only few may open stands beside it: the entry holds a commitment to it, which has one length whatever it says.

alter table log_content add column sealed bytea;
alter table log_content add check (sealed is null or erased_by is null);
-- Encrypted bytes do not get smaller.
alter table log_content alter column sealed set storage external;
comment on column log_content.sealed is
  'Encrypted under the master key: a line of salt and JSON, whose SHA-256 stands in committed. Never handed out as it is. Null where nothing is hidden';

create or replace function erase_log_content(in_log text, in_position bigint, in_erasure bigint) returns void
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
  set salt = null, practitioner = null, subject = null, committed = null, parts = null, sealed = null,
      erased_by = in_erasure
  where log = in_log and position = in_position and erased_by is null and event <> 'content-erased';
end
$$;
