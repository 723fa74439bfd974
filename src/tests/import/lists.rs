//! What a list means: the dry run says what the real one does, rows go to their own units and roles, all or nothing is what it says, and
//! what was begun is gone on with and undone.

use super::{finish, open, platform, run, seen};
use crate::people::rounds::Jobs;
use crate::support::browser::Browser;
use crate::support::crowd::{State, Wanted};
use crate::support::databases::both;
use crate::support::site::caller;
use crate::support::until_at_last;
use std::collections::BTreeSet;
use usher::domain::error::{Conflict, Invalid, UseCaseError};
use usher::domain::id::ImportId;
use usher::domain::import::{ExistingPeople, FindingKind, ListWish, RowFinding};
use usher::domain::review::{RoundStop, RowCounts, Verdict};
use usher::domain::settings::Settings;
use usher::server::use_cases::import;
use usher::server::use_cases::invite::{self, InviteForm};
use usher::server::use_cases::{held, invitations, users};
use usher::view_models::ImportView;

/// The form of a list as it stands, to be changed.
pub fn wish(view: &ImportView) -> ListWish {
    ListWish {
        columns: view
            .columns
            .iter()
            .map(|column| column.holds.map(|holds| holds.code().to_string()).unwrap_or_default())
            .collect(),
        role: view.terms.role.to_string(),
        unit: view.terms.unit.as_ref().map(ToString::to_string).unwrap_or_default(),
        language: "en".into(),
        valid_for: "72h".into(),
        sends: view.terms.sends,
        policy: view.terms.policy.code().into(),
        ..ListWish::default()
    }
}

/// A table of people as they come: whole, mistyped, twice, without an address, with a role that nobody knows.
fn random_table(seed: &mut u64) -> String {
    let mut next = |most: u64| {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*seed >> 33) % most
    };
    let mut lines = vec!["Name;Email;Phone;Role".to_string()];
    for at in 0..40 {
        let n = next(1_000);
        let email = match next(12) {
            0 => format!("p{n}@gmial.com"),
            1 => format!("p{n}@"),
            2 => String::new(),
            3 => "anna@acme.by".into(),
            4 => "twin@guests.example".into(),
            5 => format!("ivan.petrov{}@guests.example", ["", "-", "_"][usize::try_from(next(3)).expect("small")]),
            6 => format!("а{n}@guests.example"),
            _ => format!("person{at}x{n}@guests.example"),
        };
        let phone = match next(5) {
            0 => format!("+37529{:07}", 1_000_000 + n),
            1 => format!("905{:07}", 1_000_000 + n),
            2 => "3,75E+11".into(),
            _ => String::new(),
        };
        let role = ["", "", "Learner", "Astronaut"][usize::try_from(next(4)).expect("small")];
        lines.push(format!("Person {at};{email};{phone};{role}"));
    }
    lines.join("\n")
}

