//! `usher settings`: what the organisation decided, as a file, and back again.

use super::{Desk, PASSWORD};
use crate::support::databases::{Scratch, there};
use std::fs;

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_written_changed_and_brought_back_on_either_database() {
    for kind in there() {
        let scratch = Scratch::of(kind).await;
        scratch.db.close().await;
        let desk = Desk::new().with("USHER_DATABASE_URL", &scratch.url);
        let run = move || {
            assert_eq!(desk.create_admin(PASSWORD, &["--organisation", "ACME \"North\""]).code, Some(0));
            let written = desk.run(&["settings", "export"]);
            assert_eq!(written.code, Some(0), "{written:?}");
            assert!(written.output.contains("organisation = 'ACME \"North\"'"), "{written:?}");
            let file = desk.folder.join("settings.toml");
            let path = file.to_str().expect("a path");
            fs::write(&file, &written.output).expect("a file");
            let same = desk.run(&["settings", "apply", path]);
            assert_eq!((same.code, same.output.trim_end()), (Some(0), "Nothing differs."), "{same:?}");
            fs::write(&file, "min_length = 14\nplans_shifts = false\n").expect("a file");
            let tried = desk.run(&["settings", "apply", "--dry-run", path]);
            assert!(tried.output.contains("2 would change. Nothing was changed."), "{tried:?}");
            let applied = desk.run(&["settings", "apply", path]);
            assert!(applied.output.contains("min_length: 12 -> 14"), "{applied:?}");
            assert!(applied.output.contains("2 settings were changed."), "{applied:?}");
            let again = desk.run(&["settings", "apply", path]);
            assert_eq!(again.output.trim_end(), "Nothing differs.", "{again:?}");
            let now = desk.run(&["settings", "export"]).output;
            assert!(now.contains("min_length = 14") && now.contains("organisation = 'ACME \"North\"'"), "{now}");
            // The words of messages and the agreements are in it, too, and stand after what was only tried.
            let words = "[texts.invitation.en]\nlead = \"Come to {{organisation}}.\"\n\n[agreements.user-agreement]\nasked = true\n\
                         en = \"Be kind.\"\n";
            fs::write(&file, words).expect("a file");
            let tried = desk.run(&["settings", "apply", "--dry-run", path]);
            assert!(tried.output.contains("texts.invitation.en.lead: (nothing) -> Come to"), "{tried:?}");
            assert_eq!(desk.run(&["settings", "export"]).output, now, "a look");
            let applied = desk.run(&["settings", "apply", path]);
            assert!(applied.output.contains("agreements.user-agreement.asked: false -> true"), "{applied:?}");
            assert!(applied.output.contains("3 settings were changed."), "{applied:?}");
            let now = desk.run(&["settings", "export"]).output;
            assert!(now.contains("Come to {{organisation}}.") && now.contains("Be kind."), "{now}");
            fs::write(&file, &now).expect("a file");
            assert_eq!(desk.run(&["settings", "apply", path]).output.trim_end(), "Nothing differs.");
            // Wrong words keep everything else of the file away, too.
            fs::write(&file, "min_length = 18\n[texts.reset.en]\nlead = \"{{role}}\"\n").expect("a file");
            let refused = desk.run(&["settings", "apply", path]);
            assert!(refused.errors.contains("texts.reset.en.lead"), "{refused:?}");
            assert_eq!(desk.run(&["settings", "export"]).output, now, "nothing of it was kept");
            fs::write(&file, "min_length = 3\nzone = \"Mars\"\nvalidity = 8\n").expect("a file");
            let refused = desk.run(&["settings", "apply", path]);
            assert_eq!(refused.code, Some(1), "{refused:?}");
            assert!(refused.errors.contains("min_length: 3") && refused.errors.contains("validity: there is"));
            fs::write(&file, "invites_by = \"sms\"\nclasses = \"perhaps\"\n").expect("a file");
            let refused = desk.run(&["settings", "apply", path]).errors;
            assert!(refused.contains("sms: write one of email, email_or_sms, both, sms_or_email"), "{refused}");
            assert!(refused.contains("perhaps: write true or false"), "{refused}");
            fs::write(&file, "zone = \"Mars\"\nmin_length = 20\n").expect("a file");
            let refused = desk.run(&["settings", "apply", path]);
            assert!(refused.errors.contains("nothing was changed"), "{refused:?}");
            assert_eq!(desk.run(&["settings", "export"]).output, now, "nothing of it was kept");
            assert!(desk.run(&["settings", "apply", "nowhere.toml"]).errors.contains("nowhere.toml"));
        };
        tokio::task::spawn_blocking(run).await.expect("run");
        scratch.remove().await;
    }
}
