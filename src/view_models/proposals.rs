//! What waits for a second administrator, as pages show it.

use super::{FormattedTime, HistoryLine, MoveReach, Person};
use crate::domain::error::UseCaseError;
use crate::domain::id::ProposalId;
use serde::{Deserialize, Serialize};

/// A proposal, as pages show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposalSummary {
    pub id: ProposalId,
    pub by: Person,
    pub since: FormattedTime,
    /// What would be done, as the history says that it was proposed.
    pub lines: Vec<HistoryLine>,
    /// Of a move, whom it gives rights and from whom it takes them, as far as the viewer decides there.
    pub reach: Option<MoveReach>,
    /// `Err` says why the viewer does not agree to it.
    pub may_agree: Result<(), UseCaseError>,
}
