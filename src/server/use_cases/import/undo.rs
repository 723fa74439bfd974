//! Undoing a list for a day: whoever was taken by it and stands as they were taken goes again, with the invitation that was not accepted.
//! Whoever has come in, or was changed since, stays.

use super::super::{Actor, UseCaseError, held};
use super::apply::take_back;
use super::own;
use crate::domain::bulk::is_about_one;
use crate::domain::error::Conflict;
use crate::domain::id::{ImportId, InvitationId};
use crate::domain::job::JobKind;
use crate::domain::review::RowOutcome;
use crate::domain::timestamp::Timestamp;
use crate::server::app::App;
use crate::server::storage::{import_changes, imports, invite_rows, jobs};

/// Of how many people one transaction takes care: some twenty milliseconds.
const MOST_UNDONE: usize = 25;

/// Takes back what was changed about people who were there: of how many. Of whom it cannot be, they stay as they are.
async fn take_changes_back(app: &App, caller: &Actor, id: &ImportId, now: Timestamp) -> Result<usize, UseCaseError> {
    let (mut undone, mut after) = (0, -1);
    loop {
        let mut tx = app.db.write().await?;
        let (authority, _) = own(app, &mut tx, caller, id, now).await?;
        let Some(one) = import_changes::done_behind(&mut tx, id, after).await? else { return Ok(undone) };
        after = one.position;
        match take_back(app, &mut tx, caller, &authority, &one.user_id, &one.changes, now).await {
            Ok(is_any) => {
                import_changes::remove(&mut tx, id, one.position).await?;
                tx.commit().await?;
                undone += usize::from(is_any);
            }
            Err(refusal) if is_about_one(&refusal) => {}
            Err(refusal) => return Err(refusal),
        }
    }
}

/// Undoes a list; of how many people.
///
/// # Errors
/// `NothingToUndo` when nobody is left who stands as they were taken; `ImportStarted` while a job is still at it.
pub async fn undo(app: &App, caller: &Actor, id: &ImportId) -> Result<usize, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let (_, stored) = own(app, &mut tx, caller, id, now).await?;
    for round in &stored.list.rounds {
        if jobs::is_any_about(&mut tx, JobKind::InviteRound, round.id.as_str()).await? {
            return Err(Conflict::ImportStarted.into());
        }
    }
    if jobs::is_any_about(&mut tx, JobKind::ImportChanges, id.as_str()).await? {
        return Err(Conflict::ImportStarted.into());
    }
    drop(tx);
    let mut undone = take_changes_back(app, caller, id, now).await?;
    for round in &stored.list.rounds {
        let mut after = None;
        loop {
            let mut tx = app.db.write().await?;
            let (authority, _) = own(app, &mut tx, caller, id, now).await?;
            let rows = invite_rows::invited_behind(&mut tx, &round.id, after, MOST_UNDONE).await?;
            let Some(last) = rows.last().map(|row| row.position) else { break };
            let made: Vec<InvitationId> = rows
                .iter()
                .filter_map(|row| match &row.outcome {
                    RowOutcome::Invited(invitation) => Some(invitation.clone()),
                    _ => None,
                })
                .collect();
            let only_added = !stored.list.terms.sends;
            undone += held::undo_unchanged(app, &mut tx, caller, &authority, (&made, only_added), now).await?;
            tx.commit().await?;
            after = Some(last);
        }
    }
    if undone == 0 {
        return Err(Conflict::NothingToUndo.into());
    }
    let mut tx = app.db.write().await?;
    own(app, &mut tx, caller, id, now).await?;
    imports::undo(&mut tx, id, now).await?;
    tx.commit().await?;
    Ok(undone)
}
