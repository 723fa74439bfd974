//! How the databases read the lists: from an index, never a whole table, whatever is filtered, searched and sorted.

#[path = "../benches/people.rs"]
mod people;

use crate::support::databases;
use crate::support::site::{NO_PASSWORD, TestSite};
use usher::domain::listing::{ColumnSearch, Cursor, Matching, PageSize, Sort, SortKey, UserQuery};
use usher::domain::unit::Unit;
use usher::domain::user::Status;
use usher::server::storage::roster::{self, List, SearchLimits};
use usher::server::storage::tx::DatabaseKind;
use usher::server::storage::{Database, Statement, Tx, invitations};
use usher::values;

/// Enough that an index is worth its while.
const PEOPLE: usize = 3_000;

/// Tables that grow with the people.
const LARGE: [&str; 5] = ["roster", "users", "memberships", "user_search", "user_search_content"];

/// The site, with a company of many branches and one of these.
async fn many_people(db: Database) -> (TestSite, [Unit; 2]) {
    let site = TestSite::furnish(db, None).await;
    let plan = people::Plan {
        app: &site.app,
        root: &site.root,
        roles: &site.roles,
        inviter: &site.anna,
        password_hash: NO_PASSWORD,
    };
    let companies = people::add(&plan, PEOPLE).await;
    people::verify(&site.app, PEOPLE).await;
    let one = [companies[0][0].clone(), companies[0][1].clone()];
    (site, one)
}

/// Every combination of what the users page can be asked for.
fn questions(site: &TestSite) -> Vec<UserQuery> {
    let mut all = Vec::new();
    let person = || site.anna.as_str().to_string();
    // By role and by status a list is read in parts, each by name.
    for sort in Sort::ALL.into_iter().filter(|sort| !matches!(sort.key(), SortKey::Role | SortKey::Status)) {
        for search in ["", "a", "iv", "ivan", "quux ivan"] {
            for status in [None, Some(Status::Active), Some(Status::Archived)] {
                for role in [None, Some("employee"), Some("company_administrator")] {
                    for from in [Cursor::Start, Cursor::After(person()), Cursor::Before(person())] {
                        let role = role.map(|key| site.role(key).id.clone());
                        all.push(UserQuery {
                            search: search.into(),
                            status,
                            role,
                            unit: None,
                            sort,
                            from,
                            ..UserQuery::default()
                        });
                    }
                }
            }
        }
    }
    all
}

/// Searches by rare and common words, alone and together, with every filter, from the beginning and from the middle.
fn searches(site: &TestSite) -> Vec<UserQuery> {
    let mut all = Vec::new();
    let person = || site.anna.as_str().to_string();
    for sort in [Sort::Name, Sort::Added, Sort::Seen] {
        for search in ["a", "ivan", "anna petr", "company", "company07 ivan", "quux", "xqz", "юлия company"] {
            for status in [None, Some(Status::Active), Some(Status::Blocked)] {
                for role in [None, Some("dispatcher")] {
                    for from in [Cursor::Start, Cursor::After(person()), Cursor::Before(person())] {
                        let role = role.map(|key| site.role(key).id.clone());
                        let size = PageSize::default();
                        let (search, unit, older, facet) = (search.into(), None, None, None);
                        let columns = ColumnSearch::default();
                        all.push(UserQuery { search, columns, status, facet, role, older, unit, sort, from, size });
                    }
                }
            }
        }
    }
    all
}

/// The steps of a plan that read a whole table.
fn troubles_of_sqlite(plan: &[String]) -> Vec<String> {
    let is_fine = |step: &String| {
        // A page's own fifty rows, the rows that are counted, and the search index asked for words.
        let is_own = ["SCAN p", "SCAN found", "SCAN CONSTANT ROW"].contains(&step.as_str());
        let is_search = step.starts_with("SCAN s VIRTUAL TABLE INDEX") && step.contains(":M1");
        // Numbers that were handed over, and so many rows as were read before.
        let is_handed_over = step.starts_with("SCAN json_each VIRTUAL TABLE");
        let is_part = ["r", "s"].iter().any(|part| {
            let made = [format!("CO-ROUTINE {part}"), format!("MATERIALIZE {part}")];
            *step == format!("SCAN {part}") && plan.iter().any(|step| made.contains(step))
        });
        is_own || is_search || is_handed_over || is_part
    };
    plan.iter().filter(|step| step.starts_with("SCAN") && !is_fine(step)).cloned().collect()
}

