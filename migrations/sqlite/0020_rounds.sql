-- Invitation rounds: what an invite form says for everybody in it has an id and a row of its own, and so has each person in it.
-- A form that was only looked at, or could not be sent, has terms and rows; one that was sent has a round besides. A deleted
-- person leaves by rows. What stood in drafts, as JSON, is typed again into the text field of its form.

create table invitation_terms (
    id text not null primary key,
    user_id text not null references users (id),
    created_at bigint not null,
    kept_until bigint not null,
    channel text not null,
    language text not null,
    personal_text text not null,
    valid_for bigint not null,
    role_id text not null,
    extra text not null,
    -- Ids, with spaces between them: those that were chosen by hand, and those to which it invites.
    unit_ids text not null,
    place_ids text not null,
    proposed_id text,
    cleaned bigint not null,
    folded bigint not null,
    -- What stands in the text field.
    typed text not null,
    bytes bigint not null
);
create index invitation_terms_user on invitation_terms (user_id, created_at);
create index invitation_terms_kept on invitation_terms (kept_until);

create table invitation_rows (
    id text not null primary key,
    terms_id text not null references invitation_terms (id),
    position bigint not null,
    typed text not null,
    name text not null,
    role_id text,
    is_meant boolean not null,
    -- Whose row it is, as an address or a number is stored.
    contact text,
    -- Nothing while nobody has judged the row, and when the person is invited.
    verdict text,
    other text,
    person_id text,
    title text not null,
    status text,
    rest_seconds bigint,
    invitation_id text references invitations (id)
);
create unique index invitation_rows_position on invitation_rows (terms_id, position);
create index invitation_rows_contact on invitation_rows (contact);
create index invitation_rows_other on invitation_rows (other) where other is not null;
create index invitation_rows_person on invitation_rows (person_id) where person_id is not null;
create index invitation_rows_invitation on invitation_rows (invitation_id) where invitation_id is not null;

create table invitation_rounds (
    id text not null primary key references invitation_terms (id),
    -- Until when what was sent can be taken back.
    held_until bigint,
    -- Why the rest was not sent.
    stopped text
);

-- Work that goes on when the request that asked for it is answered, for somebody.
create table jobs (
    id text not null primary key,
    kind text not null,
    subject text not null,
    user_id text not null references users (id),
    created_at bigint not null,
    next_try_at bigint not null,
    attempts bigint not null,
    lease_until bigint,
    lease_number bigint not null
);
create unique index jobs_subject on jobs (kind, subject);
create index jobs_due on jobs (next_try_at);
create index jobs_user on jobs (user_id);

with bits (bit, code) as (values
    (1, 'users.see'), (2, 'units.see'), (4, 'invitations.see'), (8, 'shifts.see'), (16, 'audit.see'), (32,
    'mailbox.see'), (64, 'settings.see'), (128, 'users.invite'), (256, 'users.edit'), (512, 'users.change_role'),
    (1024, 'users.block'), (2048, 'users.archive'), (4096, 'users.delete'), (8192, 'users.reset_password'),
    (16384, 'units.manage'), (32768, 'shifts.edit'), (65536, 'roles.edit'), (131072, 'settings.change')),
forms as (select id, user_id, created_at, content from drafts where case when json_valid(content) then
    json_type(content, '$.rows') = 'array' and json_type(content, '$.units') = 'array' end),
typed as (
    select f.id, trim(coalesce((
        select group_concat(case r.value ->> '$.name' when '' then r.value ->> '$.typed'
            else (r.value ->> '$.name') || ' <' || (r.value ->> '$.typed') || '>' end, char(10))
        from json_each(f.content, '$.rows') r where r.type = 'object'
    ), '') || char(10) || coalesce(f.content ->> '$.rest', ''), char(10)) as text from forms f
)
insert into invitation_terms (id, user_id, created_at, kept_until, channel, language, personal_text, valid_for, role_id, extra,
    unit_ids, place_ids, proposed_id, cleaned, folded, typed, bytes)
select f.id, f.user_id, f.created_at, f.created_at + 86400000, 'email',
    case f.content ->> '$.language' when 'Russian' then 'ru' else 'en' end, coalesce(f.content ->> '$.personal_text', ''),
    case json_type(f.content, '$.valid_for_hours') when 'integer' then f.content ->> '$.valid_for_hours' else 72 end * 3600000,
    coalesce(f.content ->> '$.role', ''),
    coalesce((select group_concat(b.code, ' ') from bits b where (f.content ->> '$.extra') & b.bit), ''),
    coalesce((select group_concat(u.value, ' ') from json_each(f.content, '$.units') u), ''), '', f.content ->> '$.proposed',
    0, 0, t.text, octet_length(t.text)
from forms f join typed t on t.id = f.id where t.text <> '';

drop table draft_people;
drop table drafts;
