-- The search indexes are merged a little with every write, as before, and no longer a whole level of them at once when sixteen
-- parts of it have come together: somebody would wait for that.

insert into user_search (user_search, rank) values ('crisismerge', 64);
insert into user_search_by_name (user_search_by_name, rank) values ('crisismerge', 64);