/// The scans of large tables that name no place to begin at.
fn troubles_of_postgres(plan: &[String]) -> Vec<String> {
    let is_large = |line: &str| LARGE.iter().any(|table| line.contains(&format!(" on {table} ")));
    let troubles = plan.iter().enumerate().filter(|(at, line)| {
        let begins_somewhere = plan.get(at + 1).is_some_and(|next| next.contains("Cond:"));
        let is_bitmap_heap = line.contains("Bitmap Heap Scan");
        // The first ones of an index, whoever they are.
        let is_first =
            *at > 0 && plan[at - 1].contains("Limit") && !plan.get(at + 1).is_some_and(|next| next.contains("Filter:"));
        is_large(line) && line.contains("Scan") && !is_bitmap_heap && !is_first && !begins_somewhere
    });
    troubles.map(|(_, line)| line.clone()).collect()
}

async fn plan(tx: &mut Tx, statement: &Statement) -> Vec<String> {
    let (word, column) = match tx.kind() {
        DatabaseKind::Sqlite => ("explain query plan", "detail"),
        DatabaseKind::Postgres => ("explain", "QUERY PLAN"),
    };
    let sql = sqlx::AssertSqlSafe(format!("{word} {}", statement.sql));
    let rows = tx.rows(sql, &statement.values).await.unwrap_or_else(|error| panic!("{error}: {}", statement.sql));
    rows.iter().map(|row| row.text(column).expect("text")).collect()
}

/// With few people reading them all is cheap; what must not be is that there is no other way.
async fn look_things_up(tx: &mut Tx) {
    if tx.kind() == DatabaseKind::Postgres {
        for dear in ["enable_seqscan", "enable_hashjoin", "enable_mergejoin"] {
            let sql = sqlx::AssertSqlSafe(format!("set local {dear} = off"));
            tx.execute(sql, &[]).await.expect("a setting");
        }
    }
}

/// LD-01: no list query reads a whole table, on either database; here with as many statements as the page can ask for.
#[tokio::test]
async fn no_question_about_the_list_reads_a_whole_table() {
    databases::both(|db| async move {
        let (site, [company, branch]) = many_people(db).await;
        let mut tx = site.app.db.maintain().await.expect("a transaction");
        look_things_up(&mut tx).await;
        for unit in [&site.root, &company, &branch] {
            let counts = roster::counts(&mut tx, &unit.id).await.expect("the counts");
            for query in questions(&site) {
                let list = || List::new(tx.kind(), &unit.id, &query, &counts);
                let mut statements = list().statements();
                statements.extend(list().asking_the_facts().statements());
                if query.status.is_some() && query.search.is_empty() {
                    statements.extend(list().up_to(Some(1_000)).statements());
                }
                if !query.search.is_empty() {
                    statements.extend(list().choosing(&mut tx).await.expect("a choice").statements());
                }
                for statement in statements {
                    if tx.kind() == DatabaseKind::Postgres {
                        // So few words are read one by one sooner than looked up; but they can be looked up.
                        let is_hits =
                            statement.sql.contains("from user_search s") && !statement.sql.contains("looked_at");
                        let way = format!("set local enable_indexscan = {}", if is_hits { "off" } else { "on" });
                        tx.execute(sqlx::AssertSqlSafe(way), &[]).await.expect("a setting");
                    }
                    let plan = plan(&mut tx, &statement).await;
                    let troubles: Vec<String> = match tx.kind() {
                        DatabaseKind::Sqlite => troubles_of_sqlite(&plan),
                        DatabaseKind::Postgres => troubles_of_postgres(&plan),
                    };
                    assert!(!plan.is_empty());
                    assert!(troubles.is_empty(), "{troubles:#?}\n{}\n{plan:#?}", statement.sql);
                }
            }
        }
    })
    .await;
}

/// Many people's invitations are walked in their order until the page is full, however many they are; nothing is sorted.
/// Few people's are found by the people.
#[tokio::test]
async fn the_invitations_of_many_are_walked_and_those_of_few_looked_up() {
    databases::both(|db| async move {
        let (site, [company, branch]) = many_people(db).await;
        let mut tx = site.app.db.maintain().await.expect("a transaction");
        look_things_up(&mut tx).await;
        let kind = tx.kind();
        let newest = tx.row("select max(id) as id from invitations", &[]).await.expect("a row");
        let newest = newest.text("id").expect("an id");
        for unit in [&site.root, &company, &branch] {
            for status in [None, Some(Status::Invited)] {
                for (from, before) in [
                    (Cursor::Start, None),
                    (Cursor::Start, Some(newest.as_str())),
                    (Cursor::After(newest.clone()), None),
                    (Cursor::Before(newest.clone()), Some(newest.as_str())),
                ] {
                    let many =
                        plan(&mut tx, &invitations::page_of(kind, &unit.path, status, i64::MAX, before, &from)).await;
                    let is_sorted = |step: &String| step.contains("TEMP B-TREE FOR ORDER BY") || step.contains("Sort");
                    assert!(!many.is_empty() && !many.iter().any(is_sorted), "{many:#?}");
                    let few = plan(&mut tx, &invitations::page_of(kind, &unit.path, status, 1, before, &from)).await;
                    let reads_all = |step: &String| step.starts_with("SCAN") || step.contains("Seq Scan");
                    assert!(!few.is_empty() && !few.iter().any(reads_all), "{few:#?}");
                }
            }
        }
    })
    .await;
}

