//! That it is done to each exactly once: by a job that is cut off, stopped, taken back, or loses its right.

use super::{all_of, ask, lines, look, named, people, start};
use crate::people::caller;
use crate::people::rounds::Jobs;
use crate::support::browser::Browser;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::site::TestSite;
use crate::support::tables::Dump;
use crate::support::until_at_last;
use usher::domain::bulk::{BulkOutcome, BulkState};
use usher::domain::error::{Conflict, Invalid, UseCaseError};
use usher::domain::id::BulkId;
use usher::domain::settings::Settings;
use usher::domain::timestamp::Duration;
use usher::domain::user::{Status, UserAction};
use usher::server::use_cases::bulk::{self, BulkTerms};
use usher::server::use_cases::{deletion, users};

async fn is_over(site: &TestSite, id: &BulkId) -> bool {
    matches!(look(site, &site.anna, id).await.state, BulkState::Over | BulkState::Stopped)
}

/// FT-01, CO-07: cut off between two parts or in the middle of one, for every kind of action it goes on where it was.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_cut_off_goes_on_and_does_nothing_twice() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let settings = Settings { letters_a_day: 10_000, ..site.settings().await };
        site.save_settings(&settings).await;
        people(&site, 120, State::Active).await;
        people(&site, 120, State::Invited).await;
        for (action, status, line) in [
            (UserAction::Block, Status::Active, "blocked"),
            (UserAction::Archive, Status::Blocked, "archived"),
            (UserAction::Resend, Status::Invited, "resent"),
            (UserAction::Delete, Status::Archived, "deleted"),
        ] {
            let id = ask(&site, &site.anna, &all_of(action, Some(status))).await.expect("a question");
            start(&site, &site.anna, &id, "120").await.expect("begun");
            assert_eq!(look(&site, &site.anna, &id).await.state, BulkState::UnderWay);
            for cut in 1..=3 {
                let worker = Jobs::start(&site);
                until_at_last("some are done", || async { lines(&site, line).await >= cut * 25 }).await;
                worker.cut(&site).await;
            }
            let workers = [Jobs::start(&site), Jobs::start(&site)];
            until_at_last("it is over", || is_over(&site, &id)).await;
            for worker in workers {
                worker.end().await;
            }
            let page = look(&site, &site.anna, &id).await;
            assert_eq!(
                (page.state, page.people(BulkOutcome::Done), page.people(BulkOutcome::Failed), page.to_come()),
                (BulkState::Over, 120, 0, 0),
                "{action:?}: {:?}",
                page.groups
            );
            assert_eq!(lines(&site, line).await, 120, "{action:?}: a line for each");
        }
        let mut tx = site.app.db.read().await.expect("a connection");
        let sent = "select count(*) as n from messages where generation = 2";
        assert_eq!(tx.row(sent, &[]).await.expect("a count").number("n").expect("a number"), 120);
    })
    .await;
}

/// Whoever was changed in between fails alone, with the reason; all others are done.
#[tokio::test(flavor = "multi_thread")]
async fn somebody_to_whom_it_cannot_be_done_after_all_stops_nobody_else() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let all = people(&site, 30, State::Active).await;
        let id =
            ask(&site, &site.anna, &named(UserAction::Block, &all.iter().collect::<Vec<_>>())).await.expect("asked");
        let by = caller(&site.anna);
        users::block(&site.app, &by, &all[4], "").await.expect("blocked");
        users::archive(&site.app, &by, &all[17]).await.expect("archived");
        start(&site, &site.anna, &id, "30").await.expect("done");
        let page = look(&site, &site.anna, &id).await;
        assert_eq!((page.people(BulkOutcome::Done), page.people(BulkOutcome::Failed)), (28, 2));
        let first: Vec<_> = page.groups.iter().take(2).map(|group| group.refusal.clone()).collect();
        assert!(
            first.contains(&Some(Conflict::AlreadyBlocked.into())) && first.contains(&Some(Conflict::Archived.into()))
        );
        // Failures stand first in the report, and no cell of it is a formula.
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let report = anna.get(&format!("/users/many/{id}/report.csv")).await;
        assert_eq!(report.headers["content-type"], "text/csv; charset=utf-8");
        let text = report.text();
        let rows: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(rows.len(), 31, "{text}");
        assert!(
            text.starts_with("\u{feff}\"Name\",")
                && rows[1].contains("\"Not done\"")
                && rows[2].contains("\"Not done\"")
        );
        assert!(rows[3].contains("\"Done\""), "{}", rows[3]);
        let mut other =
            Browser::signed_in(&site.app, &site.add_active("Main", "main@acme.by", "main_administrator").await).await;
        assert_eq!(other.get(&format!("/users/many/{id}/report.csv")).await.status.as_u16(), 404);
    })
    .await;
}

