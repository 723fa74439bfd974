//! The language of one's pages is chosen in the frame: for the person, for the door of this browser, and for the first proposal to
//! those whom they invite.

use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::html::tags;
use crate::support::site::TestSite;
use axum::http::StatusCode;
use usher::values;

async fn lines(site: &TestSite) -> i64 {
    let mut tx = site.app.db.read().await.expect("a connection");
    let sql = "select count(*) as n from audit_events where action = 'language_changed' and subject_id = $1";
    tx.row(sql, &values![&site.anna]).await.expect("a count").number("n").expect("a number")
}

/// Rule 36, without script: one is back where one was, in the other language.
#[tokio::test(flavor = "multi_thread")]
async fn another_language_holds_for_pages_messages_and_the_door() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        assert!(anna.get("/units").await.text().contains("lang=\"en\""));
        let sent = anna.post_from("/units?q=north", "/api/choose-language", &[("language", "ru")]).await;
        assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, "/units?q=north"));
        let page = anna.get("/units").await.text();
        assert!(page.contains("lang=\"ru\"") && page.contains("Подразделения"), "{page}");
        assert_eq!(lines(&site).await, 1);
        // The door of this browser speaks it too, and the same once more is no news.
        assert!(anna.call("/api/choose-language", &[("language", "ru")]).await.is_done());
        assert_eq!(lines(&site).await, 1);
        anna.post_form("/sign-out", &[]).await;
        assert!(anna.get("/sign-in").await.text().contains("lang=\"ru\""));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_we_do_not_speak_changes_nothing() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        for code in ["", "xx", "russian", "e n"] {
            let refused = anna.call("/api/choose-language", &[("language", code)]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{code}");
        }
        assert_eq!(lines(&site).await, 0);
        assert!(anna.get("/units").await.text().contains("lang=\"en\""));
    })
    .await;
}

/// An administrator who reads Russian had to choose it for every invitation.
#[tokio::test(flavor = "multi_thread")]
async fn ones_own_language_is_proposed_for_an_invitation() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        for language in ["ru", "en"] {
            assert!(anna.call("/api/choose-language", &[("language", language)]).await.is_done());
            let page = anna.get("/users/invite").await.text();
            let form = page.split("<form").find(|form| form.contains("/api/invite")).expect("the form");
            let options = tags(form).into_iter().filter(|tag| tag.name == "option" && tag.get("selected").is_some());
            let chosen: Vec<String> = options.filter_map(|tag| tag.get("value").map(Into::into)).collect();
            assert!(chosen.iter().any(|value| value == language), "{language}: {chosen:?}");
        }
    })
    .await;
}

/// Light and dark without script: the page comes back in it, whoever looks.
#[tokio::test(flavor = "multi_thread")]
async fn every_page_offers_the_themes_and_comes_back_in_the_chosen_one() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        for page in ["/sign-in", "/forgot"] {
            let mut stranger = anna.stranger(1);
            let shown = stranger.get(page).await.text();
            assert!(shown.contains("action=\"/theme\""), "{page}: {shown}");
            let sent = stranger.post_from(page, "/theme", &[("theme", "dark")]).await;
            assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, page));
            assert!(stranger.get(page).await.text().contains("data-theme=\"dark\""));
        }
        let shown = anna.get("/users").await.text();
        assert!(shown.contains("action=\"/theme\"") && shown.contains("action=\"/api/choose-language\""), "{shown}");
    })
    .await;
}
