-- What is kept no longer than the settings say. The application may insert into these tables and not delete from them: it asks
-- this one function, which takes away what is older than a moment, and nothing else.

create policy retention on duty to current_user using (true) with check (true);
create policy retention on obligation_acknowledgement to current_user using (true) with check (true);
create policy retention on override_review to current_user using (true) with check (true);

create function forget_before(in_what text, in_before timestamptz) returns bigint
  language plpgsql security definer set search_path = pg_catalog, public
as $$
declare
  gone bigint := 0;
begin
  -- A week at least, whatever the setting: nobody who may call this can do away with what happened today.
  if in_before > clock_timestamp() - interval '7 days' then
    raise exception 'nothing of the last seven days is forgotten' using errcode = 'insufficient_privilege';
  end if;
  case in_what
    when 'change-feed' then
      delete from public.change_feed feed using public.log_content entry
      where entry.log = feed.log and entry.position = feed.position and entry.time < extract(epoch from in_before);
    when 'duties' then
      delete from public.duty where due_at < in_before;
      delete from public.obligation_acknowledgement said
      where acknowledged_at < in_before and not exists (
        select from public.duty where duty.decision = said.decision and duty.obligation = said.obligation);
    when 'review-texts' then
      update public.override_review set reason = '', note = '' where closed_at < in_before and reason <> '';
  end case;
  get diagnostics gone = row_count;
  return gone;
end
$$;
revoke all on function forget_before(text, timestamptz) from public;
grant execute on function forget_before(text, timestamptz) to wayleave_app;
comment on function forget_before is 'Takes away rows of the change feed or of duties, or the texts of closed reviews, from before a moment';
