-- An invitation goes to an e-mail address and to a number, where both are known and the settings say so: `other_address` is the one
-- that is not `address`, of the other channel. Each has a link of its own; of an erased one its mark stays (an HMAC). Whoever comes in
-- by the link to the number has not shown that the e-mail address is theirs: until then it stands apart, and names nobody.

alter table invitations add column other_address text;
alter table invitations add column other_mark text;
alter table users add column unconfirmed_email text;
create index users_unconfirmed_email on users (unconfirmed_email) where unconfirmed_email is not null;
create index invitation_rows_phone on invitation_rows (phone) where phone is not null;

-- A number beside an address was kept with the person alone until now.
update invitations set other_address =
        (select u.phone from users u where u.id = invitations.user_id and u.is_placeholder and u.deleted_at is null)
    where channel = 'email' and accepted_at is null and address <> '';