/// SE-03: whoever may not do it any more does it to nobody more, from the next part on.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_stops_when_whoever_began_it_may_not_go_on() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        people(&site, 80, State::Active).await;
        let viktor = site.add_active("Viktor", "viktor@acme.by", "company_administrator").await;
        let id = ask(&site, &viktor, &all_of(UserAction::Block, Some(Status::Active))).await.expect("asked");
        let people = look(&site, &viktor, &id).await.to_come();
        assert_eq!(people, 80);
        start(&site, &viktor, &id, "80").await.expect("begun");
        users::block(&site.app, &caller(&site.anna), &viktor, "").await.expect("blocked");
        let before = lines(&site, "blocked").await;
        let worker = Jobs::start(&site);
        until_at_last("the job is gone", || async {
            let mut tx = site.app.db.read().await.expect("a connection");
            tx.maybe_row("select id from jobs", &[]).await.expect("a look").is_none()
        })
        .await;
        worker.end().await;
        assert_eq!(lines(&site, "blocked").await, before);
    })
    .await;
}

/// What is held is taken back whole; what has begun is stopped where it is, and can go on.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_taken_back_while_it_is_held_and_stopped_when_it_is_not() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let settings = Settings { hold: Duration::seconds(10), letters_a_day: 10_000, ..site.settings().await };
        site.save_settings(&settings).await;
        people(&site, 60, State::Expired).await;
        let by = caller(&site.anna);
        let id = ask(&site, &site.anna, &all_of(UserAction::Resend, Some(Status::Expired))).await.expect("asked");
        start(&site, &site.anna, &id, "").await.expect("begun");
        let page = look(&site, &site.anna, &id).await;
        assert_eq!((page.state, page.held), (BulkState::UnderWay, Some(10)));
        bulk::stop(&site.app, &by, &id).await.expect("taken back");
        assert_eq!(look(&site, &site.anna, &id).await.state, BulkState::Asked);
        start(&site, &site.anna, &id, "").await.expect("begun");
        bulk::hurry(&site.app, &by, &id).await.expect("hurried");
        let worker = Jobs::start(&site);
        until_at_last("some are sent", || async { lines(&site, "resent").await >= 10 }).await;
        bulk::stop(&site.app, &by, &id).await.expect("stopped");
        worker.end().await;
        let page = look(&site, &site.anna, &id).await;
        let done = page.people(BulkOutcome::Done);
        if page.state == BulkState::Stopped {
            assert_eq!(page.to_come(), 60 - done);
            assert_eq!(lines(&site, "resent").await, done);
            start(&site, &site.anna, &id, "").await.expect("goes on");
            bulk::hurry(&site.app, &by, &id).await.expect("hurried");
            let worker = Jobs::start(&site);
            until_at_last("it is over", || is_over(&site, &id)).await;
            worker.end().await;
        }
        assert_eq!(lines(&site, "resent").await, 60);
    })
    .await;
}

/// Rule 27: each kind of those who are waited for has its number and is switched by itself.
#[tokio::test(flavor = "multi_thread")]
async fn a_round_goes_to_the_kinds_that_are_switched_on() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut all = people(&site, 3, State::Invited).await;
        all.extend(people(&site, 2, State::Withdrawn).await);
        all.extend(people(&site, 1, State::Active).await);
        let wish = named(UserAction::Resend, &all.iter().collect::<Vec<_>>());
        let id = ask(&site, &site.anna, &wish).await.expect("asked");
        let page = look(&site, &site.anna, &id).await;
        assert_eq!(page.ready.iter().map(|(_, n)| n).sum::<i64>(), 5);
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let text = anna.get(&format!("/users/many/{id}")).await.text();
        assert!(text.contains("Invited, and not in yet: 3") && text.contains("Withdrawn: 2"), "{text}");
        let of = |meant: &[&str]| BulkTerms {
            meant: Some(meant.iter().map(ToString::to_string).collect()),
            ..BulkTerms::default()
        };
        let by = caller(&site.anna);
        let none = bulk::start(&site.app, &by, &id, &of(&[])).await;
        assert_eq!(none, Err(UseCaseError::Invalid(Invalid::NobodySelected)));
        bulk::start(&site.app, &by, &id, &of(&["invited", "expired"])).await.expect("sent");
        let page = look(&site, &site.anna, &id).await;
        assert_eq!((page.state, page.people(BulkOutcome::Done)), (BulkState::Over, 3));
        assert_eq!(lines(&site, "resent").await, 3);
    })
    .await;
}

