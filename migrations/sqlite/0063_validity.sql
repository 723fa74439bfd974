-- How long links work in a unit and below it, and for a role, where that is not as elsewhere; in milliseconds. None: as above, as usual.

alter table units add column valid_for bigint;
alter table roles add column valid_for bigint;
create index units_valid_for on units (path) where valid_for is not null;
