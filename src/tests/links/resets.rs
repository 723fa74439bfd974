//! Reset links: for one person, once, for an hour, while the account stands as it stood (AU-05, AU-07).

use crate::support::browser::{Answer, Browser};
use crate::support::databases::both;
use crate::support::people::PASSWORD;
use crate::support::site::TestSite;
use crate::support::tables::Dump;
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use usher::domain::timestamp::Duration;
use usher::values;

const NEW: &str = "quiet stone bridge";

async fn sign_in(browser: &mut Browser, username: &str, password: &str) -> Answer {
    browser.post_form("/sign-in", &[("username", username), ("password", password)]).await
}

async fn assert_dead(site: &TestSite, page: &str, status: StatusCode, what: &str) {
    let mut visitor = Browser::new(&site.app);
    let before = Dump::of(&site.app.db).await;
    assert_eq!(visitor.get(page).await.status, status, "{what}");
    assert_eq!(visitor.post_form(page, &[("password", "green paper engine")]).await.status, status, "{what}");
    before.assert_unchanged(&site.app.db, what).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_link_sets_the_password_of_its_own_person_once_and_ends_their_sessions_au_05() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let olga = site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let ivan = site.add_with_password("Ivan", "ivan@acme.by", "dispatcher").await;
        let mut olgas = Browser::signed_in(&site.app, &olga).await;
        let mut ivans = Browser::signed_in(&site.app, &ivan).await;
        site.reset(&olga).await;
        site.reset(&ivan).await;
        let (page, other) = (site.reset_page_of(&olga).await, site.reset_page_of(&ivan).await);

        // One's row with another's seal; another's name in the form.
        let bytes = |page: &str| URL_SAFE_NO_PAD.decode(page.trim_start_matches("/reset/")).expect("one of ours");
        let spliced = URL_SAFE_NO_PAD.encode([&bytes(&other)[..18], &bytes(&page)[18..]].concat());
        assert_dead(&site, &format!("/reset/{spliced}"), StatusCode::NOT_FOUND, "a spliced link").await;
        let before = Dump::of(&site.app.db).await;
        let mut visitor = Browser::new(&site.app);
        for forged in [("user_id", ivan.as_str()), ("id", ivan.as_str()), ("email", "ivan@acme.by")] {
            let answer = visitor.post_form(&page, &[("password", NEW), forged]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{forged:?}");
        }
        for weak in ["", "short", "passwordpassword", "olga@acme.by"] {
            let answer = visitor.post_form(&page, &[("password", weak)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{weak:?}");
        }
        before.assert_unchanged(&site.app.db, "a form that was refused").await;

        let done = visitor.post_form(&page, &[("password", NEW), ("username", "ivan@acme.by")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        assert!(done.location().starts_with("/sign-in") && !visitor.has_session(), "{}", done.location());
        assert_dead(&site, &page, StatusCode::GONE, "used twice").await;
        assert_eq!(olgas.ask_shown("/me").await.status, StatusCode::UNAUTHORIZED, "Olga's sessions have ended");
        assert_eq!(ivans.ask_shown("/me").await.status, StatusCode::OK, "Ivan's have not");
        assert_eq!(sign_in(&mut visitor, "olga@acme.by", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(sign_in(&mut visitor, "olga@acme.by", NEW).await.status, StatusCode::SEE_OTHER);
        assert_eq!(sign_in(&mut visitor.stranger(1), "ivan@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_link_ends_with_its_hour_a_newer_one_another_password_or_another_address_au_05() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let olga = site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let mut visitor = Browser::new(&site.app);
        let mut ask = async || {
            let answer = visitor.post_form("/forgot", &[("email", "olga@acme.by")]).await;
            assert_eq!(answer.location(), "/forgot/sent");
            let page = site.reset_page_of(&olga).await;
            assert_eq!(visitor.get(&page).await.status, StatusCode::OK);
            page
        };
        let first = ask().await;
        let second = ask().await;
        assert_ne!(first, second);
        assert_dead(&site, &first, StatusCode::GONE, "a newer one was sent").await;

        site.app.clock.advance(Duration::minutes(61));
        assert_dead(&site, &second, StatusCode::GONE, "after its hour").await;

        let third = ask().await;
        let mut olgas = Browser::signed_in(&site.app, &olga).await;
        let fields = [("current_password", PASSWORD), ("new_password", NEW)];
        assert!(olgas.call("/api/change-password", &fields).await.is_done());
        assert_dead(&site, &third, StatusCode::GONE, "after another password").await;

        let fourth = ask().await;
        site.tamper("update users set email = $2 where id = $1", &values![&olga, "olga.lis@acme.by"]).await;
        assert_dead(&site, &fourth, StatusCode::NOT_FOUND, "after another address").await;
        site.tamper("update users set email = $2 where id = $1", &values![&olga, "olga@acme.by"]).await;
        site.tamper("update password_resets set expires_at = null where user_id = $1", &values![&olga]).await;
        assert_dead(&site, &fourth, StatusCode::GONE, "without an end").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_who_may_not_sign_in_gets_or_keeps_a_reset_link_au_07() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let olga = site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let id = [("id", olga.as_str())];
        assert!(anna.call("/api/reset-password", &id).await.is_done());
        let page = site.reset_page_of(&olga).await;
        assert!(anna.call("/api/block", &id).await.is_done());
        assert_dead(&site, &page, StatusCode::GONE, "blocked").await;
        assert!(anna.call("/api/reset-password", &id).await.status.is_client_error());

        // Asked for by anybody: the same answer, and no message.
        let before = (site.messages_to(&olga).await, site.messages_to(&ivan.user).await);
        let mut visitor = Browser::new(&site.app);
        for address in ["olga@acme.by", "ivan@acme.by", "nobody@acme.by"] {
            assert_eq!(visitor.post_form("/forgot", &[("email", address)]).await.location(), "/forgot/sent");
        }
        assert_eq!((site.messages_to(&olga).await, site.messages_to(&ivan.user).await), before);
        assert!(site.newest_reset(&ivan.user).await.is_none());

        // The old link stays dead when the block is taken away.
        assert!(anna.call("/api/unblock", &id).await.is_done());
        assert_dead(&site, &page, StatusCode::GONE, "blocked and unblocked").await;

        site.reset(&olga).await;
        let page = site.reset_page_of(&olga).await;
        assert!(anna.call("/api/delete", &[id[0], ("typed", "olga@acme.by")]).await.is_done());
        assert_dead(&site, &page, StatusCode::GONE, "deleted").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_account_gets_three_reset_mails_an_hour_and_the_answer_stays_the_same_rl_07() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let olga = site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let mut visitor = Browser::new(&site.app);
        for _ in 0..6 {
            let answer = visitor.post_form("/forgot", &[("email", " Olga@ACME.by ")]).await;
            assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/forgot/sent"));
        }
        assert_eq!(site.messages_to(&olga).await, 3);
        let page = site.reset_page_of(&olga).await;
        assert_eq!(visitor.get(&page).await.status, StatusCode::OK, "strangers end no link");
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        // Nor do they use up what administrators send: five an hour, all together.
        for _ in 0..2 {
            assert!(anna.call("/api/reset-password", &[("id", olga.as_str())]).await.is_done());
        }
        let refused = anna.call("/api/reset-password", &[("id", olga.as_str())]).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        site.app.clock.advance(Duration::minutes(61));
        visitor.post_form("/forgot", &[("email", "olga@acme.by")]).await;
        assert_eq!(site.messages_to(&olga).await, 6);
    })
    .await;
}

/// RL-07: strangers use up their own share of what an address gets, and not that of whoever signed in with this browser before.
#[tokio::test(flavor = "multi_thread")]
async fn strangers_switch_no_forgotten_password_off_for_whoever_was_in_before() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let olga = site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let ivan = site.add_with_password("Ivan", "ivan@acme.by", "dispatcher").await;
        let mut olgas = Browser::new(&site.app);
        assert_eq!(sign_in(&mut olgas, "olga@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
        olgas.post_form("/sign-out", &[]).await;
        let mut ivans = Browser::new(&site.app);
        assert_eq!(sign_in(&mut ivans, "ivan@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
        let forgot = async |browser: &mut Browser| {
            let answer = browser.post_form("/forgot", &[("email", "olga@acme.by")]).await;
            assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/forgot/sent"));
        };
        // Strangers, and whoever was in as somebody else: all day, from many places.
        for hour in 0..4 {
            for number in 0..4 {
                forgot(&mut olgas.stranger(hour * 10 + number)).await;
                forgot(&mut ivans).await;
            }
            site.app.clock.advance(Duration::minutes(61));
        }
        let of_strangers = site.messages_to(&olga).await;
        assert_eq!(of_strangers, 5);
        // As often as a stranger may, and no more.
        for _ in 0..5 {
            forgot(&mut olgas).await;
        }
        assert_eq!(site.messages_to(&olga).await, of_strangers + 3);
        let page = site.reset_page_of(&olga).await;
        assert_eq!(olgas.get(&page).await.status, StatusCode::OK);
        // What administrators send is counted on their account.
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        assert!(anna.call("/api/reset-password", &[("id", olga.as_str())]).await.is_done());
        assert_eq!(site.messages_to(&ivan).await, 0);
    })
    .await;
}
