-- Forms that were sent in the last minute: a form that is sent twice (two clicks, a retry) is one act.

create table form_taken (
  form text primary key check (length(form) = 43),
  taken_at timestamptz not null default clock_timestamp(),
  led_to text
);
comment on table form_taken is 'Forms of pages that were sent in the last minute; whoever sends the same one again is led to what came of it';
comment on column form_taken.form is 'SHA-256 of session, address and fields, with the value that each opening of a page has of its own';
comment on column form_taken.led_to is 'Address of the page that the first was led to; null while it is being handled';
grant select, insert, update, delete on form_taken to wayleave_app;
