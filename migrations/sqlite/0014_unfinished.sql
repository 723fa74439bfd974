-- What a change of a whole unit or role has left to do: the lists of many people follow in small parts. `subject` is the unit
-- or the role, `after` the last membership that is done; a row goes when nothing is left.

create table unfinished (
    work text not null,
    subject text not null,
    after text not null,
    primary key (work, subject)
);

-- By which the memberships of a unit and of a role are walked.
create index memberships_unit on memberships (unit_id, id);
drop index memberships_role;
create index memberships_role on memberships (role_id, id);
drop index memberships_offered;
create index memberships_offered on memberships (role_id, id) where active_at is null;
