//! H-44, FT-10: Postgres is away. After it was noticed everybody is answered at once, one looks for it, and it is back within a
//! second of being there again, whatever way it was away.

use crate::support::browser::Browser;
use crate::support::databases::Scratch;
use crate::support::people::PASSWORD;
use crate::support::proxy::{Proxy, Way};
use crate::support::site::TestSite;
use axum::http::header;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use usher::domain::error::UseCaseError;
use usher::server::http::status::status_of;
use usher::server::random;
use usher::server::storage::{Database, Error};

/// How long the first ones may wait who notice it, and how long everybody else. The machine that runs this is busy.
const NOTICED: Duration = Duration::from_secs(4);
const AT_ONCE: Duration = Duration::from_millis(1_000);

/// How long after it is there again: a second, and what a busy machine adds to it.
const BACK: Duration = Duration::from_millis(1_500);

struct Scene {
    scratch: Scratch,
    proxy: Proxy,
    site: TestSite,
    browser: Browser,
}

impl Scene {
    /// None without Postgres.
    async fn new() -> Option<Self> {
        let scratch = Scratch::postgres().await?;
        let (proxy, url) = Proxy::to(&scratch.url).await;
        let site = TestSite::furnish(Database::open(&url).await.expect("through the proxy"), None).await;
        site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let browser = Browser::signed_in(&site.app, &site.anna).await;
        Some(Self { scratch, proxy, site, browser })
    }

    async fn remove(self) {
        self.proxy.set(Way::Open).await;
        let _ = timeout(Duration::from_secs(5), self.site.app.db.close()).await;
        self.scratch.remove().await;
    }

    /// Everybody is answered at once, in words; the watch too.
    async fn assert_told_at_once(&mut self, what: &str) {
        let mut asking = JoinSet::new();
        for number in 0..40_u16 {
            let mut browser = self.browser.clone();
            let unit = self.site.company.id.to_string();
            asking.spawn(async move {
                let asked = Instant::now();
                let answer = match number % 4 {
                    0 => browser.ask_shown("/me").await,
                    1 => {
                        let fields = [("below", unit.as_str()), ("kind", "team"), ("name", "Team")];
                        browser.call("/api/create-unit", &fields).await
                    }
                    2 => browser.get("/users").await,
                    _ => {
                        let mut stranger = browser.stranger(number);
                        stranger.post_form("/sign-in", &[("username", "olga@acme.by"), ("password", PASSWORD)]).await
                    }
                };
                (number, answer, asked.elapsed())
            });
        }
        while let Some(told) = asking.join_next().await {
            let (number, answer, waited) = told.expect("an answer");
            assert_eq!(answer.status.as_u16(), 503, "{what}, {number}: {}", answer.text());
            assert_eq!(answer.headers[header::RETRY_AFTER], "2");
            assert!(waited < AT_ONCE, "{what}, {number}: {waited:?}");
            match number % 4 {
                0 | 1 => assert_eq!(answer.refusal(), Some(UseCaseError::DatabaseAway)),
                _ => assert!(answer.text().contains("The database does not answer"), "{}", answer.text()),
            }
        }
        let asked = Instant::now();
        let ready = self.browser.get("/health/ready").await;
        assert_eq!((ready.status.as_u16(), ready.text().as_str()), (503, "the database does not answer\n"));
        assert!(asked.elapsed() < AT_ONCE, "{what}: {:?}", asked.elapsed());
        assert_eq!(self.browser.get("/health/live").await.status.as_u16(), 200);
    }

