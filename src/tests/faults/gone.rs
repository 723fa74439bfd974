//! DI-03: the files of an SQLite database are removed or replaced under a running server: nothing is acknowledged that would be lost,
//! and whoever watches is told. A database that is read only is told of before somebody's write fails.

use crate::support::browser::Browser;
use crate::support::databases::Scratch;
use crate::support::site::TestSite;
use axum::http::{StatusCode, header};
use std::fs;
use std::path::PathBuf;
use usher::domain::error::UseCaseError;
use usher::domain::timestamp::Timestamp;
use usher::server::random;
use usher::server::storage::{Database, Error, Unfit};
use usher::values;

/// The file of a database of SQLite's, and the names of those beside it.
fn file_of(scratch: &Scratch, ending: &str) -> PathBuf {
    format!("{}{ending}", scratch.url.trim_start_matches("sqlite:")).into()
}

async fn make_unit(browser: &mut Browser, site: &TestSite) -> Option<UseCaseError> {
    let name = random::secret();
    let fields = [("below", site.company.id.as_str()), ("kind", "team"), ("name", name.as_str())];
    let answer = browser.call("/api/create-unit", &fields).await;
    if answer.is_done() {
        return None;
    }
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text());
    assert!(answer.headers.contains_key(header::RETRY_AFTER));
    answer.refusal()
}

async fn assert_refused(browser: &mut Browser, site: &TestSite, what: &str) {
    for _ in 0..3 {
        assert_eq!(make_unit(browser, site).await, Some(UseCaseError::StorageFails), "{what}");
    }
    let touched = site.app.db.touch("update heartbeat set at = $1", &values![Timestamp(7)]).await;
    assert!(matches!(touched, Err(Error::Gone)), "{what}: {touched:?}");
    let ready = browser.get("/health/ready").await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE, "{what}");
    assert!(ready.text().contains("removed or replaced"), "{what}: {}", ready.text());
    assert_eq!(browser.get("/health/live").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_be_lost_is_refused_when_the_file_is_gone() {
    for what in
        ["removed", "removed with its log", "its log removed", "another file", "another database", "in the middle"]
    {
        let scratch = Scratch::sqlite().await;
        let site = TestSite::furnish(scratch.db.clone(), None).await;
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        assert_eq!(make_unit(&mut browser, &site).await, None);
        assert_eq!(browser.get("/health/ready").await.status, StatusCode::OK);
        let remove = |ending| fs::remove_file(file_of(&scratch, ending)).expect("removed");
        match what {
            "removed" => remove(""),
            "removed with its log" => ["", "-wal", "-shm"].into_iter().for_each(remove),
            "its log removed" => remove("-wal"),
            "another file" => {
                remove("");
                fs::write(file_of(&scratch, ""), "").expect("written");
            }
            "another database" => {
                ["", "-wal", "-shm"].into_iter().for_each(remove);
                let other = Database::open(&scratch.url).await.expect("another one");
                other.migrate().await.expect("a schema");
                other.close().await;
            }
            _ => {
                let mut tx = scratch.db.maintain().await.expect("the writer");
                tx.execute("update heartbeat set at = 1", &[]).await.expect("a change");
                remove("");
                let kept = tx.commit().await;
                assert!(matches!(kept, Err(Error::Gone)), "{kept:?}");
            }
        }
        assert_refused(&mut browser, &site, what).await;
        scratch.remove().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_comes_back_is_written_to_again() {
    let scratch = Scratch::sqlite().await;
    let site = TestSite::furnish(scratch.db.clone(), None).await;
    let mut browser = Browser::signed_in(&site.app, &site.anna).await;
    let (file, aside) = (file_of(&scratch, ""), file_of(&scratch, ".aside"));
    fs::rename(&file, &aside).expect("moved");
    assert_refused(&mut browser, &site, "moved away").await;
    fs::rename(&aside, &file).expect("moved back");
    assert_eq!(make_unit(&mut browser, &site).await, None);
    assert_eq!(browser.get("/health/ready").await.status, StatusCode::OK);
    scratch.remove().await;
}

/// A connection that is thrown away is replaced; that the log is made anew then is no loss.
#[tokio::test(flavor = "multi_thread")]
async fn connections_that_come_and_go_are_no_loss() {
    let scratch = Scratch::sqlite().await;
    let site = TestSite::furnish(scratch.db.clone(), None).await;
    let mut browser = Browser::signed_in(&site.app, &site.anna).await;
    for _ in 0..3 {
        let mut tx = scratch.db.maintain().await.expect("the writer");
        tx.rows("pragma query_only = on", &[]).await.expect("read-only");
        let failed = tx.execute("delete from attempts", &[]).await.expect_err("a failure");
        assert!(matches!(failed, Error::Failing(_)), "{failed:?}");
        drop(tx);
        // Another program looks in and goes, such as a backup.
        let other = Database::open(&scratch.url).await.expect("another one");
        other.close().await;
        assert_eq!(make_unit(&mut browser, &site).await, None);
        assert_eq!(scratch.db.unfit(Timestamp(1)).await, None);
    }
    scratch.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_only_postgres_is_unfit_although_idle_transactions_end_well() {
    let Some(scratch) = Scratch::postgres().await else { return };
    TestSite::furnish(scratch.db.clone(), None).await;
    let name = scratch.url.rsplit('/').next().expect("a name");
    for setting in ["default_transaction_read_only = on", "default_transaction_read_only = off"] {
        let sql = format!("alter database {name} set {setting}");
        let mut tx = scratch.db.maintain().await.expect("a transaction");
        tx.execute(sqlx::AssertSqlSafe(sql), &[]).await.expect("altered");
        tx.commit().await.expect("a commit");
        let db = Database::open(&scratch.url).await.expect("open");
        for _ in 0..3 {
            // As the workers do that find nothing.
            let mut tx = db.maintain().await.expect("a transaction");
            tx.row("select 1 as one", &[]).await.expect("a row");
            tx.commit().await.expect("a commit");
            let expected = setting.ends_with("on").then_some(Unfit::Failing);
            assert_eq!(db.unfit(Timestamp(1)).await, expected, "{setting}");
        }
        db.close().await;
    }
    scratch.remove().await;
}
