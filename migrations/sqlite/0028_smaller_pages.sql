-- The search indexes have pages of a quarter of the size from now on. With every so many pages that are written, so many are
-- merged at once, and whoever writes waits for that; how quickly something is found hardly hangs on their size.

insert into user_search (user_search, rank) values ('pgsz', 1000);
insert into user_search_by_name (user_search_by_name, rank) values ('pgsz', 1000);
