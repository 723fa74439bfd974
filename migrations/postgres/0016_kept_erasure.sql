-- Whoever was deleted stays so: their row is never taken away, put in another's place or made somebody's again, and keeps nothing
-- that says who they were. The history lets their words go by that (0003), so it must not be a state to pass through.

update users set name = '', email = null, email_skeleton = null, phone = null, login = null, password_hash = null
    where deleted_at is not null;

create function refuse_change_of_person() returns trigger language plpgsql as $$
begin
    raise exception 'a deleted person stays so, and nothing of them is kept' using errcode = 'restrict_violation';
end
$$;

create trigger users_inserted_erased before insert on users for each row
when (
    new.deleted_at is not null and (
        new.name <> '' or new.email is not null or new.email_skeleton is not null or new.phone is not null
        or new.login is not null or new.password_hash is not null
    )
)
execute function refuse_change_of_person();

create trigger users_updated_erased before update on users for each row
when (
    new.deleted_at is not null and (
        new.name <> '' or new.email is not null or new.email_skeleton is not null or new.phone is not null
        or new.login is not null or new.password_hash is not null
    )
)
execute function refuse_change_of_person();

create trigger users_kept_apart before update on users for each row
when (new.id <> old.id or new.number <> old.number or (old.deleted_at is not null and new.deleted_at is null))
execute function refuse_change_of_person();

create trigger users_kept before delete on users for each row execute function refuse_change_of_person();

create trigger users_not_emptied before truncate on users for each statement execute function refuse_change_of_person();

-- Also for whoever says to be a replica.
alter table users enable always trigger users_inserted_erased;
alter table users enable always trigger users_updated_erased;
alter table users enable always trigger users_kept_apart;
alter table users enable always trigger users_kept;
alter table users enable always trigger users_not_emptied;
