//! The line by which a page hears that its list may have changed: what it says, to whom, and when it ends.

use super::caller;
use crate::support::browser::Browser;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::site::TestSite;
use crate::support::until;
use axum::body::{Body, HttpBody};
use axum::http::{Request, StatusCode, header};
use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;
use tokio::time::timeout;
use usher::domain::id::UserId;
use usher::server::use_cases::{deletion, places, users};

/// Whoever listens hears of it within this.
const SOON: Duration = Duration::from_secs(3);

const CHANGED: &str = "data:\n\n";
const END: &str = "event: end\ndata:\n\n";

async fn line(browser: &mut Browser, ago: Option<u32>) -> (StatusCode, Body) {
    let query = ago.map(|ago| format!("?ago={ago}")).unwrap_or_default();
    let request = Request::builder().uri(format!("/users/changes{query}"));
    let request = request.header(header::ACCEPT, "text/event-stream").body(Body::empty()).expect("a request");
    let (status, headers, body) = browser.begin(request).await;
    if status.is_success() {
        assert_eq!(headers[header::CONTENT_TYPE], "text/event-stream");
        assert!(headers["x-accel-buffering"] == "no" && headers[header::CACHE_CONTROL] == "no-store");
        assert!(!headers.contains_key(header::CONTENT_ENCODING), "nothing holds it back to compress it");
    }
    (status, body)
}

/// What is said next, comments left out; nothing when the line has ended.
async fn heard(body: &mut Body) -> Option<String> {
    let next = async {
        loop {
            let frame = poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await?.expect("a part");
            let text = String::from_utf8(frame.into_data().expect("data").to_vec()).expect("text");
            let said: String = text.split_inclusive("\n\n").filter(|part| !part.starts_with(':')).collect();
            if !said.is_empty() {
                return Some(said);
            }
        }
    };
    timeout(SOON, next).await.expect("nothing was said")
}

async fn is_silent(body: &mut Body) -> bool {
    let next = async {
        loop {
            let frame = poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await;
            let Some(Ok(frame)) = frame else { return };
            if frame.into_data().is_ok_and(|data| !data.starts_with(b":")) {
                return;
            }
        }
    };
    timeout(SOON / 2, next).await.is_err()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_looks_hears_within_two_seconds_that_something_has_changed_and_nothing_more() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.add("Ivan Ivanov", "ivan@acme.by", "employee", &site.company, State::Active).await;
        site.pass(usher::domain::timestamp::Duration::hours(1));
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let (status, mut body) = line(&mut anna, Some(500)).await;
        assert_eq!(status, StatusCode::OK);
        assert!(is_silent(&mut body).await, "nothing has changed since the list was read");
        users::block(&site.app, &caller(&site.anna), &ivan, "secret reason").await.expect("blocked");
        assert_eq!(heard(&mut body).await.as_deref(), Some(CHANGED));
        assert!(is_silent(&mut body).await, "said once");
        // Whoever comes with a list that was read before is told at once.
        let (_, mut late) = line(&mut anna, Some(10_000)).await;
        assert_eq!(heard(&mut late).await.as_deref(), Some(CHANGED));
    })
    .await;
}

/// SE-03: the line ends with the right to look, by whatever that ends.
#[tokio::test(flavor = "multi_thread")]
async fn the_line_ends_with_the_access_of_whoever_listens() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let anna = caller(&site.anna);
        let someone = |n: usize| {
            let site = &site;
            async move {
                let email = format!("boris{n}@acme.by");
                site.add("Boris Orlov", &email, "dispatcher", &site.company, State::Active).await
            }
        };
        let open = |user: UserId| {
            let app = site.app.clone();
            async move {
                let mut browser = Browser::signed_in(&app, &user).await;
                let (status, body) = line(&mut browser, None).await;
                assert_eq!(status, StatusCode::OK);
                (browser, body)
            }
        };
        let blocked = someone(1).await;
        let (_, mut body) = open(blocked.clone()).await;
        users::block(&site.app, &anna, &blocked, "").await.expect("blocked");
        assert_eq!(heard(&mut body).await.as_deref(), Some(END));
        assert_eq!(heard(&mut body).await, None);

        let gone = someone(2).await;
        let (_, mut body) = open(gone.clone()).await;
        deletion::delete(&site.app, &anna, &gone, "boris2@acme.by").await.expect("deleted");
        assert_eq!(heard(&mut body).await.as_deref(), Some(END));

        let out = someone(3).await;
        let (mut browser, mut body) = open(out.clone()).await;
        browser.post_form("/sign-out", &[]).await;
        assert_eq!(heard(&mut body).await.as_deref(), Some(END));

        let lower = someone(4).await;
        let (_, mut body) = open(lower.clone()).await;
        let role = site.role("employee").id.clone();
        places::change(&site.app, &anna, &lower, None, &role, None).await.expect("changed");
        assert_eq!(heard(&mut body).await.as_deref(), Some(END));
        // Nobody is counted who does not listen any more.
        drop(body);
        until("nobody listens", || async { site.app.changes.listening() == 0 }).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_look_hears_nothing_and_nobody_holds_up_a_stop() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        assert_eq!(line(&mut Browser::new(&site.app), None).await.0, StatusCode::UNAUTHORIZED);
        let ivan = site.add("Ivan Ivanov", "ivan@acme.by", "employee", &site.company, State::Active).await;
        let mut theirs = Browser::signed_in(&site.app, &ivan).await;
        assert_eq!(line(&mut theirs, None).await.0, StatusCode::FORBIDDEN);
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let mut bodies = Vec::new();
        for _ in 0..32 {
            let (status, body) = line(&mut anna, None).await;
            assert_eq!(status, StatusCode::OK);
            bodies.push(body);
        }
        assert_eq!(
            line(&mut anna, None).await.0,
            StatusCode::SERVICE_UNAVAILABLE,
            "one person holds no more than that"
        );
        site.app.stopping.cancel();
        for mut body in bodies {
            assert_eq!(heard(&mut body).await, None);
        }
    })
    .await;
}
