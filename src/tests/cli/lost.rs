//! DI-03: a database that is not where it was, or that takes nothing: said at the start and by the doctor, and nothing is begun anew
//! in silence.

use super::{Desk, PASSWORD};
use crate::support::databases::Scratch;
use std::fs;

#[test]
fn a_key_without_its_database_begins_no_new_installation() {
    let desk = Desk::new();
    assert_eq!(desk.create_admin(PASSWORD, &["--organisation", "Acme"]).code, Some(0));
    assert_eq!(desk.run(&["backup", "a.usher"]).code, Some(0));
    let file = |ending: &str| desk.folder.join(format!("data/usher.db{ending}"));
    let remove = || {
        for ending in ["", "-wal", "-shm", ".lock"] {
            let _ = fs::remove_file(file(ending));
        }
    };
    for is_emptied in [false, true] {
        remove();
        if is_emptied {
            fs::write(file(""), "").expect("written");
        }
        for command in [
            &["serve"][..],
            &["migrate"],
            &["renew-key", "--yes"],
            &["create-admin", "--email", "olga@acme.by", "--name", "Olga"],
        ] {
            let refused = desk.run_with(PASSWORD, command);
            assert_eq!(refused.code, Some(1), "{command:?}: {refused:?}");
            for expected in ["data/usher.db is missing or empty", "usher restore FILE", "move the key file away"] {
                assert!(refused.errors.contains(expected), "{command:?}: {expected}\n{}", refused.errors);
            }
            assert_eq!(fs::metadata(file("")).map_or(0, |file| file.len()), 0, "nothing is made");
        }
        let doctor = desk.run(&["doctor"]);
        assert_eq!(doctor.code, Some(1), "{doctor:?}");
        assert!(doctor.output.contains("PROBLEM  database"), "{}", doctor.output);
    }
    // The two ways out.
    let restored = desk.run(&["restore", "a.usher", "--yes"]);
    assert_eq!(restored.code, Some(0), "{restored:?}");
    assert_eq!(desk.serve().stop().code, Some(0));
    assert_eq!(desk.run(&["doctor"]).code, Some(0));
    remove();
    fs::rename(desk.folder.join("data/secret.key"), desk.folder.join("old.key")).expect("moved");
    let begun = desk.serve().stop();
    assert!(begun.code == Some(0) && begun.output.contains("set-up code"), "{begun:?}");
}

/// A start that was cut off before the key was made goes on.
#[test]
fn a_database_without_a_key_that_nobody_used_begins() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["migrate"]).code, Some(0));
    assert!(!desk.folder.join("data/secret.key").exists());
    assert_eq!(desk.serve().stop().code, Some(0));
}

#[test]
fn a_server_whose_database_is_removed_says_so_and_leaves_nothing_new() {
    let desk = Desk::new();
    assert_eq!(desk.create_admin(PASSWORD, &["--organisation", "Acme"]).code, Some(0));
    let server = desk.serve();
    for ending in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(desk.folder.join(format!("data/usher.db{ending}")));
    }
    let doctor = desk.run(&["doctor", "--listen", &server.address()]);
    assert!(doctor.output.contains("PROBLEM  database"), "{}", doctor.output);
    let ended = server.stop();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(!desk.folder.join("data/usher.db").exists());
    assert_eq!(desk.run(&["serve"]).code, Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_notices_a_postgres_that_is_read_only() {
    let Some(scratch) = Scratch::postgres().await else { return };
    let name = scratch.url.rsplit('/').next().expect("a name").to_string();
    let desk = Desk::new().with("USHER_DATABASE_URL", &scratch.url);
    assert_eq!(desk.create_admin(PASSWORD, &["--organisation", "Acme"]).code, Some(0));
    for setting in ["on", "off"] {
        let sql = format!("alter database {name} set default_transaction_read_only = {setting}");
        let mut tx = scratch.db.maintain().await.expect("a transaction");
        tx.execute(sqlx::AssertSqlSafe(sql), &[]).await.expect("altered");
        tx.commit().await.expect("a commit");
        let doctor = desk.run(&["doctor"]);
        let is_found = doctor.output.contains("can be read and not be written to");
        assert_eq!((doctor.code == Some(1), is_found), (setting == "on", setting == "on"), "{}", doctor.output);
    }
    scratch.remove().await;
}
