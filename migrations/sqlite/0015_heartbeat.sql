-- One row that is written to see whether anything can be written.

create table heartbeat (
    id bigint not null primary key,
    at bigint not null,
    filler text not null
);
