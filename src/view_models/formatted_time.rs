//! A time with its words: the browser carries no calendar.

use crate::domain::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// A moment with its words, in the reader's language and the installation's zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormattedTime {
    pub at: Timestamp,
    /// `20 Nov, 10:02`.
    pub short: String,
    /// `Fri 20 Nov 2026, 10:02 (Europe/Minsk)`; nothing in the rows of a list, which say it shortly.
    pub exact: String,
}
