//! The end of a session is known beforehand: whoever looks is told when, asking makes nothing longer, and whoever wants to stay
//! stays as long as the policy allows.

use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::people::PASSWORD;
use crate::support::site::TestSite;
use axum::http::StatusCode;
use usher::domain::timestamp::Duration;

async fn olga(db: usher::server::storage::Database) -> (TestSite, Browser) {
    let site = TestSite::furnish(db, None).await;
    site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
    let mut browser = Browser::new(&site.app);
    browser.sign_in("olga@acme.by", PASSWORD).await;
    (site, browser)
}

async fn left(browser: &mut Browser) -> Option<i64> {
    let answer = browser.ask("/api/session-end", &[]).await;
    match answer.status {
        StatusCode::OK => Some(serde_json::from_slice(&answer.body).expect("seconds")),
        status => {
            assert_eq!(status, StatusCode::UNAUTHORIZED);
            None
        }
    }
}

const TWELVE_HOURS: i64 = 12 * 3_600;

/// The clock of a test goes on, too.
#[track_caller]
fn about(left: Option<i64>, wanted: i64) {
    assert!(left.is_some_and(|left| (wanted - 30..=wanted).contains(&left)), "{left:?} instead of {wanted}");
}

/// Somebody typed for half an hour and learned only then that nobody knew them any more.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_only_asks_when_the_session_ends_does_not_use_it() {
    both(|db| async {
        let (site, mut browser) = olga(db).await;
        about(left(&mut browser).await, TWELVE_HOURS);
        // Asked every ten minutes by a page that nobody looks at, it ends when it would have ended.
        for tens in 1..=71 {
            site.app.clock.advance(Duration::minutes(10));
            about(left(&mut browser).await, TWELVE_HOURS - tens * 600);
        }
        site.app.clock.advance(Duration::minutes(11));
        assert_eq!(left(&mut browser).await, None);
        assert!(!browser.is_signed_in().await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_says_when_the_session_ends() {
    both(|db| async {
        let (site, mut browser) = olga(db).await;
        let said = |page: String| {
            let rest = page.split("seconds_left").nth(1).expect("the end").to_string();
            let digits: String =
                rest.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
            digits.parse::<i64>().ok()
        };
        about(said(browser.get("/me").await.text()), TWELVE_HOURS);
        site.app.clock.advance(Duration::minutes(4));
        // What is not written down yet is not promised.
        about(said(browser.get("/me").await.text()), TWELVE_HOURS - 240);
        site.app.clock.advance(Duration::minutes(4));
        about(said(browser.get("/users").await.text()), TWELVE_HOURS);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_stays_stays_as_long_as_a_session_may_last() {
    both(|db| async {
        let (site, mut browser) = olga(db).await;
        let clock = &site.app.clock;
        clock.advance(Duration::minutes(12 * 60 - 1));
        about(left(&mut browser).await, 60);
        let stayed = browser.call("/api/stay-signed-in", &[]).await;
        about(stayed.text().parse().ok(), TWELVE_HOURS);
        clock.advance(Duration::hours(11));
        assert!(browser.is_signed_in().await);

        let mut kept = browser.stranger(1);
        let fields = [("username", "olga@acme.by"), ("password", PASSWORD), ("keep", "on")];
        assert_eq!(kept.post_form("/sign-in", &fields).await.status, StatusCode::SEE_OTHER);
        for _ in 0..3 {
            clock.advance(Duration::days(29));
            assert!(kept.is_signed_in().await);
        }
        clock.advance(Duration::hours(71));
        clock.advance(Duration::minutes(58));
        clock.advance(Duration::seconds(90));
        // Ninety days are all there is.
        about(left(&mut kept).await, 30);
        about(kept.call("/api/stay-signed-in", &[]).await.text().parse().ok(), 30);
        clock.advance(Duration::minutes(2));
        assert_eq!(left(&mut kept).await, None);
        assert_eq!(kept.call("/api/stay-signed-in", &[]).await.status, StatusCode::UNAUTHORIZED);
    })
    .await;
}

/// What is remembered between two pages is not what makes the session longer: five minutes go by before it is written down.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_stays_does_not_wait_for_the_next_time_that_it_is_written_down() {
    both(|db| async {
        let (site, mut browser) = olga(db).await;
        site.app.clock.advance(Duration::minutes(3));
        about(left(&mut browser).await, TWELVE_HOURS - 180);
        about(browser.call("/api/stay-signed-in", &[]).await.text().parse().ok(), TWELVE_HOURS);
        about(left(&mut browser).await, TWELVE_HOURS);
    })
    .await;
}