/// PR-01: whoever is deleted leaves what they asked for, and what was asked about them keeps a number.
#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_person_stands_in_no_run() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let all = people(&site, 2, State::Active).await;
        let viktor = site.add_active("Viktor", "viktor@acme.by", "company_administrator").await;
        let own = ask(&site, &viktor, &named(UserAction::Block, &[&all[0]])).await.expect("asked");
        let about = ask(&site, &site.anna, &named(UserAction::Block, &[&viktor, &all[1]])).await.expect("asked");
        deletion::delete(&site.app, &caller(&site.anna), &viktor, "viktor@acme.by").await.expect("deleted");
        start(&site, &site.anna, &about, "").await.expect("done");
        let page = look(&site, &site.anna, &about).await;
        assert_eq!((page.people(BulkOutcome::Done), page.people(BulkOutcome::Failed)), (1, 1), "{:?}", page.groups);
        let dump = Dump::of(&site.app.db).await;
        assert!(!dump.holds("viktor@acme.by"));
        let mut tx = site.app.db.maintain().await.expect("a transaction");
        let now = site.app.clock.now();
        let found = usher::server::storage::bulk::find(&mut tx, &own, now).await.expect("a look");
        assert_eq!(found, None);
    })
    .await;
}

/// Rule 88: a role is given to many by the same rules as to one; whoever stands in several units is asked about on their card.
#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_given_to_many_and_never_above_ones_own() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let all = people(&site, 4, State::Active).await;
        let viktor = site.add_active("Viktor", "viktor@acme.by", "company_administrator").await;
        let wish = named(UserAction::ChangeRole, &all.iter().collect::<Vec<_>>());
        let role = |key: &str| BulkTerms { role: site.role(key).id.to_string(), ..BulkTerms::default() };
        let id = ask(&site, &viktor, &wish).await.expect("asked");
        let nothing = bulk::start(&site.app, &caller(&viktor), &id, &BulkTerms::default()).await;
        assert_eq!(nothing, Err(Invalid::Role.into()));
        bulk::start(&site.app, &caller(&viktor), &id, &role("company_administrator")).await.expect("tried");
        assert_eq!(look(&site, &viktor, &id).await.people(BulkOutcome::Failed), 4);
        assert_eq!(lines(&site, "role_changed").await, 0);
        let id = ask(&site, &viktor, &wish).await.expect("asked");
        bulk::start(&site.app, &caller(&viktor), &id, &role("dispatcher")).await.expect("done");
        assert_eq!(look(&site, &viktor, &id).await.people(BulkOutcome::Done), 4);
        assert_eq!(lines(&site, "role_changed").await, 4);
    })
    .await;
}

/// Nothing is written of somebody of whom nothing changes.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_the_role_already_is_passed_over() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let all = people(&site, 2, State::Active).await;
        let dora = site.add_active("Dora", "dora@acme.by", "dispatcher").await;
        let id =
            ask(&site, &site.anna, &named(UserAction::ChangeRole, &[&all[0], &dora, &all[1]])).await.expect("asked");
        let terms = BulkTerms { role: site.role("dispatcher").id.to_string(), ..BulkTerms::default() };
        bulk::start(&site.app, &caller(&site.anna), &id, &terms).await.expect("done");
        let page = look(&site, &site.anna, &id).await;
        let count = |outcome| page.people(outcome);
        assert_eq!((count(BulkOutcome::Done), count(BulkOutcome::PassedOver), count(BulkOutcome::Failed)), (2, 1, 0));
        let why = page.groups.iter().find(|group| group.outcome == BulkOutcome::PassedOver);
        assert_eq!(why.and_then(|group| group.refusal.clone()), Some(Conflict::AlreadyInRole.into()));
        assert_eq!(lines(&site, "role_changed").await, 2);
    })
    .await;
}
