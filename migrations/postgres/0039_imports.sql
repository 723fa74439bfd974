-- Lists of people that are being imported: what was read of a file, what was said about it, and which rounds were made of it. Each is
-- its owner's alone, and is forgotten after a day. A person in a round may have a number beside their address.

create table imports (
    id text not null primary key,
    user_id text not null references users (id),
    created_at bigint not null,
    kept_until bigint not null,
    started_at bigint,
    undone_at bigint,
    version bigint not null,
    content text not null
);
create index imports_user on imports (user_id, created_at);
create index imports_kept on imports (kept_until);

alter table invitation_rows add column phone text;
