//! Lines of history, and who is named in them.

use super::FormattedTime;
use crate::domain::audit::AuditAction;
use crate::domain::contact::Channel;
use crate::domain::id::UserId;
use crate::domain::message::outcome::DeliveryReason;
use serde::{Deserialize, Serialize};

/// What happened to an invitation or to its messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Happening {
    AuditAction(AuditAction),
    Queued(Channel),
    /// It is tried again; why, where that is known. The relay's words are in the line.
    PutOff(Channel, Option<DeliveryReason>),
    HandedOver(Channel),
    Failed(Channel, Option<DeliveryReason>),
    /// The link ended before the message could leave.
    TooLate,
    /// It reached the person, as the other side said later.
    Delivered(Channel),
    /// The other side had taken it, and could not deliver it after all.
    CameBack(Channel, Option<DeliveryReason>),
    Opened,
}

/// One line of a timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryLine {
    pub when: FormattedTime,
    /// Who did it; `None` is the system.
    pub actor: Option<Person>,
    pub happening: Happening,
    pub subject: Option<Person>,
    /// Where, if it happened at a unit.
    pub unit: Option<String>,
    pub before: String,
    pub after: String,
}

/// Somebody named in a line; a deleted person has a number instead of a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: UserId,
    pub title: String,
    /// Set when the person was deleted.
    pub gone: Option<i64>,
}

/// One page of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPage {
    pub rows: Vec<HistoryLine>,
    pub previous: Option<String>,
    pub next: Option<String>,
}
