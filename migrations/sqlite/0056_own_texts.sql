-- What messages say in an organisation's own words, version by version: the newest of a kind and a language is what stands. Of
-- invitations it stands in the settings, and the versions are kept here beside it.

create table own_texts (
    id text not null primary key,
    kind text not null,
    language text not null,
    subject text not null,
    lead text not null,
    button text not null,
    sms text not null,
    created_at bigint not null,
    created_by text references users (id)
);
create index own_texts_kind on own_texts (kind, language, id);
