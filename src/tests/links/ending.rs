//! When a link ends: by the clock, by hand, by a newer one, with the person who is invited, with whoever invites (IN-03,
//! IN-04, IN-15).

use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::site::{Invited, TestSite};
use crate::support::tables::Dump;
use axum::http::StatusCode;
use usher::domain::id::MembershipId;
use usher::domain::invitation::{DeadLink, Delivery, InvitationFacts, why_dead};
use usher::domain::permission::Permissions;
use usher::domain::timestamp::{Duration, Timestamp};
use usher::server::storage::invitations;
use usher::server::storage::memberships::{self, NewMembership};
use usher::server::use_cases::{Visitor, passwords};
use usher::values;

/// The link is dead for reading and for writing, and trying changes nothing.
async fn assert_dead(site: &TestSite, page: &str, what: &str) {
    let mut visitor = Browser::new(&site.app);
    let before = Dump::of(&site.app.db).await;
    assert_eq!(visitor.get(page).await.status, StatusCode::GONE, "{what}");
    assert_eq!(visitor.register_at(page).await.status, StatusCode::GONE, "{what}");
    assert!(!visitor.has_session());
    before.assert_unchanged(&site.app.db, what).await;
}

async fn assert_open(site: &TestSite, page: &str, what: &str) {
    assert_eq!(Browser::new(&site.app).get(page).await.status, StatusCode::OK, "{what}");
}

/// Decided when it is used: no worker and no cleaner runs in this test.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_ends_to_the_millisecond_and_one_without_an_end_has_ended_in_03() {
    let end = Timestamp(1_800_000_000_000);
    let facts = |expires_at| InvitationFacts {
        is_unsent: false,
        expires_at,
        withdrawn_at: None,
        declined_at: None,
        accepted_at: None,
        awaits_approval: false,
        delivery: Delivery::Queued,
    };
    let dead = |expires_at, now| why_dead(&facts(expires_at), 1, 1, false, true, now);
    assert_eq!(dead(Some(end), Timestamp(end.0 - 1)), None);
    assert_eq!(dead(Some(end), end), Some(DeadLink::Expired));
    assert_eq!(dead(Some(end), Timestamp(end.0 + 1)), Some(DeadLink::Expired));
    assert_eq!(dead(None, Timestamp(0)), Some(DeadLink::Expired));

    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let page = site.page_of(&ivan).await;
        // The statement that spends it asks the same question.
        let mut tx = site.app.db.maintain().await.expect("a transaction");
        let end = invitations::find(&mut tx, &ivan.invitation)
            .await
            .expect("a look")
            .expect("it")
            .expires_at
            .expect("an end");
        for now in [end, Timestamp(end.0 + 1)] {
            assert!(!invitations::accept(&mut tx, &ivan.invitation, 1, now).await.expect("an answer"));
        }
        assert!(!invitations::accept(&mut tx, &ivan.invitation, 2, Timestamp(end.0 - 1)).await.expect("an answer"));
        assert!(invitations::accept(&mut tx, &ivan.invitation, 1, Timestamp(end.0 - 1)).await.expect("an answer"));
        drop(tx);

        assert_open(&site, &page, "before its end").await;
        site.app.clock.advance(Duration(end.0 - site.app.clock.now().0 - Duration::minutes(1).0));
        assert_open(&site, &page, "a minute before its end").await;
        site.app.clock.advance(Duration::minutes(1));
        assert_dead(&site, &page, "after its end").await;

        let endless = site.invite_with("Endless", "endless@acme.by", |new| new.expires_at = None).await;
        assert_dead(&site, &site.page_of(&endless).await, "without an end").await;
        let ended = site.invite_with("Ended", "ended@acme.by", |new| new.expires_at = Some(new.created_at)).await;
        assert_dead(&site, &site.page_of(&ended).await, "at its end").await;
    })
    .await;
}

