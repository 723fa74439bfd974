//! H-41, DI-03: a backup is made while people work, holds everything that was acknowledged before it began, and comes back whole
//! or not at all, on either database.

use super::{Desk, PASSWORD};
use crate::support::browser::Browser;
use crate::support::databases::{Scratch, there};
use crate::support::site::{TestSite, config};
use crate::support::tables::number;
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use usher::server::app::App;
use usher::server::clock::Clock;
use usher::server::secrets::Key;
use usher::server::storage::tx::DatabaseKind;
use usher::server::storage::{Database, Error, copy};

/// The addresses of everybody in a database.
async fn addresses(db: &Database) -> BTreeSet<String> {
    let mut tx = db.read().await.expect("a connection");
    let rows = tx.rows("select email from users where email is not null", &[]).await.expect("people");
    rows.iter().map(|row| row.text("email").expect("an address")).collect()
}

/// Takes a backup of `from` while somebody goes on inviting, restores it into `into`, and looks at what has come.
async fn survives(from: Scratch, into: Scratch) {
    let site = TestSite::furnish(from.db.clone(), None).await;
    let desk = Desk::new().with("USHER_DATABASE_URL", &from.url);
    Key::from_bytes([7; 32]).write(&desk.folder.join("data/secret.key")).expect("a key file");
    let first = site.invite("Ivan", "ivan@acme.by").await;
    site.give_token(&site.anna).await;
    let (acknowledged, stop) = (Arc::new(Mutex::new(BTreeSet::new())), Arc::new(AtomicBool::new(false)));
    let writer = tokio::spawn({
        let (site, acknowledged, stop) = (site.clone(), acknowledged.clone(), stop.clone());
        async move {
            for number in 0.. {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                let address = format!("person{number}@acme.by");
                site.invite("Person", &address).await;
                acknowledged.lock().expect("the list").insert(address);
            }
        }
    });
    crate::support::until("some are in", async || acknowledged.lock().expect("the list").len() >= 40).await;
    let before = acknowledged.lock().expect("the list").clone();
    let (made, desk) =
        tokio::task::spawn_blocking(move || (desk.run(&["backup", "a.usher"]), desk)).await.expect("run");
    assert_eq!(made.code, Some(0), "{made:?}");
    assert!(made.output.contains("ACME School") && made.output.contains("read back and sound"), "{made:?}");
    assert_eq!(desk.mode("a.usher"), 0o600);
    stop.store(true, Ordering::Relaxed);
    writer.await.expect("the writer");

    let target = Desk::new().with("USHER_DATABASE_URL", &into.url);
    let url = into.url.clone();
    into.db.close().await;
    fs::copy(desk.folder.join("a.usher"), target.folder.join("a.usher")).expect("copied");
    let (restored, target) =
        tokio::task::spawn_blocking(move || (target.run(&["restore", "a.usher", "--yes"]), target)).await.expect("run");
    assert_eq!(restored.code, Some(0), "{restored:?}");
    assert_eq!(target.mode("data/secret.key"), 0o600);

    let db = Database::open(&url).await.expect("the restored database");
    let there = addresses(&db).await;
    let lost: Vec<&String> = before.iter().filter(|address| !there.contains(*address)).collect();
    assert!(lost.is_empty() && there.contains("anna@acme.by"), "{lost:?}");
    assert!(there.len() < addresses(&site.app.db).await.len() + 1);
    for sql in [
        "select 1 - count(*) as n from api_tokens",
        "select count(*) as n from invitations i left join users u on u.id = i.user_id where u.id is null",
        "select count(*) as n from memberships m left join users u on u.id = m.user_id where u.id is null",
        "select count(*) as n from users u left join roster r on r.person = u.number where r.person is null",
        "select count(*) as n from users u left join search_words w on w.person = u.number where w.person is null and u.email <> ''",
    ] {
        assert_eq!(number(&db, sql, &[]).await, 0, "{sql}");
    }
    let key = Key::read(&target.folder.join("data/secret.key")).expect("a look").expect("the key");
    let app = App::new(config(None), db, key, Clock::default());
    let again = TestSite::of(app).await;
    let page = again.page_of(&first).await;
    assert_eq!(page, site.page_of(&first).await, "the link that was sent");
    assert_eq!(Browser::new(&again.app).get(&page).await.status.as_u16(), 200);
    again.invite("Somebody", "new@acme.by").await;
    again.app.db.close().await;
    from.remove().await;
    into.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_made_while_people_work_comes_back_whole_on_sqlite() {
    let into = Scratch::sqlite().await;
    survives(Scratch::sqlite().await, into).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_made_while_people_work_comes_back_whole_on_postgres() {
    let Some(from) = Scratch::postgres().await else { return };
    survives(from, Scratch::of(DatabaseKind::Postgres).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_moves_an_installation_from_one_database_to_the_other() {
    let Some(into) = Scratch::postgres().await else { return };
    survives(Scratch::sqlite().await, into).await;
}

/// Nothing is written over, and nothing half: what is refused leaves everything as it was.
#[test]
fn whatever_is_no_whole_backup_is_refused_in_words_and_changes_nothing() {
    let desk = Desk::new();
    let refused = |arguments: &[&str], why: &str| {
        let ended = desk.run(arguments);
        assert_eq!(ended.code, Some(1), "{arguments:?}: {ended:?}");
        assert!(ended.errors.contains(why), "{why}\n{ended:?}");
    };
    refused(&["backup", "a.usher"], "is not there");
    assert_eq!(desk.create_admin(PASSWORD, &["--organisation", "Acme"]).code, Some(0));
    assert_eq!(desk.run(&["backup", "a.usher"]).code, Some(0));
    refused(&["backup", "a.usher"], "is there already");
    assert_eq!(desk.run(&["backup", "a.usher", "--force"]).code, Some(0));
    refused(&["backup", "nowhere/a.usher"], "cannot be made");

    let whole = fs::read(desk.folder.join("a.usher")).expect("the backup");
    let middle = whole.len() / 2;
    let mut flipped = whole.clone();
    flipped[middle] ^= 1;
    let without_end = whole[..whole.len() - 20].to_vec();
    let line_less: Vec<u8> = {
        let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
        lines.iter().enumerate().filter(|(at, _)| *at != 4).flat_map(|(_, line)| line.iter().copied()).collect()
    };
    let newer = String::from_utf8(whole.clone()).expect("text").replacen("\"usher_backup\":1", "\"usher_backup\":9", 1);
    for (content, why) in [
        (Vec::new(), "is not a backup of Usher's"),
        (b"SQLite format 3\0".to_vec(), "is not a backup of Usher's"),
        (b"{\"a\":1}\n".to_vec(), "is not a backup of Usher's"),
        (whole[..middle].to_vec(), "is damaged"),
        (without_end, "is damaged"),
        (flipped, "is damaged"),
        (line_less, "is damaged"),
        (newer.into_bytes(), "newer Usher"),
    ] {
        fs::write(desk.folder.join("b.usher"), content).expect("written");
        refused(&["restore", "b.usher", "--yes", "--replace"], why);
    }
    refused(&["restore", "none.usher", "--yes"], "cannot be opened");
    refused(&["restore", "a.usher", "--yes"], "--replace");
    refused(&["restore", "a.usher", "--replace"], "--yes");
    let database = fs::read(desk.folder.join("data/usher.db")).expect("the database");
    let running = desk.serve();
    refused(&["restore", "a.usher", "--yes", "--replace"], "stop it first");
    drop(running);
    assert_eq!(fs::read(desk.folder.join("data/usher.db")).expect("the database"), database);
    let left: Vec<String> = fs::read_dir(desk.folder.join("data"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains("restor") || name.contains("part"))
        .collect();
    assert!(left.is_empty(), "{left:?}");

    let done = desk.run(&["restore", "a.usher", "--yes", "--replace"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.output.contains("Acme, 1 people") && done.output.contains("is kept in"), "{}", done.output);
    assert_eq!(desk.mode("data/usher.db"), 0o600);
    assert_eq!(desk.serve().stop().code, Some(0));
    let mode = fs::metadata(desk.folder.join("data/secret.key")).expect("the key").permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
}

/// The history is guarded in a restored database, too.
#[tokio::test(flavor = "multi_thread")]
async fn a_restored_history_cannot_be_changed() {
    let desk = Desk::new();
    assert_eq!(desk.create_admin(PASSWORD, &["--organisation", "Acme"]).code, Some(0));
    assert_eq!(desk.run(&["backup", "a.usher"]).code, Some(0));
    assert_eq!(desk.run(&["restore", "a.usher", "--yes", "--replace"]).code, Some(0));
    let url = format!("sqlite:{}", desk.folder.join("data/usher.db").display());
    let db = Database::open(&url).await.expect("open");
    let mut tx = db.maintain().await.expect("a transaction");
    let changed = tx.execute("update audit_events set after = 'x'", &[]).await;
    assert!(matches!(changed, Err(Error::Other(_))), "{changed:?}");
    drop(tx);
    db.close().await;
}

/// Every table of the product goes into a backup, and no other is touched.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_knows_every_table_of_the_schema() {
    crate::support::databases::both(|db| async move {
        let there = copy::names(&mut db.read().await.expect("a connection")).await.expect("names");
        let known: BTreeSet<String> = copy::OURS.iter().map(ToString::to_string).collect();
        assert_eq!(there, known, "a new table belongs into the list");
    })
    .await;
}

/// What another program keeps in the same database stays as it is; a database that is all another's is not filled.
#[tokio::test(flavor = "multi_thread")]
async fn the_tables_of_another_program_are_left_alone() {
    for kind in there() {
        let make = async || Scratch::of(kind).await;
        let theirs = "create table wiki_pages (id int primary key, title varchar(9), at timestamp)";
        let count = "select count(*) as n from wiki_pages";
        let (ours, mixed, foreign) = (make().await, make().await, make().await);
        TestSite::furnish(ours.db.clone(), None).await;
        for db in [&ours.db, &mixed.db, &foreign.db] {
            let mut tx = db.maintain().await.expect("a transaction");
            tx.execute(theirs, &[]).await.expect("a table");
            tx.execute("insert into wiki_pages (id, title) values (1, 'Home')", &[]).await.expect("a row");
            tx.commit().await.expect("a commit");
        }
        let mut tx = foreign.db.maintain().await.expect("a transaction");
        if kind == DatabaseKind::Sqlite {
            tx.execute("pragma defer_foreign_keys = on", &[]).await.expect("said");
        }
        for table in copy::OURS.iter().copied().chain(["_sqlx_migrations", "user_search"]) {
            let cascade = if kind == DatabaseKind::Sqlite { "" } else { " cascade" };
            let sql = format!("drop table if exists {table}{cascade}");
            tx.execute(sqlx::AssertSqlSafe(sql.clone()), &[]).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
        tx.commit().await.expect("a commit");
        let desk = Desk::new().with("USHER_DATABASE_URL", &ours.url);
        Key::from_bytes([7; 32]).write(&desk.folder.join("data/secret.key")).expect("a key file");
        let made = desk.run(&["backup", "a.usher"]);
        assert_eq!(made.code, Some(0), "{made:?}");
        for db in [&mixed.db, &foreign.db] {
            db.close().await;
        }
        // Beside them, in Postgres; a file of SQLite's is kept whole and made anew.
        let desk = desk.with("USHER_DATABASE_URL", &mixed.url);
        let done = desk.run(&["restore", "a.usher", "--yes"]);
        assert_eq!(done.code, Some(0), "{done:?}");
        if kind == DatabaseKind::Postgres {
            let db = Database::open(&mixed.url).await.expect("open");
            assert_eq!(number(&db, count, &[]).await, 1);
            assert_eq!(number(&db, "select count(*) as n from users", &[]).await, 1);
            db.close().await;
        }
        let desk = desk.with("USHER_DATABASE_URL", &foreign.url);
        let refused = desk.run(&["restore", "a.usher", "--yes", "--replace"]);
        assert_eq!(refused.code, Some(1), "{refused:?}");
        assert!(refused.errors.contains("another program's tables"), "{refused:?}");
        let db = Database::open(&foreign.url).await.expect("open");
        let names = copy::names(&mut db.read().await.expect("a connection")).await.expect("names");
        assert_eq!((names.len(), number(&db, count, &[]).await), (1, 1), "{names:?}");
        db.close().await;
        ours.remove().await;
        mixed.remove().await;
        foreign.remove().await;
    }
}

/// Whoever uses the database is noticed from whatever folder one looks.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_restored_and_no_key_renewed_under_a_server() {
    for kind in there() {
        let scratch = Scratch::of(kind).await;
        TestSite::furnish(scratch.db.clone(), None).await;
        scratch.db.close().await;
        let desk = Desk::new().with("USHER_DATABASE_URL", &scratch.url);
        Key::from_bytes([7; 32]).write(&desk.folder.join("data/secret.key")).expect("a key file");
        assert_eq!(desk.run(&["backup", "a.usher"]).code, Some(0));
        let elsewhere = Desk::new().with("USHER_DATABASE_URL", &scratch.url);
        fs::copy(desk.folder.join("a.usher"), elsewhere.folder.join("a.usher")).expect("copied");
        let key = || fs::read(desk.folder.join("data/secret.key")).expect("the key");
        let before = key();
        let running = desk.serve();
        for (desk, arguments) in [
            (&elsewhere, &["restore", "a.usher", "--yes", "--replace"][..]),
            (&desk, &["restore", "a.usher", "--yes", "--replace"]),
            (&desk, &["renew-key", "--yes"]),
        ] {
            let refused = desk.run(arguments);
            assert_eq!(refused.code, Some(1), "{arguments:?}: {refused:?}");
            assert!(refused.errors.contains("stop it first"), "{arguments:?}: {refused:?}");
        }
        // Looking is always allowed.
        assert!(desk.run(&["renew-key"]).errors.contains("renew-key --yes"));
        assert_eq!(running.stop().code, Some(0));
        assert_eq!(key(), before);
        let renewed = desk.run(&["renew-key", "--yes"]);
        assert_eq!(renewed.code, Some(0), "{renewed:?}");
        assert_ne!(key(), before);
        scratch.remove().await;
    }
}

/// `--force` overwrites an older backup and nothing else, and backups at one moment leave each other alone.
#[test]
fn a_backup_takes_no_other_files_place() {
    let desk = Desk::new();
    assert_eq!(desk.create_admin(PASSWORD, &["--organisation", "Acme"]).code, Some(0));
    fs::write(desk.folder.join("notes.txt"), "mine").expect("written");
    for file in ["data/usher.db", "data/secret.key", "notes.txt", "data"] {
        let before = fs::read(desk.folder.join(file)).ok();
        let refused = desk.run(&["backup", file, "--force"]);
        assert_eq!(refused.code, Some(1), "{file}: {refused:?}");
        assert!(refused.errors.contains("is no backup of Usher's"), "{file}: {refused:?}");
        assert_eq!(fs::read(desk.folder.join(file)).ok(), before, "{file}");
    }
    fs::write(desk.folder.join("a.usher.part"), "mine").expect("written");
    fs::write(desk.folder.join("a.usher"), "").expect("an empty file, as some programs reserve a name");
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..4).map(|_| scope.spawn(|| desk.run(&["backup", "a.usher", "--force"]))).collect();
        for one in all {
            let ended = one.join().expect("an end");
            assert_eq!(ended.code, Some(0), "{ended:?}");
        }
    });
    assert_eq!(fs::read_to_string(desk.folder.join("a.usher.part")).expect("still there"), "mine");
    assert_eq!(desk.run(&["restore", "a.usher", "--yes", "--replace"]).code, Some(0));
    let left = fs::read_dir(&desk.folder).expect("a folder").count();
    assert_eq!(left, 4, "data, the notes, the part that is somebody else's and the backup");
}

/// A file whose checksum is right may still be wrong: what does not hold what it says is refused, and changes nothing.
#[test]
fn a_sealed_file_that_is_no_whole_backup_is_refused() {
    use sha2::{Digest, Sha256};
    let desk = Desk::new();
    assert_eq!(desk.create_admin(PASSWORD, &["--organisation", "Acme"]).code, Some(0));
    assert_eq!(desk.run(&["backup", "a.usher"]).code, Some(0));
    let whole = fs::read_to_string(desk.folder.join("a.usher")).expect("the backup");
    let lines: Vec<&str> = whole.lines().collect();
    let (end, body) = lines.split_last().expect("lines");
    let rows: serde_json::Value = serde_json::from_str(end).expect("the last line");
    let sealed = |body: &[&str], rows: u64| {
        let text: String = body.iter().flat_map(|line| [line, "\n"]).collect();
        let sum: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{text}{{\"sha256\":\"{sum}\",\"rows\":{rows}}}\n")
    };
    let rows = rows["rows"].as_u64().expect("a number");
    let with = |line: &'static str, at: usize| {
        let mut body = body.to_vec();
        body.insert(at, line);
        body
    };
    let is_row = |line: &&str| line.starts_with('[');
    let first_row = body.iter().position(is_row).expect("a row");
    let mut short = body.to_vec();
    short.remove(first_row);
    for (name, content) in [
        ("a blank line", sealed(&with("", 1), rows)),
        ("an unknown line", sealed(&with("{\"hello\":1}", 1), rows)),
        ("a table of nobody's", sealed(&with("{\"table\":\"wiki\",\"columns\":[\"id\"]}", 1), rows)),
        ("an end in the middle", sealed(&with("{\"sha256\":\"\",\"rows\":0}", first_row + 1), rows)),
        ("a row less", sealed(&short, rows)),
        ("a row less, and said so", sealed(&short, rows - 1)),
        ("more than it says", sealed(body, rows - 1)),
    ] {
        fs::write(desk.folder.join("b.usher"), content).expect("written");
        let refused = desk.run(&["restore", "b.usher", "--yes", "--replace"]);
        assert_eq!(refused.code, Some(1), "{name}: {refused:?}");
    }
    fs::write(desk.folder.join("b.usher"), sealed(body, rows)).expect("written");
    assert_eq!(desk.run(&["restore", "b.usher", "--yes", "--replace"]).code, Some(0));
}

/// What was ended stays ended: sessions and links for a new password do not come back.
#[tokio::test(flavor = "multi_thread")]
async fn no_session_and_no_reset_comes_back() {
    let Some(one) = Scratch::postgres().await else { return };
    let other = Scratch::of(DatabaseKind::Postgres).await;
    for (from, into) in [(Scratch::sqlite().await, one), (other, Scratch::sqlite().await)] {
        let site = TestSite::furnish(from.db.clone(), None).await;
        site.reset(&site.anna).await;
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        assert_eq!(browser.get("/me").await.status.as_u16(), 200);
        let desk = Desk::new().with("USHER_DATABASE_URL", &from.url);
        Key::from_bytes([7; 32]).write(&desk.folder.join("data/secret.key")).expect("a key file");
        assert_eq!(desk.run(&["backup", "a.usher"]).code, Some(0));
        into.db.close().await;
        let desk = desk.with("USHER_DATABASE_URL", &into.url);
        let done = desk.run(&["restore", "a.usher", "--yes"]);
        assert!(done.code == Some(0) && done.output.contains("Everybody signs in again"), "{done:?}");
        let db = Database::open(&into.url).await.expect("open");
        for sql in ["select count(*) as n from sessions", "select count(*) as n from password_resets"] {
            assert_eq!(number(&db, sql, &[]).await, 0, "{sql}");
        }
        assert_eq!(number(&db, "select count(*) as n from users", &[]).await, 1);
        db.close().await;
        from.remove().await;
        into.remove().await;
    }
}
