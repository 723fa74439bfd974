//! Doing what a list changes about people who are there, one person in one transaction, by the verbs that everybody uses; and taking it
//! back. What somebody else has changed meanwhile is theirs.

use super::super::{Acting, Actor, JobStep, UseCaseError, places, require, seen, standing_of, users as people};
use crate::domain::bulk::{BulkOutcome, is_about_one, kept_refusal};
use crate::domain::id::{ImportId, UnitId, UserId};
use crate::domain::import::PersonChange;
use crate::domain::permission::Permission;
use crate::domain::policy::{Authority, Request};
use crate::domain::proposal::ProposalOutcome;
use crate::domain::timestamp::Timestamp;
use crate::domain::user::UserAction;
use crate::server::app::App;
use crate::server::storage::import_changes::{self, ImportChange};
use crate::server::storage::jobs::{self, ClaimedJob};
use crate::server::storage::{Tx, memberships};

/// Changes the next person.
///
/// # Errors
/// Whatever may pass: nothing was written, and the job is to be tried again later.
pub async fn go_on(app: &App, job: &ClaimedJob) -> Result<JobStep, UseCaseError> {
    let (id, now) = (ImportId::new(&job.subject), app.clock.now());
    let Some((mut tx, actor, authority)) = take_up(app, job, now).await? else { return Ok(JobStep::Over) };
    let Some(next) = import_changes::next(&mut tx, &id).await? else { return end(tx, job).await };
    let acting = Acting { app, caller: &actor, authority: &authority, now };
    let mut outcome = BulkOutcome::Done;
    for change in &next.changes {
        match carry_out(&mut tx, acting, &next.user_id, change).await {
            Ok(ProposalOutcome::Proposed) => outcome = BulkOutcome::Proposed,
            Ok(ProposalOutcome::Done | ProposalOutcome::DecidedAlone) => {}
            Err(refusal) if !is_about_one(&refusal) => return Err(refusal),
            Err(refusal) => {
                // What was begun with them is not kept.
                drop(tx);
                return fail(app, job, &id, next.position, refusal, now).await;
            }
        }
    }
    let left_as = standing_of(&memberships::of_user(&mut tx, &next.user_id).await?);
    import_changes::settle(&mut tx, &id, next.position, outcome, None, Some(left_as.as_str())).await?;
    tx.commit().await?;
    Ok(JobStep::GoesOn)
}

/// The next part of a job about a list, in a transaction of its own; nothing where it is over, since it was taken back, or whoever asked
/// for it may not import any more.
pub(super) async fn take_up(
    app: &App,
    job: &ClaimedJob,
    now: Timestamp,
) -> Result<Option<(Tx, Actor, Authority)>, UseCaseError> {
    let mut tx = app.db.write().await?;
    if !jobs::hold_on(&mut tx, job, now).await? {
        return Ok(None);
    }
    let actor = Actor::by_job(job.user_id.clone());
    match super::super::authority(app, &mut tx, &actor).await {
        Ok(authority) if require(&authority, Request::Use(Permission::Invite)).is_ok() => {
            Ok(Some((tx, actor, authority)))
        }
        Ok(_) | Err(UseCaseError::SignInFirst) => end(tx, job).await.map(|_| None),
        Err(other) => Err(other),
    }
}

/// Writes down that something stays as it is, and why.
pub(super) async fn leave(
    tx: &mut Tx,
    id: &ImportId,
    position: i64,
    refusal: UseCaseError,
) -> Result<(), UseCaseError> {
    let refusal = serde_json::to_string(&kept_refusal(refusal)).ok();
    Ok(import_changes::settle(tx, id, position, BulkOutcome::Failed, refusal.as_deref(), None).await?)
}

/// The same for a job, once what it had begun is not kept.
pub(super) async fn fail(
    app: &App,
    job: &ClaimedJob,
    id: &ImportId,
    position: i64,
    refusal: UseCaseError,
    now: Timestamp,
) -> Result<JobStep, UseCaseError> {
    let mut tx = app.db.write().await?;
    if !jobs::hold_on(&mut tx, job, now).await? {
        return Ok(JobStep::Over);
    }
    leave(&mut tx, id, position, refusal).await?;
    tx.commit().await?;
    Ok(JobStep::GoesOn)
}

pub(super) async fn end(mut tx: Tx, job: &ClaimedJob) -> Result<JobStep, UseCaseError> {
    if jobs::finish(&mut tx, job).await? {
        tx.commit().await?;
    }
    Ok(JobStep::Over)
}

/// Gives a job up that broke again and again: the rest is left as it is.
///
/// # Errors
/// As long as not even that can be written.
pub async fn give_up(app: &App, job: &ClaimedJob) -> Result<JobStep, UseCaseError> {
    end(app.db.write().await?, job).await
}

/// Does one change. After a refusal the transaction is not to be committed.
async fn carry_out(
    tx: &mut Tx,
    acting: Acting<'_>,
    id: &UserId,
    change: &PersonChange,
) -> Result<ProposalOutcome, UseCaseError> {
    match change {
        PersonChange::Name { after, .. } => people::rename_in(tx, acting, id, after).await?,
        PersonChange::Role { unit, after, .. } => {
            return places::change_in(tx, acting, (id, Some(unit)), (after, None)).await;
        }
        PersonChange::Unit { before, after, role, extra, .. } => {
            return places::move_in(tx, acting, (id, before, after), (role, *extra)).await;
        }
        PersonChange::Gone => people::archive_in(tx, acting, id).await?,
    }
    Ok(ProposalOutcome::Done)
}

/// Takes back what was changed about one person, as far as it still is what the list made of it; whether anything was. Whose places
/// anybody changed since keeps them.
pub(super) async fn take_back(tx: &mut Tx, acting: Acting<'_>, one: &ImportChange) -> Result<bool, UseCaseError> {
    let Acting { authority, now, .. } = acting;
    let (id, mut is_any) = (&one.user_id, false);
    let stands = seen(tx, authority, UserAction::See, id, now).await?.standing();
    let is_as_left = one.left_as.as_ref().is_none_or(|left_as| left_as == stands.as_str());
    for change in one.changes.iter().rev() {
        let person = seen(tx, authority, UserAction::See, id, now).await?;
        let holds = |unit: &UnitId| person.seen.iter().find(|held| &held.unit.id() == unit);
        match change {
            PersonChange::Name { before, after } if &person.user.name == after => {
                people::rename_in(tx, acting, id, before).await?;
            }
            _ if !is_as_left => continue,
            PersonChange::Role { unit, before, after } if holds(unit).is_some_and(|held| &held.role == after) => {
                places::change_in(tx, acting, (id, Some(unit)), (before, None)).await?;
            }
            PersonChange::Unit { before, after, role_before, extra, .. }
                if holds(after).is_some() && holds(before).is_none() =>
            {
                places::move_in(tx, acting, (id, after, before), (role_before, *extra)).await?;
            }
            PersonChange::Gone => {
                people::bring_back_in(tx, acting, id).await?;
            }
            _ => continue,
        }
        is_any = true;
    }
    Ok(is_any)
}
