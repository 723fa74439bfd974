//! FT-03: whichever of its writes a deed fails at, it says so, and nothing of it is left.

use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::site::TestSite;
use crate::support::tables::Dump;
use std::collections::BTreeSet;
use usher::server::storage::Database;
use usher::server::storage::tx::DatabaseKind;

/// What Anna does by the page's script.
const DEEDS: [&str; 6] =
    ["/api/create-unit", "/api/block", "/api/archive", "/api/delete", "/api/resend", "/api/withdraw"];

/// Does it to somebody, or a unit, that nobody has touched yet.
struct Deed {
    path: &'static str,
    fields: Vec<(&'static str, String)>,
}

impl Deed {
    async fn prepare(site: &TestSite, path: &'static str, number: usize) -> Self {
        let email = format!("somebody{number}@acme.by");
        let fields = match path {
            "/api/create-unit" => {
                vec![
                    ("below", site.company.id.to_string()),
                    ("kind", "team".into()),
                    ("name", format!("Team {number}")),
                ]
            }
            "/api/resend" | "/api/withdraw" => {
                vec![("id", site.invite("Ivan", &email).await.invitation.to_string())]
            }
            _ => vec![("id", site.add_active("Ivan", &email, "employee").await.to_string()), ("typed", email)],
        };
        Self {
            path,
            fields: fields.into_iter().filter(|(name, _)| path == "/api/delete" || *name != "typed").collect(),
        }
    }

    async fn is_done(&self, anna: &mut Browser) -> bool {
        let fields: Vec<(&str, &str)> = self.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        anna.call(self.path, &fields).await.is_done()
    }
}

async fn run(db: &Database, statements: Vec<String>) {
    let mut tx = db.maintain().await.expect("a transaction");
    for sql in statements {
        tx.execute(sqlx::AssertSqlSafe(sql.clone()), &[]).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    tx.commit().await.expect("a commit");
}

const WRITES: [&str; 3] = ["insert", "update", "delete"];

/// From now on every write to this table fails.
async fn fail_at(db: &Database, table: &str) {
    let statements = match db.kind() {
        DatabaseKind::Sqlite => WRITES
            .map(|write| {
                format!(
                    "create trigger fails_{write} before {write} on {table} begin select raise(abort, 'fails'); end"
                )
            })
            .to_vec(),
        DatabaseKind::Postgres => vec![
            "create function fails() returns trigger language plpgsql as \
             $$ begin raise exception 'fails'; end $$"
                .into(),
            format!(
                "create trigger fails before insert or update or delete on {table} for each row execute function fails()"
            ),
        ],
    };
    run(db, statements).await;
}

async fn mend(db: &Database, table: &str) {
    let statements = match db.kind() {
        DatabaseKind::Sqlite => WRITES.map(|write| format!("drop trigger fails_{write}")).to_vec(),
        DatabaseKind::Postgres => vec![format!("drop trigger fails on {table}"), "drop function fails()".into()],
    };
    run(db, statements).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deed_that_fails_at_any_of_its_writes_is_refused_and_leaves_nothing_ft_03() {
    both(|db| async move {
        let site = TestSite::furnish(db.clone(), None).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let mut number = 0;
        for path in DEEDS {
            // Where it writes when all is well.
            let deed = Deed::prepare(&site, path, number).await;
            let before = Dump::of(&db).await;
            assert!(deed.is_done(&mut anna).await, "{path}");
            let changes = before.changes_to(&Dump::of(&db).await);
            let written = changes.iter().filter_map(|line| line[2..].split_once(':')).map(|(table, _)| table);
            // Tries are counted for themselves, and what is searched is an index here and a view there.
            let others = ["attempts", "user_search", "search_words"];
            let written: BTreeSet<&str> = written.filter(|table| !others.contains(table)).collect();
            assert!(written.contains("audit_events") && written.len() > 1, "{path}: {written:?}");
            for table in written {
                number += 1;
                let deed = Deed::prepare(&site, path, number).await;
                let before = Dump::of(&db).await;
                fail_at(&db, table).await;
                assert!(!deed.is_done(&mut anna).await, "{path} failed at {table} and said that it was done");
                mend(&db, table).await;
                before.assert_unchanged(&db, &format!("{path}, which failed at {table},")).await;
                assert!(deed.is_done(&mut anna).await, "{path} after it failed at {table}");
            }
            number += 1;
        }
    })
    .await;
}