/// Whoever is ready in the dry run is taken, nobody else is; and an invite form says the same of the same addresses.
#[tokio::test(flavor = "multi_thread")]
async fn the_dry_run_and_the_real_one_say_the_same_of_every_row() {
    both(|db| async {
        let site = platform(db).await;
        let mut seed = 7;
        for round in 0..6 {
            let id = open(&site, &random_table(&mut seed)).await.expect("a list");
            let dry = seen(&site, &id).await;
            // The form of the same people, row by row.
            let form = InviteForm {
                addresses: dry
                    .rows
                    .iter()
                    .filter_map(|row| match &row.finding {
                        Some(RowFinding::Judged(Verdict::Ready | Verdict::Misspelt { .. } | Verdict::Known { .. })) => {
                            row.cells.iter().map(|(_, text)| text.clone()).find(|text| text.contains('@'))
                        }
                        _ => None,
                    })
                    .collect::<Vec<_>>()
                    .join("\n"),
                units: vec![site.company.id.to_string()],
                role: dry.terms.role.to_string(),
                language: "en".into(),
                valid_for: "72h".into(),
                only_check: true,
                ..InviteForm::default()
            };
            let draft = invite::invite(&site.app, &caller(&site.anna), &form).await.expect("looked at");
            let looked = held::draft(&site.app, &caller(&site.anna), &draft).await.expect("the form");
            for row in &looked.rows {
                let same = dry
                    .rows
                    .iter()
                    .find(|one| {
                        matches!(one.finding, Some(RowFinding::Judged(_)))
                            && one.cells.iter().any(|(_, text)| *text == row.typed)
                    })
                    .expect("the row");
                // The form has the address alone; a number beside it may be another person's.
                let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
                if same.cells.iter().any(|(_, text)| !text.contains('@') && digits(text) > 6) {
                    continue;
                }
                assert_eq!(same.finding, Some(RowFinding::Judged(row.verdict.clone())), "{}", row.typed);
            }

            let ready: BTreeSet<usize> = dry
                .rows
                .iter()
                .filter(|row| row.finding.as_ref().is_some_and(|finding| finding.kind() == FindingKind::Ready))
                .map(|row| row.line)
                .collect();
            let before = site.number("select count(*) as n from invitations").await;
            let real = run(&site, &id).await;
            let made = site.number("select count(*) as n from invitations").await - before;
            assert_eq!(usize::try_from(made), Ok(ready.len()), "round {round}");
            assert_eq!(real.state.as_ref().map(|state| state.taken), Some(ready.len()));
            let verdicts = |view: &ImportView| view.rows.iter().map(|row| row.finding.clone()).collect::<Vec<_>>();
            assert_eq!(verdicts(&dry), verdicts(&real), "round {round}");
        }
        assert_eq!(site.number("select count(*) as n from messages").await, 0);
    })
    .await;
}

/// Rule 32: all or nothing is a choice in the form; the setting proposes it.
#[tokio::test(flavor = "multi_thread")]
async fn all_or_nothing_takes_nobody_as_long_as_one_row_has_an_error() {
    both(|db| async {
        let site = platform(db).await;
        let settings = site.settings().await;
        let policy = usher::domain::import::BatchPolicy::AllOrNothing;
        site.save_settings(&Settings { batch_policy: policy, ..settings }).await;
        let anna = caller(&site.anna);
        let id = open(&site, "Name;Email\nVera;vera@acme.by\nLev;lev@\nAnna;anna@acme.by\n").await.expect("a list");
        let view = seen(&site, &id).await;
        assert_eq!(
            (view.terms.policy, view.counts),
            (policy, RowCounts { ready: 1, to_fix: 1, here: 1, ..RowCounts::default() })
        );
        let refused = import::run(&site.app, &anna, &id, &ListWish::default(), "").await;
        assert_eq!(refused, Err(UseCaseError::Conflict(Conflict::ImportHasErrors)));
        assert_eq!(site.number("select count(*) as n from invitations").await, 0);
        import::change_row(&site.app, &anna, &id, &ListWish::default(), 3, import::RowAnswer::Drop)
            .await
            .expect("left out");
        assert_eq!(run(&site, &id).await.state.map(|state| state.taken), Some(1));
        // Once more does nothing more, and nothing about it can be changed.
        import::run(&site.app, &anna, &id, &ListWish::default(), "").await.expect("nothing to do");
        assert_eq!(site.number("select count(*) as n from invitations").await, 1);
        let late = import::change_row(&site.app, &anna, &id, &ListWish::default(), 3, import::RowAnswer::PutBack).await;
        assert_eq!(late, Err(UseCaseError::Conflict(Conflict::ImportStarted)));
    })
    .await;
}

