//! Whoever gets an invitation that is not for them says so: its link ends at once, and whoever invited is told.

use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::site::TestSite;
use crate::support::tables::Dump;
use axum::http::StatusCode;
use usher::domain::timestamp::Duration;
use usher::server::use_cases::notices;
use usher::words::Language;

#[tokio::test(flavor = "multi_thread")]
async fn looking_declines_nothing_and_declining_ends_the_link_at_once() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let page = site.page_of(&ivan).await;
        let mut holder = Browser::new(&site.app);
        assert!(holder.get(&page).await.text().contains(&format!("href=\"{page}/decline\"")));
        let before = Dump::of(&site.app.db).await;
        let asked = holder.get(&format!("{page}/decline")).await;
        assert_eq!(asked.status, StatusCode::OK);
        assert!(asked.text().contains(Language::English.end_invitation()), "{}", asked.text());
        before.assert_unchanged(&site.app.db, "looking").await;

        let done = holder.post_form(&format!("{page}/decline"), &[]).await;
        assert!(done.text().contains(Language::English.declined_thanks()), "{}", done.text());
        let after = holder.get(&page).await;
        assert_eq!(after.status, StatusCode::GONE);
        assert!(after.text().contains(Language::English.declined_next()), "{}", after.text());
        assert_eq!(site.status(&ivan.user).await, "withdrawn");
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        assert!(anna.mails().await.is_empty(), "the message leaves no more");
        let again = Dump::of(&site.app.db).await;
        assert_eq!(holder.post_form(&format!("{page}/decline"), &[]).await.status, StatusCode::GONE);
        again.assert_unchanged(&site.app.db, "declining twice").await;

        // It can be sent again, and works then.
        assert_eq!(anna.call("/api/resend", &[("id", ivan.invitation.as_str())]).await.status, StatusCode::OK);
        let newest = site.page_of(&ivan).await;
        assert_eq!(holder.get(&newest).await.status, StatusCode::OK);
        assert_eq!(holder.get(&page).await.status, StatusCode::GONE);
    })
    .await;
}

/// A link that was handed over proves nothing about the mailbox (H-22).
#[tokio::test(flavor = "multi_thread")]
async fn nobody_declines_by_a_link_that_was_handed_over_nor_by_a_forged_one() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let page = site.page_of(&ivan).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let answer = anna.call("/api/copy-link", &[("id", ivan.invitation.as_str())]).await;
        assert_eq!(answer.status, StatusCode::OK);
        let text = answer.text();
        let handed = text.rsplit("/i/").next().expect("a link").trim_end_matches(['"', '}', ' ']);
        let mut holder = Browser::new(&site.app);
        let before = Dump::of(&site.app.db).await;
        let ask = holder.get(&format!("/i/{handed}/decline")).await;
        assert!(!ask.text().contains(Language::English.end_invitation()), "{}", ask.text());
        holder.post_form(&format!("/i/{handed}/decline"), &[]).await;
        assert_eq!(holder.post_form(&format!("{page}x/decline"), &[]).await.status, StatusCode::NOT_FOUND);
        before.assert_unchanged(&site.app.db, "declining by a link that is not one's own").await;
        assert_eq!(holder.get(&page).await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_invited_is_told_once_of_all_who_declined_together() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut holder = Browser::new(&site.app);
        for (name, address) in [("Ivan", "ivan@acme.by"), ("Olga", "olga@acme.by")] {
            let page = site.page_of(&site.invite(name, address).await).await;
            holder.post_form(&format!("{page}/decline"), &[]).await;
        }
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        assert_eq!(notices::tell(&site.app).await, Ok(0), "what comes together is told together");
        site.app.clock.advance(Duration::seconds(21));
        assert_eq!(notices::tell(&site.app).await, Ok(1));
        assert_eq!(notices::tell(&site.app).await, Ok(0));
        let mails = anna.mails().await;
        assert_eq!(mails.len(), 1);
        let text = mails[0].text.replace('\u{200c}', "");
        assert!(text.contains("Ivan (ivan@acme.by): ") && text.contains("Olga (olga@acme.by): "), "{text}");
        // What is put right before it leaves is not told any more.
        let ivan = site.invite("Oleg", "oleg@acme.by").await;
        let page = site.page_of(&ivan).await;
        holder.post_form(&format!("{page}/decline"), &[]).await;
        site.app.clock.advance(Duration::minutes(2));
        assert_eq!(notices::tell(&site.app).await, Ok(1));
        assert_eq!(anna.mails().await.len(), 2);
        assert_eq!(anna.call("/api/resend", &[("id", ivan.invitation.as_str())]).await.status, StatusCode::OK);
        let told: Vec<_> = anna.mails().await.into_iter().filter(|mail| mail.summary.to.contains("anna")).collect();
        assert_eq!(told.len(), 1, "the notice of the second has nothing left to tell");
    })
    .await;
}
