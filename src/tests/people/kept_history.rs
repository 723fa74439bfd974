//! H-39, DI-01: the application's own connection cannot change the history, or take a line of it away, by any statement; the
//! erasure of a deleted person's words is the one way, and it takes nothing else.

use super::caller;
use crate::support::databases::both;
use crate::support::house::House;
use usher::server::storage::{Database, audit};
use usher::server::use_cases::users;
use usher::values;

/// Whether the database does it.
async fn does(db: &Database, sql: &'static str) -> bool {
    let mut tx = db.write().await.expect("a transaction");
    let done = tx.execute(sql, &[]).await.is_ok();
    done && tx.commit().await.is_ok()
}

async fn lines(db: &Database) -> Vec<String> {
    let mut tx = db.read().await.expect("a connection");
    let sql = "select id || ' ' || at || ' ' || deed || ' ' || coalesce(actor_id, '') || ' ' || coalesce(subject_id, '') || ' ' \
               || coalesce(unit_id, '') || ' ' || before || ' ' || after as line from audit_events order by id";
    tx.rows(sql, &[]).await.expect("lines").iter().map(|row| row.text("line").expect("a line")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_statement_changes_the_history_or_takes_a_line_away() {
    both(|db| async {
        let house = House::furnish(db, None).await;
        let anna = caller(&house.anna);
        let ivan = house.add_active("Ivan", "ivan@acme.by", "employee").await;
        users::block(&house.app, &anna, &ivan, "Left").await.expect("blocked");
        let db = &house.app.db;
        let before = lines(db).await;
        assert!(!before.is_empty());
        for sql in [
            "update audit_events set after = 'nothing happened'",
            "update audit_events set before = '', after = ''",
            "update audit_events set at = at - 1",
            "update audit_events set actor_id = null",
            "update audit_events set deed = 'signed_in'",
            "update audit_events set subject_id = null, before = '', after = ''",
            "update audit_events set unit_id = null, before = '', after = ''",
            "update audit_events set id = id || 'x', before = '', after = ''",
            "delete from audit_events",
            "delete from audit_events where id = (select max(id) from audit_events)",
            "insert into audit_events (id, at, deed, before, after) select id, at, deed, '', 'x' from audit_events where true \
             on conflict (id) do update set after = excluded.after",
        ] {
            assert!(!does(db, sql).await, "{sql}");
        }
        let own: &[&'static str] = match db.kind() {
            usher::server::storage::tx::Kind::Sqlite => &[
                "insert or replace into audit_events (id, at, deed, before, after) select id, at, deed, '', 'x' from audit_events",
                "replace into audit_events (id, at, deed, before, after) select id, at, deed, '', 'x' from audit_events",
                "insert or replace into audit_events (rowid, id, at, deed, before, after) \
                 select rowid, 'z' || id, at, deed, '', 'x' from audit_events",
                "update or replace audit_events set id = (select min(id) from audit_events)",
            ],
            usher::server::storage::tx::Kind::Postgres => &["truncate audit_events", "truncate users cascade"],
        };
        for sql in own {
            assert!(!does(db, sql).await, "{sql}");
        }
        assert_eq!(lines(db).await, before);
        // Not even the one way, while the person is there.
        let mut tx = db.write().await.expect("a transaction");
        assert!(audit::erase(&mut tx, std::slice::from_ref(&ivan)).await.is_err());
        drop(tx);
        users::delete(&house.app, &anna, &ivan, "ivan@acme.by").await.expect("deleted");
        let after = lines(db).await;
        assert_eq!(after.len(), before.len() + 1);
        assert!(after.iter().all(|line| !line.contains("Left")), "{after:?}");
        // Who did what to whom, and when, is what it was.
        for (old, new) in before.iter().zip(&after) {
            let head = |line: &str| line.split(' ').take(6).map(str::to_string).collect::<Vec<_>>();
            assert_eq!(head(old), head(new));
        }
        let of_anna = "update audit_events set before = '', after = '' where subject_id = $1";
        let mut tx = db.write().await.expect("a transaction");
        let done = tx.execute(of_anna, &values![&house.anna]).await;
        assert!(done.is_err() || done.is_ok_and(|lines| lines == 0), "of nobody who is there");
    })
    .await;
}
