-- By a telephone number signs in whoever held it first: others may name the same number as one at which they are reached,
-- and are not told that it is somebody's.

alter table users add column phone_signs_in boolean not null default false;
update users set phone_signs_in = true where phone is not null and not is_shadow;
drop index users_phone;
create unique index users_phone on users (phone) where phone_signs_in;
