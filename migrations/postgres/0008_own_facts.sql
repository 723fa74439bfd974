-- What an organisation writes about somebody belongs to the membership there, and is seen by nobody else: where the person's
-- record stands in its own register. Who made an invitation stays known when somebody else sends it again. Of an address that
-- was erased a mark stays (an HMAC), by which a genuine link is still told from a forged one.

alter table memberships add column record text;
update memberships set record = (select u.record from users u where u.id = memberships.user_id)
    where id = (select min(m.id) from memberships m where m.user_id = memberships.user_id);
alter table users drop column record;

alter table invitations add column invited_by text references users (id);
update invitations set invited_by = created_by;

alter table invitations add column address_mark text;
alter table users add column address_mark text;
