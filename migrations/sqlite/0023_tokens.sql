-- Tokens by which programs read: each is somebody's, and opens what they may see at that moment. Of the secret only the hash is
-- kept, as of a session's.

create table api_tokens (
    secret_hash text not null primary key,
    id text not null,
    user_id text not null references users (id),
    name text not null,
    created_at bigint not null,
    last_used_at bigint,
    expires_at bigint not null
);
create unique index api_tokens_id on api_tokens (id);
create index api_tokens_user on api_tokens (user_id);
