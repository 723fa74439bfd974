-- The search index a second time, in the order of names: everybody found has a place, and places grow as names do, so that a
-- page of a search is full after the first rows that the index gives. Whoever is there already gets a place with the keys.

create table user_search_place (
    place integer not null primary key,
    person bigint not null,
    name_key text not null
);
create unique index user_search_place_person on user_search_place (person);
create unique index user_search_place_key on user_search_place (name_key, person);
create virtual table user_search_by_name using fts5 (haystack, tokenize = 'trigram', content = '', contentless_delete = 1);
delete from settings where name = 'keys';
