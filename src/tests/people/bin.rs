//! The bin: whoever is deleted where the settings give one has no access and can be brought back as they were, until their time
//! there is over and they are erased.

use super::{caller, listed, register, sessions};
use crate::support::browser::Browser;
use crate::support::crowd::{State, Wanted};
use crate::support::databases::both;
use crate::support::site::TestSite;
use crate::support::tables::Dump;
use usher::domain::audit::AuditAction;
use usher::domain::deletion::Deletion;
use usher::domain::error::{Conflict, UseCaseError};
use usher::domain::id::UserId;
use usher::domain::settings::Settings;
use usher::domain::timestamp::Duration;
use usher::server::storage::users as people;
use usher::server::storage::{Corrupt, Database, Row, look_through};
use usher::server::upkeep;
use usher::server::use_cases::{deletion, invitations, users};
use usher::values;
use usher::view_models::{FormattedTime, Happening, UserCard};

/// A site that keeps whoever is deleted for some days.
async fn with_bin(db: Database, bin_days: i64) -> TestSite {
    let site = TestSite::furnish(db, None).await;
    site.save_settings(&Settings { bin_days, ..site.settings().await }).await;
    site
}

/// Nothing typed: into the bin, nothing has to be.
async fn bin(site: &TestSite, user: &UserId) {
    let done = deletion::delete(&site.app, &caller(&site.anna), user, "").await;
    assert!(matches!(done, Ok(Deletion::IntoTheBin(_))), "{done:?}");
}

async fn is_erased(site: &TestSite, user: &UserId) -> bool {
    let mut tx = site.app.db.read().await.expect("a connection");
    people::find(&mut tx, user).await.expect("a look").is_none_or(|user| user.email.is_none())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_deleted_has_no_access_and_comes_back_as_they_were() {
    both(|db| async {
        let site = with_bin(db, 30).await;
        let (app, anna) = (&site.app, caller(&site.anna));
        let olga = site.add_active("Olga", "olga@acme.by", "dispatcher").await;
        users::block(app, &anna, &olga, "on leave").await.expect("blocked");
        let before = users::card(app, &anna, &olga).await.expect("a card");
        assert_eq!((before.erased.as_ref(), before.kept_until.is_some()), (None, true));
        bin(&site, &olga).await;
        assert_eq!((listed(&site, &olga).await.as_deref(), sessions(&site, &olga).await), (Some("archived"), 0));
        // The list says when, so that whoever looks for them need not open each card.
        let list = Browser::signed_in(app, &site.anna).await.get("/users?status=archived").await.text();
        assert!(list.contains("deleted, erased "), "{list}");
        let card = users::card(app, &anna, &olga).await.expect("a card");
        let day = |when: &Option<FormattedTime>| when.as_ref().map(|when| when.short.clone());
        assert_eq!((day(&card.erased), card.kept_until), (day(&before.kept_until), None));
        assert_eq!(card.history[0].happening, Happening::AuditAction(AuditAction::Binned));
        users::bring_back(app, &anna, &olga).await.expect("back");
        assert_eq!(listed(&site, &olga).await.as_deref(), Some("blocked"));
        users::unblock(app, &anna, &olga).await.expect("unblocked");
        let after = users::card(app, &anna, &olga).await.expect("a card");
        let places = |card: &UserCard| card.user.held.iter().map(|held| held.place.clone()).collect::<Vec<_>>();
        assert_eq!((places(&after), after.erased.as_ref()), (places(&before), None));
        assert_eq!(listed(&site, &olga).await.as_deref(), Some("active"));
    })
    .await;
}

/// Deleted a second time, and after their days, they are erased; who was brought back meanwhile is not.
#[tokio::test(flavor = "multi_thread")]
async fn the_bin_is_emptied_when_its_days_are_over_and_by_hand() {
    both(|db| async {
        let site = with_bin(db, 30).await;
        let (app, anna) = (&site.app, caller(&site.anna));
        let mut all = Vec::new();
        for name in ["olga", "ivan", "vera", "petra"] {
            all.push(site.add_active(name, &format!("{name}@acme.by"), "dispatcher").await);
        }
        let [olga, ivan, vera, petra] = &all[..] else { panic!("four") };
        for user in &all {
            bin(&site, user).await;
        }
        // Another one is not confirmed by what was not asked.
        let before = Dump::of(&app.db).await;
        let refused = deletion::delete(app, &anna, olga, "").await;
        assert_eq!(refused, Err(UseCaseError::Conflict(Conflict::NotConfirmed)));
        before.assert_unchanged(&app.db, "not confirmed").await;
        assert_eq!(deletion::delete(app, &anna, olga, "olga@acme.by").await, Ok(Deletion::ForGood));
        users::bring_back(app, &anna, ivan).await.expect("back");
        // Back, and gone again in the usual way.
        users::bring_back(app, &anna, vera).await.expect("back");
        site.pass(Duration::minutes(1));
        users::archive(app, &anna, vera).await.expect("archived");
        // Those who are in it keep their day.
        site.save_settings(&Settings { bin_days: 1, ..site.settings().await }).await;
        site.pass(Duration::days(29));
        upkeep::catch_up(app).await.expect("up to date");
        assert!(is_erased(&site, olga).await && !is_erased(&site, petra).await);
        site.pass(Duration::days(2));
        upkeep::catch_up(app).await.expect("up to date");
        let mut erased = Vec::new();
        for user in &all {
            erased.push(is_erased(&site, user).await);
        }
        assert_eq!(erased, [true, false, false, true]);
        assert_eq!(listed(&site, petra).await, None);
        assert_eq!(deletion::empty_bin(app).await, Ok(0));
        site.invite("Petra", "petra@acme.by").await;
    })
    .await;
}

/// Whoever had left before is in the archive again when the deletion is taken back.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_archived_before_comes_back_into_the_archive() {
    both(|db| async {
        let site = with_bin(db, 7).await;
        let (app, anna) = (&site.app, caller(&site.anna));
        let olga = site.add_active("Olga", "olga@acme.by", "dispatcher").await;
        users::archive(app, &anna, &olga).await.expect("archived");
        site.pass(Duration::minutes(1));
        bin(&site, &olga).await;
        // The question says so before it is done.
        assert!(users::card(app, &anna, &olga).await.expect("a card").had_left_before);
        users::bring_back(app, &anna, &olga).await.expect("back");
        let card = users::card(app, &anna, &olga).await.expect("a card");
        assert!(!card.had_left_before);
        assert_eq!((listed(&site, &olga).await.as_deref(), card.erased), (Some("archived"), None));
        users::bring_back(app, &anna, &olga).await.expect("back");
        assert_eq!(listed(&site, &olga).await.as_deref(), Some("active"));
    })
    .await;
}

