//! How a list is read, where somebody says it otherwise than it was found out: in which letters, with what between its cells, whether its
//! first line has the heads, and whether it is a table at all. Reading itself is not done here.

use super::{ImportList, ListWish};
use serde::{Deserialize, Serialize};

/// The letters in which a list may be written, as people call them.
pub const LETTERS: [&str; 7] = ["UTF-8", "UTF-16", "Windows-1251", "Windows-1252", "CP866", "KOI8-R", "Mac Cyrillic"];

/// What may stand between cells.
pub const BETWEEN_CELLS: [char; 4] = [';', ',', '\t', '|'];

/// What somebody said of how a list is read; of what is not said, it is found out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListReading {
    /// One of [`LETTERS`].
    pub letters: Option<String>,
    /// One of [`BETWEEN_CELLS`].
    pub between: Option<char>,
    /// Whether the first line has the heads of the columns.
    pub has_heads: Option<bool>,
    /// A table with columns, or a text in which people stand one after the other.
    pub is_table: Option<bool>,
}

impl ListReading {
    /// What the form of a list says.
    pub fn of(wish: &ListWish) -> Self {
        let yes_or_no = |code: &str| match code {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        Self {
            letters: LETTERS.into_iter().find(|letters| *letters == wish.letters).map(String::from),
            between: BETWEEN_CELLS.into_iter().find(|between| between_code(*between) == wish.between),
            has_heads: yes_or_no(&wish.heads),
            is_table: yes_or_no(&wish.table),
        }
    }
}

/// How a form writes what stands between cells.
pub fn between_code(between: char) -> &'static str {
    match between {
        ';' => "semicolon",
        ',' => "comma",
        '\t' => "tab",
        '|' => "bar",
        _ => "",
    }
}

/// How a form writes what may be said or left to be found out.
pub fn said_code(said: Option<bool>) -> &'static str {
    match said {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    }
}

impl ImportList {
    /// Whether what it was read of is there still.
    pub fn can_be_read_again(&self) -> bool {
        !self.file.is_empty() || !self.sheets.is_empty()
    }

    /// Takes the place of what was read otherwise; what holds for everybody, and what texts mean, stays.
    pub fn read_again(&mut self, read: Self) {
        let before = std::mem::replace(self, read);
        self.name = before.name;
        self.terms = before.terms;
        self.meanings = before.meanings;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_form_says_is_read_and_the_rest_is_found_out() {
        let wish = |letters: &str, between: &str, heads: &str, table: &str| ListWish {
            letters: letters.into(),
            between: between.into(),
            heads: heads.into(),
            table: table.into(),
            ..ListWish::default()
        };
        assert_eq!(ListReading::of(&ListWish::default()), ListReading::default());
        assert_eq!(ListReading::of(&wish("Klingon", "%", "perhaps", "1")), ListReading::default());
        let said = ListReading::of(&wish("CP866", "tab", "no", "yes"));
        let expected = (Some("CP866".to_string()), Some('\t'), Some(false), Some(true));
        assert_eq!((said.letters, said.between, said.has_heads, said.is_table), expected);
        for between in BETWEEN_CELLS {
            assert_eq!(ListReading::of(&wish("", between_code(between), "", "")).between, Some(between));
        }
    }
}
