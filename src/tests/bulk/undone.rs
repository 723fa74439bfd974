//! What was done to many is taken back: each has again what they had, whoever was changed since is left alone and named, and what
//! takes two is not undone by one.

use super::{ask, lines, look, named, people, start};
use crate::people::{caller, listed, register};
use crate::support::browser::Browser;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::site::TestSite;
use crate::support::tables::Dump;
use usher::domain::bulk::{BulkOutcome, BulkState};
use usher::domain::error::{Conflict, UseCaseError};
use usher::domain::id::{BulkId, UserId};
use usher::domain::listing::HeldRole;
use usher::domain::permission::{Permission, Permissions};
use usher::domain::settings::Settings;
use usher::domain::timestamp::Duration;
use usher::domain::user::UserAction;
use usher::server::storage::memberships;
use usher::server::use_cases::bulk::{self, BulkTerms, BulkWish};
use usher::server::use_cases::{deletion, invitations, places, users};
use usher::values;
use usher::view_models::BulkPage;

/// Asks whether what a run did is to be taken back.
async fn ask_back(site: &TestSite, user: &UserId, run: &BulkId, action: UserAction) -> BulkId {
    let wish = BulkWish { of: Some(run.clone()), ..named(action, &[]) };
    ask(site, user, &wish).await.expect("asked")
}

async fn held(site: &TestSite, user: &UserId) -> Vec<HeldRole> {
    users::card(&site.app, &caller(&site.anna), user).await.expect("a card").user.held
}

/// Why people came out in a way.
fn why(page: &BulkPage, outcome: BulkOutcome) -> Vec<UseCaseError> {
    page.groups.iter().filter(|group| group.outcome == outcome).filter_map(|group| group.refusal.clone()).collect()
}

fn role_of(site: &TestSite, key: &str) -> BulkTerms {
    BulkTerms { role: site.role(key).id.to_string(), ..BulkTerms::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_have_their_earlier_roles_again() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let app = &site.app;
        let boris = site.add("Boris", "boris@acme.by", "main_administrator", &site.root, State::Active).await;
        let all = people(&site, 3, State::Active).await;
        let invited = site.add("Invited", "invited@acme.by", "employee", &site.company, State::Invited).await;
        let extra: Permissions = [Permission::SeeAudit].into_iter().collect();
        let employee = site.role("employee").id.clone();
        places::change(app, &caller(&boris), &all[0], None, &employee, Some(extra)).await.expect("more");
        let who = [&all[0], &all[1], &all[2], &invited];
        let mut before = Vec::new();
        for user in who {
            before.push(held(&site, user).await);
        }
        let run = ask(&site, &site.anna, &named(UserAction::ChangeRole, &who)).await.expect("asked");
        bulk::start(app, &caller(&site.anna), &run, &role_of(&site, "dispatcher")).await.expect("done");
        assert_eq!(look(&site, &site.anna, &run).await.people(BulkOutcome::Done), 4);
        let auditor = site.role("agent_group_manager").id.clone();
        places::change(app, &caller(&boris), &all[1], None, &auditor, None).await.expect("changed since");

        // As the page does it, without script: a button, a question that names who is left alone, a report.
        let mut anna = Browser::signed_in(app, &site.anna).await;
        let report = anna.get(&format!("/users/many/{run}")).await.text();
        assert!(report.contains("name=\"action\" value=\"role\""), "{report}");
        let asked = anna.post_form("/api/select-people", &[("action", "role"), ("of", run.as_str())]).await;
        let question = asked.location().to_string();
        let shown = anna.get(&question).await.text();
        for said in ["Give back the earlier role of 3 people?", "Undo for 3 people", "Passed over: 1", "Person 0001"] {
            assert!(shown.contains(said), "{said}: {shown}");
        }
        assert!(!shown.contains("name=\"role\""), "no role is asked for: {shown}");
        let undo = question.trim_start_matches("/users/many/").split('?').next().expect("an id").to_string();
        anna.post_form("/api/start-bulk", &[("id", &undo)]).await;
        let shown = anna.get(&question).await.text();
        assert!(shown.contains("Earlier roles given back: 3") && !shown.contains("value=\"role\""), "{shown}");

        for (user, before) in who.into_iter().zip(before) {
            let is_left = user == &all[1];
            assert_eq!(held(&site, user).await == before, !is_left, "{user}");
        }
        assert_eq!(held(&site, &all[1]).await[0].place.role, auditor);
        // The report says where that stands, and offers it no second time.
        let report = anna.get(&format!("/users/many/{run}")).await.text();
        assert!(report.contains(&format!("href=\"/users/many/{undo}")), "{report}");
        assert!(!report.contains("name=\"action\" value=\"role\""), "{report}");
        // Both ways stand in the history: four there, one by somebody else, three back.
        assert_eq!((lines(&site, "role_changed").await, lines(&site, "extras_changed").await), (8, 1));
        // Once more there is nobody left of whom it could be taken back.
        let again = ask_back(&site, &site.anna, &run, UserAction::ChangeRole).await;
        let page = look(&site, &site.anna, &again).await;
        assert_eq!(look(&site, &site.anna, &run).await.undone_by.map(|id| id.to_string()), Some(undo.clone()));
        assert_eq!((page.to_come(), why(&page, BulkOutcome::PassedOver)), (0, vec![Conflict::AccessChanged.into()]));
    })
    .await;
}

