//! How the databases read the lists: from an index, never a whole table, whatever is filtered, searched and sorted (P4).

#[path = "../benches/people.rs"]
mod people;

use crate::support::databases;
use crate::support::house::{House, NO_PASSWORD};
use usher::domain::listing::{From, Sort, UserQuery};
use usher::domain::unit::Unit;
use usher::domain::user::Status;
use usher::server::storage::roster::{self, List};
use usher::server::storage::tx::Kind;
use usher::server::storage::{Database, Statement, Tx, invitations};

/// Enough that an index is worth its while.
const PEOPLE: usize = 3_000;

/// Tables that grow with the people.
const LARGE: [&str; 5] = ["roster", "users", "memberships", "user_search", "user_search_content"];

/// The house, with a company of many branches and one of these.
async fn many_people(db: Database) -> (House, [Unit; 2]) {
    let house = House::furnish(db, None).await;
    let plan = people::Plan {
        app: &house.app,
        root: &house.root,
        roles: &house.roles,
        inviter: &house.anna,
        password_hash: NO_PASSWORD,
    };
    let companies = people::add(&plan, PEOPLE).await;
    people::verify(&house.app, PEOPLE).await;
    let one = [companies[0][0].clone(), companies[0][1].clone()];
    (house, one)
}

/// Every combination of what the users page can be asked for.
fn questions(house: &House) -> Vec<UserQuery> {
    let mut all = Vec::new();
    let person = || house.anna.as_str().to_string();
    for sort in Sort::ALL {
        for search in ["", "a", "iv", "ivan", "quux ivan"] {
            for status in [None, Some(Status::Active), Some(Status::Archived)] {
                for role in [None, Some("employee"), Some("company_administrator")] {
                    for from in [From::Start, From::After(person()), From::Before(person())] {
                        let role = role.map(|key| house.role(key).id.clone());
                        all.push(UserQuery { search: search.into(), status, role, unit: None, sort, from });
                    }
                }
            }
        }
    }
    all
}

/// What is wrong with a step of a plan, if anything.
fn trouble_of_sqlite(step: &str) -> bool {
    // A page's own fifty rows, the rows that are counted, and the search index asked for words.
    let is_own = ["SCAN p", "SCAN found"].contains(&step);
    let is_search = step.starts_with("SCAN s VIRTUAL TABLE INDEX") && step.contains(":M1");
    step.starts_with("SCAN") && !is_own && !is_search
}

/// The scans of large tables that name no place to begin at.
fn troubles_of_postgres(plan: &[String]) -> Vec<String> {
    let is_large = |line: &str| LARGE.iter().any(|table| line.contains(&format!(" on {table} ")));
    let troubles = plan.iter().enumerate().filter(|(at, line)| {
        let begins_somewhere = plan.get(at + 1).is_some_and(|next| next.contains("Cond:"));
        let is_bitmap_heap = line.contains("Bitmap Heap Scan");
        is_large(line) && line.contains("Scan") && !is_bitmap_heap && !begins_somewhere
    });
    troubles.map(|(_, line)| line.clone()).collect()
}

async fn plan(tx: &mut Tx, statement: &Statement) -> Vec<String> {
    let (word, column) = match tx.kind() {
        Kind::Sqlite => ("explain query plan", "detail"),
        Kind::Postgres => ("explain", "QUERY PLAN"),
    };
    let sql = sqlx::AssertSqlSafe(format!("{word} {}", statement.sql));
    let rows = tx.rows(sql, &statement.values).await.unwrap_or_else(|error| panic!("{error}: {}", statement.sql));
    rows.iter().map(|row| row.text(column).expect("text")).collect()
}

/// With few people reading them all is cheap; what must not be is that there is no other way.
async fn look_things_up(tx: &mut Tx) {
    if tx.kind() == Kind::Postgres {
        for dear in ["enable_seqscan", "enable_hashjoin", "enable_mergejoin"] {
            let sql = sqlx::AssertSqlSafe(format!("set local {dear} = off"));
            tx.execute(sql, &[]).await.expect("a setting");
        }
    }
}

/// P4: no list query reads a whole table, on either database; here with as many statements as the page can ask for.
#[tokio::test]
async fn no_question_about_the_list_reads_a_whole_table() {
    databases::both(|db| async move {
        let (house, [company, branch]) = many_people(db).await;
        let mut tx = house.app.db.write().await.expect("a transaction");
        look_things_up(&mut tx).await;
        for unit in [&house.root, &company, &branch] {
            let counts = roster::counts(&mut tx, &unit.id).await.expect("the counts");
            for query in questions(&house) {
                for statement in List::new(tx.kind(), &unit.id, &query, &counts).statements() {
                    if tx.kind() == Kind::Postgres {
                        // So few words are read one by one sooner than looked up; but they can be looked up.
                        let is_hits = statement.sql.contains("from user_search s");
                        let way = format!("set local enable_indexscan = {}", if is_hits { "off" } else { "on" });
                        tx.execute(sqlx::AssertSqlSafe(way), &[]).await.expect("a setting");
                    }
                    let plan = plan(&mut tx, &statement).await;
                    let troubles: Vec<String> = match tx.kind() {
                        Kind::Sqlite => plan.iter().filter(|step| trouble_of_sqlite(step)).cloned().collect(),
                        Kind::Postgres => troubles_of_postgres(&plan),
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
        let (house, [company, branch]) = many_people(db).await;
        let mut tx = house.app.db.write().await.expect("a transaction");
        look_things_up(&mut tx).await;
        let kind = tx.kind();
        let newest = tx.row("select max(id) as id from invitations", &[]).await.expect("a row");
        let newest = newest.text("id").expect("an id");
        for unit in [&house.root, &company, &branch] {
            for status in [None, Some(Status::Invited)] {
                for from in [From::Start, From::After(newest.clone()), From::Before(newest.clone())] {
                    let many = plan(&mut tx, &invitations::page_of(kind, &unit.path, status, i64::MAX, &from)).await;
                    let is_sorted = |step: &String| step.contains("TEMP B-TREE FOR ORDER BY") || step.contains("Sort");
                    assert!(!many.is_empty() && !many.iter().any(is_sorted), "{many:#?}");
                    let few = plan(&mut tx, &invitations::page_of(kind, &unit.path, status, 1, &from)).await;
                    let reads_all = |step: &String| step.starts_with("SCAN") || step.contains("Seq Scan");
                    assert!(!few.is_empty() && !few.iter().any(reads_all), "{few:#?}");
                }
            }
        }
    })
    .await;
}
