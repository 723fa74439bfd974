-- Somebody who has a login and no address gets a temporary password, which ends at a moment and opens nothing but the page for a
-- lasting one. Logins that look alike have one skeleton. What is signed in to is the panel or the mobile surface.

alter table users add column temporary_until bigint;
alter table users add column login_skeleton text;
create index users_login_skeleton on users (login_skeleton) where login_skeleton is not null;
update users set login_skeleton =
    replace(replace(replace(replace(replace(replace(login, '.', ''), '-', ''), '_', ''), '0', 'o'), '1', 'l'), 'i', 'l')
where login is not null;

alter table sessions add column is_mobile boolean not null default false;
