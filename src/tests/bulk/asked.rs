//! What is asked before anything is done: who is meant, who is passed over, and who is not there at all.

use super::{all_of, ask, lines, look, named, people, start};
use crate::people::{caller, listed};
use crate::support::browser::Browser;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::html::tags;
use crate::support::site::TestSite;
use usher::domain::bulk::{BulkOutcome, BulkState};
use usher::domain::error::{Conflict, Invalid, UseCaseError};
use usher::domain::id::{BulkId, UserId};
use usher::domain::policy::Denied;
use usher::domain::settings::Settings;
use usher::domain::timestamp::Duration;
use usher::domain::user::{Status, UserAction};
use usher::server::use_cases::bulk::{self, BulkTerms, BulkWish};
use usher::server::use_cases::users;

/// Rule 21: of all whom a list shows, some are left out, on whichever page they stand; in the file and on paper likewise.
#[tokio::test(flavor = "multi_thread")]
async fn all_but_some_are_all_but_some_on_every_page() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let all = people(&site, 120, State::Invited).await;
        let but = [&all[0], &all[60], &all[119]];
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        let left: Vec<String> = but.iter().map(|id| format!("but[.{id}]")).collect();
        let mut fields = vec![("list", "/users?status=invited"), ("all", "on"), ("action", "withdraw")];
        fields.extend(left.iter().map(|name| (name.as_str(), "on")));
        let asked = browser.post_form("/api/select-people", &fields).await;
        let (_, id) = asked.location().split_once("/many/").expect("a question");
        let id = BulkId::new(id.split_once('?').map_or(id, |(id, _)| id));
        let page = look(&site, &site.anna, &id).await;
        assert_eq!(page.to_come(), 117);
        let file = browser.post_form("/users/export", &fields).await.text();
        assert!(
            !file.contains("Person 0060") && !file.contains("Person 0119") && file.contains("Person 0061"),
            "{file}"
        );
    })
    .await;
}

/// Rule 21: nothing happens before the answer, and the question says by the policy's own word who is passed over.
#[tokio::test(flavor = "multi_thread")]
async fn a_mixed_selection_says_before_it_runs_who_is_passed_over_and_why() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let active = site.add("Ada Active", "ada@acme.by", "employee", &site.company, State::Active).await;
        let invited = site.add("Ian Invited", "ian@acme.by", "employee", &site.company, State::Invited).await;
        let blocked = site.add("Bo Blocked", "bo@acme.by", "employee", &site.company, State::Blocked).await;
        let gone = site.add("Art Archived", "art@acme.by", "employee", &site.company, State::Archived).await;
        let wish = named(UserAction::Archive, &[&active, &invited, &blocked, &gone, &site.anna, &active]);
        let id = ask(&site, &site.anna, &wish).await.expect("a question");
        let page = look(&site, &site.anna, &id).await;
        assert_eq!((page.state, page.to_come()), (BulkState::Asked, 2), "the active one and the blocked one");
        let mut said: Vec<(Option<UseCaseError>, i64, String)> = page
            .groups
            .iter()
            .filter(|group| group.outcome == BulkOutcome::PassedOver)
            .map(|group| (group.refusal.clone(), group.people, group.first[0].1.clone()))
            .collect();
        said.sort_by_key(|(_, _, name)| name.clone());
        let expected = [
            (Some(UseCaseError::Denied(Denied::Yourself)), 1, "Anna Petrova".to_string()),
            (Some(Conflict::AlreadyArchived.into()), 1, "Art Archived".to_string()),
            (Some(Conflict::WithdrawInstead.into()), 1, "Ian Invited".to_string()),
        ];
        assert_eq!(said, expected);
        assert_eq!(listed(&site, &active).await.as_deref(), Some("active"), "nothing was done yet");
        assert_eq!(lines(&site, "archived").await, 0);
        start(&site, &site.anna, &id, "").await.expect("done");
        let page = look(&site, &site.anna, &id).await;
        assert_eq!((page.state, page.people(BulkOutcome::Done)), (BulkState::Over, 2));
        assert_eq!(listed(&site, &active).await.as_deref(), Some("archived"));
        assert_eq!(listed(&site, &invited).await.as_deref(), Some("invited"));
        assert_eq!(lines(&site, "archived").await, 2);
        start(&site, &site.anna, &id, "").await.expect("once more is nothing more");
        assert_eq!(lines(&site, "archived").await, 2);
    })
    .await;
}

