-- Many people are brought into a unit at once: which one, and whether they leave the one where they stood.

alter table bulk_runs add column unit_id text;
alter table bulk_runs add column leaves boolean not null default false;
