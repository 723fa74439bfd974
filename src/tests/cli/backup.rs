//! H-41, DI-03: a backup is made while people work, holds everything that was acknowledged before it began, and comes back whole
//! or not at all, on either database.

use super::{Desk, PASSWORD};
use crate::support::browser::Browser;
use crate::support::databases::Scratch;
use crate::support::house::{House, config};
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use usher::server::app::App;
use usher::server::clock::Clock;
use usher::server::secrets::Key;
use usher::server::storage::{Database, Error};

/// The addresses of everybody in a database.
async fn addresses(db: &Database) -> BTreeSet<String> {
    let mut tx = db.read().await.expect("a connection");
    let rows = tx.rows("select email from users where email is not null", &[]).await.expect("people");
    rows.iter().map(|row| row.text("email").expect("an address")).collect()
}

async fn number(db: &Database, sql: &'static str) -> i64 {
    db.read().await.expect("a connection").row(sql, &[]).await.expect(sql).number("n").expect("a number")
}

/// Takes a backup of `from` while somebody goes on inviting, restores it into `into`, and looks at what has come.
async fn survives(from: Scratch, into: Scratch) {
    let house = House::furnish(from.db.clone(), None).await;
    let desk = Desk::new().with("USHER_DATABASE_URL", &from.url);
    Key::from_bytes([7; 32]).write(&desk.folder.join("data/secret.key")).expect("a key file");
    let first = house.invite("Ivan", "ivan@acme.by").await;
    let (acknowledged, stop) = (Arc::new(Mutex::new(BTreeSet::new())), Arc::new(AtomicBool::new(false)));
    let writer = tokio::spawn({
        let (house, acknowledged, stop) = (house.clone(), acknowledged.clone(), stop.clone());
        async move {
            for number in 0.. {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                let address = format!("person{number}@acme.by");
                house.invite("Person", &address).await;
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
    assert!(there.len() < addresses(&house.app.db).await.len() + 1);
    for sql in [
        "select count(*) as n from invitations i left join users u on u.id = i.user_id where u.id is null",
        "select count(*) as n from memberships m left join users u on u.id = m.user_id where u.id is null",
        "select count(*) as n from users u left join roster r on r.person = u.number where r.person is null",
        "select count(*) as n from users u left join search_words w on w.person = u.number where w.person is null and u.email <> ''",
    ] {
        assert_eq!(number(&db, sql).await, 0, "{sql}");
    }
    let key = Key::read(&target.folder.join("data/secret.key")).expect("a look").expect("the key");
    let app = App::new(config(None), db, key, Clock::default());
    let again = House::of(app).await;
    let page = again.page_of(&first).await;
    assert_eq!(page, house.page_of(&first).await, "the link that was sent");
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
    survives(Scratch::postgres().await, Scratch::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_moves_an_installation_from_one_database_to_the_other() {
    survives(Scratch::sqlite().await, Scratch::postgres().await).await;
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
    let mut tx = db.write().await.expect("a transaction");
    let changed = tx.execute("update audit_events set after = 'x'", &[]).await;
    assert!(matches!(changed, Err(Error::Other(_))), "{changed:?}");
    drop(tx);
    db.close().await;
}
