//! Accounts from before, made by a link that was handed over: their address is confirmed by the button behind the link of a
//! message that asked for it.

use crate::people::caller;
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::site::{Invited, TestSite};
use crate::support::tables::Dump;
use axum::http::StatusCode;
use usher::domain::id::UserId;
use usher::domain::message::last_day_of_confirmation;
use usher::domain::timestamp::Duration;
use usher::server::use_cases::users;
use usher::values;

/// Somebody who came in without having shown that the address is theirs, and the path of the link in the message that asked.
async fn unconfirmed(site: &TestSite, invited: &Invited, address: &str) -> String {
    let page = site.page_of(invited).await;
    Browser::new(&site.app).register_at(&page).await;
    site.tamper("update users set confirmed_at = null where id = $1", &values![&invited.user]).await;
    let last_day = last_day_of_confirmation(site.app.clock.now());
    format!("/confirm/{}", site.app.key.confirmation_link(&invited.user, last_day, address))
}

async fn is_confirmed(site: &TestSite, user: &UserId) -> bool {
    users::card(&site.app, &caller(&site.anna), user).await.expect("a card").is_confirmed
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_not_confirmed_confirms_their_address_by_a_button() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let page = site.page_of(&ivan).await;
        let link = unconfirmed(&site, &ivan, "ivan@acme.by").await;

        let before = Dump::of(&site.app.db).await;
        let mut stranger = Browser::new(&site.app);
        let shown = stranger.get(&link).await;
        assert!(shown.status == StatusCode::OK && shown.text().contains("ivan@acme.by"), "{}", shown.text());
        for wrong in [
            link[..link.len() - 1].to_string(),
            format!("{link}A"),
            "/confirm/x".into(),
            page.replace("/i/", "/confirm/"),
        ] {
            assert_eq!(stranger.get(&wrong).await.status, StatusCode::NOT_FOUND, "{wrong}");
            assert_eq!(stranger.post_form(&wrong, &[]).await.status, StatusCode::NOT_FOUND, "{wrong}");
        }
        let as_invitation = link.replace("/confirm/", "/i/");
        assert_eq!(stranger.get(&as_invitation).await.status, StatusCode::NOT_FOUND, "bound to its purpose (IN-08)");
        before.assert_unchanged(&site.app.db, "looking").await;
        assert!(!is_confirmed(&site, &ivan.user).await);

        let done = stranger.post_form(&link, &[]).await;
        assert!(done.status == StatusCode::OK && done.text().contains("is confirmed"), "{}", done.text());
        assert!(is_confirmed(&site, &ivan.user).await && !stranger.has_session(), "it opens no other door");
        let before = Dump::of(&site.app.db).await;
        assert_eq!(stranger.post_form(&link, &[]).await.status, StatusCode::OK, "once more does nothing more");
        before.assert_unchanged(&site.app.db, "a second press").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_confirms_ends_after_two_weeks_and_with_another_address() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let link = unconfirmed(&site, &ivan, "ivan@acme.by").await;
        let mut stranger = Browser::new(&site.app);
        site.pass(Duration(Duration::days(14).0 - 1_000));
        assert_eq!(stranger.get(&link).await.status, StatusCode::OK);
        site.pass(Duration(Duration::days(1).0 + 1_000));
        assert_eq!(stranger.get(&link).await.status, StatusCode::GONE);
        assert_eq!(stranger.post_form(&link, &[]).await.status, StatusCode::GONE);
        assert!(!is_confirmed(&site, &ivan.user).await);
        site.tamper("update users set email = 'other@acme.by' where id = $1", &usher::values![&ivan.user]).await;
        assert_eq!(stranger.get(&link).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}
