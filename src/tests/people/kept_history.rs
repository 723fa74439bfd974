//! H-39, DI-01: the application's own connection cannot change the history, or take a line of it away, by any statement; the
//! erasure of a deleted person's words is the one way, and it takes nothing else.

use super::caller;
use crate::support::databases::both;
use crate::support::site::TestSite;
use usher::server::storage::{Database, audit};
use usher::server::use_cases::{deletion, users};
use usher::values;

/// Whether the database does it.
async fn does(db: &Database, sql: &'static str) -> bool {
    let mut tx = db.maintain().await.expect("a transaction");
    let done = tx.execute(sql, &[]).await.is_ok();
    done && tx.commit().await.is_ok()
}

async fn lines(db: &Database) -> Vec<String> {
    let mut tx = db.read().await.expect("a connection");
    let sql = "select id || ' ' || at || ' ' || action || ' ' || coalesce(actor_id, '') || ' ' || coalesce(subject_id, '') || ' ' \
               || coalesce(unit_id, '') || ' ' || before || ' ' || after as line from audit_events order by id";
    tx.rows(sql, &[]).await.expect("lines").iter().map(|row| row.text("line").expect("a line")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_statement_changes_the_history_or_takes_a_line_away() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let anna = caller(&site.anna);
        let ivan = site.add_active("Ivan", "ivan@acme.by", "employee").await;
        users::block(&site.app, &anna, &ivan, "Left").await.expect("blocked");
        let db = &site.app.db;
        let before = lines(db).await;
        assert!(!before.is_empty());
        for sql in [
            "update audit_events set after = 'nothing happened'",
            "update audit_events set before = '', after = ''",
            "update audit_events set at = at - 1",
            "update audit_events set actor_id = null",
            "update audit_events set action = 'signed_in'",
            "update audit_events set subject_id = null, before = '', after = ''",
            "update audit_events set unit_id = null, before = '', after = ''",
            "update audit_events set id = id || 'x', before = '', after = ''",
            "delete from audit_events",
            "delete from audit_events where id = (select max(id) from audit_events)",
            "insert into audit_events (id, at, action, before, after) select id, at, action, '', 'x' from audit_events where true \
             on conflict (id) do update set after = excluded.after",
        ] {
            assert!(!does(db, sql).await, "{sql}");
        }
        let own: &[&'static str] = match db.kind() {
            usher::server::storage::tx::DatabaseKind::Sqlite => &[
                "insert or replace into audit_events (id, at, action, before, after) select id, at, action, '', 'x' from audit_events",
                "replace into audit_events (id, at, action, before, after) select id, at, action, '', 'x' from audit_events",
                "insert or replace into audit_events (rowid, id, at, action, before, after) \
                 select rowid, 'z' || id, at, action, '', 'x' from audit_events",
                "update or replace audit_events set id = (select min(id) from audit_events)",
            ],
            usher::server::storage::tx::DatabaseKind::Postgres => &["truncate audit_events", "truncate users cascade"],
        };
        for sql in own {
            assert!(!does(db, sql).await, "{sql}");
        }
        assert_eq!(lines(db).await, before);
        // Not even the one way, while the person is there.
        let mut tx = db.maintain().await.expect("a transaction");
        assert!(audit::erase(&mut tx, std::slice::from_ref(&ivan)).await.is_err());
        drop(tx);
        deletion::delete(&site.app, &anna, &ivan, "ivan@acme.by").await.expect("deleted");
        let after = lines(db).await;
        assert_eq!(after.len(), before.len() + 1);
        assert!(after.iter().all(|line| !line.contains("Left")), "{after:?}");
        // Who did what to whom, and when, is what it was.
        for (old, new) in before.iter().zip(&after) {
            let head = |line: &str| line.split(' ').take(6).map(str::to_string).collect::<Vec<_>>();
            assert_eq!(head(old), head(new));
        }
        let of_anna = "update audit_events set before = '', after = '' where subject_id = $1";
        let mut tx = db.maintain().await.expect("a transaction");
        let done = tx.execute(of_anna, &values![&site.anna]).await;
        assert!(done.is_err() || done.is_ok_and(|lines| lines == 0), "of nobody who is there");
    })
    .await;
}

