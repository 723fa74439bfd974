//! People of a list who are there already: passed over, or changed where the list says otherwise, and as they were when that is undone;
//! and a list that names everybody of a unit, by which whoever does not stand in it is archived.

use super::{finish, open, platform, seen};
use crate::support::browser::Browser;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::site::{TestSite, caller};
use usher::domain::error::{Conflict, Invalid, UseCaseError};
use usher::domain::id::{ImportId, UserId};
use usher::domain::import::{ExistingPeople, FindingKind, ListWish, PersonChange, RowFinding};
use usher::domain::permission::{Permission, Permissions};
use usher::domain::settings::Settings;
use usher::domain::unit::Unit;
use usher::domain::user::Status;
use usher::server::use_cases::{import, places, users};
use usher::view_models::ImportView;

fn wish(view: &ImportView) -> ListWish {
    ListWish { existing: ExistingPeople::Update.code().into(), ..super::lists::wish(view) }
}

/// A list, with what was said about it.
async fn looked_at(site: &TestSite, text: &str, say: impl FnOnce(ListWish) -> ListWish) -> (ImportId, ImportView) {
    let id = open(site, text).await.expect("a list");
    let view = seen(site, &id).await;
    import::change(&site.app, &caller(&site.anna), &id, &say(wish(&view))).await.expect("said");
    let view = seen(site, &id).await;
    (id, view)
}

fn changes(view: &ImportView, line: usize) -> Vec<PersonChange> {
    match view.rows.iter().find(|row| row.line == line).and_then(|row| row.finding.clone()) {
        Some(RowFinding::Differs { changes, .. }) => changes,
        other => panic!("row {line}: {other:?}"),
    }
}

/// Somebody's name, role and units, as the card shows them.
async fn stands(site: &TestSite, id: &UserId) -> (String, Vec<(String, String)>) {
    let card = Browser::signed_in(&site.app, &site.anna).await.card(id).await;
    let role = |id: &str| site.roles.iter().find(|role| role.id.as_str() == id).map(|role| role.key.clone());
    let held = card.user.held.iter().map(|held| {
        (
            held.unit.clone(),
            role(held.place.role.as_str()).unwrap_or_default().trim_start_matches("learning_").to_string(),
        )
    });
    (card.user.name.clone(), held.collect())
}

async fn status(site: &TestSite, id: &UserId) -> Status {
    Browser::signed_in(&site.app, &site.anna).await.card(id).await.user.status
}

struct Term {
    alpha: Unit,
    /// Where others go.
    _beta: Unit,
}

