-- Which entries an agency's officers may read: one row for each batch that was written, no longer one for each entry.

alter table log_reader rename column position to first;
alter table log_reader add column positions bigint[];
alter table log_reader no force row level security;
update log_reader set positions = array[first];
alter table log_reader force row level security;
alter table log_reader alter column positions set not null;

comment on column log_reader.first is 'The first of the positions; those of an agency''s next row are all higher than those of this one';
comment on column log_reader.positions is 'Entries of one batch, in order: a row for each entry would cost more than the entry';