/// H-39: the erasure is for those who stay deleted. Whoever was marked so for a moment, to have the lines about them emptied,
/// cannot be brought back by any statement, and a mark without an erasure is none.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_deleted_for_a_moment_so_that_the_history_lets_go_of_them() {
    const ERASED: &str =
        "name = '', email = null, email_skeleton = null, phone = null, login = null, password_hash = null";
    const COLUMNS: &str =
        "name, name_is_own, email, is_placeholder, language, created_at, changed_at, version, phone_signs_in";
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let anna = caller(&site.anna);
        let ivan = site.add_active("Ivan", "ivan@acme.by", "employee").await;
        let olga = site.add_active("Olga", "olga@acme.by", "employee").await;
        users::block(&site.app, &anna, &ivan, "Left").await.expect("blocked");
        users::block(&site.app, &anna, &olga, "Gone").await.expect("blocked");
        deletion::delete(&site.app, &anna, &olga, "olga@acme.by").await.expect("deleted");
        let db = &site.app.db;
        let before = lines(db).await;
        // Neither somebody who is there …
        let mut refused: Vec<String> = [
            "deleted_at = 1",
            "deleted_at = 1, name = ''",
            "deleted_at = 1, name = '', email = null, email_skeleton = null",
            "deleted_at = 1, phone = '+375291112233'",
            "id = id || 'x'",
            "number = number + 100",
        ]
        .iter()
        .map(|change| format!("update users set {change} where id = '{ivan}'"))
        .collect();
        // … nor somebody who is gone.
        for change in [
            "deleted_at = null",
            "deleted_at = null, email = 'olga@acme.by', name = 'Olga'",
            "name = 'Olga'",
            "email = 'olga@acme.by'",
            "email_skeleton = 'olga@acme.by'",
            "phone = '+375291112233'",
            "login = 'olga'",
            "password_hash = 'x'",
            "number = number + 100",
        ] {
            refused.push(format!("update users set {change} where id = '{olga}'"));
        }
        for person in [&ivan, &olga] {
            refused.push(format!("delete from users where id = '{person}'"));
            refused.push(format!(
                "insert into users (id, number, {COLUMNS}) select id, number + 100, {COLUMNS} from users where id = '{person}'"
            ));
        }
        refused.push(format!(
            "insert into users (id, number, deleted_at, {COLUMNS}) select 'u-new', 1000, 1, {COLUMNS} from users where id = '{ivan}'"
        ));
        match db.kind() {
            usher::server::storage::tx::DatabaseKind::Sqlite => {
                for insert in ["insert or replace into", "replace into"] {
                    for (id, number, row) in [("u.id", "u.number", "1000"), ("'u-new'", "u.number", "1000"), ("'u-new'", "1000", "u.rowid")] {
                        refused.push(format!(
                            "{insert} users (rowid, id, number, {COLUMNS}) select {row}, {id}, {number}, 'Olga', false, 'o@acme.by', false, \
                             'en', 1, 1, 1, false from users u where id = '{olga}'"
                        ));
                    }
                }
                for column in ["rowid", "number", "id"] {
                    refused.push(format!(
                        "update or replace users set {column} = (select {column} from users where id = '{olga}') where id = '{ivan}'"
                    ));
                }
                refused.push(format!(
                    "update or replace audit_events set before = '', after = '', rowid = (select min(rowid) from audit_events) \
                     where rowid = (select max(rowid) from audit_events where subject_id = '{olga}')"
                ));
            }
            usher::server::storage::tx::DatabaseKind::Postgres => refused.push("truncate users".into()),
        }
        for sql in &refused {
            let mut tx = db.maintain().await.expect("a transaction");
            if db.kind() == usher::server::storage::tx::DatabaseKind::Sqlite {
                tx.execute("pragma defer_foreign_keys = on", &[]).await.expect("deferred");
            }
            let done = tx.execute(sqlx::AssertSqlSafe(sql.clone()), &[]).await;
            assert!(done.is_err(), "{sql}");
        }
        // Not in one transaction either, with the erasure that the database would let happen in between.
        let mut tx = db.maintain().await.expect("a transaction");
        tx.execute(sqlx::AssertSqlSafe(format!("update users set deleted_at = 1, {ERASED} where id = '{ivan}'")), &[])
            .await
            .expect("as good as deleted");
        audit::erase(&mut tx, std::slice::from_ref(&ivan)).await.expect("erased");
        let back = format!("update users set deleted_at = null, name = 'Ivan', email = 'ivan@acme.by' where id = '{ivan}'");
        assert!(tx.execute(sqlx::AssertSqlSafe(back), &[]).await.is_err());
        drop(tx);
        assert_eq!(lines(db).await, before);
        assert!(before.iter().any(|line| line.contains("Left")), "{before:?}");
    })
    .await;
}
