-- A role that was removed stays as a name for what is over: the history, and invitations that nobody can accept any more. An
-- index for those who have not come in: few of all who hold something.

alter table roles add column removed_at bigint;
create index memberships_offered on memberships (role_id) where active_at is null;
