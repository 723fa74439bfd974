//! Running a list: those of its people who are ready are taken, by a round for each unit, which a job goes through part by part. What is
//! to be done is written down before anything is done, so that whatever is cut off can be gone on with and nobody is taken twice.

use super::super::invite::{FormRow, start_list};
use super::super::{Actor, UseCaseError};
use super::change::{is_current, take};
use super::check::{Meant, form_of, read};
use super::compare::{MissingPeople, missing};
use super::{KEPT, check, check_and_save, own, save};
use crate::domain::bulk::read_number;
use crate::domain::error::{Conflict, Invalid};
use crate::domain::id::{DraftId, ImportId, JobId, RoleId, UnitId};
use crate::domain::import::{
    BatchPolicy, ImportList, ListWish, PersonChange, PlannedRound, RowFinding, asks_about_gone,
};
use crate::domain::job::JobKind;
use crate::domain::timestamp::Timestamp;
use crate::server::app::App;
use crate::server::random;
use crate::server::storage::import_changes::{self, ImportChange};
use crate::server::storage::imports::StoredImport;
use crate::server::storage::{imports, jobs, roles, rounds};
use std::collections::BTreeMap;

/// Takes the people of a list as its page says it, and changes those who are there; once it has begun, begins what was cut off. `typed`
/// is how many are archived, where that is asked.
///
/// # Errors
/// `ImportLooksOtherwise` where something else would be done than the page showed; `ImportHasErrors` when all are to be taken or nobody,
/// and one of them cannot be; `NumberNotConfirmed` when more than a fifth would be archived and their number was not typed;
/// `NobodyToImport` when there is nothing to be done. What was chosen on the page is kept then.
pub async fn run(app: &App, caller: &Actor, id: &ImportId, wish: &ListWish, typed: &str) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let (_, mut stored) = own(app, &mut tx, caller, id, now).await?;
    drop(tx);
    if stored.started_at.is_none() {
        let shown = stored.list.clone();
        is_current(&stored, wish)?;
        if let Err(refusal) = take(app, &mut stored, wish).await {
            check_and_save(app, caller, stored).await?;
            return Err(refusal);
        }
        match plan(app, caller, &mut stored, wish, &shown, typed, now).await {
            Ok(changes) => begin(app, caller, &stored, &changes, now).await?,
            Err(refusal) => {
                if stored.list != shown {
                    save(app, caller, &stored).await?;
                }
                return Err(refusal);
            }
        }
    }
    for round in stored.list.rounds.clone() {
        let mut tx = app.db.read().await?;
        let has_begun = rounds::find(&mut tx, &round.id).await?.is_some();
        drop(tx);
        if !has_begun {
            let rows = rows_of(app, caller, &mut stored.list, &round).await?;
            let wish = form_of(&stored.list, &round.units);
            start_list(app, caller, &round.id, &wish, rows).await?;
        }
    }
    Ok(())
}

/// What is to be done: the rounds, which the list holds from now on, and what is changed about those who are there.
async fn plan(
    app: &App,
    caller: &Actor,
    stored: &mut StoredImport,
    wish: &ListWish,
    shown: &ImportList,
    typed: &str,
    now: Timestamp,
) -> Result<Vec<ImportChange>, UseCaseError> {
    let list = &mut stored.list;
    let meant = check(app, caller, list).await?;
    if !wish.version.is_empty() && !list.does_the_same_as(shown) {
        return Err(Conflict::ImportLooksOtherwise.into());
    }
    if list.terms.policy == BatchPolicy::AllOrNothing && !list.is_without_errors() {
        return Err(Conflict::ImportHasErrors.into());
    }
    let changes = changes(app, caller, list, typed, now).await?;
    let rounds = rounds_of(list, meant, now);
    if rounds.is_empty() && changes.is_empty() {
        return Err(Invalid::NobodyToImport.into());
    }
    list.rounds = rounds;
    Ok(changes)
}

/// Writes down what is to be done.
async fn begin(
    app: &App,
    caller: &Actor,
    stored: &StoredImport,
    changes: &[ImportChange],
    now: Timestamp,
) -> Result<(), UseCaseError> {
    let (mut tx, _) = super::super::write_as(app, caller).await?;
    let known = roles::known(&mut tx).await?;
    let is_of_owner = |role: &RoleId| known.iter().any(|known| known.is_top && &known.id == role);
    if changes.iter().flat_map(|change| &change.changes).filter_map(PersonChange::role_before).any(is_of_owner) {
        super::super::signed_in_lately(&mut tx, caller, now).await?;
    }
    if !imports::start(&mut tx, stored, now + KEPT, now).await? {
        return Err(Conflict::ChangedMeanwhile.into());
    }
    if !changes.is_empty() {
        import_changes::insert_all(&mut tx, &stored.id, changes).await?;
        let job = JobId::new(random::id(now));
        jobs::insert(&mut tx, &job, JobKind::ImportChanges, stored.id.as_str(), &caller.user_id, now, now).await?;
    }
    Ok(tx.commit().await?)
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
            Some(RowFinding::Differs { user_id, changes, .. }) => Some(ImportChange {
                position: place(row.line),
                user_id: user_id.clone(),
                changes: changes.clone(),
                left_as: None,
            }),
            _ => None,
        })
        .collect();
    if !list.terms.is_everybody {
        return Ok(all);
    }
    // Whom a row means that cannot be read, nobody knows: they would be archived.
    if !list.is_without_errors() {
        return Err(Conflict::ArchivingHasErrors.into());
    }
    let (mut tx, authority) = super::super::read_as(app, caller).await?;
    let MissingPeople { gone, of, .. } = missing(&mut tx, &authority, list, now).await?;
    if asks_about_gone(gone.len(), of) && read_number(typed) != Some(place(gone.len())) {
        return Err(Conflict::NumberNotConfirmed.into());
    }
    let behind = list.rows.iter().map(|row| row.line).max().unwrap_or_default() + 1;
    all.extend(gone.into_iter().enumerate().map(|(nth, (user_id, _))| ImportChange {
        position: place(behind + nth),
        user_id,
        changes: vec![PersonChange::Gone],
        left_as: None,
    }));
    Ok(all)
}

/// The rounds of those who are ready, one for all who go to the same units.
fn rounds_of(list: &ImportList, meant: Vec<Option<Meant>>, now: Timestamp) -> Vec<PlannedRound> {
    let mut by_units: BTreeMap<Vec<UnitId>, Vec<usize>> = BTreeMap::new();
    for (row, meant) in list.rows.iter().zip(meant) {
        let is_taken = matches!(&row.finding, Some(RowFinding::Judged(verdict)) if verdict.is_ready());
        if let Some(Meant { units, .. }) = meant.filter(|_| is_taken && !row.is_dropped) {
            by_units.entry(units).or_default().push(row.line);
        }
    }
    let round = |(units, lines)| PlannedRound { id: DraftId::new(random::id(now)), units, lines };
    by_units.into_iter().map(round).collect()
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
