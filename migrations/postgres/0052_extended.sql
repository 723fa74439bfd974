-- Sent again, an invitation may keep its link and get a new end (the settings say which): then it is known here that it was.

alter table invitations add column extended_at bigint;
