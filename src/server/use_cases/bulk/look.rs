//! What the page of one action for many shows: who is meant, who is passed over and why, how far it is, what became of it.

use super::{own, read_refusal};
use crate::domain::bulk::{BulkOutcome, BulkState};
use crate::domain::contact::in_letters;
use crate::domain::id::{BulkId, UserId};
use crate::domain::permission::Permission;
use crate::domain::policy::Authority;
use crate::domain::user::{User, UserAction};
use crate::server::app::App;
use crate::server::storage::bulk::NamedRow;
use crate::server::storage::{Tx, bulk, memberships, users};
use crate::server::use_cases::{self, Actor, UseCaseError};
use crate::view_models::{BulkGroup, BulkPage};
use crate::words::Language;
use std::collections::{HashMap, HashSet};

/// How many units are offered.
const MOST_UNITS: usize = 500;

/// How many of those of whom the same holds are named.
const MOST_NAMES: usize = 3;

/// The page of a run of the caller's own; `list` is the one from which they were selected.
pub async fn page(app: &App, caller: &Actor, id: &BulkId, list: String) -> Result<BulkPage, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = use_cases::read_as(app, caller).await?;
    let run = own(&mut tx, &authority, caller, id, now).await?;
    let language = users::find(&mut tx, &caller.user_id).await?.map_or(Language::default(), |user| user.language);
    let mut ready = Vec::new();
    let mut kinds: Vec<(BulkOutcome, Option<String>, i64)> = Vec::new();
    for tally in bulk::tally(&mut tx, id).await? {
        if tally.outcome == BulkOutcome::Ready {
            ready.push((tally.status, tally.people));
        }
        match kinds.iter_mut().find(|(outcome, refusal, _)| *outcome == tally.outcome && *refusal == tally.refusal) {
            Some((_, _, people)) => *people += tally.people,
            None => kinds.push((tally.outcome, tally.refusal, tally.people)),
        }
    }
    kinds.sort_by_key(|(outcome, _, people)| (*outcome, -people));
    let mut groups = Vec::with_capacity(kinds.len());
    for (outcome, refusal, people) in kinds {
        let first = bulk::first_of(&mut tx, id, outcome, refusal.as_deref(), MOST_NAMES).await?;
        let first = named(&mut tx, &authority, language, &first).await?;
        groups.push(BulkGroup { outcome, refusal: read_refusal(refusal.as_deref()), people, first });
    }
    let mut units = Vec::new();
    if run.action == UserAction::AddPlace
        && !run.takes_back
        && matches!(run.state, BulkState::Asked | BulkState::Stopped)
    {
        units = use_cases::import::within_reach(&mut tx, &authority).await?;
        units.truncate(MOST_UNITS);
    }
    let letters_left = match run.action {
        UserAction::Resend | UserAction::Remind => {
            Some(use_cases::outbox::letters_left(app, &mut tx, &caller.user_id, now).await?)
        }
        _ => None,
    };
    Ok(BulkPage {
        undone_by: bulk::newest_of(&mut tx, id, now).await?,
        letters_left,
        id: run.id,
        action: run.action,
        takes_back: run.takes_back,
        state: run.state,
        held: run.held_until.map(|until| (until - now).as_seconds_up()).filter(|seconds| *seconds > 0),
        ready,
        meant: run.meant,
        units: units.iter().map(use_cases::users::unit_ref).collect(),
        groups,
        list,
    })
}

/// Who these are, for somebody who sees this much: the others have a number, as in the history.
async fn named(
    tx: &mut Tx,
    authority: &Authority,
    language: Language,
    rows: &[NamedRow],
) -> Result<Vec<(Option<UserId>, String)>, UseCaseError> {
    let known = known(tx, authority, rows).await?;
    let name = |row: &NamedRow| match row.user_id.as_ref().and_then(|id| known.get(id)) {
        Some(user) => (Some(user.id.clone()), in_letters(user.title())),
        None if row.user_id.is_none() => (None, language.deleted_user(row.row.person)),
        None => (None, language.user_elsewhere(row.row.person)),
    };
    Ok(rows.iter().map(name).collect())
}

/// Those of these rows who are there and seen.
pub(super) async fn known(
    tx: &mut Tx,
    authority: &Authority,
    rows: &[NamedRow],
) -> Result<HashMap<UserId, User>, UseCaseError> {
    let ids: Vec<UserId> = rows.iter().filter_map(|row| row.user_id.clone()).collect();
    let held = memberships::of_users(tx, &ids).await?;
    let is_seen = |held: &&memberships::Membership| authority.reaches(Permission::SeeUsers, &held.unit);
    let seen: HashSet<UserId> = held.iter().filter(is_seen).map(|held| held.user_id.clone()).collect();
    let seen: Vec<UserId> = ids.into_iter().filter(|id| seen.contains(id)).collect();
    Ok(users::find_all(tx, &seen).await?.into_iter().map(|user| (user.id.clone(), user)).collect())
}
