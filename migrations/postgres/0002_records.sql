-- Where a person's record stands in the organisation's own register of employees: a number or a web address.

alter table users add column record text;
