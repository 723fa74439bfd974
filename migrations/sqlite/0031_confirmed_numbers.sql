-- A number is somebody's own once they came in by a link that went to it as an SMS: by that an invitation to it finds its person, and
-- not by what anybody writes about themselves. Each has one such person at most, who signs in with it.

alter table users add column phone_confirmed_at bigint;
create unique index users_phone_confirmed on users (phone) where phone_confirmed_at is not null;
create index users_reached on users (phone);
