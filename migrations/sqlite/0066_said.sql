-- What a list said of somebody besides name and address, as JSON: what is still asked about, and what is not used.

alter table invitation_rows add column said text not null default '';
