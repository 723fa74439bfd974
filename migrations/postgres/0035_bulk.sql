-- One action for many people: who was selected, by their numbers, which stay when somebody is deleted; and what became of each.

create table bulk_runs (
    id text not null primary key,
    user_id text not null references users (id),
    created_at bigint not null,
    kept_until bigint not null,
    action text not null,
    state text not null,
    -- What goes with some actions.
    reason text not null,
    role_id text,
    -- Codes of the statuses whose people are meant, with spaces between them; all of them where there is none.
    meant text not null,
    -- Until when it can be taken back whole.
    held_until bigint
);
create index bulk_runs_user on bulk_runs (user_id, created_at);
create index bulk_runs_kept on bulk_runs (kept_until);

create table bulk_rows (
    id text not null primary key,
    run_id text not null references bulk_runs (id),
    position bigint not null,
    person bigint not null,
    -- Where they stood when they were selected.
    status text not null,
    outcome text not null,
    refusal text
);
create index bulk_rows_run on bulk_rows (run_id, outcome, position);
