-- The history is only written: no line is changed or taken away, by whatever statement. The one exception is the erasure of a
-- deleted person's words, by which both texts of a line become empty. Who is made one with somebody else stays as an empty
-- row that says who they became, so that the lines about them need not change.

alter table users add column became text;
create index users_became on users (became) where became is not null;

create trigger audit_events_written_once before insert on audit_events
when exists (select 1 from audit_events where id = new.id or rowid = new.rowid)
begin
    select raise(abort, 'a line of the history is never written again');
end;

create trigger audit_events_unchanged before update on audit_events
when not (
    new.id is old.id and new.at is old.at and new.actor_id is old.actor_id and new.deed is old.deed
    and new.subject_id is old.subject_id and new.unit_id is old.unit_id and new.before = '' and new.after = ''
    and exists (select 1 from users where id = old.subject_id and deleted_at is not null)
)
begin
    select raise(abort, 'a line of the history is never changed');
end;

create trigger audit_events_kept before delete on audit_events
begin
    select raise(abort, 'a line of the history is never taken away');
end;
