-- Which run another one takes back, so that a report says where that stands and does not offer it again.

alter table bulk_runs add column of_run_id text;
create index bulk_runs_of_run on bulk_runs (of_run_id) where of_run_id is not null;
