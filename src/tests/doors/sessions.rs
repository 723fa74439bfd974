//! Sessions: a new one at every sign-in, gone at sign-out, ended by the server's clock, and never in the database (SE-01,
//! SE-02, SE-04 to SE-07).

use crate::bulk;
use crate::people::caller;
use crate::support::browser::Browser;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::html::form_to;
use crate::support::people::PASSWORD;
use crate::support::site::{STANDING, TestSite};
use crate::support::tables::Dump;
use axum::http::{StatusCode, header};
use std::collections::BTreeSet;
use usher::domain::error::UseCaseError;
use usher::domain::listing::UserQuery;
use usher::domain::permission::Permissions;
use usher::domain::policy::PASSWORD_LASTS;
use usher::domain::timestamp::Duration;
use usher::domain::user::UserAction;
use usher::server::secrets;
use usher::server::use_cases::{deletion, export, places, users};

async fn olga(db: usher::server::storage::Database) -> TestSite {
    let site = TestSite::furnish(db, None).await;
    site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
    site
}

#[tokio::test(flavor = "multi_thread")]
async fn every_sign_in_makes_a_new_session_and_ends_the_one_before_se_01() {
    both(|db| async {
        let site = olga(db).await;
        let mut browser = Browser::new(&site.app);
        // What somebody planted is never taken over.
        let planted = "A".repeat(43);
        browser.cookies.insert("__Host-usher_session".into(), planted.clone());
        let mut seen = BTreeSet::from([planted]);
        for _ in 0..4 {
            let mut before = browser.clone();
            assert_eq!(browser.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
            assert!(seen.insert(browser.session()), "the same session again");
            assert!(browser.is_signed_in().await);
            assert!(!before.is_signed_in().await, "the session before lives on");
        }
        let profile = browser.profile().await;
        assert_eq!(profile.sessions.iter().filter(|session| session.device != STANDING).count(), 1);
        // A wrong password neither ends nor changes a session.
        let before = browser.session();
        assert_eq!(browser.sign_in("olga@acme.by", "wrong").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(browser.session(), before);
        assert!(browser.is_signed_in().await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_in_is_seen_at_once() {
    both(|db| async {
        let site = olga(db).await;
        let last_seen = || async {
            let found = users::list(&site.app, &caller(&site.anna), &UserQuery::default()).await.expect("the list");
            let olga = found.rows.into_iter().find(|row| row.name == "Olga").expect("Olga");
            olga.last_seen.map(|when| when.at)
        };
        assert_eq!(last_seen().await, None);
        let mut browser = Browser::new(&site.app);
        let before = site.app.clock.now();
        assert_eq!(browser.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
        // The list says the day.
        assert!(last_seen().await.is_some_and(|seen| seen + Duration::hours(25) > before), "not seen");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accepting_makes_a_session_of_its_own_whatever_was_kept_before_se_01() {
    both(|db| async {
        let site = olga(db).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let mut browser = Browser::new(&site.app);
        let planted = "B".repeat(43);
        browser.cookies.insert("__Host-usher_session".into(), planted.clone());
        let answer = browser.register_at(&site.page_of(&ivan).await).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_ne!(browser.session(), planted);
        assert!(browser.is_signed_in().await);
        let mut before = browser.stranger(1);
        before.cookies.insert("__Host-usher_session".into(), planted);
        assert!(!before.is_signed_in().await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_holds_no_session_only_its_hash_se_05() {
    both(|db| async {
        let site = olga(db).await;
        let mut secrets_seen = BTreeSet::new();
        let browser = Browser::new(&site.app);
        for number in 0..20 {
            let mut browser = browser.stranger(number);
            browser.sign_in("olga@acme.by", PASSWORD).await;
            let secret = browser.session();
            assert_eq!(secret.len(), 43, "256 bits");
            let dump = Dump::of(&site.app.db).await;
            assert!(!dump.holds(&secret) && dump.holds(&secrets::hash(&secret)));
            // What stands in the table opens nothing: neither the hash nor the session's name.
            for other in [secrets::hash(&secret), secrets::hash(&secrets::hash(&secret))] {
                browser.cookies.insert("__Host-usher_session".into(), other);
                assert!(!browser.is_signed_in().await);
            }
            browser.cookies.insert("__Host-usher_session".into(), secret.clone());
            let profile = browser.profile().await;
            let id = profile.sessions.iter().find(|session| session.is_this_one).expect("this one").id.clone();
            assert!(!secret.contains(id.as_str()) && !secrets::hash(&secret).contains(id.as_str()));
            browser.cookies.insert("__Host-usher_session".into(), id.as_str().into());
            assert!(!browser.is_signed_in().await);
            assert!(secrets_seen.insert(secret));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_when_idle_and_at_the_latest_after_ninety_days_se_06() {
    both(|db| async {
        let site = olga(db).await;
        let clock = &site.app.clock;
        let mut browser = Browser::new(&site.app);
        browser.sign_in("olga@acme.by", PASSWORD).await;
        // Twelve hours without a request on a shared device; each request begins them anew.
        for _ in 0..3 {
            clock.advance(Duration::minutes(11 * 60 + 58));
            assert!(browser.is_signed_in().await);
        }
        clock.advance(Duration::minutes(12 * 60 + 1));
        assert!(!browser.is_signed_in().await);
        // A clock that goes back does not raise the dead beyond their limit, nor end the living.
        clock.advance(Duration::hours(-48));
        browser.sign_in("olga@acme.by", PASSWORD).await;
        clock.advance(Duration::hours(-24));
        assert!(browser.is_signed_in().await);

        // Thirty days on one's own, and ninety whatever happens.
        let mut kept = browser.stranger(1);
        let fields = [("username", "olga@acme.by"), ("password", PASSWORD), ("keep", "on")];
        assert_eq!(kept.post_form("/sign-in", &fields).await.status, StatusCode::SEE_OTHER);
        for _ in 0..3 {
            clock.advance(Duration::days(29));
            assert!(kept.is_signed_in().await);
        }
        clock.advance(Duration::hours(71));
        assert!(kept.is_signed_in().await, "an hour before the ninety days are over");
        clock.advance(Duration::hours(2));
        assert!(!kept.is_signed_in().await, "after ninety days");

        assert_eq!(kept.post_form("/sign-in", &fields).await.status, StatusCode::SEE_OTHER);
        clock.advance(Duration::days(30));
        clock.advance(Duration::minutes(1));
        assert!(!kept.is_signed_in().await, "idle for thirty days");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_signed_out_is_out_however_often_the_cookie_is_sent_again_se_07() {
    both(|db| async {
        let site = olga(db).await;
        let mut browser = Browser::new(&site.app);
        browser.sign_in("olga@acme.by", PASSWORD).await;
        let mut elsewhere = browser.stranger(1);
        elsewhere.sign_in("olga@acme.by", PASSWORD).await;
        let mut replay = browser.clone();
        let left = browser.post_form("/sign-out", &[]).await;
        assert_eq!((left.status, left.location()), (StatusCode::SEE_OTHER, "/sign-in"));
        assert!(!browser.has_session());
        for _ in 0..3 {
            assert_eq!(replay.ask_shown("/me").await.status, StatusCode::UNAUTHORIZED);
            let refused = replay.call("/api/end-other-sessions", &[]).await;
            assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{}", refused.text());
            assert_eq!(replay.get("/users").await.location(), "/sign-in?next=%2Fusers");
        }
        assert!(elsewhere.is_signed_in().await, "the other session is another matter");

        // Everywhere but here; and one by its name.
        browser.sign_in("olga@acme.by", PASSWORD).await;
        assert!(browser.call("/api/end-other-sessions", &[]).await.is_done());
        assert!(!elsewhere.is_signed_in().await && browser.is_signed_in().await);
        elsewhere.sign_in("olga@acme.by", PASSWORD).await;
        let profile = browser.profile().await;
        let other = profile.sessions.iter().find(|session| !session.is_this_one).expect("the other one");
        assert!(browser.call("/api/end-session", &[("id", other.id.as_str())]).await.is_done());
        assert!(!elsewhere.is_signed_in().await && browser.is_signed_in().await);
        // A session that does not exist, or is somebody else's, is not there.
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let mine = profile.sessions.iter().find(|session| session.is_this_one).expect("this one");
        assert_eq!(anna.call("/api/end-session", &[("id", mine.id.as_str())]).await.status, StatusCode::NOT_FOUND);
        assert!(browser.is_signed_in().await);
    })
    .await;
}

/// SE-08: no browser may keep what was shown, signing out has it forget what it kept all the same, and whoever goes back asks
/// anew, in vain.
#[tokio::test(flavor = "multi_thread")]
async fn after_signing_out_the_way_back_shows_nothing_se_08() {
    both(|db| async {
        let site = olga(db).await;
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        // The list of people is read by a function of its own.
        let (list, shown) = ("/users", ["/invitations", "/audit", "/me"]);
        let pages = [&[list], &shown[..]].concat();
        for page in &pages {
            let mut answers = vec![browser.get(page).await];
            if *page != list {
                answers.push(browser.ask_shown(page).await);
            }
            for answer in answers {
                assert_eq!(answer.status, StatusCode::OK, "{page}");
                assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store", "{page}");
            }
        }
        assert!(browser.get("/users").await.text().contains("olga@acme.by"));
        let left = browser.post_form("/sign-out", &[]).await;
        assert_eq!(left.headers["clear-site-data"], "\"cache\"");
        assert!(browser.cookies.is_empty(), "{:?}", browser.cookies);
        for page in pages {
            let back = browser.get(page).await;
            assert!(back.location().starts_with("/sign-in?next="), "{page}: {}", back.status);
            assert!(!back.text().contains("acme.by"), "{page}: {}", back.text());
        }
        for page in shown {
            assert_eq!(browser.ask_shown(page).await.status, StatusCode::UNAUTHORIZED, "{page}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_password_ends_all_other_sessions_se_04() {
    both(|db| async {
        let site = olga(db).await;
        let mut browser = Browser::new(&site.app);
        browser.sign_in("olga@acme.by", PASSWORD).await;
        let mut elsewhere = browser.stranger(1);
        elsewhere.sign_in("olga@acme.by", PASSWORD).await;
        let wrong = [("current_password", "wrong"), ("new_password", "quiet stone bridge")];
        assert_eq!(browser.call("/api/change-password", &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(elsewhere.is_signed_in().await);
        let right = [("current_password", PASSWORD), ("new_password", "quiet stone bridge")];
        let mut before = browser.clone();
        assert!(browser.call("/api/change-password", &right).await.is_done());
        assert!(!before.is_signed_in().await, "the session from before rotates");
        assert!(!elsewhere.is_signed_in().await && browser.is_signed_in().await);
        assert_eq!(elsewhere.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(elsewhere.sign_in("olga@acme.by", "quiet stone bridge").await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

/// Whoever signs in again and again has fifty sessions at most, the newest; and a hundred entries in ten minutes are enough.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_has_endless_sessions_and_nobody_fills_the_history_by_signing_in() {
    both(|db| async {
        let site = olga(db).await;
        let mut first = Browser::new(&site.app).stranger(1);
        assert_eq!(first.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
        let mut newest = first.clone();
        for number in 2..=100 {
            newest = Browser::new(&site.app).stranger(number);
            site.app.clock.advance(Duration::seconds(1));
            assert_eq!(newest.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER, "{number}");
        }
        let sql =
            "select count(*) as n from sessions where user_id = (select id from users where email = 'olga@acme.by')";
        let mut tx = site.app.db.read().await.expect("a connection");
        assert_eq!(tx.row(sql, &[]).await.expect("a count").number("n").expect("a number"), 50);
        drop(tx);
        assert!(newest.is_signed_in().await && !first.is_signed_in().await);
        let refused = first.sign_in("olga@acme.by", PASSWORD).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(newest.is_signed_in().await, "whoever is in stays in");
        site.app.clock.advance(Duration::minutes(11));
        assert_eq!(first.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

/// H-13: a cookie of the same name that somebody else set in front of ours leaves ours alone.
#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_cookie_of_our_name_shuts_nobody_out_h_13() {
    both(|db| async {
        let site = olga(db).await;
        let mut browser = Browser::new(&site.app);
        assert_eq!(browser.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
        let name = "__Host-usher_session";
        let ours = browser.session();
        for (line, is_in) in [
            (format!("{name}=bogus; {name}={ours}"), true),
            (format!("{name}={ours}; {name}=bogus"), true),
            (format!("{name}=a; {name}=b; {name}=c; {name}={ours}"), true),
            (format!("{name}=a; {name}=b"), false),
        ] {
            let request = axum::http::Request::builder().uri("/me").header(header::COOKIE, &line);
            let mut bare = Browser::new(&site.app);
            let answer = bare.send(request.body(axum::body::Body::empty()).expect("a request")).await;
            assert_eq!(answer.status == StatusCode::OK, is_in, "{line}: {}", answer.status);
        }
    })
    .await;
}

/// SE-09: whoever signed in too long ago sees and does their daily work, but deletes nobody, takes no list away and ends
/// no owner before their password was typed anew.
#[tokio::test(flavor = "multi_thread")]
async fn deleting_taking_away_and_ending_owners_ask_for_the_password_anew_se_09() {
    both(|db| async {
        let site = olga(db).await;
        let (app, by) = (&site.app, caller(&site.anna));
        let ivan = site.add_active("Ivan", "ivan@acme.by", "employee").await;
        let boris = site.add("Boris", "boris@acme.by", "main_administrator", &site.root, State::Active).await;
        let (employee, extra) = (site.role("employee").id.clone(), Permissions::NONE);
        site.pass(PASSWORD_LASTS);
        let delete = bulk::ask(&site, &site.anna, &bulk::named(UserAction::Delete, &[&ivan])).await.expect("asked");
        let before = Dump::of(&app.db).await;
        let query = UserQuery::default();
        for (what, refused) in [
            ("deletes", deletion::delete(app, &by, &ivan, "ivan@acme.by").await.map(drop)),
            ("deletes many", bulk::start(&site, &site.anna, &delete, "1").await),
            ("takes away", export::begin(app, &by, &query, BTreeSet::new(), Vec::new()).await.map(drop)),
            ("demotes an owner", places::change(app, &by, &boris, None, &employee, None).await.map(drop)),
            ("takes an owner out", places::remove(app, &by, &boris, &site.root.id).await.map(drop)),
        ] {
            assert_eq!(refused, Err(UseCaseError::PasswordFirst), "{what}");
        }
        before.assert_unchanged(&app.db, "a password that was typed long ago").await;
        // What fills a day goes on.
        users::block(app, &by, &ivan, "").await.expect("blocked");
        users::unblock(app, &by, &ivan).await.expect("unblocked");
        places::change(app, &by, &ivan, None, &employee, Some(extra)).await.expect("changed");
    })
    .await;
}

/// SE-09: the page asks, and goes on; without script the door does, and leads back.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_types_their_password_anew_goes_on_se_09() {
    both(|db| async {
        let site = olga(db).await;
        site.give_password(&site.anna).await;
        let ivan = site.add_active("Ivan", "ivan@acme.by", "employee").await;
        let mut anna = Browser::new(&site.app);
        let keeps = [("username", "anna@acme.by"), ("password", PASSWORD), ("keep", "on")];
        assert_eq!(anna.post_form("/sign-in", &keeps).await.status, StatusCode::SEE_OTHER);
        site.pass(PASSWORD_LASTS);
        let page = format!("/users/{ivan}?do=delete");
        let asks = form_to(&anna.get(&page).await.text(), "/api/delete");
        let mut form = asks.pairs();
        form.retain(|(name, _)| *name != "typed");
        form.push(("typed", "ivan@acme.by"));
        let refused = anna.call("/api/delete", &form).await;
        assert_eq!((refused.status, refused.refusal()), (StatusCode::UNAUTHORIZED, Some(UseCaseError::PasswordFirst)));
        // By the page's own form the session stays as it was kept.
        let again = [("username", "anna@acme.by"), ("password", PASSWORD), ("keep", "as_before")];
        assert_eq!(anna.clone().post_form("/sign-in", &again).await.status, StatusCode::SEE_OTHER);
        let sql = "select count(*) as n from sessions where is_kept and device <> $1";
        let mut tx = site.app.db.read().await.expect("a connection");
        let row = tx.row(sql, &usher::values![STANDING]).await.expect("a count");
        assert_eq!(row.number("n").expect("a number"), 1);
        drop(tx);

        let mut anna = Browser::new(&site.app);
        anna.post_form("/sign-in", &keeps).await;
        site.pass(PASSWORD_LASTS);
        let asked = anna.post_from(&page, "/api/delete", &form).await;
        assert!(asked.location().starts_with("/sign-in?again=on&next=%2Fusers%2F"), "{}", asked.location());
        let door = anna.get(asked.location()).await.text();
        assert!(door.contains("Type your password"), "{door}");
        let door = form_to(&door, "/sign-in");
        let mut fields = door.pairs();
        fields.retain(|(name, _)| !["username", "password"].contains(name));
        fields.extend([("username", "anna@acme.by"), ("password", PASSWORD)]);
        let entered = anna.post_form("/sign-in", &fields).await;
        assert_eq!(entered.location(), page);
        let done = anna.post_from(&page, "/api/delete", &form).await;
        assert!(done.status.is_redirection() && !done.location().starts_with("/sign-in"), "{}", done.location());
        assert!(!anna.get("/users").await.text().contains("ivan@acme.by"), "still there");
        // A list that is taken away asks in the same way.
        site.pass(PASSWORD_LASTS);
        let taken = anna.post_from("/users", "/users/export", &[("list", "/users?q=a"), ("all", "on")]).await;
        assert_eq!(taken.location(), "/sign-in?again=on&next=%2Fusers%3Fq%3Da");
    })
    .await;
}
