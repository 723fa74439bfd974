-- What a unit decides about invitations for itself and for all below it, each setting under its name, as `valid_for=3d carries=link`;
-- and what invitations to a role carry. Empty: as above, as usual.

alter table units add column own_settings text not null default '';
update units set own_settings = 'valid_for=' || (valid_for / 60000) || 'm' where valid_for is not null;
drop index units_valid_for;
alter table units drop column valid_for;
create index units_own_settings on units (path) where own_settings <> '';
alter table roles add column carries text not null default '';
