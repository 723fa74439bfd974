-- The users table is sorted by each of its columns. When somebody was last seen changes all day long, so the lists keep the day
-- only, in the installation's own time, written once a day; days are counted from 1 January 1970, and 0 is never. Of those who
-- were seen before it is the day in UTC. How somebody likes to look at the table is kept with them.

alter table users add column seen_day bigint not null default 0;
alter table roster add column seen_day bigint not null default 0;
update users set seen_day = last_seen_at / 86400000 where last_seen_at is not null;
update roster set seen_day = (select u.seen_day from users u where u.number = roster.person)
    where person in (select number from users where seen_day > 0);
create index roster_seen on roster (unit, is_archived, seen_day, person);
create index roster_status_seen on roster (unit, status, seen_day, person);
create index roster_role_seen on roster (unit, role, is_archived, seen_day, person);

-- People are numbered as they are added: whoever was added before a moment has the number of the last one of them, or a smaller one.
create index users_created on users (created_at, number);

create table table_layouts (
    user_id text not null primary key references users (id),
    hidden text not null,
    is_compact boolean not null
);
