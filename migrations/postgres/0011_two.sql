-- What takes two takes it part by part: of each place it is known who gave the role and who the extra permissions there, so that
-- nobody is the second of what they proposed themselves, whoever changed another part of it since. What waits is found by itself.

alter table memberships add column role_by text references users (id);
alter table memberships add column extra_by text references users (id);
update memberships set
    role_by = (select coalesce(i.proposed_by, i.created_by) from invitations i where i.id = memberships.invitation_id),
    extra_by = (select coalesce(i.proposed_by, i.created_by) from invitations i where i.id = memberships.invitation_id);
alter table invitations drop column proposed_by;
create index invitations_to_approve on invitations (id)
    where needs_approval and approved_at is null and accepted_at is null and withdrawn_at is null;