/// The columns of roles and units are used; a role that somebody may not give stops its row and no other.
#[tokio::test(flavor = "multi_thread")]
async fn rows_go_to_the_units_and_roles_that_they_name() {
    both(|db| async {
        let site = platform(db).await;
        let beta = site.add_company("Beta School").await;
        let text = "Name;E-mail;Role;Company\nVera;vera@acme.by;Tutor;beta school\nLev;lev@acme.by;;\n\
                    Olga;olga@acme.by;Learner;Gamma\nMax;max@acme.by;Super administrator;\n";
        let id = open(&site, text).await.expect("a list");
        let view = seen(&site, &id).await;
        let kinds: Vec<FindingKind> = view.rows.iter().filter_map(|row| Some(row.finding.as_ref()?.kind())).collect();
        assert_eq!(kinds[..3], [FindingKind::Ready, FindingKind::Ready, FindingKind::UnknownUnit], "{:?}", view.rows);
        assert!(matches!(kinds[3], FindingKind::RoleNotYours | FindingKind::UnknownRole), "rule 83: {:?}", kinds[3]);
        assert_eq!(view.asked.iter().filter(|asked| asked.text == "Gamma").map(|asked| asked.rows).sum::<usize>(), 1);
        let said = ListWish { unit_texts: vec!["gamma".into()], unit_ids: vec![beta.id.to_string()], ..wish(&view) };
        import::change(&site.app, &caller(&site.anna), &id, &said).await.expect("said");
        assert_eq!(run(&site, &id).await.state.map(|state| state.taken), Some(3));
        let held = |unit: &'static str, role: &'static str| {
            let app = site.app.clone();
            async move {
                let mut tx = app.db.read().await.expect("a connection");
                let sql = "select count(*) as n from memberships m join units n on n.id = m.unit_id join roles r on r.id = m.role_id \
                           where n.name = $1 and r.key = $2 and m.active_at is null";
                let row = tx.row(sql, &usher::values![unit, role]).await.expect("a count");
                row.number("n").expect("a number")
            }
        };
        assert_eq!(held("Beta School", "learning_tutor").await, 1);
        assert_eq!(held("Beta School", "learning_learner").await, 1);
        assert_eq!(held("ACME North", "learning_learner").await, 1);
    })
    .await;
}

/// Rule 28: with the box ticked invitations leave; undone, those that nobody accepted are dead, and whoever came in stays.
#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_sent_invitations_is_undone_but_for_those_who_came_in_or_were_changed() {
    both(|db| async {
        let site = platform(db).await;
        let anna = caller(&site.anna);
        let id =
            open(&site, "Name;Email\nVera;vera@acme.by\nLev;lev@acme.by\nMila;mila@acme.by\n").await.expect("a list");
        let view = seen(&site, &id).await;
        assert!(!view.terms.sends, "off by default");
        import::change(&site.app, &anna, &id, &ListWish { sends: true, ..wish(&view) }).await.expect("said");
        assert_eq!(run(&site, &id).await.state.map(|state| state.taken), Some(3));
        assert_eq!(site.number("select count(*) as n from messages").await, 3);
        let find = |email: &'static str| {
            let app = site.app.clone();
            async move {
                let mut tx = app.db.read().await.expect("a connection");
                let row =
                    tx.row("select id from users where email = $1", &usher::values![email]).await.expect("somebody");
                usher::domain::id::UserId::new(row.text("id").expect("an id"))
            }
        };
        let (vera, lev) = (find("vera@acme.by").await, find("lev@acme.by").await);
        let link = site.link_of(&site.invitation_of(&vera).await).await;
        crate::people::register(&site, &link, "Vera").await.expect("registered");
        invitations::resend(&site.app, &anna, &site.invitation_of(&lev).await).await.expect("sent again");
        let mila = find("mila@acme.by").await;
        let dead = site.link_of(&site.invitation_of(&mila).await).await;
        assert_eq!(import::undo(&site.app, &anna, &id).await, Ok(Some(1)));
        let page = Browser::signed_in(&site.app, &site.anna).await.get(&format!("/import?id={id}")).await.text();
        let said = ["The import was undone", "2 people stay, who had come in or were changed since."];
        assert!(said.iter().all(|said| page.contains(said)) && !page.contains("were imported"), "{page}");
        assert!(crate::people::register(&site, &dead, "Mila").await.is_err());
        assert_eq!(crate::people::listed(&site, &mila).await, None);
        assert_eq!(crate::people::listed(&site, &lev).await.as_deref(), Some("waiting"));
        assert_eq!(
            site.number("select count(*) as n from roster where status = 'active'").await,
            3,
            "Anna, and Vera in two lists"
        );
        let again = import::undo(&site.app, &anna, &id).await;
        assert_eq!(again, Err(UseCaseError::Conflict(Conflict::NothingToUndo)));
        assert!(users::card(&site.app, &anna, &lev).await.is_ok());
    })
    .await;
}