/// TE-01, AZ-09: whoever is not seen counts as not there, as does an id that nobody has; a question is its asker's alone.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_out_of_reach_counts_as_not_there_and_a_question_is_its_askers_alone() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let other = site.add_company("ACME South").await;
        let viktor = site.add_active("Viktor", "viktor@acme.by", "company_administrator").await;
        let here = site.add("Here", "here@acme.by", "employee", &site.company, State::Active).await;
        let there = site.add("There", "there@acme.by", "employee", &other, State::Active).await;
        let nobody = UserId::new("0190-nobody");
        let id = ask(&site, &viktor, &named(UserAction::Block, &[&here, &there, &nobody])).await.expect("a question");
        let page = look(&site, &viktor, &id).await;
        assert_eq!((page.to_come(), page.people(BulkOutcome::PassedOver)), (1, 0), "{:?}", page.groups);
        for forged in [&there, &nobody] {
            let answer = ask(&site, &viktor, &named(UserAction::Block, &[forged])).await;
            assert_eq!(answer, Err(UseCaseError::NotFound));
        }
        // Everybody of a list is everybody of it whom one sees.
        let all = ask(&site, &viktor, &all_of(UserAction::Block, None)).await.expect("a question");
        let page = look(&site, &viktor, &all).await;
        let names: Vec<&str> =
            page.groups.iter().flat_map(|group| group.first.iter().map(|(_, name)| name.as_str())).collect();
        assert!(!names.contains(&"There") && !names.contains(&"Anna Petrova"), "{names:?}");
        // Somebody else's question is none.
        for act in ["look", "start", "stop"] {
            let by = caller(&site.anna);
            let answer = match act {
                "look" => bulk::page(&site.app, &by, &id, String::new()).await.map(drop),
                "start" => bulk::start(&site.app, &by, &id, &BulkTerms::default()).await,
                _ => bulk::stop(&site.app, &by, &id).await,
            };
            assert_eq!(answer, Err(UseCaseError::NotFound), "{act}");
        }
        let unknown = bulk::page(&site.app, &caller(&viktor), &BulkId::new("x"), String::new()).await;
        assert_eq!(unknown.map(drop), Err(UseCaseError::NotFound));
    })
    .await;
}

/// Rules 88, 95: the ceiling is that of the single action; whoever has no part in it selects nobody for it.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_does_to_many_what_they_may_not_do_to_one() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let viktor = site.add_active("Viktor", "viktor@acme.by", "company_administrator").await;
        let equal = site.add_active("Equal", "equal@acme.by", "company_administrator").await;
        let employee = site.add_active("Employee", "employee@acme.by", "employee").await;
        let id = ask(&site, &viktor, &named(UserAction::Block, &[&equal, &employee])).await.expect("a question");
        let page = look(&site, &viktor, &id).await;
        let above = page.groups.iter().find(|group| group.outcome == BulkOutcome::PassedOver).expect("one");
        assert_eq!(above.refusal, Some(UseCaseError::Denied(Denied::NotAbove)));
        assert_eq!(above.first, [(Some(equal.clone()), "Equal".to_string())]);
        start(&site, &viktor, &id, "").await.expect("done");
        assert_eq!(listed(&site, &equal).await.as_deref(), Some("active"));
        assert_eq!(listed(&site, &employee).await.as_deref(), Some("blocked"));
        for role in ["dispatcher", "employee"] {
            let viewer = site.add_active("Viewer", &format!("viewer.{role}@acme.by"), role).await;
            for action in usher::domain::bulk::BULK_ACTIONS {
                let answer = ask(&site, &viewer, &named(action, &[&employee])).await;
                assert!(matches!(answer, Err(UseCaseError::Denied(_))), "{role} {action:?}: {answer:?}");
            }
        }
    })
    .await;
}

