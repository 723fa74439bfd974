-- Units sort and are found by keys that the program makes of their names, as people are.

alter table units add column name_key text collate "C" not null default '';
alter table units add column haystack text not null default '';
drop index units_parent;
create index units_parent on units (parent_id, name_key, id);
