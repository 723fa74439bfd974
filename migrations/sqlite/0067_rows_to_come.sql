-- The rows of a round that nobody has judged yet, in their order: each part of a round takes the first of them.
create index invitation_rows_to_come on invitation_rows (terms_id, position) where verdict is null and invitation_id is null;
