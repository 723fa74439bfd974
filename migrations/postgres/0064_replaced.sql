-- Whose address was put right went on as another invitation, whose newer message some of its links can name.

alter table invitations add column replaced_by text;
