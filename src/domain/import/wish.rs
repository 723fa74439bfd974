//! What the page of a list carries, as it was chosen and typed: what holds for the whole of it, and the cells that it shows. Every button
//! of the page carries all of it, so that nothing that stands on the screen is lost.

use super::{ImportList, ImportRow};
use crate::domain::paste::PasteColumn;
use serde::{Deserialize, Deserializer, Serialize};

/// What the form of a list carries. Whoever says nothing of its language says nothing of the whole list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListWish {
    /// Which version of the list was shown; empty for whoever did not look.
    pub version: String,
    /// The place of the sheet that is read, among those of the workbook; empty for the one that is read already.
    pub sheet: String,
    /// How it is to be read ([`super::ListReading`]): the letters, what stands between cells, whether there are heads, and whether it is
    /// a table; empty for what is found out.
    pub letters: String,
    pub between: String,
    pub heads: String,
    pub table: String,
    /// The codes of what the columns hold, in their order; empty for what is not read.
    pub columns: Vec<String>,
    pub role: String,
    pub unit: String,
    pub language: String,
    pub personal_text: String,
    /// As `domain::validity` reads it; nothing is as usual.
    pub valid_for: String,
    #[serde(deserialize_with = "is_ticked")]
    pub sends: bool,
    pub policy: String,
    /// What becomes of those who are there already.
    pub existing: String,
    /// The list names everybody of its unit.
    #[serde(rename = "everybody", deserialize_with = "is_ticked")]
    pub is_everybody: bool,
    /// Texts of roles with the ids of what they mean, and of units, one after the other.
    pub role_texts: Vec<String>,
    pub role_ids: Vec<String>,
    pub unit_texts: Vec<String>,
    pub unit_ids: Vec<String>,
    /// The cells of the rows that are shown: where each stands ([`RowCell::code`]), and what stands in it.
    pub places: Vec<String>,
    pub texts: Vec<String>,
}

/// A box that was not ticked is not sent.
fn is_ticked<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    Ok(Option::<String>::deserialize(from)?.is_some())
}

/// Where a cell stands that can be corrected on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowCell {
    /// The line of its row in the file.
    pub line: usize,
    pub column: PasteColumn,
}

impl RowCell {
    /// How forms write it.
    pub fn code(self) -> String {
        format!("{}-{}", self.line, self.column.code())
    }

    pub fn from_code(code: &str) -> Option<Self> {
        let (line, column) = code.split_once('-')?;
        Some(Self { line: line.parse().ok()?, column: PasteColumn::from_code(column)? })
    }
}

impl ListWish {
    /// Whether it says what holds for the whole list.
    pub fn says_terms(&self) -> bool {
        !self.language.is_empty()
    }

    /// Whether it was made for another version of a list.
    pub fn is_outdated(&self, version: i64) -> bool {
        !self.version.is_empty() && self.version != version.to_string()
    }
}

impl ImportList {
    /// Takes over the cells that were corrected on the page; what stands there as it did is left alone, and so is what was answered
    /// about its row.
    pub fn take_cells(&mut self, wish: &ListWish) {
        for (place, text) in wish.places.iter().zip(&wish.texts) {
            let Some(RowCell { line, column }) = RowCell::from_code(place) else { continue };
            let Ok(row) = self.rows.binary_search_by_key(&line, |row| row.line) else { continue };
            let at = self.rows.get(row).and_then(|row| self.place_of(row, column));
            let stands = |row: &ImportRow| at.and_then(|at| row.cells.get(at)).map(|cell| in_one_line(cell));
            if self.rows.get(row).and_then(stands).unwrap_or_default() == in_one_line(text) {
                continue;
            }
            let at = at.unwrap_or_else(|| self.column_or_new(column));
            if let Some(row) = self.rows.get_mut(row) {
                row.put(at, text);
                row.is_meant = false;
            }
        }
    }
}

/// A cell as a field of one line shows it: the lines of the cell with a space between them.
pub fn in_one_line(cell: &str) -> String {
    cell.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::tests::list_of;
    use super::*;

    fn cells(places: &[(&str, &str)]) -> ListWish {
        let (places, texts) = places.iter().map(|(place, text)| (place.to_string(), text.to_string())).unzip();
        ListWish { places, texts, ..ListWish::default() }
    }

    #[test]
    fn a_corrected_cell_counts_and_what_was_not_touched_stays_answered() {
        let mut list = list_of("Name;Email\nAnna;a@x.by\n\"Lee\";l@x.by\nMax;m@");
        for row in &mut list.rows {
            row.is_meant = true;
        }
        list.rows[1].cells[0] = "Ann\nLee".into();
        list.take_cells(&cells(&[
            ("2-name", "Anna"),
            ("2-email", "anna@x.by"),
            ("3-name", "Ann Lee"),
            ("3-phone", ""),
            ("4-email", "m@x.by"),
            ("4-phone", "+375291234567"),
            ("9-email", "nobody@x.by"),
            ("x-email", "nobody@x.by"),
            ("4-login", "max"),
        ]));
        let said: Vec<(Vec<&str>, bool)> =
            list.rows.iter().map(|row| (row.cells.iter().map(String::as_str).collect(), row.is_meant)).collect();
        assert_eq!(
            said,
            [
                (vec!["Anna", "anna@x.by"], false),
                (vec!["Ann\nLee", "l@x.by"], true),
                (vec!["Max", "m@x.by", "+375291234567"], false)
            ]
        );
    }

    #[test]
    fn a_form_that_knows_no_version_or_the_right_one_is_taken() {
        let of = |version: &str| ListWish { version: version.into(), ..ListWish::default() };
        assert!(!of("").is_outdated(3) && !of("3").is_outdated(3) && of("2").is_outdated(3) && of("x").is_outdated(3));
    }
}
