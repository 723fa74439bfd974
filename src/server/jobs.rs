//! Does what requests have left to jobs: takes one after the other, does it part by part, and puts off what cannot go on now. What a
//! part of a job is, its use case knows; whoever acts for somebody asks there whether they still may.

use super::app::App;
use super::storage;
use super::storage::jobs::{self, ClaimedJob};
use super::use_cases::{JobStep, broken, bulk, import, invite};
use crate::domain::error::UseCaseError;
use crate::domain::job::{JobKind, MOST_ATTEMPTS, TURN, wait_before_next};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

/// Until the next look, when nobody rings.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// After the database refused.
const RETRY_DELAY: Duration = Duration::from_secs(1);

/// How long the giving back of a job may take when the process stops.
const GIVING_BACK: Duration = Duration::from_millis(500);

/// Does jobs until `stop`; the part in hand comes to its end.
pub async fn run(app: App, stop: CancellationToken) {
    run_every(app, stop, LOOK_AGAIN).await;
}

/// The same, looking again after another time.
pub async fn run_every(app: App, stop: CancellationToken, ask_again: Duration) {
    while !stop.is_cancelled() {
        let pause = match jobs::claim(&app.db, app.clock.now()).await {
            Ok(Some(job)) => {
                go_on_with(&app, &job, &stop).await;
                continue;
            }
            Ok(None) => until_next(&app, ask_again).await,
            Err(error) => {
                tracing::warn!(%error, "the jobs cannot be read; trying again");
                RETRY_DELAY
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.db.bells().jobs.notified() => {}
            () = sleep(pause) => {}
        }
    }
}

/// How long until a job is due.
async fn until_next(app: &App, ask_again: Duration) -> Duration {
    let due = async { jobs::next_due(&mut app.db.read().await?).await }.await;
    let due: Option<_> = due.unwrap_or_default();
    // One that somebody else takes at this moment is not due for us.
    let wait = due.and_then(|due| u64::try_from((due - app.clock.now()).0.max(20)).ok());
    wait.map_or(ask_again, |wait| Duration::from_millis(wait).min(ask_again))
}

/// Does a job to its end, or until it cannot go on, or another one has waited long enough.
async fn go_on_with(app: &App, job: &ClaimedJob, stop: &CancellationToken) {
    tracing::info!(job = %job.id, kind = job.kind.code(), "begun");
    let mut since = app.clock.now();
    while !stop.is_cancelled() {
        let now = app.clock.now();
        if now - since >= TURN {
            since = now;
            // Where that cannot be asked, it goes on.
            if gives_way(app, job).await.unwrap_or(false) {
                return;
            }
        }
        match part(app, job).await {
            // Whoever wants to write meanwhile gets in between.
            Ok(JobStep::GoesOn) => tokio::task::yield_now().await,
            Ok(JobStep::Over) => {
                tracing::info!(job = %job.id, "over");
                return;
            }
            Err(refusal) => return put_off(app, job, &refusal).await,
        }
    }
    let given_back = async {
        let mut tx = app.db.write().await?;
        jobs::release(&mut tx, job).await?;
        tx.commit().await
    };
    // Else its lease ends.
    let _ = timeout(GIVING_BACK, given_back).await;
}

/// A part of a job, in a task of its own: a panic over one strange row is that job's trouble only. When this is dropped, the task
/// ends too.
async fn part(app: &App, job: &ClaimedJob) -> Result<JobStep, UseCaseError> {
    let (app, job) = (app.clone(), job.clone());
    let mut alone = JoinSet::new();
    alone.spawn(async move {
        match job.kind {
            JobKind::InviteRound => invite::go_on(&app, &job).await,
            JobKind::Bulk => bulk::go_on(&app, &job).await,
            JobKind::ImportChanges => import::go_on(&app, &job).await,
            JobKind::ImportUndo => import::go_on_undoing(&app, &job).await,
        }
    });
    match alone.join_next().await {
        Some(Ok(step)) => step,
        Some(Err(error)) => Err(broken(&error)),
        None => Ok(JobStep::Over),
    }
}

async fn put_off(app: &App, job: &ClaimedJob, refusal: &UseCaseError) {
    let attempts = job.attempts.saturating_add(1);
    tracing::warn!(job = %job.id, ?refusal, attempts, "a job could not go on");
    // What is the database's trouble passes, and is nobody's.
    let passes = matches!(
        refusal,
        UseCaseError::Busy
            | UseCaseError::DatabaseAway
            | UseCaseError::NoRoom
            | UseCaseError::StorageFails
            | UseCaseError::Unsure
    );
    let is_given_up = attempts >= MOST_ATTEMPTS && !passes;
    let done = match is_given_up {
        true => match job.kind {
            JobKind::InviteRound => invite::give_up(app, job).await.map(drop),
            JobKind::Bulk => bulk::give_up(app, job).await.map(drop),
            JobKind::ImportChanges | JobKind::ImportUndo => import::give_up(app, job).await.map(drop),
        },
        false => wait(app, job).await.map_err(UseCaseError::from),
    };
    if let Err(refusal) = done {
        tracing::warn!(job = %job.id, ?refusal, "its lease ends, and it is taken again");
        sleep(RETRY_DELAY).await;
    }
}

/// Whether another job waits; then this one stands behind it.
async fn gives_way(app: &App, job: &ClaimedJob) -> storage::Result<bool> {
    let now = app.clock.now();
    if jobs::next_due(&mut app.db.read().await?).await?.is_none_or(|due| due > now) {
        return Ok(false);
    }
    let mut tx = app.db.write().await?;
    let is_behind = jobs::give_way(&mut tx, job, now).await?;
    tx.commit().await?;
    Ok(is_behind)
}

async fn wait(app: &App, job: &ClaimedJob) -> storage::Result<()> {
    let mut tx = app.db.write().await?;
    jobs::put_off(&mut tx, job, app.clock.now() + wait_before_next(job.attempts)).await?;
    tx.commit().await
}
