-- The house: units, people, what they hold, what they are offered, what is sent to them, and what happened.
-- Ids are UUIDv7 texts in creation order, times are Unix milliseconds.

create table settings (
    name text not null primary key,
    value text not null
);

create table units (
    id text not null primary key,
    number bigint not null,
    parent_id text references units (id),
    kind text not null,
    name text not null,
    path text not null,
    created_at bigint not null,
    archived_at bigint,
    is_closed boolean not null
);
create unique index units_number on units (number);
create unique index units_path on units (path);
create index units_parent on units (parent_id, name);

create table roles (
    id text not null primary key,
    number bigint not null,
    key text not null,
    name text not null,
    rank bigint not null,
    permissions text not null,
    is_top boolean not null,
    needs_approval boolean not null
);

create unique index roles_number on roles (number);

create table role_assigns (
    role_id text not null references roles (id),
    assignable_id text not null references roles (id),
    primary key (role_id, assignable_id)
);

create table users (
    id text not null primary key,
    number bigint not null,
    name text not null,
    name_is_own boolean not null,
    email text,
    email_skeleton text,
    phone text,
    login text,
    is_shadow boolean not null,
    confirmed_at bigint,
    language text not null,
    password_hash text,
    password_changed_at bigint,
    registered_at bigint,
    last_seen_at bigint,
    created_at bigint not null,
    created_by text references users (id),
    changed_at bigint not null,
    version bigint not null,
    deleted_at bigint,
    check (deleted_at is not null or email is not null or phone is not null or login is not null)
);
create unique index users_number on users (number);
-- What an inviter knows of somebody who is known to others (a shadow) may repeat an address.
create unique index users_email on users (email) where not is_shadow;
create unique index users_phone on users (phone) where not is_shadow;
create unique index users_login on users (login) where not is_shadow;
create index users_shadows on users (email) where is_shadow;
-- Addresses that people mix up share a skeleton.
create index users_email_skeleton on users (email_skeleton);

create table invitations (
    id text not null primary key,
    user_id text not null references users (id),
    channel text not null,
    address text not null,
    language text not null,
    personal_text text not null,
    generation bigint not null,
    valid_for bigint not null,
    created_at bigint not null,
    created_by text references users (id),
    renewed_at bigint not null,
    expires_at bigint,
    opened_at bigint,
    accepted_at bigint,
    withdrawn_at bigint,
    needs_approval boolean not null,
    proposed_by text references users (id),
    approved_at bigint,
    approved_by text references users (id)
);
create index invitations_user on invitations (user_id, created_at);
create index invitations_created on invitations (created_at, id);

create table memberships (
    id text not null primary key,
    user_id text not null references users (id),
    unit_id text not null references units (id),
    role_id text not null references roles (id),
    extra text not null,
    invitation_id text references invitations (id),
    created_at bigint not null,
    active_at bigint,
    blocked_at bigint,
    blocked_by text references users (id),
    block_reason text,
    archived_at bigint,
    archived_by text references users (id)
);
create unique index memberships_user_unit on memberships (user_id, unit_id);
create index memberships_unit_role on memberships (unit_id, role_id);
create index memberships_role on memberships (role_id);
create index memberships_invitation on memberships (invitation_id);

create table messages (
    id text not null primary key,
    kind text not null,
    channel text not null,
    user_id text references users (id),
    invitation_id text references invitations (id),
    reset_id text,
    generation bigint not null,
    header_id text not null,
    created_at bigint not null,
    next_try_at bigint,
    attempts bigint not null,
    lease_until bigint,
    lease_number bigint not null,
    sent_at bigint,
    failed_at bigint
);
create unique index messages_header on messages (header_id);
create index messages_due on messages (next_try_at) where next_try_at is not null;
create index messages_invitation on messages (invitation_id, generation);

create table message_events (
    id text not null primary key,
    message_id text not null references messages (id),
    at bigint not null,
    kind text not null,
    detail text not null
);
create index message_events_message on message_events (message_id, id);

create table password_resets (
    id text not null primary key,
    user_id text not null references users (id),
    created_at bigint not null,
    expires_at bigint,
    used_at bigint
);
create index password_resets_user on password_resets (user_id);

create table sessions (
    secret_hash text not null primary key,
    id text not null,
    user_id text not null references users (id),
    device text not null,
    is_kept boolean not null,
    created_at bigint not null,
    last_seen_at bigint not null,
    expires_at bigint not null
);
create unique index sessions_id on sessions (id);
create index sessions_user on sessions (user_id);

create table attempts (
    subject text not null primary key,
    tries bigint not null,
    ends_at bigint not null
);

create table drafts (
    id text not null primary key,
    user_id text not null references users (id),
    content text not null,
    created_at bigint not null
);
create index drafts_user on drafts (user_id);

create table audit_events (
    id text not null primary key,
    at bigint not null,
    actor_id text references users (id),
    deed text not null,
    subject_id text references users (id),
    unit_id text references units (id),
    before text not null,
    after text not null
);
create index audit_events_subject on audit_events (subject_id, id);
create index audit_events_unit on audit_events (unit_id, id);

create table shifts (
    id text not null primary key,
    unit_id text not null references units (id),
    title text not null,
    starts_at bigint not null,
    ends_at bigint not null,
    created_at bigint not null,
    created_by text references users (id),
    version bigint not null
);
create index shifts_starts on shifts (starts_at, id);
create index shifts_unit_starts on shifts (unit_id, starts_at, id);

create table shift_people (
    shift_id text not null references shifts (id),
    user_id text not null references users (id),
    primary key (shift_id, user_id)
);
create index shift_people_user on shift_people (user_id);

-- What the lists show: one row for each person in each unit from the root down to his own, written with every change. Units,
-- people and roles stand in it by their numbers, which are small, and those of people grow in the order of being added.
create table roster (
    unit bigint not null references units (number),
    person bigint not null references users (number),
    role bigint not null references roles (number),
    status text not null,
    is_archived boolean not null,
    status_until bigint,
    name_key text not null,
    primary key (unit, person)
) without rowid;
create index roster_added on roster (unit, is_archived, person);
create index roster_name on roster (unit, is_archived, name_key, person);
create index roster_status on roster (unit, status, person);
create index roster_status_name on roster (unit, status, name_key, person);
create index roster_role on roster (unit, role, is_archived, person);
create index roster_role_name on roster (unit, role, is_archived, name_key, person);
create index roster_until on roster (status_until) where status_until is not null;
create index roster_person on roster (person);

create table roster_counts (
    unit bigint not null references units (number),
    role bigint not null references roles (number),
    status text not null,
    people bigint not null,
    primary key (unit, role, status)
);

-- The search index: the person's number and everything he is searched by, folded by `domain::contact::search_key`.
create virtual table user_search using fts5 (haystack, tokenize = 'trigram');
-- The same words to be read for one person at a time, past the index.
create view search_words as select id as person, c0 as haystack from user_search_content;