async fn term(site: &TestSite) -> Term {
    Term { alpha: site.add_branch("Alpha", &site.company).await, _beta: site.add_branch("Beta", &site.company).await }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_there_already_is_changed_as_the_list_says_and_back_again_as_they_were() {
    both(|db| async {
        let site = platform(db).await;
        let Term { alpha, .. } = term(&site).await;
        let add = async |name: &str, mail: &str, unit: &Unit| site.add(name, mail, "learning_learner", unit, State::Active).await;
        let vera = add("Vera", "vera@acme.by", &alpha).await;
        let mila = add("Mila Blau", "mila@acme.by", &alpha).await;
        let same = add("Same Person", "same@acme.by", &alpha).await;
        let text = "Name;Email;Role;Unit\n\
                    Vera Orlova;vera@acme.by;Tutor;Alpha\n\
                    Mila Blau;mila@acme.by;Learner;Beta\n\
                    Same Person;same@acme.by;Learner;Alpha\n\
                    New Person;new@acme.by;Learner;Beta\n";
        // As they stand, unless it is said.
        let (_, view) = looked_at(&site, text, |wish| ListWish { existing: "skip".into(), ..wish }).await;
        assert!(view.rows.iter().all(|row| !matches!(row.finding, Some(RowFinding::Differs { .. }))), "{:?}", view.rows);

        let (id, view) = looked_at(&site, text, |wish| wish).await;
        assert!(matches!(&changes(&view, 2)[..], [PersonChange::Name { after, .. }, PersonChange::Role { .. }] if after == "Vera Orlova"));
        assert!(matches!(&changes(&view, 3)[..], [PersonChange::Unit { before_name, after_name, .. }] if before_name == "Alpha" && after_name == "Beta"));
        let kind = |line: usize| view.rows.iter().find(|row| row.line == line).and_then(|row| row.finding.as_ref().map(RowFinding::kind));
        assert_eq!((kind(4), kind(5)), (Some(FindingKind::AlreadyHere), Some(FindingKind::Ready)));
        // The dry run changes nothing, and its page says what becomes what.
        assert_eq!(stands(&site, &vera).await, ("Vera".into(), vec![("Alpha".into(), "learner".into())]));
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let page = anna.get(&format!("/import?id={id}&show=differs")).await.text();
        assert!(page.contains("Full name: Vera → Vera Orlova") && page.contains("Unit: Alpha → Beta"), "{page}");

        import::run(&site.app, &caller(&site.anna), &id, &ListWish::default(), "").await.expect("begun");
        let view = finish(&site, &id).await;
        let state = view.state.expect("a state");
        assert_eq!((state.taken, state.changed, state.done, state.all), (3, 2, 3, 3));
        assert_eq!(stands(&site, &vera).await, ("Vera Orlova".into(), vec![("Alpha".into(), "tutor".into())]));
        assert_eq!(stands(&site, &mila).await, ("Mila Blau".into(), vec![("Beta".into(), "learner".into())]));
        assert_eq!(stands(&site, &same).await, ("Same Person".into(), vec![("Alpha".into(), "learner".into())]));
        let page = anna.get(&format!("/import?id={id}")).await.text();
        assert!(page.contains("2 people were changed."), "{page}");

        // What somebody has changed since is theirs.
        let mut tx = site.app.db.maintain().await.expect("a transaction");
        tx.execute("update users set name = 'Vera Newest' where id = $1", &usher::values![&vera]).await.expect("a name");
        tx.commit().await.expect("a commit");
        let undone = import::undo(&site.app, &caller(&site.anna), &id).await.expect("undone").expect("at once");
        assert_eq!(undone, 3);
        assert_eq!(stands(&site, &vera).await, ("Vera Newest".into(), vec![("Alpha".into(), "learner".into())]));
        assert_eq!(stands(&site, &mila).await, ("Mila Blau".into(), vec![("Alpha".into(), "learner".into())]));
        assert_eq!(stands(&site, &same).await.1, [("Alpha".to_string(), "learner".to_string())]);
    })
    .await;
}

/// What somebody decided since stands, though it looks like what the list made; and what people may do beside their role goes with them.
#[tokio::test(flavor = "multi_thread")]
async fn undoing_leaves_whom_somebody_changed_since_and_brings_extra_permissions_back() {
    both(|db| async {
        let site = platform(db).await;
        let Term { alpha, _beta: beta } = term(&site).await;
        let boris = site.add("Boris", "boris@acme.by", "learning_super_administrator", &site.root, State::Active).await;
        let add = async |name: &str, mail: &str| site.add(name, mail, "learning_tutor", &alpha, State::Active).await;
        let (vera, gone) = (add("Vera", "vera@acme.by").await, add("Gone", "gone@acme.by").await);
        for n in 0..9 {
            add(&format!("Stays {n}"), &format!("stays{n}@acme.by")).await;
        }
        let (anna, by) = (caller(&site.anna), caller(&boris));
        let tutor = site.role("learning_tutor").id.clone();
        let extra: Permissions = [Permission::Invite].into_iter().collect();
        places::change(&site.app, &anna, &vera, Some(&alpha.id), &tutor, Some(extra)).await.expect("more");
        let extras = async || {
            let mut browser = Browser::signed_in(&site.app, &site.anna).await;
            browser.card(&vera).await.user.held.iter().map(|held| held.place.extra).collect::<Vec<_>>()
        };
        let (id, _) = looked_at(&site, "Name;Email;Unit\nVera;vera@acme.by;Beta\n", |wish| wish).await;
        import::run(&site.app, &anna, &id, &ListWish::default(), "").await.expect("begun");
        finish(&site, &id).await;
        assert_eq!((stands(&site, &vera).await.1[0].0.as_str(), extras().await), ("Beta", vec![extra]));
        assert_eq!(import::undo(&site.app, &anna, &id).await, Ok(Some(1)));
        assert_eq!((stands(&site, &vera).await.1[0].0.as_str(), extras().await), ("Alpha", vec![extra]));

        // Moved again, and made something else there by another one; and archived by the list, and by another one once more.
        let rows: String = (0..9).map(|n| format!("Stays {n};stays{n}@acme.by;Alpha\n")).collect();
        let text = format!("Name;Email;Unit\nVera;vera@acme.by;Beta\n{rows}");
        let everybody = |wish: ListWish| ListWish { is_everybody: true, unit: alpha.id.to_string(), ..wish };
        let (id, view) = looked_at(&site, &text, everybody).await;
        assert_eq!(view.gone.map(|gone| gone.people), Some(1));
        import::run(&site.app, &anna, &id, &ListWish::default(), "").await.expect("begun");
        finish(&site, &id).await;
        assert_eq!(status(&site, &gone).await, Status::Archived);
        let learner = site.role("learning_learner").id.clone();
        places::change(&site.app, &by, &vera, Some(&beta.id), &learner, None).await.expect("less");
        users::bring_back(&site.app, &by, &gone).await.expect("back");
        users::archive(&site.app, &by, &gone).await.expect("archived by another one");
        let undone = import::undo(&site.app, &anna, &id).await;
        assert_eq!(undone, Err(UseCaseError::Conflict(Conflict::NothingToUndo)));
        assert_eq!(stands(&site, &vera).await.1, [("Beta".to_string(), "learner".to_string())]);
        assert_eq!(status(&site, &gone).await, Status::Archived);
    })
    .await;
}

/// AZ-05: a list changes nobody whom one may not change oneself, and tells nothing of whoever is not seen.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_changes_nobody_beyond_the_rights_of_whoever_imports() {
    both(|db| async {
        let site = platform(db).await;
        let Term { alpha, .. } = term(&site).await;
        let boss =
            site.add("Big Boss", "boss@acme.by", "learning_super_administrator", &site.root, State::Active).await;
        let far = site.add_company("Far away").await;
        let there = site.add("There", "there@acme.by", "learning_learner", &far, State::Active).await;
        let viktor = site.add("Viktor", "viktor@acme.by", "learning_administrator", &alpha, State::Active).await;
        let text = "Name;Email;Role\nLittle Boss;boss@acme.by;Learner\nElsewhere;there@acme.by;Learner\n";
        let cells = usher::server::spreadsheets::read(text.as_bytes()).expect("cells");
        let by = caller(&viktor);
        let id = import::open(&site.app, &by, "people.csv", cells).await.expect("a list");
        let view =
            async || *import::page(&site.app, &by, Some(&id), "all", 0).await.expect("the page").view.expect("a list");
        import::change(&site.app, &by, &id, &wish(&view().await)).await.expect("said");
        let told = format!("{:?}", view().await.rows);
        assert!(!told.contains("Differs") && !told.contains("Big Boss"), "{told}");
        for id in [&boss, &there] {
            let name = stands(&site, id).await.0;
            assert!(["Big Boss", "There"].contains(&name.as_str()), "{name}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_everybody_archives_whoever_is_gone_and_asks_when_they_are_many() {
    both(|db| async {
        let site = platform(db).await;
        let Term { alpha, .. } = term(&site).await;
        let mut people = Vec::new();
        for n in 0..10 {
            let mail = format!("pupil{n}@acme.by");
            people.push(site.add(&format!("Pupil {n}"), &mail, "learning_learner", &alpha, State::Active).await);
        }
        let table = |stay: usize| {
            let rows: Vec<String> = (0..stay).map(|n| format!("Pupil {n};pupil{n}@acme.by")).collect();
            format!("Name;Email\n{}\n", rows.join("\n"))
        };
        let everybody = |wish: ListWish| ListWish { is_everybody: true, unit: alpha.id.to_string(), ..wish };

        // Where nobody is archived, no list says that whoever is missing is.
        let settings = site.settings().await;
        site.save_settings(&Settings { archives_people: false, ..settings.clone() }).await;
        let id = open(&site, &table(9)).await.expect("a list");
        let said = import::change(&site.app, &caller(&site.anna), &id, &everybody(wish(&seen(&site, &id).await))).await;
        assert_eq!(said, Err(UseCaseError::Conflict(Conflict::NobodyIsArchived)));
        site.save_settings(&settings).await;

        // Nobody knows whom a row means that cannot be read.
        let (id, view) = looked_at(&site, &format!("{}Broken;broken@\n", table(9)), everybody).await;
        assert_eq!(view.gone.as_ref().map(|gone| gone.people), Some(1));
        let refused = import::run(&site.app, &caller(&site.anna), &id, &ListWish::default(), "").await;
        assert_eq!(refused, Err(UseCaseError::Conflict(Conflict::ArchivingHasErrors)));

        // Whoever stands in a row that is wrong, or was left out, is not gone: by their address, however it is written.
        for last in ["Pupil 9;pupil9@acme.by;Astronaut", "Pupil 9;<PUPIL9@acme.by>, other@acme.by;", "pupil9@acme.by;;"]
        {
            let text = format!(
                "Name;Email;Role\n{}\n{last}\n",
                (0..9).map(|n| format!("Pupil {n};pupil{n}@acme.by;")).collect::<Vec<_>>().join("\n")
            );
            let (id, view) = looked_at(&site, &text, everybody).await;
            assert_eq!(view.gone.as_ref().map(|gone| gone.people), Some(0), "{last}");
            let wish = ListWish::default();
            import::change_row(&site.app, &caller(&site.anna), &id, &wish, 11, import::RowAnswer::Drop)
                .await
                .expect("left out");
            let refused = import::run(&site.app, &caller(&site.anna), &id, &ListWish::default(), "").await;
            assert_eq!(refused, Err(UseCaseError::Invalid(Invalid::NobodyToImport)), "{last}");
            assert_eq!(status(&site, &people[9]).await, Status::Active, "{last}");
        }

        let (id, view) = looked_at(&site, &table(6), everybody).await;
        let gone = view.gone.clone().expect("some");
        assert_eq!((gone.people, gone.asks), (4, true));
        assert!(gone.first.iter().any(|(_, name)| name == "Pupil 9"), "{gone:?}");
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let page = anna.get(&format!("/import?id={id}")).await.text();
        assert!(page.contains("4 people are not in the list and will be archived"), "{page}");
        assert!(page.contains("type their number: 4"), "{page}");
        for typed in ["", "3", "many"] {
            let refused = import::run(&site.app, &caller(&site.anna), &id, &ListWish::default(), typed).await;
            assert_eq!(refused, Err(UseCaseError::Conflict(Conflict::NumberNotConfirmed)), "{typed}");
        }
        assert_eq!(status(&site, &people[9]).await, Status::Active);

        import::run(&site.app, &caller(&site.anna), &id, &ListWish::default(), "4").await.expect("begun");
        let state = finish(&site, &id).await.state.expect("a state");
        assert_eq!((state.changed, state.taken), (4, 4));
        for (n, id) in people.iter().enumerate() {
            let expected = if n < 6 { Status::Active } else { Status::Archived };
            assert_eq!(status(&site, id).await, expected, "{n}");
        }
        assert_eq!(import::undo(&site.app, &caller(&site.anna), &id).await, Ok(Some(4)));
        assert_eq!(status(&site, &people[9]).await, Status::Active);

        // A fifth, and fewer, go without a question. Whoever has not come in is not counted among them, and their invitation stays.
        let add = async |n: usize| {
            let (name, mail) = (format!("Late {n}"), format!("late{n}@acme.by"));
            site.add(&name, &mail, "learning_learner", &alpha, State::Invited).await
        };
        let late = [add(0).await, add(1).await];
        let (id, view) = looked_at(&site, &table(9), everybody).await;
        assert_eq!(view.gone.map(|gone| (gone.people, gone.asks, gone.invited)), Some((1, false, 2)));
        let page = anna.get(&format!("/import?id={id}")).await.text();
        assert!(page.contains("2 people who have not come in are not in the list either"), "{page}");
        import::run(&site.app, &caller(&site.anna), &id, &ListWish::default(), "").await.expect("begun");
        finish(&site, &id).await;
        assert_eq!(status(&site, &people[9]).await, Status::Archived);
        for id in &late {
            assert_eq!(status(&site, id).await, Status::Invited);
        }
    })
    .await;
}

/// PR-01: who is deleted is in no list any more, neither as they were nor as they were to become.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_deleted_leaves_nothing_in_what_a_list_has_changed() {
    both(|db| async {
        let site = platform(db).await;
        let Term { alpha, .. } = term(&site).await;
        let vera = site.add("Vera", "vera@acme.by", "learning_learner", &alpha, State::Active).await;
        let (id, _) = looked_at(&site, "Name;Email\nVera Orlova;vera@acme.by\n", |wish| wish).await;
        import::run(&site.app, &caller(&site.anna), &id, &ListWish::default(), "").await.expect("begun");
        finish(&site, &id).await;
        let count = "select count(*) as n from import_changes";
        assert_eq!(site.number(count).await, 1);
        let done = Browser::signed_in(&site.app, &site.anna).await;
        let mut anna = done;
        let answer = anna.call("/api/delete", &[("id", vera.as_str()), ("typed", "vera@acme.by")]).await;
        assert!(answer.is_done(), "{}", answer.text());
        assert_eq!(site.number(count).await, 0);
    })
    .await;
}
