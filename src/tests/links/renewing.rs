//! New links for old: by an administrator, a few an hour; by the holder of an expired one, to the stored address only
//! (IN-15, rule 78).

use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::site::TestSite;
use crate::support::tables::Dump;
use axum::http::{StatusCode, header};
use usher::domain::timestamp::Duration;
use usher::view_models::Mail;

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_sent_again_three_times_an_hour_and_no_more_in_15() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite_with("Ivan", "ivan@acme.by", |new| new.valid_for = Duration::days(3)).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let id = [("id", ivan.invitation.as_str())];
        for _ in 0..2 {
            assert_eq!(anna.call("/api/resend", &id).await.status, StatusCode::OK);
        }
        // By way of a withdrawal it is no more either.
        assert_eq!(anna.call("/api/withdraw", &id).await.status, StatusCode::OK);
        assert_eq!(anna.call("/api/resend", &id).await.status, StatusCode::OK);
        let newest = site.page_of(&ivan).await;
        let before = Dump::of(&site.app.db).await;
        let refused = anna.call("/api/resend", &id).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        let wait: i64 = refused.headers[header::RETRY_AFTER].to_str().expect("text").parse().expect("seconds");
        assert!((1..=3_600).contains(&wait), "{wait}");
        before.assert_unchanged(&site.app.db, "one too many").await;
        assert_eq!(anna.get(&newest).await.status, StatusCode::OK, "the newest still works");

        site.app.clock.advance(Duration::minutes(61));
        assert_eq!(anna.call("/api/resend", &id).await.status, StatusCode::OK);
        assert_eq!(site.messages_to(&ivan.user).await, 5);
    })
    .await;
}

/// What waits in the built-in mailbox, newest first.
async fn mails(site: &TestSite) -> Vec<Mail> {
    let mut anna = Browser::signed_in(&site.app, &site.anna).await;
    anna.mails().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_link_is_renewed_to_the_stored_address_only_and_three_times_a_day() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite_with("Ivan", "ivan@acme.by", |new| new.valid_for = Duration::hours(1)).await;
        let first = site.page_of(&ivan).await;
        let mut holder = Browser::new(&site.app);

        // One that works is not renewed.
        let before = Dump::of(&site.app.db).await;
        let answer = holder.post_form(&format!("{first}/renew"), &[]).await;
        assert!(answer.status.is_success(), "the page of the link: {}", answer.status);
        before.assert_unchanged(&site.app.db, "renewing a link that works").await;

        site.app.clock.advance(Duration::hours(9));
        for round in 1..=3 {
            let page = site.page_of(&ivan).await;
            let forged = [
                ("email", "mallory@evil.example"),
                ("address", "mallory@evil.example"),
                ("to", "mallory@evil.example"),
            ];
            let answer = holder.post_form(&format!("{page}/renew?email=mallory@evil.example"), &forged).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
            let said = answer.text();
            assert!(said.contains("@acme.by") && !said.contains("ivan@acme.by") && !said.contains("mallory"), "{said}");
            let renewed = site.page_of(&ivan).await;
            assert_ne!(page, renewed);
            assert_eq!(holder.get(&page).await.status, StatusCode::GONE);
            assert_eq!(holder.get(&renewed).await.status, StatusCode::OK);
            assert_eq!(site.messages_to(&ivan.user).await, round + 1);
            let waiting = mails(&site).await;
            assert_eq!(waiting.len(), 1, "only the newest waits");
            assert!(waiting[0].summary.to.contains("ivan@acme.by"), "{:?}", waiting[0].summary);
            assert!(waiting[0].text.contains(&format!("https://users.acme.by{renewed}\n")), "{}", waiting[0].text);
            // A link that a newer one replaced renews nothing.
            let again = holder.post_form(&format!("{page}/renew"), &[]).await;
            assert_eq!(again.status, StatusCode::GONE);
            assert_eq!(site.messages_to(&ivan.user).await, round + 1);
            site.app.clock.advance(Duration::minutes(61));
        }
        let page = site.page_of(&ivan).await;
        let before = Dump::of(&site.app.db).await;
        let refused = holder.post_form(&format!("{page}/renew"), &[]).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(refused.headers.contains_key(header::RETRY_AFTER));
        before.assert_unchanged(&site.app.db, "a fourth renewal in a day").await;
        site.app.clock.advance(Duration::hours(24));
        assert_eq!(holder.post_form(&format!("{page}/renew"), &[]).await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_renewals_at_once_one_sends() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite_with("Ivan", "ivan@acme.by", |new| new.expires_at = Some(new.created_at)).await;
        let page = format!("{}/renew", site.page_of(&ivan).await);
        let holder = Browser::new(&site.app);
        let tries = (0..16).map(|number| {
            let (mut holder, page) = (holder.stranger(number), page.clone());
            tokio::spawn(async move { holder.post_form(&page, &[]).await.status })
        });
        let mut answers = Vec::new();
        for one in tries.collect::<Vec<_>>() {
            answers.push(one.await.expect("an answer"));
        }
        assert_eq!(answers.iter().filter(|status| **status == StatusCode::OK).count(), 1, "{answers:?}");
        assert_eq!(answers.iter().filter(|status| **status == StatusCode::GONE).count(), 15, "{answers:?}");
        assert_eq!(site.messages_to(&ivan.user).await, 2);
    })
    .await;
}

/// Whoever may not invite any more sends nothing through an old link either; nor does one that was withdrawn.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_is_dead_for_another_reason_than_time_is_not_renewed() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let boris = site.add_active("Boris", "boris@acme.by", "dispatcher").await;
        let lost = site
            .invite_with("Lost", "lost@acme.by", |new| {
                new.created_by = Some(boris.clone());
                new.expires_at = Some(new.created_at);
            })
            .await;
        let withdrawn = site.invite_with("Back", "back@acme.by", |new| new.expires_at = Some(new.created_at)).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        assert_eq!(anna.call("/api/withdraw", &[("id", withdrawn.invitation.as_str())]).await.status, StatusCode::OK);
        let before = Dump::of(&site.app.db).await;
        for invited in [&lost, &withdrawn] {
            let page = format!("{}/renew", site.page_of(invited).await);
            let answer = Browser::new(&site.app).post_form(&page, &[]).await;
            assert_eq!(answer.status, StatusCode::GONE, "{}", answer.text());
        }
        before.assert_unchanged(&site.app.db, "renewing a dead link").await;
    })
    .await;
}
