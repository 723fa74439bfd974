//! H-01, FT-09: a disk without room, a file that cannot be written, a connection below which something failed. It is said in
//! words while it lasts, and over when it is over: no connection is kept on which it happened.

use crate::support::browser::Browser;
use crate::support::databases::{Scratch, both};
use crate::support::people::PASSWORD;
use crate::support::site::TestSite;
use crate::support::until;
use axum::http::{StatusCode, header};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use usher::domain::error::UseCaseError;
use usher::domain::timestamp::Timestamp;
use usher::server::random;
use usher::server::storage::tx::DatabaseKind;
use usher::server::storage::{Database, Error, Unfit};
use usher::values;

/// A small file system of its own, gone with this; nobody but root may have one.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(megabytes: u32) -> Option<Self> {
        let folder = std::env::temp_dir().join(format!("usher-disk-{}", random::secret()));
        fs::create_dir_all(&folder).expect("a folder");
        let size = format!("size={megabytes}m,mode=0700");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&folder).output();
        if mounted.is_ok_and(|mounted| mounted.status.success()) {
            return Some(Self(folder));
        }
        let _ = fs::remove_dir(&folder);
        None
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Takes all the room that is left.
    fn fill(&self) {
        let mut filler = fs::File::create(self.file("filler")).expect("a file");
        for size in [64 * 1024, 1024, 1] {
            while filler.write_all(&vec![0; size]).is_ok() {}
        }
    }

    fn empty(&self) {
        fs::remove_file(self.file("filler")).expect("removed");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
        let _ = fs::remove_dir(&self.0);
    }
}

/// Makes units until one is refused; how many were made, and the refusal.
async fn write_until_refused(browser: &mut Browser, site: &TestSite) -> (usize, UseCaseError) {
    for made in 0..20_000 {
        let name = format!("Unit {made} {}", random::secret());
        let fields = [("below", site.company.id.as_str()), ("kind", "team"), ("name", name.as_str())];
        let answer = browser.call("/api/create-unit", &fields).await;
        if !answer.is_done() {
            assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text());
            assert!(answer.headers.contains_key(header::RETRY_AFTER));
            return (made, answer.refusal().expect("a refusal"));
        }
    }
    panic!("never refused");
}

async fn units(site: &TestSite) -> i64 {
    let mut tx = site.app.db.read().await.expect("a connection");
    tx.row("select count(*) as n from units", &[]).await.expect("a count").number("n").expect("a number")
}

async fn ready(browser: &mut Browser) -> (u16, String) {
    let answer = browser.get("/health/ready").await;
    (answer.status.as_u16(), answer.text())
}

/// What people and watches see while nothing can be written.
async fn assert_told(browser: &mut Browser, site: &TestSite) {
    let fields = [("below", site.company.id.as_str()), ("kind", "team"), ("name", "One more")];
    for _ in 0..3 {
        let answer = browser.call("/api/create-unit", &fields).await;
        assert_eq!((answer.status.as_u16(), answer.refusal()), (503, Some(UseCaseError::NoRoom)), "{}", answer.text());
        assert_eq!(answer.headers[header::RETRY_AFTER], "30");
    }
    // As a page, in both languages.
    for (language, words) in [("en", "There is no room on the server"), ("ru", "На диске сервера нет места")]
    {
        let mut stranger = browser.stranger(7);
        stranger.cookies.insert("__Host-usher_language".into(), language.into());
        let answer = stranger.post_form("/sign-in", &[("username", "olga@acme.by"), ("password", PASSWORD)]).await;
        assert_eq!(answer.status.as_u16(), 503, "{}", answer.text());
        assert!(answer.text().contains(words), "{language}: {}", answer.text());
    }
    // Whoever only reads goes on.
    for page in ["/users", "/me", "/units", "/sign-in"] {
        let answer = browser.get(page).await;
        assert!(answer.status.is_success() || answer.status.is_redirection(), "{page}: {}", answer.status);
    }
    let (status, words) = ready(browser).await;
    assert_eq!(status, 503);
    assert!(words.contains("no room on the disk"), "{words}");
    assert_eq!(browser.get("/health/live").await.status, StatusCode::OK);
}