/// Rule 28, LD-03: a long list is undone by a job, and a list at which a job is can be stopped. None of it is forgotten before its day is
/// over, however many others are opened.
#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_is_stopped_and_undone_by_a_job_and_outlives_newer_ones() {
    both(|db| async {
        let site = platform(db).await;
        let anna = caller(&site.anna);
        let text: String = (0..120).map(|n| format!("P {n};p{n}@guests.example\n")).collect();
        let id = open(&site, &format!("Name;Email\n{text}")).await.expect("a list");
        import::run(&site.app, &anna, &id, &ListWish::default(), "").await.expect("begun");
        for n in 0..7 {
            open(&site, &format!("Name;Email\nNewer {n};newer{n}@guests.example\n")).await.expect("another list");
        }
        assert_eq!(import::forget(&site.app, &anna, &id).await, Err(Conflict::ImportStarted.into()));
        import::stop(&site.app, &anna, &id).await.expect("stopped");
        let state = seen(&site, &id).await.state.expect("a state");
        assert_eq!((state.is_under_way, state.taken, state.stopped), (false, 0, Some(RoundStop::Asked)));

        let id = open(&site, &format!("Name;Email\n{text}")).await.expect("a list");
        assert_eq!(run(&site, &id).await.state.map(|state| state.taken), Some(120));
        let people = "select count(*) as n from users where email like '%@guests.example'";
        assert_eq!(site.number(people).await, 120);
        assert_eq!(import::undo(&site.app, &anna, &id).await, Ok(None), "it goes on behind the answer");
        let state = seen(&site, &id).await.state.expect("a state");
        assert!(state.is_under_way && state.is_undoing);
        assert_eq!(import::undo(&site.app, &anna, &id).await, Err(Conflict::ImportStarted.into()));
        assert!(finish(&site, &id).await.state.expect("a state").is_undone);
        assert_eq!(site.number(people).await, 0);
    })
    .await;
}

/// FT-01, CO-07: the undo of a long list is cut off and gone on with, stopped, and begun anew: what is said of it is true at every halt,
/// nobody is taken out twice, and in the end everybody is out.
#[tokio::test(flavor = "multi_thread")]
async fn an_undo_that_is_cut_off_and_stopped_says_what_is_left_and_comes_to_its_end() {
    both(|db| async {
        let site = platform(db).await;
        let anna = caller(&site.anna);
        let people = "select count(*) as n from users where email like '%@guests.example'";
        let withdrawn = "select count(*) as n from audit_events where action = 'withdrawn'";
        let mut before = 0;
        for sends in [false, true] {
            let text: String = (0..150).map(|n| format!("P {n};p{n}.{sends}@guests.example\n")).collect();
            let id = open(&site, &format!("Name;Email\n{text}")).await.expect("a list");
            let view = seen(&site, &id).await;
            import::change(&site.app, &anna, &id, &ListWish { sends, ..wish(&view) }).await.expect("said");
            assert_eq!(run(&site, &id).await.state.map(|state| state.taken), Some(150));
            assert_eq!(site.number(people).await, 150);

            assert_eq!(import::undo(&site.app, &anna, &id).await, Ok(None), "it goes on behind the answer");
            // Killed twice in the middle.
            for left in [125, 100] {
                let worker = Jobs::start(&site);
                until_at_last("some are out", || async { site.number(people).await <= left }).await;
                worker.cut(&site).await;
                let state = seen(&site, &id).await.state.expect("a state");
                assert!(state.is_under_way && state.is_undoing && !state.is_undone);
                assert_eq!(i64::try_from(state.taken), Ok(site.number(people).await), "{sends}: cut off");
            }
            let left = site.number(people).await;
            assert!(left > 0, "too quick for this test");
            import::stop(&site.app, &anna, &id).await.expect("stopped");
            let worker = Jobs::start(&site);
            tokio::time::sleep(std::time::Duration::from_millis(400)).await;
            worker.end().await;
            assert_eq!(site.number(people).await, left, "nothing goes on after it was stopped");
            let state = seen(&site, &id).await.state.expect("a state");
            assert_eq!((state.is_under_way, state.is_undoing, state.is_undone), (false, false, false));
            assert_eq!(i64::try_from(state.taken), Ok(left), "{sends}: stopped");
            let mut browser = Browser::signed_in(&site.app, &site.anna).await;
            let page = browser.get(&format!("/import?id={id}")).await.text();
            assert!(page.contains(&format!("{left} people were imported")) && page.contains("id=\"undo\""), "{page}");

            assert_eq!(import::undo(&site.app, &anna, &id).await, Ok(None), "gone on with");
            assert!(finish(&site, &id).await.state.expect("a state").is_undone);
            let page = browser.get(&format!("/import?id={id}")).await.text();
            assert!(page.contains("The import was undone") && !page.contains("people stay"), "{page}");
            assert_eq!(site.number(people).await, 0);
            let lines = site.number(withdrawn).await - before;
            assert_eq!(lines, 150, "{sends}: a line for each");
            before += lines;
            let again = import::undo(&site.app, &anna, &id).await;
            assert_eq!(again, Err(UseCaseError::Conflict(Conflict::NothingToUndo)));
        }
    })
    .await;
}

