-- What became of an invitation behind the inviter's back, and when its person is reminded: whoever it was sent to may decline, the
-- message may come back. Whoever invited is told of both, by a notice of which the row keeps the message.

alter table invitations add column declined_at bigint;
alter table invitations add column remind_at bigint;
alter table invitations add column reminded_at bigint;
create index invitations_remind on invitations (remind_at, id) where remind_at is not null;

create table to_tell (
    invitation_id text not null primary key references invitations (id),
    inviter_id text not null references users (id),
    untold_since bigint,
    notice_id text references messages (id)
);
create index to_tell_untold on to_tell (inviter_id, untold_since) where untold_since is not null;
create index to_tell_notice on to_tell (notice_id, invitation_id) where notice_id is not null;
