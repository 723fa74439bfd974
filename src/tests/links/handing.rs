//! Handing an invitation over beside copying its link (rule 11): as a picture, in a text, on paper. Each is a line of history, each
//! asks for the code from the mailbox, and nobody hands over what they may not copy.

use crate::support::browser::Browser;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::html::unescape;
use crate::support::site::TestSite;
use axum::http::StatusCode;
use usher::domain::error::Conflict;
use usher::domain::handing::{HandWay, HandedLink};

/// Rules 11, 79: shown to the one who stands there, or sent by another messenger.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_handed_over_as_a_picture_or_in_a_text_and_asks_for_the_code_h_22() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        for (way, said) in [(HandWay::Qr, "as a QR code"), (HandWay::Share, "to share it")] {
            let fields = [("id", ivan.invitation.as_str()), ("way", way.code())];
            let answer = anna.call("/api/hand-over", &fields).await;
            assert!(answer.is_done(), "{}", answer.text());
            let text: String = serde_json::from_slice(&answer.body).expect("a text");
            let handed = HandedLink::read(&text).expect("what is handed over");
            assert_eq!(handed.way, way);
            assert!(handed.picture.starts_with("data:image/svg+xml;base64,"), "{}", handed.picture);
            assert!(handed.text.ends_with(&handed.link) && handed.text.contains("ACME North"), "{}", handed.text);
            let page = handed.link.trim_start_matches("https://users.acme.by");
            let shown = Browser::new(&site.app).get(page).await;
            assert_eq!(shown.status, StatusCode::OK);
            assert!(!shown.text().contains("name=\"password\"") && shown.text().contains("/send-code"), "a code first");
            let card = anna.get(&format!("/users/{}", ivan.user)).await.text();
            assert!(card.contains(said), "{said}: {card}");
        }
        // As a plain form: the card shows it.
        let card = format!("/users/{}", ivan.user);
        let fields = [("id", ivan.invitation.as_str()), ("way", "qr")];
        let answer = anna.post_from(&format!("{card}?do=qr"), "/api/hand-over", &fields).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, card.as_str()));
        assert!(
            anna.get(&card).await.text().contains("src=\"data:image/svg+xml;base64,"),
            "the picture stands on the card"
        );

        let dispatcher = site.add_active("Daria", "daria@acme.by", "dispatcher").await;
        let mut daria = Browser::signed_in(&site.app, &dispatcher).await;
        assert_eq!(daria.call("/api/hand-over", &fields).await.status, StatusCode::FORBIDDEN);
        assert_eq!(
            daria.post_form("/users/letters", &[("id", ivan.invitation.as_str())]).await.status,
            StatusCode::FORBIDDEN
        );
        assert!(!daria.get(&card).await.text().contains("/api/hand-over"));
        let gone = [("id", ivan.invitation.as_str()), ("way", "pigeon")];
        assert!(anna.call("/api/hand-over", &gone).await.status.is_client_error());
    })
    .await;
}

/// The code of a letter leads to the same page as its link; letters for several are one on a page, and who has come in has none.
#[tokio::test(flavor = "multi_thread")]
async fn letters_are_printed_for_one_and_for_several_and_their_codes_can_be_typed_in_14() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan <b>Ivanov</b>", "ivan@acme.by").await;
        let olga = site.invite("", "olga@acme.by").await;
        let active = site.add("Petr", "petr@acme.by", "employee", &site.company, State::Active).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let one = anna.post_form("/users/letters", &[("id", ivan.invitation.as_str())]).await;
        assert_eq!(one.status, StatusCode::OK, "{}", one.text());
        let html = one.text();
        assert!(
            html.contains("Ivan &lt;b&gt;Ivanov")
                && html.contains("src=\"data:image/svg+xml;base64,")
                && html.contains("ACME"),
            "{html}"
        );
        assert_eq!(html.matches("class=\"paper-letter\"").count(), 1, "{html}");
        let (_, rest) = html.split_once("mono code\">").expect("a code");
        let code = rest.split('<').next().expect("a code").to_string();

        let mut visitor = Browser::new(&site.app);
        let typed = visitor.get(&format!("/i?link={}", code.to_lowercase())).await;
        assert_eq!(typed.status, StatusCode::SEE_OTHER, "{}", typed.text());
        let opened = visitor.get(typed.location()).await;
        assert!(opened.location().starts_with("/i/"), "{}", opened.location());
        assert!(unescape(&html).contains(&format!("https://users.acme.by{}", opened.location())), "the link beside it");
        let page = visitor.get(opened.location()).await.text();
        assert!(page.contains("/send-code") && !page.contains("name=\"password\""), "{page}");

        let who = |id: &str| format!("who[.{id}]");
        let (ivan_row, olga_row, active_row) = (who(ivan.user.as_str()), who(olga.user.as_str()), who(active.as_str()));
        let several = [(ivan_row.as_str(), "on"), (olga_row.as_str(), "on"), (active_row.as_str(), "on")];
        let sheet = anna.post_form("/users/letters", &several).await;
        assert_eq!(sheet.text().matches("class=\"paper-letter\"").count(), 2, "{}", sheet.text());
        let all = anna.post_form("/users/letters", &[("all", "on"), ("list", "/users?q=olga")]).await;
        assert_eq!(all.text().matches("class=\"paper-letter\"").count(), 1, "{}", all.text());
        let nobody = anna.post_form("/users/letters", &several[2..]).await;
        assert_eq!(nobody.refusal(), None, "a page says why: {}", nobody.text());
        assert_eq!(nobody.status.as_u16(), 422);
        let withdraw = [("id", ivan.invitation.as_str())];
        assert!(anna.call("/api/withdraw", &withdraw).await.is_done());
        let ended = anna.call("/api/hand-over", &[("id", ivan.invitation.as_str()), ("way", "qr")]).await;
        assert_eq!(ended.refusal(), Some(Conflict::LinkEnded.into()));
    })
    .await;
}
