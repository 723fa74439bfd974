-- What an inviter knows of somebody who has not accepted yet is a placeholder, a row of the inviter's own; the row of the person is
-- made by the first acceptance. Until now whoever invited first had the row that became the person's.

alter table users rename column is_shadow to is_placeholder;
drop index users_shadows;
create index users_placeholders on users (email) where is_placeholder;

-- Those who have not come in.
update users set is_placeholder = true, phone_signs_in = false where registered_at is null and deleted_at is null;

-- What was offered before somebody came in, by another invitation, and has not been accepted stands on the person's row: it gets a
-- placeholder of its own, by the id of the invitation. What the inviter had typed is not known any more.
insert into users (id, number, name, name_is_own, email, email_skeleton, is_placeholder, language, created_at, created_by, changed_at,
    version)
    select i.id, (select max(number) from users) + row_number() over (order by i.id), '', false, u.email, u.email_skeleton, true,
        i.language, i.created_at, i.invited_by, i.created_at, 1
    from invitations i join users u on u.id = i.user_id
    where u.registered_at > i.created_at and u.deleted_at is null and u.email = i.address and i.accepted_at is null
    and exists (select 1 from memberships m where m.invitation_id = i.id and m.user_id = u.id and m.active_at is null);
update memberships set user_id = invitation_id
    where active_at is null and invitation_id in (select id from users where is_placeholder);
update messages set user_id = invitation_id where invitation_id in (select id from users where is_placeholder);

-- Of those who share an address one stands in each list: these lines are written anew.
insert or ignore into unfinished (work, subject, after)
    select 'person', id, '' from users u where is_placeholder and deleted_at is null
    and (exists (select 1 from users o where o.email = u.email and not o.is_placeholder)
        or exists (select 1 from users o where o.email = u.email and o.is_placeholder and o.id <> u.id));
update invitations set user_id = id where id in (select id from users where is_placeholder);
