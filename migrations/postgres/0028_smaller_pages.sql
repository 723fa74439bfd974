-- SQLite's search indexes are merged in smaller parts from now on. The index here has no parts that could be merged: nothing waits
-- to be sorted in.

select 1;
