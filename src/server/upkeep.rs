//! Upkeep: lists learn what has run out, what a large change left to do is done, what is over is forgotten, and what only time
//! makes due is done: reminders and notices to inviters are queued, the bin is emptied. A task of its own, as long as the server runs.
//! No rule waits for it.

use crate::domain::error::UseCaseError;
use crate::domain::message::INVITERS_WINDOW;
use crate::domain::quota;
use crate::domain::timestamp::{Duration, Timestamp};
use crate::server::app::App;
use crate::server::storage::{
    Result, ahead, attempts, bulk, imports, letters, notes, roster, sessions, terms, tokens, unfinished,
};
use crate::server::use_cases::{deletion, fail_over, notices, reminders};
use std::time::Duration as StdDuration;
use tokio_util::sync::CancellationToken;

/// Until the next look, when nobody rings.
const INTERVAL: StdDuration = StdDuration::from_secs(5);

/// Keeps everything up until `stop`; ends soon after it.
pub async fn run(app: App, stop: CancellationToken) {
    run_every(app, stop, INTERVAL).await;
}

/// The same with another interval, for tests.
pub async fn run_every(app: App, stop: CancellationToken, interval: StdDuration) {
    let (mut swept_at, mut looked_at): (Option<Timestamp>, Option<Timestamp>) = (None, None);
    loop {
        let now = app.clock.now();
        // At the start, and whenever the clock was set back.
        if looked_at.is_none_or(|at| now < at) {
            match ahead::bring_near(&app.db, now).await {
                Ok(()) => (looked_at, swept_at) = (Some(now), None),
                Err(error) => {
                    tracing::warn!(%error, "what stands too far ahead could not be brought near; trying again")
                }
            }
        } else {
            looked_at = Some(now);
        }
        if let Err(error) = bring_up_to_date(&app, &stop).await {
            tracing::warn!(%error, "the lists could not be brought up to date; trying again");
        }
        if let Err(refusal) = do_what_is_due(&app, &stop).await {
            tracing::warn!(?refusal, "what is due could not be done; trying again");
        }
        let now = app.clock.now();
        if swept_at.is_none_or(|at| now - at >= Duration::hours(1)) {
            match forget(&app, now).await {
                Ok(()) => swept_at = Some(now),
                Err(error) => tracing::warn!(%error, "old rows could not be removed; trying again"),
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.db.bells().lists.notified() => {}
            () = tokio::time::sleep(interval) => {}
        }
    }
}

/// All that is due at this moment, once; for who moves the clock and cannot wait for the next look.
///
/// # Errors
/// What the database has.
pub async fn catch_up(app: &App) -> std::result::Result<(), UseCaseError> {
    let stop = CancellationToken::new();
    bring_up_to_date(app, &stop).await?;
    do_what_is_due(app, &stop).await
}

async fn bring_up_to_date(app: &App, stop: &CancellationToken) -> Result<()> {
    // Whoever wants to write meanwhile gets in between two parts.
    while !stop.is_cancelled() && unfinished::do_a_part(&app.db, app.clock.now()).await? {}
    turn_what_ran_out(app, stop).await
}

async fn do_what_is_due(app: &App, stop: &CancellationToken) -> std::result::Result<(), UseCaseError> {
    while !stop.is_cancelled() && reminders::remind(app).await? > 0 {}
    // First what goes another way: then the notice says so.
    while !stop.is_cancelled() && fail_over::send_instead(app).await? > 0 {}
    while !stop.is_cancelled() && notices::tell(app).await? > 0 {}
    while !stop.is_cancelled() && deletion::empty_bin(app).await? > 0 {}
    Ok(())
}

/// Invitations that ended show as *Expired* in the lists.
async fn turn_what_ran_out(app: &App, stop: &CancellationToken) -> Result<()> {
    // Each turn takes a few, so that whoever wants to write meanwhile gets in between; the rest comes next time.
    for _ in 0..400 {
        if stop.is_cancelled() {
            break;
        }
        // Time has passed: nobody did anything.
        let mut tx = app.db.maintain().await?;
        let people = roster::sweep(&mut tx, app.clock.now()).await?;
        tx.commit().await?;
        if people == 0 {
            break;
        }
    }
    Ok(())
}

async fn forget(app: &App, now: Timestamp) -> Result<()> {
    sessions::sweep(&app.db, now).await?;
    tokens::sweep(&app.db, now).await?;
    attempts::sweep(&app.db, now).await?;
    letters::sweep(&app.db, now - INVITERS_WINDOW).await?;
    terms::sweep(&app.db, now).await?;
    bulk::sweep(&app.db, now).await?;
    imports::sweep(&app.db, now).await?;
    notes::sweep(&app.db, now - quota::NOTE_AGE).await?;
    Ok(())
}
