-- The history is only written: no line is changed or taken away, by whatever statement. The one exception is the erasure of a
-- deleted person's words, by which both texts of a line become empty. Who is made one with somebody else stays as an empty
-- row that says who they became, so that the lines about them need not change.

alter table users add column became text;
create index users_became on users (became) where became is not null;

create function refuse_change_of_history() returns trigger language plpgsql as $$
begin
    raise exception 'a line of the history is never changed or taken away' using errcode = 'restrict_violation';
end
$$;

create function let_history_be_erased() returns trigger language plpgsql as $$
begin
    if row(new.id, new.at, new.actor_id, new.deed, new.subject_id, new.unit_id)
        is not distinct from row(old.id, old.at, old.actor_id, old.deed, old.subject_id, old.unit_id)
        and new.before = '' and new.after = ''
        and exists (select 1 from users where id = old.subject_id and deleted_at is not null)
    then
        return new;
    end if;
    raise exception 'a line of the history is never changed' using errcode = 'restrict_violation';
end
$$;

create trigger audit_events_unchanged before update on audit_events
for each row execute function let_history_be_erased();

create trigger audit_events_kept before delete on audit_events
for each row execute function refuse_change_of_history();

create trigger audit_events_not_emptied before truncate on audit_events
for each statement execute function refuse_change_of_history();

-- Also for whoever says to be a replica.
alter table audit_events enable always trigger audit_events_unchanged;
alter table audit_events enable always trigger audit_events_kept;
alter table audit_events enable always trigger audit_events_not_emptied;
