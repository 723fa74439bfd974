//! What the page of the lists shows that have names.

use crate::domain::saved_view::SavedView;
use serde::{Deserialize, Serialize};

/// The page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewsPage {
    pub views: Vec<SavedView>,
    /// The list that could be saved.
    pub list: String,
}
