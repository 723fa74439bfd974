//! LD-04: what a day of use leaves behind is gone after the next one, and the days after it leave no more.

use crate::delivery::Running;
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::people::PASSWORD;
use crate::support::site::TestSite;
use crate::support::tables::number;
use crate::support::until;
use axum::http::StatusCode;
use usher::domain::timestamp::Duration;
use usher::values;

/// What is kept for a time: sessions, tries, forms that somebody began.
const KEPT: [&str; 3] = [
    "select count(*) as n from sessions",
    "select count(*) as n from attempts",
    "select count(*) as n from invitation_terms",
];

/// A day in which somebody signs in every hour, a stranger tries, and a form is begun and left.
async fn a_day(site: &TestSite, day: u16) -> Vec<i64> {
    for hour in 0..24 {
        let (mut inside, mut stranger) =
            (Browser::new(&site.app).stranger(1), Browser::new(&site.app).stranger(100 + day * 24 + hour));
        assert_eq!(inside.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
        let wrong = stranger.sign_in(&format!("nobody{day}x{hour}@acme.by"), "not this one").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        site.keep_form(&site.anna).await;
        site.pass(Duration::hours(1));
    }
    let now = site.app.clock.now();
    until("the upkeep has come by", async || {
        let sql = "select count(*) as n from sessions where expires_at <= $1";
        number(&site.app.db, sql, &values![now]).await == 0
    })
    .await;
    until("it has forgotten the forms", async || {
        let sql = "select count(*) as n from invitation_terms where kept_until <= $1";
        number(&site.app.db, sql, &values![now]).await == 0
    })
    .await;
    let mut left = Vec::new();
    for sql in KEPT {
        left.push(site.number(sql).await);
    }
    left
}

#[tokio::test(flavor = "multi_thread")]
async fn days_of_use_leave_no_more_than_one_of_them_ld_04() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let worker = Running::start(&site);
        let mut days = Vec::new();
        for day in 0..5 {
            days.push(a_day(&site, day).await);
        }
        worker.end().await;
        let (second, last) = (&days[1], &days[4]);
        assert!(last.iter().zip(second).all(|(last, second)| *last <= second + 5), "{days:?}");
    })
    .await;
}
