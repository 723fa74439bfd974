-- What an inviter knows of somebody who has not accepted yet is called a placeholder.

alter table users rename column is_shadow to is_placeholder;
drop index users_shadows;
create index users_placeholders on users (email) where is_placeholder;