/// Asked again in the transaction that writes: what stands there at that moment, and what whoever asks may do then.
#[tokio::test(flavor = "multi_thread")]
async fn between_question_and_answer_rights_and_people_may_have_changed() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let (app, anna) = (&site.app, caller(&site.anna));
        let viktor = site.add_active("Viktor", "viktor@acme.by", "company_administrator").await;
        let all = people(&site, 2, State::Active).await;
        let who = [&all[0], &all[1]];
        let run = ask(&site, &viktor, &named(UserAction::ChangeRole, &who)).await.expect("asked");
        bulk::start(app, &caller(&viktor), &run, &role_of(&site, "dispatcher")).await.expect("done");
        let undo = ask_back(&site, &viktor, &run, UserAction::ChangeRole).await;
        let other = ask_back(&site, &viktor, &run, UserAction::ChangeRole).await;
        users::block(app, &anna, &all[0], "").await.expect("blocked");
        start(&site, &viktor, &undo, "").await.expect("undone");
        let page = look(&site, &viktor, &undo).await;
        assert_eq!(page.people(BulkOutcome::Done), 1);
        assert_eq!(why(&page, BulkOutcome::Failed), [Conflict::AccessChanged.into()]);
        users::unblock(app, &anna, &all[0]).await.expect("let in");

        places::change(app, &anna, &viktor, None, &site.role("employee").id, None).await.expect("less");
        let before = Dump::of(&app.db).await;
        assert!(start(&site, &viktor, &other, "").await.is_err());
        before.assert_unchanged(&app.db, "an undo without the right").await;
        // Nor is it somebody else's to take back.
        let wish = BulkWish { of: Some(run), ..named(UserAction::ChangeRole, &[]) };
        assert_eq!(ask(&site, &site.anna, &wish).await, Err(UseCaseError::NotFound));
    })
    .await;
}

