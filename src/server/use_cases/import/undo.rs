//! Undoing a list for a day: whoever was taken by it and stands as they were taken goes again, with the invitation that was not accepted.
//! Whoever has come in, or was changed since, stays. A short list is undone before the form is answered, a long one by a job.

use super::super::{Acting, Actor, JobStep, UseCaseError, held, require};
use super::apply::{end, fail, leave, take_back, take_up};
use super::own;
use crate::domain::bulk::{BulkOutcome, SOON, is_about_one};
use crate::domain::error::Conflict;
use crate::domain::id::{DraftId, ImportId, InvitationId, JobId};
use crate::domain::job::JobKind;
use crate::domain::permission::Permission;
use crate::domain::policy::Request;
use crate::domain::review::RowOutcome;
use crate::server::app::App;
use crate::server::random;
use crate::server::storage::imports::StoredImport;
use crate::server::storage::jobs::{self, ClaimedJob};
use crate::server::storage::{Tx, import_changes, imports, invite_rows};
use serde::{Deserialize, Serialize};

/// Of how many people one transaction takes care: some twenty milliseconds.
const MOST_UNDONE: usize = 25;

/// What of a list is still to be undone, beside what it changed about people who were there: a job keeps it between two parts.
#[derive(Debug, Serialize, Deserialize)]
struct LeftToUndo {
    rounds: Vec<DraftId>,
    /// Behind which row of the first one it goes on.
    behind: Option<i64>,
    /// The list invited nobody.
    only_added: bool,
}

impl LeftToUndo {
    fn of(stored: &StoredImport) -> Self {
        let rounds = stored.list.rounds.iter().map(|round| round.id.clone()).collect();
        Self { rounds, behind: None, only_added: !stored.list.terms.sends }
    }

