//! Rounds that are larger than a request should wait for: the form is kept whole, and a job invites its people, a part of them at
//! a time, for whoever sent it. Whether they still may is asked in the transaction of each part.

use super::desk::Desk;
use super::judge::Lookalikes;
use super::part::{self, Part};
use super::reading::{self, FormRow, InviteForm, Read};
use super::{Actor, Form, ROUND_AGE, UseCaseError, keep_rows, look, require};
use crate::domain::error::{Conflict, Invalid};
use crate::domain::id::{DraftId, JobId, RoleId};
use crate::domain::job::JobKind;
use crate::domain::message::Lane;
use crate::domain::permission::Permission;
use crate::domain::policy::Request;
use crate::domain::quota::UNFINISHED_AGE;
use crate::domain::review::{RoundStop, RowOutcome};
use crate::domain::timestamp::Timestamp;
use crate::server::app::App;
use crate::server::random;
use crate::server::storage::jobs::{self, ClaimedJob};
use crate::server::storage::terms::FormTerms;
use crate::server::storage::{self, Tx, invite_rows, rounds, terms};
use crate::server::use_cases;
use crate::server::use_cases::JobStep;
use std::collections::BTreeSet;

/// How many rows are read ahead at most, to look their domains up before the writer is taken.
const AHEAD: usize = 100;

/// Starts a round of the people of a file, by the name that was given to it; what was cut off before it began is begun anew.
///
/// # Errors
/// Whatever stands against the form as a whole.
pub async fn start_list(
    app: &App,
    caller: &Actor,
    id: &DraftId,
    wish: &InviteForm,
    rows: Vec<FormRow>,
) -> Result<(), UseCaseError> {
    terms::remove(&app.db, id).await?;
    let form = Form { wish, role: RoleId::new(&wish.role), terms: reading::terms(wish)? };
    let read = Read { rows, cleaned: 0, folded: 0, aside: String::new() };
    start_as(app, caller, id.clone(), &form, read).await.map(drop)
}

/// Keeps a form whole and leaves it to a job, which begins when the form is not held any more.
pub(super) async fn start(app: &App, caller: &Actor, form: &Form<'_>, read: Read) -> Result<DraftId, UseCaseError> {
    start_as(app, caller, DraftId::new(random::id(app.clock.now())), form, read).await
}

