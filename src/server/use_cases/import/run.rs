//! Running a list: those of its people who are ready are taken, by a round for each unit, which a job goes through part by part. What is
//! to be done is written down before anything is done, so that whatever is cut off can be gone on with and nobody is taken twice.

use super::super::invite::{FormRow, start_list};
use super::super::{Actor, UseCaseError};
use super::check::{Meant, form_of, read};
use super::compare::gone;
use super::{KEPT, check, own};
use crate::domain::bulk::read_number;
use crate::domain::error::{Conflict, Invalid};
use crate::domain::id::{DraftId, ImportId, JobId, UnitId};
use crate::domain::import::{
    BatchPolicy, FindingKind, ImportList, PersonChange, PlannedRound, RowFinding, asks_about_gone,
};
use crate::domain::job::JobKind;
use crate::domain::timestamp::Timestamp;
use crate::server::app::App;
use crate::server::random;
use crate::server::storage::import_changes::{self, ImportChange};
use crate::server::storage::{imports, jobs, rounds};
use std::collections::BTreeMap;

/// Takes the people of a list, and changes those who are there; once it has begun, begins what was cut off. `typed` is how many are
/// archived, where that is asked.
///
/// # Errors
/// `ImportHasErrors` when all are to be taken or nobody, and one of them cannot be; `NumberNotConfirmed` when more than a fifth would be
/// archived and their number was not typed; `NobodyToInvite` when there is nothing to be done.
pub async fn run(app: &App, caller: &Actor, id: &ImportId, typed: &str) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let (_, mut stored) = own(app, &mut tx, caller, id, now).await?;
    drop(tx);
    if stored.started_at.is_none() {
        check(app, caller, &mut stored.list).await?;
        if stored.list.terms.policy == BatchPolicy::AllOrNothing && !stored.list.is_without_errors() {
            return Err(Conflict::ImportHasErrors.into());
        }
        stored.list.rounds = plan(app, caller, &mut stored.list).await?;
        let changes = changes(app, caller, &stored.list, typed, now).await?;
        if stored.list.rounds.is_empty() && changes.is_empty() {
            return Err(Invalid::NobodyToInvite.into());
        }
        let mut tx = app.db.write().await?;
        super::super::authority(app, &mut tx, caller).await?;
        if !imports::start(&mut tx, &stored, now + KEPT, now).await? {
            return Err(Conflict::ChangedMeanwhile.into());
        }
        if !changes.is_empty() {
            import_changes::insert_all(&mut tx, id, &changes).await?;
            let job = JobId::new(random::id(now));
            jobs::insert(&mut tx, &job, JobKind::ImportChanges, id.as_str(), &caller.user_id, now, now).await?;
        }
        tx.commit().await?;
    }
    for round in stored.list.rounds.clone() {
        let mut tx = app.db.read().await?;
        let has_begun = rounds::find(&mut tx, &round.id).await?.is_some();
        drop(tx);
        if !has_begun {
            let rows = rows_of(app, caller, &mut stored.list, &round).await?;
            let wish = form_of(&stored.list, round.unit.as_ref());
            start_list(app, caller, &round.id, &wish, rows).await?;
        }
    }
    Ok(())
}

/// What is changed about those who are there, and whoever is archived with a list that names everybody.
async fn changes(
    app: &App,
    caller: &Actor,
    list: &ImportList,
    typed: &str,
    now: Timestamp,
) -> Result<Vec<ImportChange>, UseCaseError> {
    let place = |nth: usize| i64::try_from(nth).unwrap_or(i64::MAX);
    let mut all: Vec<ImportChange> = list
        .rows
        .iter()
        .filter(|row| !row.is_dropped)
        .filter_map(|row| match &row.finding {
            Some(RowFinding::Differs { user_id, changes, .. }) => {
                Some(ImportChange { position: place(row.line), user_id: user_id.clone(), changes: changes.clone() })
            }
            _ => None,
        })
        .collect();
    if !list.terms.is_everybody {
        return Ok(all);
    }
    // Whom a row means that cannot be read, nobody knows: they would be archived.
    if !list.is_without_errors() {
        return Err(Conflict::ImportHasErrors.into());
    }
    let mut tx = app.db.read().await?;
    let authority = super::super::authority(app, &mut tx, caller).await?;
    let (gone, of) = gone(&mut tx, &authority, list, now).await?;
    if asks_about_gone(gone.len(), of) && read_number(typed) != Some(place(gone.len())) {
        return Err(Conflict::NumberNotConfirmed.into());
    }
    let behind = list.rows.iter().map(|row| row.line).max().unwrap_or_default() + 1;
    all.extend(gone.into_iter().enumerate().map(|(nth, (user_id, _))| ImportChange {
        position: place(behind + nth),
        user_id,
        changes: vec![PersonChange::Gone],
    }));
    Ok(all)
}

/// The rounds of those who are ready, one for each unit.
async fn plan(app: &App, caller: &Actor, list: &mut ImportList) -> Result<Vec<PlannedRound>, UseCaseError> {
    let findings: Vec<Option<RowFinding>> = list.rows.iter().map(|row| row.finding.clone()).collect();
    let meant = read(app, caller, list).await?;
    let mut by_unit: BTreeMap<Option<UnitId>, Vec<usize>> = BTreeMap::new();
    for ((row, finding), meant) in list.rows.iter_mut().zip(findings).zip(meant) {
        let is_ready = finding.as_ref().is_some_and(|finding| finding.kind() == FindingKind::Ready);
        row.finding = finding;
        if let Some(Meant { unit, .. }) = meant.filter(|_| is_ready && !row.is_dropped) {
            by_unit.entry(unit).or_default().push(row.line);
        }
    }
    let now = app.clock.now();
    let round = |(unit, lines)| PlannedRound { id: DraftId::new(random::id(now)), unit, lines };
    Ok(by_unit.into_iter().map(round).collect())
}

/// The rows of a round, in its order.
async fn rows_of(
    app: &App,
    caller: &Actor,
    list: &mut ImportList,
    round: &PlannedRound,
) -> Result<Vec<FormRow>, UseCaseError> {
    let findings: Vec<Option<RowFinding>> = list.rows.iter().map(|row| row.finding.clone()).collect();
    let meant = read(app, caller, list).await?;
    let mut rows = Vec::with_capacity(round.lines.len());
    for ((row, finding), meant) in list.rows.iter_mut().zip(findings).zip(meant) {
        row.finding = finding;
        if let Some(Meant { row: form_row, .. }) = meant
            && round.lines.binary_search(&row.line).is_ok()
        {
            rows.push(form_row);
        }
    }
    Ok(rows)
}