/// Ten people are not shut out by a slip: their number is typed. What cannot be undone always asks.
#[tokio::test(flavor = "multi_thread")]
async fn shutting_ten_people_out_asks_for_their_number() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let all = people(&site, 10, State::Active).await;
        let all: Vec<&UserId> = all.iter().collect();
        let id = ask(&site, &site.anna, &named(UserAction::Block, &all)).await.expect("a question");
        for typed in ["", "9", "11", "ten"] {
            let answer = start(&site, &site.anna, &id, typed).await;
            assert_eq!(answer, Err(Conflict::NumberNotConfirmed.into()), "{typed}");
        }
        assert_eq!(lines(&site, "blocked").await, 0);
        start(&site, &site.anna, &id, " 10 ").await.expect("done");
        assert_eq!(lines(&site, "blocked").await, 10);
        let id = ask(&site, &site.anna, &named(UserAction::Delete, &all[..2])).await.expect("a question");
        assert_eq!(start(&site, &site.anna, &id, "").await, Err(Conflict::NumberNotConfirmed.into()));
        start(&site, &site.anna, &id, "2").await.expect("done");
        let answer = users::card(&site.app, &caller(&site.anna), all[0]).await.map(drop);
        assert!(matches!(answer, Err(UseCaseError::PersonGone { .. })), "{answer:?}");
        let report = look(&site, &site.anna, &id).await;
        let done = report.groups.iter().find(|group| group.outcome == BulkOutcome::Done).expect("done");
        assert!(done.first.iter().all(|(id, name)| id.is_none() && name.starts_with("Deleted user")), "{done:?}");
    })
    .await;
}

/// The list itself is what is selected, however many pages it has.
#[tokio::test(flavor = "multi_thread")]
async fn all_that_match_are_selected_and_nobody_else() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        people(&site, 130, State::Invited).await;
        people(&site, 3, State::Active).await;
        let id = ask(&site, &site.anna, &all_of(UserAction::Withdraw, Some(Status::Invited))).await.expect("asked");
        let page = look(&site, &site.anna, &id).await;
        assert_eq!((page.to_come(), page.people(BulkOutcome::PassedOver)), (130, 0));
        let nobody = ask(&site, &site.anna, &all_of(UserAction::Withdraw, Some(Status::Failed))).await;
        assert_eq!(nobody, Err(Invalid::NobodySelected.into()));
        let none = named(UserAction::Block, &[]);
        assert_eq!(ask(&site, &site.anna, &none).await, Err(Invalid::NobodySelected.into()));
    })
    .await;
}

/// What somebody decided since is theirs: the undo passes over them, and says why.
#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_else_did_since_is_not_taken_back() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let all = people(&site, 2, State::Active).await;
        let boris = site.add("Boris", "boris@acme.by", "main_administrator", &site.root, State::Active).await;
        let run = ask(&site, &site.anna, &named(UserAction::Block, &[&all[0], &all[1]])).await.expect("asked");
        start(&site, &site.anna, &run, "2").await.expect("blocked");
        users::unblock(&site.app, &caller(&boris), &all[0]).await.expect("let in");
        users::block(&site.app, &caller(&boris), &all[0], "Police matter").await.expect("shut out");
        let undo = BulkWish { of: Some(run), ..named(UserAction::Unblock, &[]) };
        let undo = ask(&site, &site.anna, &undo).await.expect("asked");
        let page = look(&site, &site.anna, &undo).await;
        assert_eq!((page.to_come(), page.people(BulkOutcome::PassedOver)), (1, 1), "{:?}", page.groups);
        start(&site, &site.anna, &undo, "").await.expect("undone");
        assert_eq!(listed(&site, &all[0]).await.as_deref(), Some("blocked"));
        assert_eq!(listed(&site, &all[1]).await.as_deref(), Some("active"));
    })
    .await;
}

