//! Who came in by a link that was handed over is written to, and confirms his address by a button; and such a link tells
//! whoever handed it over nothing about the address.

use super::{FILLED_IN, without_nonce};
use crate::people::caller;
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::house::House;
use crate::support::tables::Dump;
use axum::http::StatusCode;
use usher::domain::id::UserId;
use usher::domain::moment::Span;
use usher::server::use_cases::{invitations, mailbox, users};

/// The path of a link that an administrator copied.
async fn handed(house: &House, user: &UserId) -> String {
    let id = house.invitation_of(user).await;
    let link = invitations::copy_link(&house.app, &caller(&house.anna), &id).await.expect("a link");
    link.trim_start_matches("https://users.acme.by").to_string()
}

/// The path of the link in the message that asks for confirmation.
async fn asked(house: &House, address: &str) -> Option<String> {
    let anna = caller(&house.anna);
    let mails = mailbox::list(&house.app, &anna).await.expect("the mailbox");
    let mail = mails.iter().find(|mail| mail.to.contains(address) && mail.subject.starts_with("Confirm"))?;
    let text = mailbox::read(&house.app, &anna, &mail.id).await.expect("the mail").text;
    let rest = text.split("https://users.acme.by/confirm/").nth(1).expect("a link");
    let link: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    Some(format!("/confirm/{link}"))
}

async fn is_confirmed(house: &House, user: &UserId) -> bool {
    users::card(&house.app, &caller(&house.anna), user).await.expect("a card").is_confirmed
}

#[tokio::test(flavor = "multi_thread")]
async fn who_came_in_by_a_handed_link_confirms_his_address_by_a_button() {
    both(|db| async {
        let house = House::furnish(db, None).await;
        let ivan = house.invite("Ivan", "ivan@acme.by").await;
        let page = handed(&house, &ivan.user).await;
        let mut phone = Browser::new(&house.app);
        assert_eq!(phone.register_at(&page).await.status, StatusCode::SEE_OTHER);
        let link = asked(&house, "ivan@acme.by").await.expect("a message");

        let before = Dump::of(&house.app.db).await;
        let mut stranger = Browser::new(&house.app);
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
        before.assert_unchanged(&house.app.db, "looking").await;
        assert!(!is_confirmed(&house, &ivan.user).await);

        let done = stranger.post_form(&link, &[]).await;
        assert!(done.status == StatusCode::OK && done.text().contains("is confirmed"), "{}", done.text());
        assert!(is_confirmed(&house, &ivan.user).await && !stranger.has_session(), "it opens no other door");
        let before = Dump::of(&house.app.db).await;
        assert_eq!(stranger.post_form(&link, &[]).await.status, StatusCode::OK, "once more does nothing more");
        before.assert_unchanged(&house.app.db, "a second press").await;
        assert!(asked(&house, "ivan@acme.by").await.is_none(), "nobody is asked who has answered");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_confirms_ends_after_two_weeks_and_with_another_address() {
    both(|db| async {
        let house = House::furnish(db, None).await;
        let ivan = house.invite("Ivan", "ivan@acme.by").await;
        let page = handed(&house, &ivan.user).await;
        Browser::new(&house.app).register_at(&page).await;
        let link = asked(&house, "ivan@acme.by").await.expect("a message");
        let mut stranger = Browser::new(&house.app);
        house.pass(Span(Span::days(14).0 - 1_000));
        assert_eq!(stranger.get(&link).await.status, StatusCode::OK);
        house.pass(Span(Span::days(1).0 + 1_000));
        assert_eq!(stranger.get(&link).await.status, StatusCode::GONE);
        assert_eq!(stranger.post_form(&link, &[]).await.status, StatusCode::GONE);
        assert!(!is_confirmed(&house, &ivan.user).await);
        house.tamper("update users set email = 'other@acme.by' where id = $1", &usher::values![&ivan.user]).await;
        assert_eq!(stranger.get(&link).await.status, StatusCode::NOT_FOUND);
        // Who came in by his own mail is not asked.
        let olga = house.invite("Olga", "olga@acme.by").await;
        let page = house.page_of(&olga).await;
        Browser::new(&house.app).register_at(&page).await;
        assert!(asked(&house, "olga@acme.by").await.is_none());
    })
    .await;
}

/// Rule 40: whoever copies a link sees the same page and gets the same answers for an address that others know.
#[tokio::test(flavor = "multi_thread")]
async fn a_copied_link_does_not_tell_whether_the_address_is_known() {
    both(|db| async {
        let chain = crate::organisation::Chain::found(db).await;
        let (house, nina) = (&chain.house, &chain.admins[0]);
        let known = house
            .add("Secret Name", "known@acme.by", "employee", &chain.south, crate::support::crowd::State::Active)
            .await;
        house.give_password(&known).await;
        let mut answers = Vec::new();
        for address in ["known@acme.by", "fresh@acme.by"] {
            let draft = chain.invite(nina, address, &[&chain.north], "employee").await.expect("sent");
            let id = house.invitation_of(&draft.sent[0].user_id).await;
            let link = invitations::copy_link(&house.app, &caller(nina), &id).await.expect("a link");
            let page = link.trim_start_matches("https://users.acme.by").to_string();
            let mut said = Vec::new();
            for mut browser in [Browser::new(&house.app), Browser::signed_in(&house.app, nina).await] {
                let weak = [FILLED_IN[0], FILLED_IN[1], ("password", "short")];
                for answer in [
                    browser.get(&page).await,
                    browser.get(&format!("{page}?account=1")).await,
                    browser.post_form(&page, &weak).await,
                    browser.post_form(&format!("{page}/join"), &[("password", "quiet stone bridge")]).await,
                    browser.post_form(&format!("{page}/join"), &[]).await,
                ] {
                    let text = without_nonce(&answer).replace(&page, "PAGE").replace(address, "ADDRESS");
                    said.push(format!("{}\n{text}", answer.status));
                }
            }
            answers.push((said, page));
        }
        for (of_known, of_fresh) in answers[0].0.iter().zip(&answers[1].0) {
            assert_eq!(of_known, of_fresh);
        }
        // And it serves its holder: who has an account says so and joins.
        let mut browser = Browser::new(&house.app);
        let page = &answers[0].1;
        let refused = browser.register_at(page).await;
        assert!(refused.status == StatusCode::CONFLICT && refused.text().contains("current-password"));
        let password = [("password", crate::support::people::PASSWORD)];
        assert_eq!(browser.post_form(&format!("{page}/join"), &password).await.status, StatusCode::SEE_OTHER);
        assert_eq!(chain.authority(&known).await.expect("something").holdings.len(), 2);
    })
    .await;
}
