-- The search index has no order here; but beside the words stands the key of the name, so that what is found is sorted before
-- anything else is looked up for it. Whoever is there already gets it with the other keys.

alter table user_search add column name_key text collate "C" not null default '';
delete from settings where name = 'keys';
