//! `usher export` and `usher import`: people out of an installation and into it, in somebody's name, as the program says it.

use super::{Desk, PASSWORD};
use crate::support::databases::{Scratch, there};
use std::fs;
use usher::server::spreadsheets;

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_brings_people_in_and_takes_them_away_on_either_database() {
    for kind in there() {
        let scratch = Scratch::of(kind).await;
        scratch.db.close().await;
        let desk = Desk::new().with("USHER_DATABASE_URL", &scratch.url);
        let run = move || {
            assert_eq!(desk.create_admin(PASSWORD, &["--organisation", "ACME"]).code, Some(0));
            let path = |name: &str| desk.folder.join(name);
            fs::write(path("staff.csv"), "Name;Email;Role\nVera Orlova;vera@acme.by;Employee\nNo Body;broken@;\n")
                .expect("a file");
            let as_olga = ["--as", "Olga@acme.by", "--send"];
            let import = |more: &[&str]| desk.run(&[&["import", "staff.csv"], &as_olga[..], more].concat());

            // A dry run first: it says what would happen, row by row where something is wrong, and leaves nothing.
            let dry = import(&[]);
            assert_eq!(dry.code, Some(0), "{dry:?}");
            assert!(dry.output.contains("1 ready, 1 with an error") && dry.output.contains("row 3: "), "{dry:?}");
            assert!(dry.output.contains("Nothing was done. Add --yes"), "{dry:?}");
            let export =
                |file: &str, more: &[&str]| desk.run(&[&["export", file, "--as", "olga@acme.by"], more].concat());
            let before = export("-", &[]);
            assert_eq!((before.code, before.output.lines().count()), (Some(0), 2), "{before:?}");

            let none = import(&["--all-or-nothing", "--yes"]);
            assert_eq!(none.code, Some(1), "{none:?}");
            assert!(none.errors.contains("--all-or-nothing takes nobody then"), "{none:?}");
            let done = import(&["--yes"]);
            assert_eq!(done.code, Some(0), "{done:?}");
            assert!(done.output.contains("1 person was imported."), "{done:?}");

            // The same people in both formats, for the owner of the file alone.
            let made = export("people.xlsx", &[]);
            assert_eq!(made.code, Some(0), "{made:?}");
            assert!(made.output.contains("people.xlsx: 2 people were exported"), "{made:?}");
            assert_eq!(desk.mode("people.xlsx"), 0o600);
            let rows = spreadsheets::read(&fs::read(path("people.xlsx")).expect("the file")).expect("a workbook");
            let rows = &rows.sheets[0].rows;
            assert!(rows.iter().any(|row| row[0] == "Vera Orlova" && row[1] == "vera@acme.by"), "{rows:?}");
            let some = export("-", &["--list", "/users?q=vera"]);
            assert!(some.output.contains("vera@acme.by") && !some.output.contains("olga@acme.by"), "{some:?}");

            for (arguments, why) in [
                (vec!["export", "people.xlsx", "--as", "olga@acme.by"], "is there already"),
                (vec!["export", "people.doc", "--as", "olga@acme.by"], "let it end with .csv or .xlsx"),
                (vec!["export", "-", "--as", "nobody@acme.by"], "nobody signs in as"),
                (vec!["import", "none.csv", "--as", "olga@acme.by"], "cannot be read"),
                (vec!["import", "staff.csv", "--as", "olga@acme.by", "--role", "Wizard"], "no role is called"),
                (vec!["import", "staff.csv", "--as", "olga@acme.by", "--unit", "Moon"], "there is no unit \"Moon\""),
                (vec!["import", "staff.csv", "--as", "olga@acme.by", "--sheet", "Moon"], "has one sheet only"),
            ] {
                let refused = desk.run(&arguments);
                assert_eq!(refused.code, Some(1), "{refused:?}");
                assert!(refused.errors.contains(why), "{arguments:?}: {refused:?}");
            }
            assert_eq!(desk.run(&["export", "-"]).code, Some(2), "in nobody's name");
        };
        tokio::task::spawn_blocking(run).await.expect("run");
        scratch.remove().await;
    }
}

/// A whole installation, from one database into one of the other kind.
#[tokio::test(flavor = "multi_thread")]
async fn a_whole_installation_moves_from_one_database_to_the_other() {
    let kinds = there();
    for from in &kinds {
        for to in &kinds {
            let (old, new) = (Scratch::of(*from).await, Scratch::of(*to).await);
            old.db.close().await;
            new.db.close().await;
            let desk = Desk::new().with("USHER_DATABASE_URL", &old.url);
            let (there, folder) = (new.url.clone(), desk.folder.clone());
            let run = move || {
                assert_eq!(desk.create_admin(PASSWORD, &["--organisation", "ACME"]).code, Some(0));
                let made = desk.run(&["export", "whole.backup", "--whole"]);
                assert_eq!(made.code, Some(0), "{made:?}");
                let desk = desk.with("USHER_DATABASE_URL", &there);
                let said = desk.run(&["import", "whole.backup", "--whole"]);
                assert!(!said.output.contains("olga"), "{said:?}");
                let done = desk.run(&["import", "whole.backup", "--whole", "--yes"]);
                assert_eq!(done.code, Some(0), "{done:?}");
                let list = desk.run(&["export", "-", "--as", "olga@acme.by"]);
                assert!(list.output.contains("olga@acme.by"), "{list:?}");
            };
            tokio::task::spawn_blocking(run).await.expect("run");
            assert!(!folder.exists());
            old.remove().await;
            new.remove().await;
        }
    }
}