/// Rule 53: what one gave before it took two is not given again by one.
#[tokio::test(flavor = "multi_thread")]
async fn what_takes_two_is_not_undone_by_one() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let app = &site.app;
        let dora = site.add_active("Dora", "dora@acme.by", "dispatcher").await;
        let run = ask(&site, &site.anna, &named(UserAction::ChangeRole, &[&dora])).await.expect("asked");
        bulk::start(app, &caller(&site.anna), &run, &role_of(&site, "employee")).await.expect("done");
        let agreed = site.invite_with("Ivan", "ivan@acme.by", |one| {
            (one.needs_approval, one.approved_at) = (true, Some(one.created_at));
        });
        let ivan = agreed.await.user;
        let withdrawn = ask(&site, &site.anna, &named(UserAction::Withdraw, &[&ivan])).await.expect("asked");
        start(&site, &site.anna, &withdrawn, "").await.expect("withdrawn");
        site.take_two_to_give("dispatcher").await;
        for (run, action) in [(run, UserAction::ChangeRole), (withdrawn, UserAction::Withdraw)] {
            let undo = ask_back(&site, &site.anna, &run, action).await;
            start(&site, &site.anna, &undo, "").await.expect("tried");
            let page = look(&site, &site.anna, &undo).await;
            let failed = why(&page, BulkOutcome::Failed);
            assert_eq!((page.state, failed), (BulkState::Over, vec![Conflict::TakesTwo.into()]), "{action:?}");
        }
        assert_eq!(held(&site, &dora).await[0].place.role, site.role("employee").id);
        assert_eq!(lines(&site, "role_change_proposed").await, 0, "nothing is proposed by the way");
        assert_eq!(listed(&site, &ivan).await.as_deref(), Some("withdrawn"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_are_back_in_their_earlier_units() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let app = &site.app;
        let (north, south) = (
            site.add_branch("North branch", &site.company).await,
            site.add_branch("South branch", &site.company).await,
        );
        let all = people(&site, 2, State::Active).await;
        let invited = site.add("Invited", "invited@acme.by", "employee", &site.company, State::Invited).await;
        let link = site.link_of(&site.invitation_of(&invited).await).await;
        let who = [&all[0], &all[1], &invited];
        let mut tx = app.db.maintain().await.expect("the writer");
        let record = "update memberships set record = 'K-7' where user_id = $1";
        tx.execute(record, &values![&all[0]]).await.expect("a record");
        tx.commit().await.expect("kept");
        let extra: Permissions = [Permission::SeeAudit].into_iter().collect();
        let employee = site.role("employee").id.clone();
        places::change(app, &caller(&site.anna), &all[0], None, &employee, Some(extra)).await.expect("more");
        site.pass(Duration::minutes(5));
        for (unit, leaves) in [(&north, false), (&north, true)] {
            let mut before = Vec::new();
            for user in who {
                before.push(users::card(app, &caller(&site.anna), user).await.expect("a card"));
            }
            let run = ask(&site, &site.anna, &named(UserAction::AddPlace, &who)).await.expect("asked");
            let terms = BulkTerms { unit: unit.id.to_string(), leaves, ..BulkTerms::default() };
            bulk::start(app, &caller(&site.anna), &run, &terms).await.expect("done");
            assert_eq!(look(&site, &site.anna, &run).await.people(BulkOutcome::Done), 3);
            places::add(app, &caller(&site.anna), &all[1], &south.id, &employee, Permissions::NONE)
                .await
                .expect("more");
            let undo = ask_back(&site, &site.anna, &run, UserAction::AddPlace).await;
            let page = look(&site, &site.anna, &undo).await;
            assert_eq!((page.to_come(), page.units.len(), page.people(BulkOutcome::PassedOver)), (2, 0, 1));
            start(&site, &site.anna, &undo, "").await.expect("undone");
            let page = look(&site, &site.anna, &undo).await;
            assert_eq!(page.people(BulkOutcome::Done), 2, "{:?}", page.groups);
            for (user, before) in who.into_iter().zip(before).filter(|(user, _)| *user != &all[1]) {
                let card = users::card(app, &caller(&site.anna), user).await.expect("a card");
                assert_eq!((&card.user.held, &card.record), (&before.user.held, &before.record), "{leaves}");
            }
            // Whoever was changed since keeps all of it; for the next round they stand in one unit again.
            let mut units: Vec<String> = held(&site, &all[1]).await.into_iter().map(|held| held.unit).collect();
            units.sort();
            let expected: &[&str] = match leaves {
                false => &["ACME North", "North branch", "South branch"],
                true => &["North branch", "South branch"],
            };
            assert_eq!(units, expected);
            for unit in [&north, &south] {
                places::remove(app, &caller(&site.anna), &all[1], &unit.id).await.expect("out of it");
            }
        }
        // There and back, each with a line of its own.
        assert!(lines(&site, "place_added").await > 0 && lines(&site, "place_removed").await > 0);
        register(&site, &link, "Invited").await.expect("by the link that they have");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_invitations_stand_again_as_they_were() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let app = &site.app;
        site.save_settings(&Settings { hold: Duration::minutes(10), ..site.settings().await }).await;
        let boris = site.add("Boris", "boris@acme.by", "main_administrator", &site.root, State::Active).await;
        let mut all = Vec::new();
        for (name, state) in
            [("sent", State::Invited), ("over", State::Expired), ("waits", State::Proposed), ("again", State::Invited)]
        {
            all.push(site.add(name, &format!("{name}@acme.by"), "employee", &site.company, state).await);
        }
        let queued = site.invite("Queued", "queued@acme.by").await;
        all.push(queued.user.clone());
        let link = site.link_of(&site.invitation_of(&all[0]).await).await;
        let mut before = Vec::new();
        for user in &all {
            before.push((listed(&site, user).await, invitation(&site, user).await));
        }
        site.pass(Duration::minutes(1));
        let who: Vec<&UserId> = all.iter().collect();
        let run = ask(&site, &site.anna, &named(UserAction::Withdraw, &who)).await.expect("asked");
        start(&site, &site.anna, &run, "").await.expect("withdrawn");
        assert_eq!(look(&site, &site.anna, &run).await.people(BulkOutcome::Done), 5);
        assert!(register(&site, &link, "Sent").await.is_err());
        invitations::resend(app, &caller(&boris), &site.invitation_of(&all[3]).await).await.expect("sent again");
        let undo = ask_back(&site, &site.anna, &run, UserAction::Withdraw).await;
        let page = look(&site, &site.anna, &undo).await;
        assert_eq!((page.to_come(), why(&page, BulkOutcome::PassedOver)), (4, vec![Conflict::AccessChanged.into()]));
        start(&site, &site.anna, &undo, "").await.expect("undone");
        let page = look(&site, &site.anna, &undo).await;
        assert_eq!(page.people(BulkOutcome::Done), 4, "{:?}", page.groups);
        for (user, before) in all.iter().zip(&before).filter(|(user, _)| **user != all[3]) {
            assert_eq!(&(listed(&site, user).await, invitation(&site, user).await), before);
        }
        assert_eq!((lines(&site, "withdrawn").await, lines(&site, "reopened").await), (5, 4));
        let sql = "select count(*) as n from messages where user_id = $1 and next_try_at = created_at + $2";
        let mut tx = app.db.read().await.expect("a connection");
        let row = tx.row(sql, &values![&queued.user, Duration::minutes(10)]).await.expect("a count");
        assert_eq!(row.number("n").expect("a number"), 1, "one message, for what is left of its time");
        drop(tx);
        register(&site, &link, "Sent").await.expect("by the link that they have");
        let history = users::card(app, &caller(&site.anna), &all[1]).await.expect("a card").history;
        assert!(history.len() >= 2, "{history:?}");
    })
    .await;
}

