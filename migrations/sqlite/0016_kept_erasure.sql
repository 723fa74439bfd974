-- Whoever was deleted stays so: their row is never taken away, put in another's place or made somebody's again, and keeps nothing
-- that says who they were. The history lets their words go by that (0003), so it must not be a state to pass through.

update users set name = '', email = null, email_skeleton = null, phone = null, login = null, password_hash = null
    where deleted_at is not null;

create trigger users_written_once before insert on users
when exists (select 1 from users where id = new.id or number = new.number or rowid = new.rowid)
begin
    select raise(abort, 'a person is never written again');
end;

create trigger users_inserted_erased before insert on users
when new.deleted_at is not null and (
    new.name <> '' or new.email is not null or new.email_skeleton is not null or new.phone is not null
    or new.login is not null or new.password_hash is not null
)
begin
    select raise(abort, 'of a deleted person nothing is kept');
end;

create trigger users_updated_erased before update on users
when new.deleted_at is not null and (
    new.name <> '' or new.email is not null or new.email_skeleton is not null or new.phone is not null
    or new.login is not null or new.password_hash is not null
)
begin
    select raise(abort, 'of a deleted person nothing is kept');
end;

create trigger users_kept_apart before update on users
when new.id is not old.id or new.number is not old.number or new.rowid is not old.rowid
    or (old.deleted_at is not null and new.deleted_at is null)
begin
    select raise(abort, 'a person is never made another, nor comes back');
end;

create trigger users_kept before delete on users
begin
    select raise(abort, 'the row of a person is never taken away');
end;

-- Nor does a line of the history whose words are gone take another one's place.
create trigger audit_events_in_place before update on audit_events
when new.rowid is not old.rowid
begin
    select raise(abort, 'a line of the history is never changed');
end;
