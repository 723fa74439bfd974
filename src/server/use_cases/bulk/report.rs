//! The report of one action for many, to be taken away: everybody who was selected, failures first.

use super::look::known;
use super::{own, read_refusal};
use crate::domain::bulk::BulkOutcome;
use crate::domain::error::UseCaseError;
use crate::domain::id::BulkId;
use crate::server::app::App;
use crate::server::storage::{bulk, users};
use crate::server::use_cases::{self, Actor};
use crate::words::Language;

/// How many people are read at once.
const READ_AT_ONCE: usize = 500;

/// Somebody who was selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportLine {
    pub name: String,
    /// What they sign in with.
    pub identifier: String,
    pub outcome: BulkOutcome,
    pub refusal: Option<UseCaseError>,
}

/// Where a report goes on.
#[derive(Clone, Copy, Debug)]
pub struct ReportPlace {
    outcome: usize,
    position: i64,
}

impl ReportPlace {
    pub const START: Self = Self { outcome: 0, position: -1 };
}

/// The next lines of a report of the caller's own, in the caller's language, and where it goes on.
pub async fn report(
    app: &App,
    caller: &Actor,
    id: &BulkId,
    from: ReportPlace,
) -> Result<(Vec<ReportLine>, Option<ReportPlace>, Language), UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = use_cases::read_as(app, caller).await?;
    own(&mut tx, &authority, caller, id, now).await?;
    let language = users::find(&mut tx, &caller.user_id).await?.map_or(Language::default(), |user| user.language);
    let Some(outcome) = BulkOutcome::ALL.get(from.outcome) else { return Ok((Vec::new(), None, language)) };
    let rows = bulk::behind(&mut tx, id, *outcome, from.position, READ_AT_ONCE).await?;
    let people = known(&mut tx, &authority, &rows).await?;
    let next = match rows.last() {
        Some(last) if rows.len() == READ_AT_ONCE => ReportPlace { position: last.row.position, ..from },
        _ => ReportPlace { outcome: from.outcome + 1, position: -1 },
    };
    let lines = rows.into_iter().map(|row| {
        let user = row.user_id.as_ref().and_then(|id| people.get(id));
        let (name, identifier) = match user {
            Some(user) => (user.name.clone(), user.identifier().to_string()),
            None if row.user_id.is_none() => (language.deleted_user(row.row.person), String::new()),
            None => (language.user_elsewhere(row.row.person), String::new()),
        };
        ReportLine { name, identifier, outcome: row.row.outcome, refusal: read_refusal(row.row.refusal.as_deref()) }
    });
    Ok((lines.collect(), Some(next), language))
}
