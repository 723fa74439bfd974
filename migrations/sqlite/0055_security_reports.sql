-- Security reports that go by mail: each message is about a person, or about a unit and everybody in it. What it says is found when
-- it leaves.

create table security_reports (
    message_id text not null primary key references messages (id),
    about_user text references users (id),
    about_unit text references units (id)
);
