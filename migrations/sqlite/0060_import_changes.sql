-- What a list that is imported changes about people who are there, and whom it archives: written down before anything is done, so that
-- whatever is cut off is gone on with, and taken back from what stands here.

create table import_changes (
    id text not null primary key,
    import_id text not null references imports (id) on delete cascade,
    position bigint not null,
    user_id text not null references users (id),
    changes text not null,
    outcome text not null,
    refusal text
);
create index import_changes_next on import_changes (import_id, outcome, position);
create index import_changes_user on import_changes (user_id);