/// What Anna does to somebody, by the page's script.
async fn anna_does(site: &TestSite, action: &str, to: &Invited, more: &[(&str, &str)]) {
    let mut anna = Browser::signed_in(&site.app, &site.anna).await;
    let is_of_an_invitation = ["/api/resend", "/api/withdraw"].contains(&action);
    let id = if is_of_an_invitation { to.invitation.as_str() } else { to.user.as_str() };
    let fields = [&[("id", id)], more].concat();
    let answer = anna.call(action, &fields).await;
    assert!(answer.status.is_success() || answer.status.is_redirection(), "{action}: {}", answer.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_link_stays_dead_and_of_several_only_the_newest_works_in_15() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let first = site.page_of(&ivan).await;
        anna_does(&site, "/api/resend", &ivan, &[]).await;
        let second = site.page_of(&ivan).await;
        assert_ne!(first, second);
        assert_dead(&site, &first, "superseded").await;
        assert_open(&site, &second, "sent again").await;

        anna_does(&site, "/api/withdraw", &ivan, &[]).await;
        assert_dead(&site, &first, "withdrawn").await;
        assert_dead(&site, &second, "withdrawn").await;

        anna_does(&site, "/api/resend", &ivan, &[]).await;
        let third = site.page_of(&ivan).await;
        assert_dead(&site, &first, "withdrawn, then sent again").await;
        assert_dead(&site, &second, "withdrawn, then sent again").await;
        assert_eq!(Browser::new(&site.app).register_at(&third).await.status, StatusCode::SEE_OTHER);
        for page in [&first, &second, &third] {
            assert_dead(&site, page, "used").await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_dies_with_the_power_of_whoever_gave_it_in_04() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let dispatcher = site.role("dispatcher").id.as_str().to_string();
        for (action, more) in [
            ("/api/block", [("reason", "left")]),
            ("/api/change-role", [("role", dispatcher.as_str())]),
            ("/api/delete", [("typed", "boris@acme.by")]),
        ] {
            let boris = site.add_active("Boris", "boris@acme.by", "company_administrator").await;
            let name = action.trim_start_matches("/api/");
            let address = format!("{name}@acme.by");
            let ivan = site.invite_with("Ivan", &address, |new| new.created_by = Some(boris.clone())).await;
            let page = site.page_of(&ivan).await;
            assert_open(&site, &page, "while Boris may invite").await;
            let boris = Invited { user: boris, ..ivan.clone() };
            anna_does(&site, action, &boris, &more).await;
            assert_dead(&site, &page, action).await;

            // Somebody who may stands for it again: a new link works, the old one does not.
            anna_does(&site, "/api/resend", &ivan, &[]).await;
            assert_open(&site, &site.page_of(&ivan).await, action).await;
            assert_dead(&site, &page, action).await;
            if action != "/api/delete" {
                anna_does(&site, "/api/delete", &boris, &[("typed", "boris@acme.by")]).await;
            }
        }
        // Nobody at all stands for one that has lost its inviter's name.
        let orphan = site.invite_with("Orphan", "orphan@acme.by", |new| new.created_by = None).await;
        assert_dead(&site, &site.page_of(&orphan).await, "without an inviter").await;
    })
    .await;
}

/// A role that the inviter could not give is not given, however it came into the row.
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_to_more_than_its_inviter_may_give_is_dead_in_04() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let page = site.page_of(&ivan).await;
        assert_open(&site, &page, "as it was made").await;
        let top = &site.role("main_administrator").id;
        site.tamper("update memberships set role_id = $2 where user_id = $1", &values![&ivan.user, top]).await;
        assert_dead(&site, &page, "a role that nobody gives").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_of_somebody_blocked_or_deleted_is_dead() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let page = site.page_of(&ivan).await;
        anna_does(&site, "/api/block", &ivan, &[]).await;
        assert_dead(&site, &page, "blocked").await;
        anna_does(&site, "/api/unblock", &ivan, &[]).await;
        assert_open(&site, &page, "unblocked").await;
        anna_does(&site, "/api/delete", &ivan, &[("typed", "ivan@acme.by")]).await;
        assert_dead(&site, &page, "deleted").await;
    })
    .await;
}

/// W-21: the links of somebody who was deleted say so: invitation, reset and confirmation alike; a forged one says nothing.
#[tokio::test(flavor = "multi_thread")]
async fn links_of_a_deleted_person_say_that_it_was_deleted() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let olga = site.add_with_password("Olga", "olga@acme.by", "employee").await;
        site.reset(&olga).await;
        let pages = [
            site.page_of(&ivan).await,
            format!("/i/{}", site.app.key.handed_invitation_link(&ivan.invitation, 1, "ivan@acme.by")),
            site.reset_page_of(&olga).await,
            format!("/confirm/{}", site.app.key.confirmation_link(&olga, 30_000, "olga@acme.by")),
        ];
        for (person, address) in [(&ivan.user, "ivan@acme.by"), (&olga, "olga@acme.by")] {
            let anna = crate::people::caller(&site.anna);
            usher::server::use_cases::deletion::delete(&site.app, &anna, person, address).await.expect("deleted");
        }
        for page in &pages {
            let answer = Browser::new(&site.app).get(page).await;
            assert_eq!(answer.status, StatusCode::GONE, "{page}");
            assert!(answer.text().contains("This was deleted"), "{page}: {}", answer.text());
            assert!(!answer.text().contains("acme.by</"), "no address stays");
            let (path, secret) = page.rsplit_once('/').expect("a link");
            let last = if secret.ends_with('A') { "Q" } else { "A" };
            let forged = format!("{path}/{}{last}", &secret[..secret.len() - 1]);
            assert_eq!(Browser::new(&site.app).get(&forged).await.status, StatusCode::NOT_FOUND, "{forged}");
        }
    })
    .await;
}

/// W-21: a reset link says what ended it: a block, a newer link, the password that was set.
#[tokio::test(flavor = "multi_thread")]
async fn a_dead_reset_link_says_the_true_reason() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let olga = site.add_with_password("Olga", "olga@acme.by", "employee").await;
        let shows = async |page: &str| Browser::new(&site.app).get(page).await.text();
        site.reset(&olga).await;
        let first = site.reset_page_of(&olga).await;
        passwords::forget(&site.app, "olga@acme.by", &Visitor::default()).await.expect("asked");
        let second = site.reset_page_of(&olga).await;
        assert!(shows(&first).await.contains("There is a newer link"));
        let anna = crate::people::caller(&site.anna);
        usher::server::use_cases::users::block(&site.app, &anna, &olga, "").await.expect("blocked");
        for page in [&first, &second] {
            let text = shows(page).await;
            assert!(text.contains("You have no access any more") && !text.contains("newer"), "{text}");
        }
        usher::server::use_cases::users::unblock(&site.app, &anna, &olga).await.expect("unblocked");
        assert!(shows(&second).await.contains("This link no longer works"));
    })
    .await;
}