/// Everything of somebody's newest invitation by which its state, its link and its end are told.
async fn invitation(site: &TestSite, user: &UserId) -> String {
    let id = site.invitation_of(user).await;
    let mut tx = site.app.db.read().await.expect("a connection");
    format!("{:?}", usher::server::storage::invitations::find(&mut tx, &id).await.expect("a look"))
}

/// PR-01: what a deleted person had is not kept.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_deleted_person_had_is_forgotten() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        site.save_settings(&Settings { bin_days: 0, ..site.settings().await }).await;
        let dora = site.add_active("Dora", "dora@acme.by", "dispatcher").await;
        let run = ask(&site, &site.anna, &named(UserAction::ChangeRole, &[&dora])).await.expect("asked");
        bulk::start(&site.app, &caller(&site.anna), &run, &role_of(&site, "employee")).await.expect("done");
        let kept = async || {
            let sql = "select count(*) as n from bulk_rows where had_before is not null";
            let mut tx = site.app.db.read().await.expect("a connection");
            tx.row(sql, &[]).await.expect("a count").number("n").expect("a number")
        };
        assert_eq!(kept().await, 1);
        deletion::delete(&site.app, &caller(&site.anna), &dora, "dora@acme.by").await.expect("deleted");
        assert_eq!(kept().await, 0);
        let mut tx = site.app.db.read().await.expect("a connection");
        assert!(memberships::of_user(&mut tx, &dora).await.expect("a look").is_empty());
    })
    .await;
}