    /// As a job keeps it.
    fn written(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// What one part came to.
enum UndonePart {
    /// It was done for so many people, and there is more.
    Undone(usize),
    /// It cannot be undone of the person of this change, who stays as they are; nothing of the part may be kept.
    Refused {
        position: i64,
        refusal: UseCaseError,
    },
    Over,
}

/// Takes the next part back.
async fn part(
    tx: &mut Tx,
    acting: Acting<'_>,
    id: &ImportId,
    rest: &mut LeftToUndo,
) -> Result<UndonePart, UseCaseError> {
    if let Some(one) = import_changes::first_done(tx, id).await? {
        return match take_back(tx, acting, &one).await {
            Ok(true) => {
                import_changes::remove(tx, id, one.position).await?;
                Ok(UndonePart::Undone(1))
            }
            Ok(false) => Ok(UndonePart::Refused { position: one.position, refusal: Conflict::AccessChanged.into() }),
            Err(refusal) if is_about_one(&refusal) => Ok(UndonePart::Refused { position: one.position, refusal }),
            Err(refusal) => Err(refusal),
        };
    }
    let Some(round) = rest.rounds.first() else { return Ok(UndonePart::Over) };
    let rows = invite_rows::invited_behind(tx, round, rest.behind, MOST_UNDONE).await?;
    let Some(last) = rows.last() else {
        rest.rounds.remove(0);
        rest.behind = None;
        return Ok(UndonePart::Undone(0));
    };
    rest.behind = Some(last.position);
    let made: Vec<InvitationId> = rows
        .iter()
        .filter_map(|row| match &row.outcome {
            RowOutcome::Invited(invitation) => Some(invitation.clone()),
            _ => None,
        })
        .collect();
    Ok(UndonePart::Undone(held::undo_unchanged(tx, acting, &made, rest.only_added).await?))
}

/// Undoes a list; of how many people, or nothing where a job is at it from now on.
///
/// # Errors
/// `NothingToUndo` when nobody is left who stands as they were taken; `ImportStarted` while a job is still at it.
pub async fn undo(app: &App, caller: &Actor, id: &ImportId) -> Result<Option<usize>, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let (_, stored) = own(app, &mut tx, caller, id, now).await?;
    if is_at_work(&mut tx, &stored).await? {
        return Err(Conflict::ImportStarted.into());
    }
    if stored.undone_at.is_some() {
        return Err(Conflict::NothingToUndo.into());
    }
    let tally = import_changes::tally(&mut tx, id).await?;
    let changed: i64 = tally.iter().filter(|(outcome, _)| *outcome == BulkOutcome::Done).map(|(_, n)| n).sum();
    let taken: usize = stored.list.rounds.iter().map(|round| round.lines.len()).sum();
    let mut rest = LeftToUndo::of(&stored);
    if changed.saturating_add(i64::try_from(taken).unwrap_or(i64::MAX)) > SOON {
        let job = JobId::new(random::id(now));
        jobs::insert(&mut tx, &job, JobKind::ImportUndo, id.as_str(), &caller.user_id, now, now).await?;
        jobs::note_place(&mut tx, &job, &rest.written()).await?;
        tx.commit().await?;
        return Ok(None);
    }
    drop(tx);
    let mut undone = 0;
    loop {
        let (mut tx, authority) = super::super::write_as(app, caller).await?;
        require(&authority, Request::Use(Permission::Invite))?;
        match part(&mut tx, Acting { app, caller, authority: &authority, now }, id, &mut rest).await? {
            UndonePart::Undone(people) => {
                tx.commit().await?;
                undone += people;
            }
            UndonePart::Refused { position, refusal } => {
                drop(tx);
                let mut tx = app.db.write().await?;
                leave(&mut tx, id, position, refusal).await?;
                tx.commit().await?;
            }
            UndonePart::Over if undone == 0 => return Err(Conflict::NothingToUndo.into()),
            UndonePart::Over => {
                imports::undo(&mut tx, id, now).await?;
                tx.commit().await?;
                return Ok(Some(undone));
            }
        }
    }
}

/// Whether a job is at a list, whatever it does.
pub(super) async fn is_at_work(tx: &mut Tx, stored: &StoredImport) -> Result<bool, UseCaseError> {
    for round in &stored.list.rounds {
        if jobs::is_any_about(tx, JobKind::InviteRound, round.id.as_str()).await? {
            return Ok(true);
        }
    }
    for kind in [JobKind::ImportChanges, JobKind::ImportUndo] {
        if jobs::is_any_about(tx, kind, stored.id.as_str()).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Takes the next part of a long list back.
///
/// # Errors
/// Whatever may pass: nothing was written, and the job is to be tried again later.
pub async fn go_on_undoing(app: &App, job: &ClaimedJob) -> Result<JobStep, UseCaseError> {
    let (id, now) = (ImportId::new(&job.subject), app.clock.now());
    let Some((mut tx, actor, authority)) = take_up(app, job, now).await? else { return Ok(JobStep::Over) };
    // A list that its owner forgot, or that cannot be read any more, is over.
    let Ok(mut rest) = serde_json::from_str::<LeftToUndo>(&jobs::place(&mut tx, job).await?) else {
        return end(tx, job).await;
    };
    let acting = Acting { app, caller: &actor, authority: &authority, now };
    match part(&mut tx, acting, &id, &mut rest).await? {
        UndonePart::Undone(_) => {
            jobs::note_place(&mut tx, &job.id, &rest.written()).await?;
            tx.commit().await?;
            Ok(JobStep::GoesOn)
        }
        UndonePart::Refused { position, refusal } => {
            drop(tx);
            fail(app, job, &id, position, refusal, now).await
        }
        UndonePart::Over => {
            imports::undo(&mut tx, &id, now).await?;
            end(tx, job).await
        }
    }
}

/// Stops what a list is at; whoever was taken before stays, and nothing happens to the others.
///
/// # Errors
/// `NotFound` when there is no such list.
pub async fn stop(app: &App, caller: &Actor, id: &ImportId) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let (_, stored) = own(app, &mut tx, caller, id, now).await?;
    for round in &stored.list.rounds {
        super::super::invite::stop_round(&mut tx, &round.id).await?;
    }
    if jobs::is_any_about(&mut tx, JobKind::ImportChanges, id.as_str()).await? {
        jobs::end(&mut tx, JobKind::ImportChanges, id.as_str()).await?;
        import_changes::pass_over_the_rest(&mut tx, id).await?;
    }
    jobs::end(&mut tx, JobKind::ImportUndo, id.as_str()).await?;
    Ok(tx.commit().await?)
}
