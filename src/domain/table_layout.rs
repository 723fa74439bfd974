//! How somebody likes to look at the users table: which of its columns, and how high its rows are. Nothing is decided by it.

use super::coded::coded;
use serde::{Deserialize, Serialize};

coded! {
    /// A column that can be left out; the name always stands there.
    /// Its code is how forms and the database write it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    pub enum TableColumn {
        /// By which the person signs in, below the name.
        Address = "address",
        Role = "role",
        Status = "status",
        Added = "added",
        LastSeen = "last_seen",
    }
}

/// What is left out, and how high a row is; at first nothing, and comfortable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableLayout {
    hidden: Vec<TableColumn>,
    pub is_compact: bool,
}

impl TableLayout {
    /// With these columns and no others, beside the name.
    pub fn showing(shown: &[TableColumn], is_compact: bool) -> Self {
        Self { hidden: TableColumn::ALL.into_iter().filter(|column| !shown.contains(column)).collect(), is_compact }
    }

    pub fn shows(&self, column: TableColumn) -> bool {
        !self.hidden.contains(&column)
    }

    /// The columns that are left out, by their codes with spaces between them.
    pub fn hidden_codes(&self) -> String {
        self.hidden.iter().map(|column| column.code()).collect::<Vec<_>>().join(" ")
    }

    /// From [`Self::hidden_codes`]; `None` when it names anything else.
    pub fn read(hidden: &str, is_compact: bool) -> Option<Self> {
        let hidden: Vec<TableColumn> = hidden.split_whitespace().map(TableColumn::from_code).collect::<Option<_>>()?;
        let shown: Vec<TableColumn> = TableColumn::ALL.into_iter().filter(|column| !hidden.contains(column)).collect();
        Some(Self::showing(&shown, is_compact))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_is_read_back_as_it_was_written() {
        for kept in 0..1_u8 << TableColumn::ALL.len() {
            let of = |at: usize| kept >> at & 1 == 1;
            let all = TableColumn::ALL.into_iter().enumerate();
            let shown: Vec<TableColumn> = all.filter(|(at, _)| of(*at)).map(|(_, column)| column).collect();
            let layout = TableLayout::showing(&shown, kept % 2 == 0);
            assert_eq!(TableLayout::read(&layout.hidden_codes(), kept % 2 == 0), Some(layout.clone()));
            assert!(TableColumn::ALL.into_iter().all(|column| layout.shows(column) == shown.contains(&column)));
        }
        assert_eq!(TableLayout::read("", false), Some(TableLayout::default()));
        assert_eq!(TableLayout::read("added name", false), None);
    }
}
