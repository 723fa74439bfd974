//! H-15: a clock that is set back while the program runs, or before it starts, leaves nothing waiting for years.

use crate::delivery::Running;
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::people::PASSWORD;
use crate::support::site::TestSite;
use crate::support::smtp::Sink;
use crate::support::until;
use axum::http::StatusCode;
use usher::domain::message::LONGEST_WAIT;
use usher::domain::timestamp::Duration;

const FURTHEST: &str = "select coalesce(max(next_try_at), 0) as n from messages";

#[tokio::test(flavor = "multi_thread")]
async fn nothing_waits_for_years_when_the_clock_is_set_back_h_15() {
    both(|db| async {
        let sink = Sink::start().await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let mut stranger = Browser::new(&site.app).stranger(1);
        // The clock is four years ahead: a message is put off, a door is shut, somebody comes in, all by that clock.
        let years = Duration::days(4 * 365);
        site.app.clock.advance(years);
        site.invite("Ivan", "ivan@acme.by").await;
        let worker = Running::start(&site);
        until("the first one leaves", async || site.number(FURTHEST).await == 0).await;
        site.invite("Petr", "petr@acme.by").await;
        until("the second one leaves", async || site.number(FURTHEST).await == 0).await;
        worker.end().await;
        site.invite("Rita", "rita@acme.by").await;
        let put_off = "update messages set next_try_at = next_try_at + 600000, lease_until = next_try_at + 80000 \
                       where next_try_at is not null";
        site.tamper(put_off, &[]).await;
        for _ in 0..11 {
            stranger.sign_in("olga@acme.by", "not this one").await;
        }
        assert_eq!(stranger.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
        let mut inside = Browser::new(&site.app).stranger(2);
        assert_eq!(inside.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);

        // A worker that runs while it is set back.
        let worker = Running::start(&site);
        site.app.clock.advance(Duration(-years.0));
        let nearest = site.app.clock.now() + LONGEST_WAIT;
        until("what was put off is near", async || site.number(FURTHEST).await <= nearest.0 + 60_000).await;
        until("the door is open", async || {
            Browser::new(&site.app).stranger(1).sign_in("olga@acme.by", PASSWORD).await.status == StatusCode::SEE_OTHER
        })
        .await;
        let now = site.app.clock.now();
        assert!(site.number("select max(expires_at) as n from sessions").await <= (now + Duration::days(31)).0);
        assert!(site.number("select max(last_seen_at) as n from sessions").await <= now.0);
        assert!(site.number("select coalesce(max(at), 0) as n from letters").await <= now.0);
        assert!(inside.is_signed_in().await, "and nobody is put out");
        site.app.clock.advance(LONGEST_WAIT);
        until("it leaves", async || site.number(FURTHEST).await == 0).await;
        worker.end().await;
        assert!(sink.taken().iter().any(|mail| mail.to.iter().any(|to| to.contains("rita"))));
    })
    .await;
}