/// The same of people who were there and were changed: each is as they were, or as the list says, and the count says how many.
#[tokio::test(flavor = "multi_thread")]
async fn an_undo_of_changes_that_is_stopped_leaves_the_others_changed_and_comes_to_its_end() {
    both(|db| async {
        let site = platform(db).await;
        let anna = caller(&site.anna);
        let wanted: Vec<Wanted> = (0..90)
            .map(|n| {
                let email = format!("p{n}@guests.example");
                Wanted::new(&format!("Old {n}"), &email, "learning_learner", &site.company, State::Active)
            })
            .collect();
        site.add_all(&wanted).await;
        let text: String = (0..90).map(|n| format!("New {n};p{n}@guests.example\n")).collect();
        let id = open(&site, &format!("Name;Email\n{text}")).await.expect("a list");
        let said = ListWish { existing: ExistingPeople::Update.code().into(), ..wish(&seen(&site, &id).await) };
        import::change(&site.app, &anna, &id, &said).await.expect("said");
        assert_eq!(run(&site, &id).await.state.map(|state| (state.taken, state.changed)), Some((90, 90)));
        let new = "select count(*) as n from users where name like 'New %'";
        assert_eq!(site.number(new).await, 90);

        assert_eq!(import::undo(&site.app, &anna, &id).await, Ok(None), "it goes on behind the answer");
        for left in [80, 60] {
            let worker = Jobs::start(&site);
            until_at_last("some are as they were", || async { site.number(new).await <= left }).await;
            worker.cut(&site).await;
            let state = seen(&site, &id).await.state.expect("a state");
            assert!(state.is_undoing);
            assert_eq!(i64::try_from(state.changed), Ok(site.number(new).await), "cut off");
        }
        let left = site.number(new).await;
        assert!(left > 0, "too quick for this test");
        import::stop(&site.app, &anna, &id).await.expect("stopped");
        let state = seen(&site, &id).await.state.expect("a state");
        assert_eq!((state.is_under_way, state.is_undone), (false, false));
        assert_eq!((i64::try_from(state.changed), i64::try_from(state.taken)), (Ok(left), Ok(left)));
        assert!(import::undo(&site.app, &anna, &id).await.is_ok(), "gone on with");
        assert!(finish(&site, &id).await.state.expect("a state").is_undone);
        assert_eq!(site.number(new).await, 0);
        let renamed = "select count(*) as n from audit_events where action = 'renamed' and after like 'Old %'";
        assert_eq!(site.number(renamed).await, 90, "a line for each");
    })
    .await;
}

