-- Lists of people that somebody has given a name: what they are narrowed to and how they are sorted, as the address of the page says it.
-- A shared one is offered to everybody who sees people; within their own reach, as every list.

create table saved_views (
    id text not null primary key,
    user_id text not null references users (id),
    name text not null,
    address text not null,
    is_shared boolean not null,
    created_at bigint not null
);
create index saved_views_user on saved_views (user_id, created_at);
create index saved_views_shared on saved_views (is_shared, created_at);