/// Whichever way a page of a search is read, it holds the same people in the same order.
#[tokio::test]
async fn every_way_to_read_a_page_of_a_search_gives_the_same() {
    databases::both(|db| async move {
        let (site, [company, branch]) = many_people(db).await;
        let mut tx = site.app.db.read().await.expect("a connection");
        let mut full = 0;
        for unit in [&site.root, &company, &branch] {
            let counts = roster::counts(&mut tx, &unit.id).await.expect("the counts");
            for query in questions(&site).iter().filter(|query| query.search.len() > 1) {
                let mut pages = Vec::new();
                let kind = tx.kind();
                let list = || List::new(kind, &unit.id, query, &counts);
                let chosen = list().choosing(&mut tx).await.expect("a choice");
                for statement in list().pages().into_iter().chain(chosen.pages()) {
                    let rows = statement.rows(&mut tx).await.expect("a page");
                    let ids: Vec<String> = rows.iter().map(|row| row.text("membership_id").expect("an id")).collect();
                    pages.push(ids);
                }
                full += usize::from(pages[0].len() > 50);
                assert!(pages.iter().all(|page| *page == pages[0]), "{query:?}: {pages:#?}");
            }
        }
        assert!(full > 50, "{full}");
    })
    .await;
}

/// Wherever the bounds lie between few and many, a page holds the same people, and what is said of how many match is true.
#[tokio::test]
async fn no_bound_on_the_work_changes_what_a_page_holds() {
    databases::both(|db| async move {
        let (site, [company, _]) = many_people(db).await;
        let now = site.app.clock.now();
        let mut tx = site.app.db.read().await.expect("a connection");
        let none =
            SearchLimits { handful: 0, frequent: 50, short: 0, few: 0, near: 0, far: 0, many: 0, counted: 0, spare: 0 };
        let narrow = [
            none,
            SearchLimits { near: 60, far: 60, counted: 60, ..none },
            SearchLimits { near: 100, far: 300, counted: 300, frequent: 1_000, few: 10, ..none },
            SearchLimits { many: 10_000, ..none },
            SearchLimits { many: 10_000, few: 100, counted: 100, spare: 60, ..none },
            SearchLimits { many: 10_000, few: 100, counted: 2_000, spare: 2_000, ..none },
        ];
        let (usual, mut many) = (SearchLimits::of(tx.kind()), 0);
        for unit in [&site.root, &company] {
            let counts = roster::counts(&mut tx, &unit.id).await.expect("the counts");
            for query in searches(&site) {
                let all = SearchLimits { handful: i64::MAX, ..none };
                let wanted = roster::page_within(&all, &mut tx, &unit.id, &query, &counts, now).await.expect("a page");
                many += usize::from(wanted.next.is_some());
                let begin = UserQuery { from: Cursor::Start, ..query.clone() };
                let truth = roster::page_within(&all, &mut tx, &unit.id, &begin, &counts, now).await.expect("a page");
                for limits in narrow.iter().chain([&usual]) {
                    let page =
                        roster::page_within(limits, &mut tx, &unit.id, &query, &counts, now).await.expect("a page");
                    let people =
                        |page: &roster::Page| page.lines.iter().map(|line| line.id.clone()).collect::<Vec<_>>();
                    assert_eq!(people(&page), people(&wanted), "{query:?} {limits:?}");
                    assert_eq!((&page.previous, &page.next), (&wanted.previous, &wanted.next), "{query:?} {limits:?}");
                    match (page.matching, truth.matching) {
                        (Matching::Exactly(said), Matching::Exactly(is)) => {
                            assert_eq!(said, is, "{query:?} {limits:?}")
                        }
                        (Matching::MoreThan(said), Matching::Exactly(is)) => assert!(said < is, "{query:?} {limits:?}"),
                        (Matching::MoreThan(said), Matching::MoreThan(is)) => {
                            assert!(said <= is, "{query:?} {limits:?}")
                        }
                        (said, is) => panic!("{said:?} {is:?} {query:?} {limits:?}"),
                    }
                }
            }
        }
        assert!(many > 30, "{many}");
    })
    .await;
}