/// Whoever left the page of a list at work finds it again over the table, and not the page of an invitation.
#[tokio::test(flavor = "multi_thread")]
async fn the_table_leads_back_to_a_list_at_work() {
    both(|db| async {
        let site = platform(db).await;
        site.add_company("Beta").await;
        let text: String =
            (0..120).map(|n| format!("P {n};p{n}@guests.example;{}\n", ["ACME North", "Beta"][n % 2])).collect();
        let id = open(&site, &format!("Name;Email;Company\n{text}")).await.expect("a list");
        import::run(&site.app, &caller(&site.anna), &id, &ListWish::default(), "").await.expect("begun");
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        let told = async |browser: &mut Browser| {
            let page = browser.get("/users").await.text();
            let (_, rest) = page.split_once("id=\"under-way\"").expect("what goes on");
            rest.split_once("</p>").expect("its end").0.to_string()
        };
        let address = format!("href=\"/import?id={id}\"");
        let said = told(&mut browser).await;
        assert!(said.matches(&address).count() == 1 && !said.contains("draft="), "{said}");
        finish(&site, &id).await;
        assert!(!browser.get("/users").await.text().contains("under-way"));
        import::undo(&site.app, &caller(&site.anna), &id).await.expect("undoing");
        let said = told(&mut browser).await;
        assert!(said.contains(&address) && said.contains("an import"), "{said}");
    })
    .await;
}

/// Whatever is cut off between its rounds is gone on with, and nobody is taken twice.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_cut_off_before_it_had_begun_is_gone_on_with() {
    both(|db| async {
        let site = platform(db).await;
        site.add_company("Beta").await;
        let text: String =
            (0..60).map(|n| format!("P {n};p{n}@guests.example;{}\n", ["ACME North", "Beta"][n % 2])).collect();
        let id = open(&site, &format!("Name;Email;Company\n{text}")).await.expect("a list");
        import::run(&site.app, &caller(&site.anna), &id, &ListWish::default(), "").await.expect("begun");
        // As if the process had gone before the second round was there.
        let view = seen(&site, &id).await;
        assert_eq!(view.state.as_ref().map(|state| (state.all, state.is_cut_off)), Some((60, false)));
        let newest = "(select id from invitation_terms order by id desc limit 1)";
        let mut tx = site.app.db.maintain().await.expect("a transaction");
        for sql in [
            "delete from jobs where subject =",
            "delete from invitation_rows where terms_id =",
            "delete from invitation_rounds where id =",
        ] {
            tx.execute(sqlx::AssertSqlSafe(format!("{sql} {newest}")), &[]).await.expect(sql);
        }
        tx.commit().await.expect("a commit");
        assert!(seen(&site, &id).await.state.is_some_and(|state| state.is_cut_off));
        finish(&site, &id).await;
        import::run(&site.app, &caller(&site.anna), &id, &ListWish::default(), "").await.expect("gone on");
        assert_eq!(finish(&site, &id).await.state.map(|state| (state.taken, state.is_cut_off)), Some((60, false)));
        assert_eq!(site.number("select count(distinct address) as n from invitations").await, 60);
        assert_eq!(site.number("select count(*) as n from invitations").await, 60);
    })
    .await;
}

/// Where nobody is added without an invitation, an import invites, and a forged form does not get round it.
#[tokio::test(flavor = "multi_thread")]
async fn where_people_come_by_invitations_only_an_import_invites() {
    both(|db| async {
        let site = platform(db).await;
        site.save_settings(&Settings { adds_people: false, ..site.settings().await }).await;
        let id: ImportId = open(&site, "Vera;vera@acme.by\nLev;lev@acme.by\n").await.expect("a list");
        let view = seen(&site, &id).await;
        assert!(view.terms.sends);
        let forged =
            import::change(&site.app, &caller(&site.anna), &id, &ListWish { sends: false, ..wish(&view) }).await;
        assert_eq!(forged, Err(UseCaseError::Conflict(Conflict::OnlyByInvitation)));
        assert_eq!(run(&site, &id).await.state.map(|state| state.taken), Some(2));
        assert_eq!(site.number("select count(*) as n from messages").await, 2);
        let none = open(&site, "Name;Email\n").await;
        assert_eq!(none, Err(UseCaseError::Invalid(Invalid::EmptyList)));
    })
    .await;
}
