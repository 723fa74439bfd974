//! What the first page shows of whoever looks.

use crate::domain::listing::HeldRole;
use serde::{Deserialize, Serialize};

/// Who they are here, and what waits for them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartPage {
    /// What they hold that counts.
    pub places: Vec<HeldRole>,
    /// How many invitations and changes wait for a second administrator, where they may be one.
    #[serde(default)]
    pub to_approve: usize,
    /// Those who come in are asked to agree to a text that is a sample, and they may write another one.
    #[serde(default)]
    pub asks_samples: bool,
}
