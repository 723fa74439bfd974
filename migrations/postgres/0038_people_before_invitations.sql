-- People may be known before they are invited (rule 20): what is to be offered to them stands in an invitation that nobody has had
-- sent yet. It has no message and no end, and becomes an open invitation when somebody invites them. A form may only add people.

alter table invitations add column is_unsent boolean not null default false;
alter table invitation_terms add column only_adds boolean not null default false;