/// W-21: so does the link of an invitation that was used, for whoever lost the access since: "sign in" would lead nowhere.
/// Whoever handed a link over sees by it what became of that invitation, and not whether there is access elsewhere (rule 40).
#[tokio::test(flavor = "multi_thread")]
async fn a_used_invitation_says_that_the_access_is_blocked_since() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let anna = crate::people::caller(&site.anna);
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let sent = site.page_of(&ivan).await;
        let handed = format!("/i/{}", site.app.key.handed_invitation_link(&ivan.invitation, 1, "ivan@acme.by"));
        let shows = async |page: &str| {
            let answer = Browser::new(&site.app).get(page).await;
            assert_eq!(answer.status, StatusCode::GONE, "{page}");
            answer.text()
        };
        let says = async |is_blocked: bool, what: &str| {
            for page in [&sent, &handed] {
                let text = shows(page).await;
                assert_eq!(text.contains("You have no access any more"), is_blocked, "{what}, {page}: {text}");
                assert_eq!(text.contains("You have registered already"), !is_blocked, "{what}, {page}: {text}");
            }
        };
        let person = crate::people::register(&site, sent.trim_start_matches("/i/"), "Ivan").await.expect("registered");
        says(false, "registered").await;
        use usher::server::use_cases::users as actions;
        actions::block(&site.app, &anna, &person, "").await.expect("blocked");
        says(true, "blocked").await;
        actions::unblock(&site.app, &anna, &person).await.expect("unblocked");
        says(false, "unblocked").await;
        actions::archive(&site.app, &anna, &person).await.expect("archived");
        says(true, "archived").await;
        actions::bring_back(&site.app, &anna, &person).await.expect("brought back");
        says(false, "brought back").await;

        // Of an older generation as well; whoever does not have a genuine link learns nothing.
        actions::block(&site.app, &anna, &person, "").await.expect("blocked");
        let last = if sent.ends_with('A') { "Q" } else { "A" };
        let forged = format!("{}{last}", &sent[..sent.len() - 1]);
        assert_eq!(Browser::new(&site.app).get(&forged).await.status, StatusCode::NOT_FOUND);

        // Access elsewhere: the person can sign in; whoever handed the link over sees their own place alone.
        let now = site.app.clock.now();
        let elsewhere = NewMembership {
            id: MembershipId::new(usher::server::random::id(now)),
            user_id: &person,
            unit_id: &site.root.id,
            role: &site.role("employee").id,
            extra: Permissions::NONE,
            by: None,
            invitation: None,
            active_at: Some(now),
        };
        let mut tx = site.app.db.maintain().await.expect("a transaction");
        memberships::insert(&mut tx, &elsewhere, now).await.expect("a membership");
        tx.commit().await.expect("a commit");
        assert!(shows(&sent).await.contains("You have registered already"));
        assert!(shows(&handed).await.contains("You have no access any more"));
    })
    .await;
}

/// W-05: a message that nobody got stays an error after the end of its invitation: in the list, counted, found, and it can be
/// sent again; its link is not handed out.
#[tokio::test(flavor = "multi_thread")]
async fn an_error_stays_findable_after_the_end_of_its_invitation() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let sql = "update messages set failed_at = $2, next_try_at = null where id = $1";
        site.tamper(sql, &values![&ivan.message, site.app.clock.now()]).await;
        let sweep = async || {
            let now = site.app.clock.now();
            let mut tx = site.app.db.maintain().await.expect("a transaction");
            usher::server::storage::roster::refresh(&mut tx, std::slice::from_ref(&ivan.user), now)
                .await
                .expect("lists");
            usher::server::storage::roster::sweep(&mut tx, now).await.expect("a sweep");
            tx.commit().await.expect("a commit");
        };
        sweep().await;
        site.pass(Duration::days(100));
        sweep().await;
        assert_eq!(site.status(&ivan.user).await, "error");
        let anna = crate::people::caller(&site.anna);
        let query = usher::domain::listing::UserQuery {
            status: Some(usher::domain::user::Status::Failed),
            ..Default::default()
        };
        let page = usher::server::use_cases::users::list(&site.app, &anna, &query).await.expect("a list");
        assert_eq!((page.rows.len(), page.rows[0].status), (1, usher::domain::user::Status::Failed));
        use usher::server::use_cases::invitations as offers;
        assert!(offers::copy_link(&site.app, &anna, &ivan.invitation).await.is_err(), "its link has ended");
        offers::resend(&site.app, &anna, &ivan.invitation).await.expect("sent again");
        assert_eq!(site.status(&ivan.user).await, "waiting");
    })
    .await;
}