/// An invitation ends with whoever is deleted, and goes on with them once they are back.
#[tokio::test(flavor = "multi_thread")]
async fn the_link_of_whoever_is_deleted_opens_nothing_until_they_are_back() {
    both(|db| async {
        let site = with_bin(db, 30).await;
        let (app, anna) = (&site.app, caller(&site.anna));
        let invited = site.invite("Ivan", "ivan@acme.by").await;
        let offer = site.invitation_of(&invited.user).await;
        let link = site.link_of(&offer).await;
        bin(&site, &invited.user).await;
        assert!(register(&site, &link, "Ivan").await.is_err());
        users::bring_back(app, &anna, &invited.user).await.expect("back");
        assert_eq!(listed(&site, &invited.user).await.as_deref(), Some("waiting"));
        register(&site, &link, "Ivan").await.expect("registered");
        assert_eq!(listed(&site, &invited.user).await.as_deref(), Some("active"));
    })
    .await;
}

/// What of the database an undone deletion may leave changed: the pair of lines, and that the person was changed.
fn beside_the_pair(before: &Dump, after: &Dump) -> Vec<String> {
    let mut changes = before.changes_to(after);
    changes.retain(|change| !["users:", "audit_events:"].iter().any(|table| change[2..].starts_with(table)));
    // A count of nobody is none.
    changes.retain(|change| !(change[2..].starts_with("roster_counts:") && change.ends_with("| 0")));
    changes
}

/// Whatever stood open stands as it stood: sent, run out meanwhile, waiting for a second administrator, withdrawn before, only added.
#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_that_is_undone_leaves_invitations_as_they_were() {
    both(|db| async {
        let site = with_bin(db, 30).await;
        let (app, anna) = (&site.app, caller(&site.anna));
        let mut all = Vec::new();
        for state in [State::Invited, State::Expired, State::Withdrawn, State::Proposed] {
            let email = format!("{}@acme.by", state.status().code());
            all.push(site.add("Ivan", &email, "dispatcher", &site.company, state).await);
        }
        let added = site.invite_with("Added", "added@acme.by", |one| {
            (one.is_unsent, one.expires_at) = (true, None);
        });
        all.push(added.await.user);
        site.pass(Duration::minutes(1));
        for user in &all {
            let before = (Dump::of(&app.db).await, listed(&site, user).await);
            let lines = users::card(app, &anna, user).await.expect("a card").history.len();
            bin(&site, user).await;
            assert_eq!(listed(&site, user).await.as_deref(), Some("archived"));
            site.pass(Duration::minutes(1));
            users::bring_back(app, &anna, user).await.expect("back");
            let card = users::card(app, &anna, user).await.expect("a card");
            let happened: Vec<_> = card.history.iter().map(|line| line.happening.clone()).collect();
            let pair = [AuditAction::BroughtBack, AuditAction::Binned].map(Happening::AuditAction);
            assert_eq!((happened.len(), &happened[..2]), (lines + 2, &pair[..]));
            let mut left = beside_the_pair(&before.0, &Dump::of(&app.db).await);
            // The message of whoever was only added is none of theirs: the test made it, and nothing of it leaves.
            left.retain(|change| !(user == &all[4] && change[2..].starts_with("messages:")));
            assert_eq!((listed(&site, user).await, left), (before.1, Vec::new()));
        }
    })
    .await;
}

