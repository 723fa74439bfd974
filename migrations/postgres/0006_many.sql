-- For many people: whom a draft names, so that a deletion finds it without reading the others; and indexes by which what is
-- asked in a write finds its rows.

create table draft_people (
    draft_id text not null references drafts (id) on delete cascade,
    person text not null,
    primary key (draft_id, person)
);
create index draft_people_person on draft_people (person);

create index messages_user on messages (user_id);
create index memberships_extra on memberships (unit_id, role_id) where extra <> '';

-- In the order of bytes, as SQLite's: skeletons of one name at any domain stand between two texts.
alter table users alter column email_skeleton type text collate "C";
