//! Whoever only looks changes nothing: people, mail scanners, robots that press buttons (IN-09, IN-10).

use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::html::{forms, tags};
use crate::support::site::TestSite;
use crate::support::tables::Dump;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

#[tokio::test(flavor = "multi_thread")]
async fn looking_at_a_link_changes_nothing_however_often_and_whoever_looks_in_09() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let late = site.invite_with("Late", "late@acme.by", |new| new.expires_at = Some(new.created_at)).await;
        let olga = site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        site.reset(&olga).await;
        let pages = [site.page_of(&ivan).await, site.page_of(&late).await, site.reset_page_of(&olga).await];
        let mut visitor = Browser::new(&site.app);
        let before = Dump::of(&site.app.db).await;
        for page in &pages {
            let first = visitor.get(page).await.status;
            for _ in 0..100 {
                assert_eq!(visitor.get(page).await.status, first, "{page}");
            }
            for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
                for (name, value) in [
                    ("purpose", "prefetch"),
                    ("sec-purpose", "prefetch;prerender"),
                    ("x-moz", "prefetch"),
                    ("user-agent", "Mozilla/5.0 (compatible; MicrosoftPreview/2.0)"),
                    ("range", "bytes=0-0"),
                ] {
                    for below in ["", "/renew", "/opened", "?accept=1&name=Ivan&password=copper+lamp+river"] {
                        let request = Request::builder().method(method.clone()).uri(format!("{page}{below}"));
                        let answer =
                            visitor.send(request.header(name, value).body(Body::empty()).expect("a request")).await;
                        assert!(!answer.status.is_server_error(), "{method} {page}{below}: {}", answer.status);
                    }
                }
            }
        }
        before.assert_unchanged(&site.app.db, "looking").await;
        assert!(!visitor.has_session());
        assert_eq!(visitor.register_at(&pages[0]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(site.status(&ivan.user).await, "active");
    })
    .await;
}

/// A robot that follows every link of the page and sends every form as it stands.
#[tokio::test(flavor = "multi_thread")]
async fn a_robot_that_presses_everything_without_typing_accepts_nothing_in_10() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan Ivanov", "ivan@acme.by").await;
        let olga = site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        site.reset(&olga).await;
        let before = Dump::of(&site.app.db).await;
        for page in [site.page_of(&ivan).await, site.reset_page_of(&olga).await] {
            let mut robot = Browser::new(&site.app);
            let html = robot.get(&page).await.text();
            let links: Vec<String> = tags(&html)
                .iter()
                .filter_map(|tag| tag.get("href").filter(|href| href.starts_with('/')).map(String::from))
                .collect();
            for link in links {
                robot.get(&link).await;
            }
            let found = forms(&html);
            assert!(found.iter().any(|form| form.action == page && form.value("password") == Some("")), "{found:?}");
            for form in found {
                for pairs in form.presses() {
                    let answer = robot.post_form(&form.action, &pairs).await;
                    if form.action == page {
                        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form:?}");
                    }
                }
            }
            assert!(!robot.has_session());
        }
        before.assert_unchanged(&site.app.db, "a robot").await;
    })
    .await;
}

/// The page says that somebody has begun to fill it in; that alone shows as "opened", and only once.
#[tokio::test(flavor = "multi_thread")]
async fn only_a_human_gesture_marks_an_invitation_as_opened_in_09() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let page = site.page_of(&ivan).await;
        let mut visitor = Browser::new(&site.app);
        visitor.get(&page).await;
        let before = Dump::of(&site.app.db).await;
        assert_eq!(visitor.post_form(&format!("{page}/opened"), &[]).await.status, StatusCode::NO_CONTENT);
        let opened = Dump::of(&site.app.db).await;
        assert_eq!(before.changes_to(&opened).len(), 2, "one row of invitations, before and after");
        site.app.clock.advance(usher::domain::timestamp::Duration::seconds(5));
        visitor.post_form(&format!("{page}/opened"), &[]).await;
        opened.assert_unchanged(&site.app.db, "a second gesture").await;
        assert_eq!(visitor.register_at(&page).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}