/// Without script: boxes in a form, a page that asks, a page that reports; the way back leads to the very list.
#[tokio::test(flavor = "multi_thread")]
async fn many_are_blocked_and_let_in_again_without_script() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let all = people(&site, 3, State::Active).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let list = "/users?q=person&sort=-name";
        let page = anna.get(list).await.text();
        let box_of = |id: &UserId| format!("who[.{id}]");
        let boxes = tags(&page).into_iter().filter(|tag| tag.get("type") == Some("checkbox"));
        let names: Vec<String> = boxes.filter_map(|tag| tag.get("name").map(String::from)).collect();
        assert!(all.iter().all(|id| names.contains(&box_of(id))), "{names:?}");
        assert!(page.contains("action=\"/api/select-people\"") && page.contains("Select all 3"), "{page}");
        let fields = [("action", "block"), (&box_of(&all[0]), "on"), (&box_of(&all[1]), "on"), ("list", list)];
        let answer = anna.post_form("/api/select-people", &fields).await;
        let question = answer.location().to_string();
        assert!(question.starts_with("/users/many/") && question.ends_with("?q=person&sort=-name"), "{question}");
        let shown = anna.get(&question).await;
        let text = shown.text();
        assert!(text.contains("Block 2 people?") && text.contains("/users?q=person&amp;sort=-name"), "{text}");
        let id = question.trim_start_matches("/users/many/").split('?').next().expect("an id").to_string();
        let answer = anna.post_form("/api/start-bulk", &[("id", &id), ("reason", "Holidays"), ("list", list)]).await;
        assert_eq!(answer.location(), question);
        let text = anna.get(&question).await.text();
        assert!(text.contains("Blocked: 2") && text.contains("report.csv"), "{text}");
        assert_eq!(listed(&site, &all[0]).await.as_deref(), Some("blocked"));
        assert_eq!(listed(&site, &all[2]).await.as_deref(), Some("active"));
        let answer = anna.post_form("/api/select-people", &[("action", "unblock"), ("of", &id), ("list", list)]).await;
        let back = answer.location().to_string();
        assert!(anna.get(&back).await.text().contains("Unblock 2 people?"));
        let id = back.trim_start_matches("/users/many/").split('?').next().expect("an id").to_string();
        anna.post_form("/api/start-bulk", &[("id", &id)]).await;
        assert_eq!(listed(&site, &all[0]).await.as_deref(), Some("active"));
        // A list with a line break in it leads nowhere else.
        let odd = "/users?q=a\r\nx: y";
        let answer =
            anna.post_form("/api/select-people", &[("action", "block"), (&box_of(&all[0]), "on"), ("list", odd)]).await;
        assert!(answer.location().starts_with("/users/many/"), "{}", answer.location());
    })
    .await;
}