    /// Opens the way; how long until pages and writes are there again.
    async fn assert_back(&mut self, what: &str) {
        self.proxy.set(Way::Open).await;
        let open = Instant::now();
        while self.browser.get("/users").await.status.as_u16() != 200 {
            assert!(open.elapsed() < Duration::from_secs(10), "{what}: not back");
            sleep(Duration::from_millis(10)).await;
        }
        let read = open.elapsed();
        assert_eq!(self.browser.get("/health/ready").await.text(), "ready\n", "{what}");
        let name = random::secret();
        let fields = [("below", self.site.company.id.as_str()), ("kind", "team"), ("name", name.as_str())];
        let answer = self.browser.call("/api/create-unit", &fields).await;
        assert!(answer.is_done(), "{what}: {} {}", answer.status, answer.text());
        println!("{what}: pages were back after {read:?}, writes after {:?}", open.elapsed());
        assert!(read < BACK, "{what}: {read:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_postgres_is_away_everybody_is_told_at_once_and_it_comes_back_by_itself_h_44() {
    let Some(mut scene) = Scene::new().await else { return };
    for way in [Way::Refused, Way::Silent, Way::Reset, Way::Garbled, Way::Refused] {
        let what = format!("{way:?}");
        assert_eq!(scene.browser.get("/users").await.status.as_u16(), 200, "{what}: before");
        scene.proxy.set(way).await;
        // Those who notice it wait a little; five seconds nobody does.
        let mut first = JoinSet::new();
        for _ in 0..20 {
            let mut browser = scene.browser.clone();
            first.spawn(async move {
                let asked = Instant::now();
                (browser.get("/users").await.status.as_u16(), asked.elapsed())
            });
        }
        let mut longest = Duration::ZERO;
        while let Some(told) = first.join_next().await {
            let (status, waited) = told.expect("an answer");
            assert_eq!(status, 503, "{what}");
            longest = longest.max(waited);
        }
        println!("{what}: those who noticed waited {longest:?} at most");
        assert!(longest < NOTICED, "{what}: {longest:?}");
        // For as long as it takes.
        for _ in 0..3 {
            scene.assert_told_at_once(&what).await;
            sleep(Duration::from_millis(400)).await;
        }
        scene.assert_back(&what).await;
    }
    scene.remove().await;
}

/// Whoever is in the middle of something when it goes away is told, too, and nothing of theirs is kept.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_was_under_way_when_postgres_went_away_is_undone_h_44() {
    let Some(scene) = Scene::new().await else { return };
    let db = scene.site.app.db.clone();
    for way in [Way::Refused, Way::Silent, Way::Reset] {
        let mut tx = db.maintain().await.expect("a transaction");
        tx.execute("update units set name = 'Half done' where parent_id is not null", &[]).await.expect("a change");
        scene.proxy.set(way).await;
        let asked = Instant::now();
        let failed = tx.execute("update units set name = 'Done' where parent_id is not null", &[]).await;
        assert!(matches!(failed, Err(Error::Away)), "{way:?}: {failed:?}");
        assert!(asked.elapsed() < NOTICED, "{way:?}: {:?}", asked.elapsed());
        assert!(tx.commit().await.is_err(), "{way:?}: committed");
        scene.proxy.set(Way::Open).await;
        let open = Instant::now();
        let again = loop {
            match db.maintain().await {
                Ok(mut tx) => {
                    let sql = "select count(*) as n from units where name in ('Half done', 'Done')";
                    break tx.row(sql, &[]).await.expect("a count").number("n").expect("a number");
                }
                Err(error) => assert!(error.passes() && open.elapsed() < Duration::from_secs(5), "{way:?}: {error}"),
            }
            sleep(Duration::from_millis(10)).await;
        };
        assert_eq!(again, 0, "{way:?}");
        println!("{way:?}: the writer was back after {:?}", open.elapsed());
    }
    scene.remove().await;
}

/// A commit that is not answered may have been kept: that is said, and not that nothing was changed.
#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_nobody_answers_is_not_said_to_have_changed_nothing_h_44() {
    let Some(scene) = Scene::new().await else { return };
    let db = scene.site.app.db.clone();
    let mut tx = db.maintain().await.expect("a transaction");
    tx.execute("update units set name = 'Perhaps' where parent_id is not null", &[]).await.expect("a change");
    scene.proxy.set(Way::Silent).await;
    let failed = timeout(NOTICED, tx.commit()).await.expect("an answer in time");
    assert!(matches!(failed, Err(Error::Unsure(_))), "{failed:?}");
    let refusal = UseCaseError::from(failed.expect_err("unsure"));
    assert_eq!((refusal.clone(), status_of(&refusal).as_u16()), (UseCaseError::Unsure, 503));
    scene.remove().await;
}

/// One process looks for it in one place, however many ask.
#[tokio::test(flavor = "multi_thread")]
async fn a_slow_answer_is_not_taken_for_none_h_44() {
    let Some(scene) = Scene::new().await else { return };
    let db = scene.site.app.db.clone();
    // A statement that takes its time, while the server answers everybody else.
    let mut tx = db.read().await.expect("a connection");
    let slow = tokio::spawn(async move { tx.row("select pg_sleep(3)::text as it", &[]).await.map(drop) });
    let mut browser = scene.browser.clone();
    for _ in 0..20 {
        assert_eq!(browser.get("/users").await.status.as_u16(), 200);
        sleep(Duration::from_millis(100)).await;
    }
    slow.await.expect("ended").expect("answered in the end");
    scene.remove().await;
}
