-- What people are asked to agree to, version by version, and what each of them answered. A version that was published stays as it
-- is: it is what somebody agreed to. An answer stays, too, when another one follows; then it has an end.

create table consent_texts (
    id text not null primary key,
    kind text not null,
    version bigint not null,
    words text not null,
    is_asked boolean not null,
    created_at bigint not null,
    created_by text references users (id)
);
create unique index consent_texts_version on consent_texts (kind, version);

create table consents (
    id text not null primary key,
    user_id text not null references users (id),
    kind text not null,
    version bigint not null,
    language text not null,
    is_given boolean not null,
    answered_at bigint not null,
    ended_at bigint
);
create index consents_user on consents (user_id, answered_at);
create unique index consents_current on consents (user_id, kind) where ended_at is null;
