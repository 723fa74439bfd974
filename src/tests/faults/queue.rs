//! H-07: whoever wants to write waits in a queue, and takes no connection from whoever reads; a link that does not work
//! never waits there at all.

use crate::support::browser::{Answer, Browser};
use crate::support::databases::both;
use crate::support::site::TestSite;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::sync::{Arc, Mutex};
use std::time::{Duration as StdDuration, Instant};
use tokio::task::JoinSet;
use tokio::time::timeout;
use usher::domain::id::{InvitationId, UserId};
use usher::domain::timestamp::Duration;
use usher::server::random;
use usher::server::storage::Error;

/// Long for anything that waits for nobody, on a machine that has other things to do.
const AT_ONCE: StdDuration = StdDuration::from_secs(2);

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_is_answered_at_once_behind_a_hundred_writers_that_wait_h_07() {
    both(|db| async move {
        let site = TestSite::furnish(db.clone(), None).await;
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        let held = db.maintain().await.expect("the writer");
        let mut writers = JoinSet::new();
        for _ in 0..100 {
            let mut browser = browser.clone();
            let unit = site.company.id.to_string();
            writers.spawn(async move {
                let name = random::secret();
                let fields = [("below", unit.as_str()), ("kind", "team"), ("name", name.as_str())];
                browser.call("/api/create-unit", &fields).await.status.as_u16()
            });
        }
        // They all wait by now.
        tokio::time::sleep(StdDuration::from_millis(300)).await;
        for page in ["/users", "/api/users?q=&status=&role=&sort=&after=&before=", "/health/ready", "/me"] {
            let asked = Instant::now();
            let answer = timeout(AT_ONCE, browser.ask_page(page)).await.unwrap_or_else(|_| panic!("{page} waited"));
            assert_eq!(answer.status.as_u16(), 200, "{page}");
            println!("{:?}: {page} in {:?}", db.kind(), asked.elapsed());
        }
        drop(held);
        let mut done = 0;
        while let Some(status) = writers.join_next().await {
            done += usize::from(status.expect("an answer") == 200);
        }
        assert_eq!(done, 100, "each has its turn");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_waits_too_long_to_write_is_told_to_try_again_h_07() {
    both(|db| async move {
        let site = TestSite::furnish(db.clone(), None).await;
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        let _held = db.maintain().await.expect("the writer");
        let asked = Instant::now();
        let fields = [("below", site.company.id.as_str()), ("kind", "team"), ("name", "Team")];
        let answer = browser.call("/api/create-unit", &fields).await;
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (503, "\"Busy\""));
        assert!((4..9).contains(&asked.elapsed().as_secs()), "{:?}", asked.elapsed());
    })
    .await;
}

/// However many come, so many wait at most; the others are told at once, in words, and those who give up leave their place.
#[tokio::test(flavor = "multi_thread")]
async fn a_queue_of_writers_that_is_full_says_so_at_once_and_empties_again_h_07() {
    both(|db| async move {
        let site = TestSite::furnish(db.clone(), None).await;
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        let held = db.maintain().await.expect("the writer");
        let mut waiting = JoinSet::new();
        for _ in 0..1_200 {
            let db = db.clone();
            waiting.spawn(async move { db.maintain().await.map(drop) });
        }
        let mut refused = 0;
        while let Ok(Some(told)) = timeout(AT_ONCE, waiting.join_next()).await {
            assert!(matches!(told.expect("no panic"), Err(Error::Busy)));
            refused += 1;
            if refused == 1_200 - 1_024 {
                break;
            }
        }
        assert_eq!(refused, 1_200 - 1_024, "told at once");
        let fields = [("below", site.company.id.as_str()), ("kind", "team"), ("name", "Team")];
        let answer = timeout(AT_ONCE, browser.call("/api/create-unit", &fields)).await.expect("told at once");
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (503, "\"Busy\""));
        assert_eq!(answer.headers["retry-after"], "2");
        // They all go away while they wait.
        waiting.shutdown().await;
        drop(held);
        let answer = browser.call("/api/create-unit", &fields).await;
        assert!(answer.is_done(), "{} {}", answer.status, answer.text());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_have_their_turns_in_the_order_in_which_they_came_h_07() {
    both(|db| async move {
        let order = Arc::new(Mutex::new(Vec::new()));
        let held = db.maintain().await.expect("the writer");
        let mut writers = JoinSet::new();
        for number in 0..20 {
            let (db, order) = (db.clone(), order.clone());
            writers.spawn(async move {
                let tx = db.maintain().await.expect("a turn");
                order.lock().expect("the order").push(number);
                drop(tx);
            });
            // So that they come one after another.
            tokio::time::sleep(StdDuration::from_millis(10)).await;
        }
        drop(held);
        while writers.join_next().await.is_some() {}
        assert_eq!(*order.lock().expect("the order"), (0..20).collect::<Vec<_>>());
    })
    .await;
}

/// Links that no door opens to: nonsense, made up, of another purpose, of somebody else, used, ended.
async fn dead_links(site: &TestSite) -> Vec<String> {
    let key = &site.app.key;
    let invited = site.invite("Ivan", "ivan@acme.by").await;
    let olga = site.add_active("Olga", "olga@acme.by", "employee").await;
    site.reset(&olga).await;
    let reset = site.reset_page_of(&olga).await.trim_start_matches("/reset/").to_string();
    let now = site.app.clock.now();
    let made_up = random::id(now);
    let genuine = site.link_of(&invited.invitation).await;
    let mut bytes = URL_SAFE_NO_PAD.decode(&genuine).expect("one of ours");
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    vec![
        "x".into(),
        "%00".into(),
        "a".repeat(2_000),
        URL_SAFE_NO_PAD.encode([7_u8; 34]),
        URL_SAFE_NO_PAD.encode(bytes),
        key.invitation_link(&InvitationId::new(&made_up), 1, "ivan@acme.by"),
        key.invitation_link(&invited.invitation, 1, "petr@acme.by"),
        key.confirmation_link(&UserId::new(&made_up), 30_000, "ivan@acme.by"),
        key.confirmation_link(&olga, 30_000, "petr@acme.by"),
        // One of ours, at the wrong door: only those doors are tried with it where it opens nothing.
        reset,
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_does_not_work_never_waits_for_the_writer_h_07() {
    both(|db| async move {
        let site = TestSite::furnish(db.clone(), None).await;
        let mut links = dead_links(&site).await;
        let reset = links.pop().expect("a reset link");
        let expired = site.invite("Nina", "nina@acme.by").await;
        let expired = site.link_of(&expired.invitation).await;
        let browser = Browser::new(&site.app);
        site.app.clock.advance(Duration::hours(9));
        let doors = [
            ("/confirm/", "", &[][..]),
            ("/reset/", "", &[("password", "quiet stone bridge")]),
            ("/i/", "", &crate::links::FILLED_IN[..]),
            ("/i/", "/join", &[("password", "quiet stone bridge")]),
            ("/i/", "/renew", &[]),
            ("/i/", "/opened", &[]),
        ];
        let _held = db.maintain().await.expect("the writer");
        let mut tried = 0;
        for (before, after, form) in doors {
            let with_others = links.iter().chain((before != "/reset/").then_some(&reset));
            // An expired one may be renewed, and nothing else.
            for link in with_others.chain((after != "/renew").then_some(&expired)) {
                let path = format!("{before}{link}{after}");
                tried += 1;
                let mut visitor = browser.stranger(tried);
                let answer: Answer = timeout(AT_ONCE, visitor.post_form(&path, form))
                    .await
                    .unwrap_or_else(|_| panic!("{path} waited for the writer"));
                assert!(matches!(answer.status.as_u16(), 404 | 410 | 422), "{path}: {}", answer.status);
            }
        }
        assert!(tried > 50);
    })
    .await;
}

/// The same as a flood, with nobody who holds the writer: whoever reads is not delayed.
#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_forged_links_does_not_delay_a_reader_h_07() {
    both(|db| async move {
        let site = TestSite::furnish(db.clone(), None).await;
        let mut reader = Browser::signed_in(&site.app, &site.anna).await;
        let mut flood = JoinSet::new();
        for lane in 0..16_u16 {
            let browser = reader.stranger(0);
            flood.spawn(async move {
                for number in 0..40 {
                    let mut visitor = browser.stranger(lane * 100 + number);
                    visitor.post_form(&format!("/confirm/{}", random::secret()), &[]).await;
                }
            });
        }
        let mut slowest = StdDuration::ZERO;
        while !flood.is_empty() {
            let asked = Instant::now();
            let answer = timeout(AT_ONCE, reader.ask_page("/users")).await.expect("a reader waited");
            assert_eq!(answer.status.as_u16(), 200);
            slowest = slowest.max(asked.elapsed());
            while flood.try_join_next().is_some() {}
        }
        println!("{:?}: the slowest page beside 640 forged links took {slowest:?}", db.kind());
    })
    .await;
}