/// A message that had not left is on its way again, once, for what is left of the time for which it is held.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_was_under_way_goes_once_after_an_undone_deletion() {
    both(|db| async {
        let site = with_bin(db, 30).await;
        let (app, anna) = (&site.app, caller(&site.anna));
        site.save_settings(&Settings { hold: Duration::minutes(10), ..site.settings().await }).await;
        let queued = async |of: &UserId| {
            let sql = "select next_try_at - created_at as wait, failed_at from messages where user_id = $1";
            let rows = app.db.read().await.expect("a connection").rows(sql, &values![of]).await.expect("a look");
            let read = |row: &Row| {
                let wait = row.maybe_number("wait").expect("a number");
                (wait, row.maybe_number("failed_at").expect("a number").is_some())
            };
            rows.iter().map(read).collect::<Vec<_>>()
        };
        let ivan = site.invite("Ivan", "ivan@acme.by").await.user;
        bin(&site, &ivan).await;
        assert_eq!(queued(&ivan).await, [(None, true)]);
        users::bring_back(app, &anna, &ivan).await.expect("back");
        assert_eq!(queued(&ivan).await, [(Some(Duration::minutes(10).0), false)]);

        // What a worker had in hand may have left: it is said that it did not arrive, and nothing goes twice.
        let vera = site.invite("Vera", "vera@acme.by").await.user;
        let mut tx = app.db.maintain().await.expect("the writer");
        let sql = "update messages set lease_until = $2, lease_number = 1 where user_id = $1";
        tx.execute(sql, &values![&vera, app.clock.now() + Duration::minutes(1)]).await.expect("in hand");
        tx.commit().await.expect("kept");
        bin(&site, &vera).await;
        users::bring_back(app, &anna, &vera).await.expect("back");
        assert_eq!((queued(&vera).await, listed(&site, &vera).await.as_deref()), (vec![(None, true)], Some("error")));
        invitations::resend(app, &anna, &site.invitation_of(&vera).await).await.expect("sent again");
    })
    .await;
}

/// What its place is taken from stays ended: withdrawn by hand before, declined, or when it offers what is not back yet.
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_goes_on_only_when_all_is_back_that_it_offers() {
    both(|db| async {
        let site = with_bin(db, 30).await;
        let (app, anna) = (&site.app, caller(&site.anna));
        let other = site.add_company("ACME South").await;
        let boris = site.add("Boris", "boris@acme.by", "company_administrator", &other, State::Active).await;
        let mut wanted = Wanted::new("Ivan", "ivan@acme.by", "employee", &site.company, State::Invited);
        wanted.units.push(other.id.clone());
        let ivan = site.add_all(&[wanted]).await.remove(0);
        let link = site.link_of(&site.invitation_of(&ivan).await).await;
        site.pass(Duration::minutes(1));
        bin(&site, &ivan).await;
        users::bring_back(app, &caller(&boris), &ivan).await.expect("back in the south");
        assert_eq!(site.status(&ivan).await, "withdrawn");
        assert!(register(&site, &link, "Ivan").await.is_err());
        users::bring_back(app, &anna, &ivan).await.expect("back in the north");
        assert_eq!(site.status(&ivan).await, "invited");
        register(&site, &link, "Ivan").await.expect("registered");
    })
    .await;
}

/// Half of what is noted of somebody in the bin is no reason to leave them there for good, nor to erase them (H-16).
#[tokio::test(flavor = "multi_thread")]
async fn half_of_what_is_noted_of_somebody_in_the_bin_is_unreadable() {
    both(|db| async {
        let site = with_bin(db, 7).await;
        let mut found_so_far = Vec::new();
        for column in ["binned_at", "erase_at"] {
            let olga = site.add_active("Olga", &format!("{column}@acme.by"), "dispatcher").await;
            bin(&site, &olga).await;
            let mut tx = site.app.db.maintain().await.expect("the writer");
            let sql = match column {
                "binned_at" => "update users set binned_at = null where id = $1",
                _ => "update users set erase_at = null where id = $1",
            };
            tx.execute(sql, &values![&olga]).await.expect("changed");
            tx.commit().await.expect("kept");
            let found = look_through(&mut site.app.db.read().await.expect("a connection"), 50).await.expect("looked");
            found_so_far.push(Corrupt { table: "users", column: column.into(), id: olga.to_string() });
            assert!(
                found.len() == found_so_far.len() && found_so_far.iter().all(|place| found.contains(place)),
                "{found:?}"
            );
            assert!(users::card(&site.app, &caller(&site.anna), &olga).await.is_err());
        }
    })
    .await;
}