async fn assert_sound(db: &Database) {
    let mut tx = db.read().await.expect("a connection");
    let said = tx.row("pragma integrity_check", &[]).await.expect("an answer").text("integrity_check").expect("a text");
    assert_eq!(said, "ok");
    assert!(tx.rows("pragma foreign_key_check", &[]).await.expect("an answer").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_in_words_and_over_when_there_is_room_again_h_01() {
    let Some(disk) = SmallDisk::mount(12) else {
        // Who may not mount one has the database itself say that it is full.
        return a_database_that_may_not_grow().await;
    };
    let url = format!("sqlite:{}", disk.file("usher.db").display());
    let db = Database::open(&url).await.expect("a database");
    db.migrate().await.expect("a schema");
    let site = TestSite::furnish(db.clone(), None).await;
    site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
    let mut browser = Browser::signed_in(&site.app, &site.anna).await;
    assert_eq!(ready(&mut browser).await.0, 200);
    for _ in 0..3 {
        disk.fill();
        let before = units(&site).await;
        let (made, refusal) = write_until_refused(&mut browser, &site).await;
        assert_eq!(refusal, UseCaseError::NoRoom);
        assert_told(&mut browser, &site).await;
        assert_eq!(units(&site).await, before + i64::try_from(made).expect("a number"), "all or nothing");
        let doctor = doctor(&disk.0, &url);
        assert!(doctor.contains("PROBLEM  room: only 0 MB are free"), "{doctor}");

        disk.empty();
        // The very next write succeeds, and the watch hears of it.
        let fields = [("below", site.company.id.as_str()), ("kind", "team")];
        let name = format!("After {}", random::secret());
        let answer = browser.call("/api/create-unit", &[&fields[..], &[("name", name.as_str())]].concat()).await;
        assert!(answer.is_done(), "{} {}", answer.status, answer.text());
        assert_eq!(ready(&mut browser).await, (200, "ready\n".into()));
        assert_sound(&db).await;
        // And the watch alone, where nobody writes.
        disk.fill();
        write_until_refused(&mut browser, &site).await;
        assert_eq!(ready(&mut browser).await.0, 503);
        disk.empty();
        let mut watch = browser.clone();
        let seen = async {
            while ready(&mut watch).await.0 != 200 {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(3), seen).await.expect("ready again by itself");
    }
    db.close().await;
}

fn doctor(folder: &Path, url: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_usher"));
    command.arg("doctor").env_clear().current_dir(folder);
    command.envs([("USHER_DATABASE_URL", url), ("USHER_LISTEN", "127.0.0.1:0")]);
    command.env("USHER_DATA_DIR", folder);
    String::from_utf8_lossy(&command.output().expect("an end").stdout).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_may_not_grow_refuses_in_words_and_takes_the_next_one_h_01() {
    a_database_that_may_not_grow().await;
}

/// SQLite's own way of having no room, in the connection that writes.
async fn a_database_that_may_not_grow() {
    let scratch = Scratch::sqlite().await;
    let site = TestSite::furnish(scratch.db.clone(), None).await;
    let mut browser = Browser::signed_in(&site.app, &site.anna).await;
    for _ in 0..3 {
        let mut tx = scratch.db.maintain().await.expect("a transaction");
        let pages = tx.row("pragma page_count", &[]).await.expect("a row").number("page_count").expect("a number");
        let limit = format!("pragma max_page_count = {pages}");
        tx.rows(sqlx::AssertSqlSafe(limit), &[]).await.expect("a limit");
        tx.commit().await.expect("a commit");
        let before = units(&site).await;
        let (made, refusal) = write_until_refused(&mut browser, &site).await;
        assert_eq!(refusal, UseCaseError::NoRoom);
        assert_eq!(units(&site).await, before + i64::try_from(made).expect("a number"));
        assert_eq!(browser.get("/users").await.status, StatusCode::OK);
        // The connection that said so is gone, and its limit with it: the watch tries, and sees that it is over.
        assert_eq!(ready(&mut browser).await.0, 200);
        assert!(write_until_refused_at_most(&mut browser, &site, 5).await.is_none());
    }
    assert_sound(&scratch.db).await;
    scratch.remove().await;
}

async fn write_until_refused_at_most(browser: &mut Browser, site: &TestSite, most: usize) -> Option<UseCaseError> {
    for _ in 0..most {
        let name = random::secret();
        let fields = [("below", site.company.id.as_str()), ("kind", "team"), ("name", name.as_str())];
        let answer = browser.call("/api/create-unit", &fields).await;
        if !answer.is_done() {
            return answer.refusal();
        }
    }
    None
}

/// What an error of a kept connection looks like: something below failed. The next one is another connection.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_below_which_something_failed_is_never_used_again_h_01() {
    both(|db| async move {
        let site = TestSite::furnish(db.clone(), None).await;
        for is_writer in [true, false] {
            // A mark that lives as long as the connection; then an error of the system below it.
            let (mark, look, fail) = match db.kind() {
                DatabaseKind::Sqlite => {
                    ("pragma cache_size = -777", "pragma cache_size", "attach database '/nowhere/at/all' as elsewhere")
                }
                DatabaseKind::Postgres => (
                    "set application_name = 'marked'",
                    "select 1 as one from pg_stat_activity where pid = pg_backend_pid() and application_name = 'marked'",
                    "select pg_terminate_backend(pg_backend_pid())",
                ),
            };
            let mut tx = if is_writer { db.maintain().await } else { db.read().await }.expect("a connection");
            let is_attached_outside = db.kind() == DatabaseKind::Sqlite && is_writer;
            tx.rows(mark, &[]).await.expect(mark);
            if is_attached_outside {
                // Nothing is attached within a transaction: read-only is what a disk that went bad says.
                tx.rows("pragma query_only = on", &[]).await.expect("read-only");
                let failed = tx.execute("delete from attempts", &[]).await.expect_err("a failure");
                assert!(matches!(failed, Error::Failing(_)), "{failed:?}");
            } else {
                let failed = tx.rows(fail, &[]).await.err();
                assert!(matches!(failed, Some(Error::Failing(_) | Error::Away)), "{failed:?}");
            }
            drop(tx);
            // All that there are at once.
            let mut others = vec![db.maintain().await.expect("the writer at once")];
            for _ in 0..3 {
                others.push(db.read().await.expect("a reader"));
            }
            for other in &mut others {
                let marked = match db.kind() {
                    DatabaseKind::Sqlite => {
                        other.row(look, &[]).await.expect(look).number("cache_size").expect("a number") == -777
                    }
                    DatabaseKind::Postgres => other.maybe_row(look, &[]).await.expect(look).is_some(),
                };
                assert!(!marked, "the same connection again");
            }
            drop(others);
            site.add_active("Olga", &format!("olga{is_writer}@acme.by"), "employee").await;
        }
    })
    .await;
}

/// Whoever asks whether it is ready has something written, seldom, and hears what it came to.
#[tokio::test(flavor = "multi_thread")]
async fn whether_it_is_ready_is_found_out_by_writing_now_and_then_h_01() {
    both(|db| async move {
        let site = TestSite::furnish(db.clone(), None).await;
        let beats = || async {
            let mut tx = db.read().await.expect("a connection");
            let row = tx.maybe_row("select at from heartbeat", &[]).await.expect("a look");
            row.map(|row| row.number("at").expect("a number"))
        };
        // Furnishing has just written.
        assert_eq!(db.unfit(Timestamp(1)).await, None);
        assert_eq!(beats().await, None, "written although it was known");
        until("nobody has written for a while", || async {
            db.unfit(Timestamp(2)).await;
            beats().await.is_some()
        })
        .await;
        for at in 3..50 {
            assert_eq!(db.unfit(Timestamp(at)).await, None);
        }
        assert_eq!(beats().await, Some(2), "written each time");
        // That somebody else writes for long is no sign that it fails.
        let held = db.maintain().await.expect("the writer");
        assert_eq!(db.unfit(Timestamp(60)).await, None);
        drop(held);
        if db.kind() == DatabaseKind::Sqlite {
            let mut tx = db.maintain().await.expect("a transaction");
            tx.rows("pragma query_only = on", &[]).await.expect("read-only");
            tx.commit().await.expect("nothing to commit");
            let failed = db.touch("update heartbeat set at = $1", &values![Timestamp(7)]).await.expect_err("a failure");
            assert!(matches!(failed, Error::Failing(_)), "{failed:?}");
        }
        site.add_active("Olga", "olga@acme.by", "employee").await;
        assert_eq!(db.unfit(Timestamp(70)).await, None);
        assert_ne!(Some(Unfit::Full), db.unfit(Timestamp(71)).await);
    })
    .await;
}
