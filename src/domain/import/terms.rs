//! What is said of a list as a whole: what holds for everybody whose row says nothing else, what its texts mean, and how it is imported.

use crate::domain::coded::coded;
use crate::domain::id::{RoleId, UnitId};
use crate::domain::paste::PasteColumn;
use crate::domain::timestamp::Duration;
use serde::{Deserialize, Serialize};

coded! {
    /// What becomes of a list of which some rows cannot be taken (rule 32).
    /// Its code is how forms and the database write it.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    pub enum BatchPolicy {
        /// The others go, and these stay with their reasons.
        #[default]
        SkipBadRows = "skip",
        /// Nobody goes as long as one row stays.
        AllOrNothing = "all",
    }
}

coded! {
    /// What becomes of somebody in a list who is there already.
    /// Its code is how forms write it.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    pub enum ExistingPeople {
        /// They stay as they are.
        #[default]
        Skip = "skip",
        /// What the list says otherwise is changed.
        Update = "update",
    }
}

/// What a text in the column of roles, or of units, means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextMeaning {
    /// Of the column of roles, or of units.
    pub column: PasteColumn,
    pub text: String,
    /// The id of the role or the unit.
    pub id: String,
}

/// What holds for everybody of a list whose row says nothing else, and how it is imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportTerms {
    pub role: RoleId,
    pub unit: Option<UnitId>,
    pub language: String,
    pub personal_text: String,
    /// How long the links work; nothing is as usual.
    #[serde(default)]
    pub valid_for: Option<Duration>,
    /// Invitations are sent; else people are only added (rule 28).
    pub sends: bool,
    pub policy: BatchPolicy,
    /// What becomes of those who are there already.
    #[serde(default)]
    pub existing: ExistingPeople,
    /// The list names everybody of its unit: whoever does not stand in it is archived.
    #[serde(default)]
    pub is_everybody: bool,
}
