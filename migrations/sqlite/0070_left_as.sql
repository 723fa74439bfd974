-- How all places of a person stood once something was done to them: who was changed since is not touched when it is taken back.
alter table bulk_rows add column left_as text;
alter table import_changes add column left_as text;
-- How far a job is, where its rows do not say it.
alter table jobs add column place text not null default '';