async fn start_as(
    app: &App,
    caller: &Actor,
    id: DraftId,
    form: &Form<'_>,
    read: Read,
) -> Result<DraftId, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let desk = Desk::load(app, &mut tx, caller, form.wish, &read.rows).await?;
    drop(tx);
    let kept = form.terms(&id, caller, &desk, &read, now, now + UNFINISHED_AGE);
    let to_come = |(position, row): (usize, &FormRow)| row.kept(position, RowOutcome::ToCome, now);
    let rows: Vec<_> = read.rows.iter().enumerate().map(to_come).collect();
    let (mut tx, _) = use_cases::write_as(app, caller).await?;
    match terms::insert(&mut tx, &kept, rows.iter().map(invite_rows::size).sum()).await {
        // Somebody sends the same at this moment.
        Err(storage::Error::Taken(_)) => return Err(Conflict::ImportStarted.into()),
        inserted => inserted?,
    }
    keep_rows(app, tx, caller, &id, &rows).await?;
    // Nothing is done before everything is kept: a form that was cut off here is a kept form.
    let now = app.clock.now();
    let (mut tx, authority) = use_cases::write_as(app, caller).await?;
    require(&authority, Request::Use(Permission::Invite))?;
    // What sends nothing has nothing to hold.
    let due_at = if kept.only_adds { now } else { now + desk.settings.hold };
    rounds::begin(&mut tx, &id, (due_at > now).then_some(due_at)).await?;
    let job = JobId::new(random::id(now));
    jobs::insert(&mut tx, &job, JobKind::InviteRound, id.as_str(), &caller.user_id, due_at, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// Does the next part of a round.
///
/// # Errors
/// Whatever may pass, or is broken: nothing was written, and the job is to be tried again later.
pub async fn go_on(app: &App, job: &ClaimedJob) -> Result<JobStep, UseCaseError> {
    let (id, now) = (DraftId::new(&job.subject), app.clock.now());
    let mut tx = app.db.read().await?;
    let Some(terms) = terms::find(&mut tx, &id, &job.user_id, now).await? else { return end(app, job, None).await };
    let mut ahead: Vec<FormRow> = invite_rows::to_come(&mut tx, &id, AHEAD).await?.iter().map(FormRow::from).collect();
    if ahead.is_empty() {
        return end(app, job, None).await;
    }
    let (wish, actor) = (wish_of(&terms), Actor::by_job(job.user_id.clone()));
    // Before anything is looked up for them elsewhere.
    match Desk::load(app, &mut tx, &actor, &wish, &ahead).await {
        // What is looked up for a row is used by the part alone in which it goes.
        Ok(desk) => ahead.truncate(part::size(&desk)),
        Err(refusal) => return end(app, job, Some(stop_of(refusal)?)).await,
    }
    let mut lookalikes = Lookalikes::load(&mut tx, &ahead).await?;
    let checks_domains = use_cases::settings_of(&mut tx).await?.checks_domains;
    drop(tx);
    let unreachable = match checks_domains {
        true => look::unreachable(app, &job.user_id, &ahead).await,
        false => BTreeSet::new(),
    };

    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    if !jobs::hold_on(&mut tx, job, now).await? {
        return Ok(JobStep::Over);
    }
    let desk = match Desk::load(app, &mut tx, &actor, &wish, &ahead).await {
        Ok(desk) => desk,
        Err(refusal) => {
            let why = stop_of(refusal)?;
            return end_in(tx, job, Some(why), now).await;
        }
    };
    let mut kept = invite_rows::to_come(&mut tx, &id, part::size(&desk).min(AHEAD)).await?;
    let rows: Vec<FormRow> = kept.iter().map(FormRow::from).collect();
    let part = Part {
        app,
        inviter: &job.user_id,
        terms: &terms,
        desk: &desk,
        unreachable: &unreachable,
        due_at: now,
        lane: Lane::Round,
        now,
    };
    let outcomes = part.invite(&mut tx, &rows, &mut lookalikes).await?;
    for (row, outcome) in kept.iter_mut().zip(outcomes) {
        row.outcome = outcome;
    }
    invite_rows::settle(&mut tx, &kept).await?;
    tx.commit().await?;
    Ok(JobStep::GoesOn)
}

/// Gives a job up that broke again and again: what is left stays in its form.
///
/// # Errors
/// As long as not even that can be written.
pub async fn give_up(app: &App, job: &ClaimedJob) -> Result<JobStep, UseCaseError> {
    end(app, job, Some(RoundStop::Broken)).await
}

async fn end(app: &App, job: &ClaimedJob, stopped: Option<RoundStop>) -> Result<JobStep, UseCaseError> {
    end_in(app.db.write().await?, job, stopped, app.clock.now()).await
}

async fn end_in(
    mut tx: Tx,
    job: &ClaimedJob,
    stopped: Option<RoundStop>,
    now: Timestamp,
) -> Result<JobStep, UseCaseError> {
    if !jobs::finish(&mut tx, job).await? {
        return Ok(JobStep::Over);
    }
    let id = DraftId::new(&job.subject);
    if let Some(why) = stopped {
        rounds::stop(&mut tx, &id, why).await?;
        tracing::warn!(round = %id, ?why, "a round was stopped; the rest of it stays in its form");
    }
    terms::keep_until(&mut tx, &id, now + ROUND_AGE).await?;
    tx.commit().await?;
    Ok(JobStep::Over)
}

/// Ends the job of a round because somebody wants it so; the rest stays in its form.
pub async fn stop_round(tx: &mut Tx, id: &DraftId) -> Result<(), UseCaseError> {
    if jobs::is_any_about(tx, JobKind::InviteRound, id.as_str()).await? {
        jobs::end(tx, JobKind::InviteRound, id.as_str()).await?;
        rounds::stop(tx, id, RoundStop::Asked).await?;
    }
    Ok(())
}

/// What stands against the whole of a round for good.
///
/// # Errors
/// The refusal itself, when it may pass.
fn stop_of(refusal: UseCaseError) -> Result<RoundStop, UseCaseError> {
    match refusal {
        UseCaseError::SignInFirst | UseCaseError::Denied(_) => Ok(RoundStop::Rights),
        UseCaseError::NotFound
        | UseCaseError::Conflict(Conflict::UnitClosed)
        | UseCaseError::Invalid(Invalid::Role | Invalid::Unit) => Ok(RoundStop::Place),
        other => Err(other),
    }
}

/// The form as far as it says where everybody is invited to, and as what.
fn wish_of(terms: &FormTerms) -> InviteForm {
    InviteForm {
        units: terms.places.iter().map(ToString::to_string).collect(),
        role: terms.role.to_string(),
        extra: terms.extra,
        ..InviteForm::default()
    }
}