/// Rule 27, RL-07: how many letters somebody may still cause that day is said before a round that asks for more, and not otherwise:
/// neither where it is enough, nor where no letter goes.
#[tokio::test(flavor = "multi_thread")]
async fn the_question_says_when_it_asks_for_more_than_may_be_sent_that_day() {
    const SAID: &str = "Today you may still cause this many messages:";
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let all = people(&site, 6, State::Invited).await;
        let withdrawn = people(&site, 3, State::Withdrawn).await;
        let most = async |letters_a_day: i64| {
            site.save_settings(&Settings { letters_a_day, ..site.settings().await }).await;
        };
        let anna = site.anna.clone();
        let question = async |action: UserAction, who: &[&UserId]| {
            let id = ask(&site, &anna, &named(action, who)).await.expect("a question");
            let mut browser = Browser::signed_in(&site.app, &anna).await;
            let text = browser.get(&format!("/users/many/{id}")).await.text();
            (id, text)
        };
        let some = |n: usize| all.iter().take(n).collect::<Vec<_>>();
        for action in [UserAction::Resend, UserAction::Remind] {
            most(4).await;
            for n in [1, 4] {
                let (id, text) = question(action, &some(n)).await;
                assert_eq!(look(&site, &anna, &id).await.letters_left, Some(4));
                assert!(!text.contains(SAID), "{action:?} {n}: {text}");
            }
            for n in [5, 6] {
                let (_, text) = question(action, &some(n)).await;
                assert!(text.contains(&format!("{SAID} 4.")), "{action:?} {n}: {text}");
                assert!(text.contains("Person 0000, Person 0001, Person 0002"), "{text}");
            }
        }
        // What the round does not mean from the start is not counted against it.
        let mixed: Vec<&UserId> = all.iter().take(3).chain(&withdrawn).collect();
        let (id, text) = question(UserAction::Resend, &mixed).await;
        assert_eq!(look(&site, &anna, &id).await.to_come(), 6);
        assert!(!text.contains(SAID), "three are meant, four may go: {text}");

        // What was sent before is counted.
        let (id, _) = question(UserAction::Resend, &some(3)).await;
        start(&site, &anna, &id, "").await.expect("sent");
        let (id, text) = question(UserAction::Remind, &all[3..5].iter().collect::<Vec<_>>()).await;
        assert_eq!(look(&site, &anna, &id).await.letters_left, Some(1));
        assert!(text.contains(&format!("{SAID} 1.")), "{text}");
        // A limit that was lowered since leaves none, and not fewer.
        most(2).await;
        let (_, text) = question(UserAction::Remind, &[&all[4]]).await;
        assert!(text.contains("Today you may cause no more messages") && !text.contains(SAID), "{text}");
        // Another one's account is another one's; and no letter goes by a block.
        let boris = site.add("Boris", "boris@acme.by", "main_administrator", &site.root, State::Active).await;
        let id = ask(&site, &boris, &named(UserAction::Remind, &[&all[4]])).await.expect("a question");
        assert_eq!(look(&site, &boris, &id).await.letters_left, Some(2));
        let (id, text) = question(UserAction::Block, &some(6)).await;
        assert_eq!(look(&site, &anna, &id).await.letters_left, None);
        assert!(!text.contains(SAID), "{text}");

        // A day later there are letters again.
        site.pass(Duration::hours(25));
        let (id, text) = question(UserAction::Resend, &some(2)).await;
        assert_eq!(look(&site, &anna, &id).await.letters_left, Some(2));
        assert!(!text.contains(SAID), "{text}");
    })
    .await;
}

/// Where no shifts are planned, none are spoken of, and where nobody is archived, nobody is told to archive.
#[tokio::test(flavor = "multi_thread")]
async fn the_question_speaks_of_what_there_is() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let active = people(&site, 2, State::Active).await;
        let blocked = people(&site, 2, State::Blocked).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        for plans_shifts in [true, false] {
            for bin_days in [0, 30] {
                for archives_people in [true, false] {
                    let new = Settings { plans_shifts, bin_days, archives_people, ..site.settings().await };
                    site.save_settings(&new).await;
                    for action in [UserAction::Block, UserAction::Unblock, UserAction::Archive, UserAction::Delete] {
                        let who = if action == UserAction::Unblock { &blocked } else { &active };
                        if action == UserAction::Archive && !archives_people {
                            continue;
                        }
                        let id = ask(&site, &site.anna, &named(action, &[&who[0], &who[1]])).await.expect("a question");
                        let text = anna.get(&format!("/users/many/{id}")).await.text();
                        let (_, dialog) = text.split_once("role=\"alertdialog\"").expect("a question");
                        let (dialog, _) = dialog.split_once("dialog-body").expect("a text");
                        let scene = format!("{action:?} {plans_shifts} {bin_days} {archives_people}: {dialog}");
                        assert_eq!(dialog.contains("hifts"), plans_shifts, "{scene}");
                        let speaks = dialog.contains("rchive") || action == UserAction::Archive;
                        assert!(
                            archives_people || !speaks || (action, bin_days) == (UserAction::Delete, 30),
                            "{scene}"
                        );
                    }
                }
            }
        }
    })
    .await;
}
