//! H-15: a clock that is set back while the program runs, or before it starts, leaves nothing waiting for years.

use crate::delivery::Running;
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::people::PASSWORD;
use crate::support::site::TestSite;
use crate::support::smtp::{Answer, Sink, Stage};
use crate::support::{claim, until};
use axum::http::StatusCode;
use std::collections::BTreeSet;
use std::time::Duration as StdDuration;
use usher::domain::message::{LEASE, LONGEST_WAIT};
use usher::domain::timestamp::Duration;
use usher::server::app::App;
use usher::server::clock::Clock;

const FURTHEST: &str = "select coalesce(max(next_try_at), 0) as n from messages";

/// FT-11, too: it jumps while a worker holds leases.
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

/// FT-11: an hour forth and back, twice over; whoever has a link, a session or a lease does not notice.
#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_an_hour_spoils_neither_links_nor_sessions_nor_leases_ft_11() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let clock = &site.app.clock;
        let olga = site.add_active("Olga", "olga@acme.by", "dispatcher").await;
        let mut olgas = Browser::signed_in(&site.app, &olga).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let page = site.page_of(&ivan).await;
        let held = claim(&site.app.db, clock.now()).await.expect("a message");
        for hours in [-1, 1] {
            clock.advance(Duration::hours(hours));
            assert!(claim(&site.app.db, clock.now()).await.is_none(), "somebody has it");
        }
        for hours in [1, -1, -1, 1] {
            clock.advance(Duration::hours(hours));
            assert_eq!(Browser::new(&site.app).get(&page).await.status, StatusCode::OK, "{hours}");
            assert!(olgas.is_signed_in().await, "{hours}");
        }
        clock.advance(LEASE);
        let next = claim(&site.app.db, clock.now()).await.expect("the same message");
        assert_eq!((&next.id, &next.header_id), (&held.id, &held.header_id));
        assert!(next.lease_number > held.lease_number);
        // Spent is spent, whatever time it is.
        assert_eq!(Browser::new(&site.app).register_at(&page).await.status, StatusCode::SEE_OTHER);
        clock.advance(Duration::hours(-1));
        assert_eq!(Browser::new(&site.app).get(&page).await.status, StatusCode::GONE);
    })
    .await;
}

/// FT-11: two machines whose clocks are a minute apart, which is less than a lease; the relay takes its time.
#[tokio::test(flavor = "multi_thread")]
async fn machines_whose_clocks_are_a_minute_apart_send_each_letter_once_ft_11() {
    both(|db| async {
        let sink = Sink::scripted(|now| match now.stage {
            Stage::End => Answer::Late(StdDuration::from_millis(100)),
            _ => Answer::Usual,
        })
        .await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let mut other = site.clone();
        other.app = App::new(site.app.config.clone(), site.app.db.clone(), site.app.key.clone(), Clock::default());
        other.app.clock.advance(Duration::minutes(1));
        let mut all = Vec::new();
        for number in 0..30 {
            all.push(site.invite("Ivan", &format!("ivan{number}@acme.by")).await);
        }
        let (one, two) = (Running::start(&site), Running::start(&other));
        for ivan in &all {
            until("each is invited", || async { site.status(&ivan.user).await == "invited" }).await;
        }
        tokio::time::sleep(StdDuration::from_millis(500)).await;
        one.end().await;
        two.end().await;
        let taken = sink.taken();
        let to: BTreeSet<&String> = taken.iter().flat_map(|received| &received.to).collect();
        assert_eq!((taken.len(), to.len()), (all.len(), all.len()));
        // A link that one has spent is spent for the other.
        let page = site.page_of(&all[0]).await;
        assert_eq!(Browser::new(&other.app).register_at(&page).await.status, StatusCode::SEE_OTHER);
        assert_eq!(Browser::new(&site.app).get(&page).await.status, StatusCode::GONE);
    })
    .await;
}
