-- What waits for a second administrator and no invitation carries: a change of a role, as a wish in JSON.

create table proposals (
    id text not null primary key,
    content text not null,
    base text not null,
    proposed_by text not null references users (id),
    created_at bigint not null
);
