//! One action for many: what is asked before it is done, how far it is, and what became of it.

use super::UnitRef;
use crate::domain::bulk::{BulkOutcome, BulkState};
use crate::domain::error::UseCaseError;
use crate::domain::id::{BulkId, UserId};
use crate::domain::user::{Status, UserAction};
use serde::{Deserialize, Serialize};

/// Some of those who were selected, of whom the same holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkGroup {
    pub outcome: BulkOutcome,
    /// Why it was not done, or is not going to be.
    pub refusal: Option<UseCaseError>,
    pub people: i64,
    /// The first of them, by what they are called; those whom the viewer does not see any more have no id.
    pub first: Vec<(Option<UserId>, String)>,
}

/// What the page of it shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkPage {
    pub id: BulkId,
    pub action: UserAction,
    /// It gives back what each had before this was done to them.
    pub takes_back: bool,
    pub state: BulkState,
    /// The run that took it back.
    pub undone_by: Option<BulkId>,
    /// For how many seconds it is still held.
    pub held: Option<i64>,
    /// Those to whom it is to be done, by where they stand; of all who were selected, and of those who are meant.
    pub ready: Vec<(Status, i64)>,
    pub meant: Vec<Status>,
    /// The units into which they can be brought, where that is asked.
    pub units: Vec<UnitRef>,
    /// How many letters whoever asks may still cause today, where it causes some.
    pub letters_left: Option<i64>,
    /// Each kind of outcome, failures first.
    pub groups: Vec<BulkGroup>,
    /// The list from which they were selected, as a path with its query.
    pub list: String,
}

impl BulkPage {
    /// How many are meant and still to come.
    pub fn to_come(&self) -> i64 {
        let is_meant = |status: &Status| self.meant.is_empty() || self.meant.contains(status);
        self.ready.iter().filter(|(status, _)| is_meant(status)).map(|(_, people)| people).sum()
    }

    /// How many came out in this way.
    pub fn people(&self, outcome: BulkOutcome) -> i64 {
        self.groups.iter().filter(|group| group.outcome == outcome).map(|group| group.people).sum()
    }

    /// How many have been dealt with.
    pub fn dealt_with(&self) -> i64 {
        [BulkOutcome::Done, BulkOutcome::Proposed, BulkOutcome::Failed].map(|outcome| self.people(outcome)).iter().sum()
    }
}