/// Fails unless everybody who is found has a place, in the order of the names, with the words there.
async fn assert_places(tx: &mut Tx, after_what: &str) {
    if tx.kind() == DatabaseKind::Postgres {
        let sql = "select count(*) as n from user_search s join roster r on r.person = s.rowid where r.name_key <> s.name_key";
        assert_eq!(tx.row(sql, &[]).await.expect(sql).number("n").expect("a number"), 0, "{after_what}");
        return;
    }
    let numbers = async |tx: &mut Tx, sql: &'static str| {
        let rows = tx.rows(sql, &[]).await.expect(sql);
        rows.iter().map(|row| row.number("it").expect("a number")).collect::<Vec<_>>()
    };
    let by_place = numbers(tx, "select person as it from user_search_place order by place").await;
    let by_name = "select person as it from (select distinct r.person, r.name_key from roster r join search_words w \
                   on w.person = r.person) names order by name_key, person";
    assert_eq!(by_place, numbers(tx, by_name).await, "{after_what}");
    for needle in ["iva", "anna", "company", "example", "twin", "^^p"] {
        let sql = "select rowid as it from user_search_by_name where user_search_by_name match $1 order by rowid";
        let rows = tx.rows(sql, &values![format!("\"{needle}\"")]).await.expect("hits");
        let places: Vec<i64> = rows.iter().map(|row| row.number("it").expect("a place")).collect();
        let sql = "select p.place as it from user_search_place p join search_words w on w.person = p.person \
                   where instr(w.haystack, $1) > 0 order by p.place";
        let rows = tx.rows(sql, &values![needle]).await.expect("places");
        let wanted: Vec<i64> = rows.iter().map(|row| row.number("it").expect("a place")).collect();
        assert_eq!(places, wanted, "{after_what}: {needle}");
    }
}

/// Names come, change, are the same, and go; the search index in the order of names follows, also where there is no room
/// left between two of them.
#[tokio::test]
async fn the_search_index_follows_the_order_of_names() {
    databases::both(|db| async move {
        let is_sqlite = db.kind() == DatabaseKind::Sqlite;
        let (site, _) = many_people(db).await;
        let now = site.app.clock.now();
        let mut tx = site.app.db.maintain().await.expect("a transaction");
        assert_places(&mut tx, "everybody placed at once").await;
        for has_room in [true, false] {
            let squeezed = [
                "create temp table squeezed as select row_number() over (order by place) as place, person, name_key from user_search_place",
                "delete from user_search_place",
                "insert into user_search_place select place, person, name_key from squeezed",
                "drop table squeezed",
                "insert into user_search_by_name (user_search_by_name) values ('delete-all')",
                "insert into user_search_by_name (rowid, haystack) select p.place, w.haystack from user_search_place p \
                 join search_words w on w.person = p.person",
            ];
            for sql in squeezed.iter().filter(|_| is_sqlite && !has_room) {
                tx.execute(*sql, &[]).await.expect(sql);
            }
            let steps = [
                ("twins, one by one", "update users set name = 'Twin' where number % 100 = 7", 1),
                ("twins, all at once", "update users set name = 'Twin' where number % 50 = 9", 1_000),
                ("the first of all", "update users set name = '!' || number where number % 300 = 3", 40),
                ("the last of all", "update users set name = 'яя' || number where number % 300 = 4", 40),
                ("other words, same names", "update users set phone = '+3752' || number where number % 40 = 9", 100),
                ("names and words", "update users set name = 'Peter ' || number, phone = null where number % 20 = 9", 60),
                ("some who stand nowhere", "delete from memberships where user_id in (select id from users where number % 30 = 1)", 100),
            ];
            for (what, sql, at_once) in steps {
                tx.execute(sql, &[]).await.expect(sql);
                let rows = tx.rows("select id from users where deleted_at is null order by id desc", &[]).await.expect("people");
                let mut people: Vec<_> =
                    rows.iter().map(|row| usher::domain::id::UserId::new(row.text("id").expect("an id"))).collect();
                if at_once == 1 {
                    people.retain(|id| id.as_str().ends_with(['1', 'a']));
                }
                for some in people.chunks(at_once) {
                    roster::refresh(&mut tx, some, now).await.expect("the lists");
                }
                assert_places(&mut tx, what).await;
            }
        }
    })
    .await;
}
