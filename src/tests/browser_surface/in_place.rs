//! Forms that the page's script sends without leaving the page: the same verdict as the plain form gets, in the answer itself.

use crate::support::browser::{Answer, Browser, form};
use crate::support::databases::both;
use crate::support::site::TestSite;
use crate::support::tables::Dump;
use axum::body::Body;
use axum::http::Request;
use usher::domain::error::UseCaseError;
use usher::view_models::{FORM_ANSWER, FormAnswer};

async fn send(browser: &mut Browser, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let request = Request::post(path)
        .header("accept", FORM_ANSWER)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("origin", "https://users.acme.by")
        .header("referer", format!("https://users.acme.by{page}"))
        .body(Body::from(form(fields)))
        .expect("a request");
    browser.send(request).await
}

fn read(answer: &Answer) -> FormAnswer {
    serde_json::from_slice(&answer.body).unwrap_or_else(|_| panic!("{} {}", answer.status, answer.text()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_sent_in_place_gets_what_the_plain_one_gets_and_leaves_no_note() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.add_active("Ivan", "ivan@acme.by", "employee").await;
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        let card = format!("/users/{ivan}");
        let block = [("id", ivan.as_str()), ("reason", "")];
        let done = send(&mut browser, &format!("{card}?do=block"), "/api/block", &block).await;
        assert_eq!(done.status.as_u16(), 200, "{}", done.text());
        let FormAnswer { to, flash } = read(&done);
        assert_eq!((to.as_str(), flash.form.as_str(), flash.refusal), (card.as_str(), "/api/block", None));

        // Refused: the page is the one on which it stands, and what was typed goes back to it.
        let olga = site.add_active("Olga", "olga@acme.by", "employee").await;
        let before = Dump::of(&site.app.db).await;
        let edit = [("id", olga.as_str()), ("names", "on"), ("name", "Ivan"), ("phone", "29 123"), ("version", "1")];
        let page = format!("/users/{olga}/edit");
        let refused = send(&mut browser, &page, "/api/edit-user", &edit).await;
        assert_eq!(refused.status.as_u16(), 422);
        let FormAnswer { to, flash } = read(&refused);
        assert_eq!(to, page);
        assert!(matches!(flash.refusal, Some(UseCaseError::Invalid(_))), "{:?}", flash.refusal);
        assert!(flash.typed.contains(&("phone".into(), "29 123".into())));
        before.assert_unchanged(&site.app.db, "a refused form").await;
        assert!(browser.waiting_notes().is_empty());

        // A page that somebody else wrote is no page of ours.
        let request = send(&mut browser, "//evil.example", "/api/unblock", &[("id", ivan.as_str())]).await;
        assert!(read(&request).to.starts_with("/users/"));

        // Nobody is signed in: it is said so, and the form waits in its page.
        let mut stranger = Browser::new(&site.app);
        let shut = send(&mut stranger, &page, "/api/edit-user", &edit).await;
        assert_eq!((shut.status.as_u16(), shut.refusal()), (401, Some(UseCaseError::SignInFirst)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_password_travels_back_in_the_answer() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        let fields = [("current_password", "not the password at all"), ("new_password", "velvet stone garden nine")];
        let refused = send(&mut browser, "/me", "/api/change-password", &fields).await;
        assert!(read(&refused).flash.refusal.is_some());
        assert!(!refused.text().contains("not the password at all") && !refused.text().contains("velvet"));
    })
    .await;
}
