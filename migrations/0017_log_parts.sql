-- An entry may have parts: each can be shown, and proved, without the others.

alter table log_content add column parts bytea;
alter table log_content add check (parts is null or erased_by is null);
-- It is small already: what is written is read back as it stands.
alter table log_content alter column parts set storage external;
comment on column log_content.parts is
  'Deflated (RFC 1951) lines, one for each part: its own salt and its JSON. SHA-256 of a line stands in committed. Null where an entry has none';

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
  set salt = null, practitioner = null, subject = null, committed = null, parts = null, erased_by = in_erasure
  where log = in_log and position = in_position and erased_by is null and event <> 'content-erased';
end
$$;
