-- The outbox in lanes, so that what one person waits for goes before a round of invitations; and how many messages went to an
-- address and on whose account, by hash (an HMAC), for a day.

alter table messages add column lane bigint not null default 1;
drop index messages_due;
create index messages_due on messages (lane, next_try_at, id) where next_try_at is not null;

create table letters (
    id text not null primary key,
    address text not null,
    inviter text,
    at bigint not null
);
create index letters_address on letters (address, at);
create index letters_inviter on letters (inviter, at);
