-- Of some roles the taking away takes two administrators as well (rule 53).

alter table roles add column losing_takes_two boolean not null default false;
