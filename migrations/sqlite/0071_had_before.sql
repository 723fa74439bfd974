-- What people had before something was done to many of them, where no other action gives it back; and that a run gives it back.

alter table bulk_rows add column had_before text;
alter table bulk_runs add column takes_back boolean not null default false;
create index bulk_rows_had_before on bulk_rows (person) where had_before is not null;
