-- Who was deleted can lie in the bin for a while: since when, and when they are erased.

alter table users add column binned_at bigint;
alter table users add column erase_at bigint;
create index users_erase_at on users (erase_at) where erase_at is not null;
