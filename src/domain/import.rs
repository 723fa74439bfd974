//! Importing people from a file: its rows, what is thought of each (`finding`), and what is decided about the whole of it (`terms`). How
//! cells are read stands in `paste`, by what an address is judged in `review`; nothing is looked up here.

mod finding;
mod reading;
mod sheets;
mod terms;
mod texts;
mod wish;

pub use finding::{FindingKind, PersonChange, RowFinding, asks_about_gone};
pub use reading::{BETWEEN_CELLS, LETTERS, ListReading, between_code, said_code};
pub use sheets::ImportSheet;
pub use terms::{BatchPolicy, ExistingPeople, ImportTerms, TextMeaning};
pub use texts::{names_in, unknown_in};
pub use wish::{ListWish, RowCell, in_one_line};

use super::id::{DraftId, UnitId, UserId};
use super::paste::{PasteColumn, SheetColumns, columns_with, is_about_nobody};
use super::review::{MOST_IN_A_FORM, RowKind, Verdict};
use crate::words::Language;
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;
use std::collections::HashSet;

/// The most people of one file.
pub const MOST_ROWS: usize = MOST_IN_A_FORM;

/// The most columns of a file that are read.
pub const MOST_COLUMNS: usize = 50;

/// The most bytes of all cells of a file together.
pub const MOST_CELL_BYTES: usize = 4 * 1024 * 1024;

/// The longest text of one cell that is kept, in characters.
pub const LONGEST_CELL: usize = 500;

/// A row of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRow {
    /// Its line in the file, counted from 1.
    pub line: usize,
    pub cells: Vec<String>,
    /// What was asked about it has been answered.
    #[serde(default)]
    pub is_meant: bool,
    /// It is left out.
    #[serde(default)]
    pub is_dropped: bool,
    /// Nothing before it was looked at.
    #[serde(default)]
    pub finding: Option<RowFinding>,
}

impl ImportRow {
    /// A row as it was read.
    pub fn new(line: usize, cells: Vec<String>) -> Self {
        Self { line, cells, is_meant: false, is_dropped: false, finding: None }
    }

    /// Puts a text into a cell; the row grows as far as it has to.
    pub fn put(&mut self, at: usize, text: &str) {
        if at >= MOST_COLUMNS {
            return;
        }
        if self.cells.len() <= at {
            self.cells.resize(at + 1, String::new());
        }
        if let Some(cell) = self.cells.get_mut(at) {
            *cell = text.trim().chars().take(LONGEST_CELL).collect();
        }
    }
}

/// A list that was kept when each person went to one unit said it alone.
fn one_or_several<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<UnitId>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum KeptUnits {
        Several(Vec<UnitId>),
        One(Option<UnitId>),
    }
    Ok(match KeptUnits::deserialize(from)? {
        KeptUnits::Several(units) => units,
        KeptUnits::One(unit) => unit.into_iter().collect(),
    })
}

/// Some of the people of a list, who go to the same units: a round of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedRound {
    pub id: DraftId,
    #[serde(alias = "unit", deserialize_with = "one_or_several")]
    pub units: Vec<UnitId>,
    /// The lines of its rows, in the order in which the round has them.
    pub lines: Vec<usize>,
}

/// A list on its way: what was read of a file, what whoever imports said about it, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportList {
    /// How the file is called; empty for cells that were pasted.
    pub name: String,
    /// In which letters it is written, and what stands between its cells; nothing where a spreadsheet says so itself.
    pub encoding: Option<String>,
    pub delimiter: Option<char>,
    pub heads: Vec<String>,
    pub columns: Vec<Option<PasteColumn>>,
    /// What stands above the heads.
    pub aside: Vec<String>,
    pub rows: Vec<ImportRow>,
    pub terms: ImportTerms,
    pub meanings: Vec<TextMeaning>,
    pub rounds: Vec<PlannedRound>,
    /// All sheets of a workbook that has several, and which of them is read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sheets: Vec<ImportSheet>,
    #[serde(default)]
    pub sheet: usize,
    /// It was a text and no table: its people were read one by one.
    #[serde(default)]
    pub reads_people: bool,
    /// What somebody said of how it is read.
    #[serde(default)]
    pub reading: ListReading,
    /// The file as it was sent, in base64, where it is a text: it may be read anew.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub file: String,
}

impl ImportList {
    /// Whether somebody has to say to which unit its people go: there are so many to choose from, and no column names them.
    pub fn asks_unit(&self, units: usize) -> bool {
        units > 1 && !self.columns.contains(&Some(PasteColumn::Unit))
    }

    /// The list in some rows of cells.
    pub fn of_rows(rows: Vec<Vec<String>>, terms: ImportTerms) -> Self {
        Self::of_rows_with(rows, None, terms)
    }

    /// The same, where somebody says whether they have heads.
    pub fn of_rows_with(rows: Vec<Vec<String>>, has_heads: Option<bool>, terms: ImportTerms) -> Self {
        let SheetColumns { head, mut columns } = columns_with(&rows, has_heads);
        for (column, text) in columns.iter_mut().zip(head.and_then(|at| rows.get(at)).into_iter().flatten()) {
            *column = column.or_else(|| of_our_export(text));
        }
        let mut list = Self {
            name: String::new(),
            encoding: None,
            delimiter: None,
            heads: Vec::new(),
            columns,
            aside: Vec::new(),
            rows: Vec::new(),
            terms,
            meanings: Vec::new(),
            rounds: Vec::new(),
            sheets: Vec::new(),
            sheet: 0,
            reads_people: false,
            reading: ListReading { has_heads, ..ListReading::default() },
            file: String::new(),
        };
        for (at, cells) in rows.into_iter().enumerate() {
            // Nobody stands in a line of dashes either.
            let is_empty = !cells.iter().any(|cell| cell.contains(char::is_alphanumeric));
            match head {
                Some(head) if at == head => list.heads = cells,
                _ if is_empty => {}
                Some(head) if at < head => list.aside.push(cells.join(" ").trim().to_owned()),
                _ if is_about_nobody(&cells) => list.aside.push(cells.join(" ").trim().to_owned()),
                _ => list.rows.push(ImportRow::new(at + 1, cells)),
            }
        }
        list
    }

    /// The first column that holds this.
    pub fn column(&self, wanted: PasteColumn) -> Option<usize> {
        self.columns.iter().position(|column| *column == Some(wanted))
    }

    /// Whether something stands in one of these columns.
    pub fn is_filled(&self, cells: &[String], wanted: &[PasteColumn]) -> bool {
        let mut cells = cells.iter().zip(&self.columns);
        cells.any(|(cell, column)| column.is_some_and(|column| wanted.contains(&column)) && !cell.trim().is_empty())
    }

    /// The cell of a row that counts, where several columns hold the same: the first in which something stands, and of numbers a mobile
    /// one before the others.
    pub fn place_of(&self, row: &ImportRow, wanted: PasteColumn) -> Option<usize> {
        let held = || (0..self.columns.len()).filter(|at| self.columns.get(*at) == Some(&Some(wanted)));
        let filled = || held().filter(|at| row.cells.get(*at).is_some_and(|cell| !cell.trim().is_empty()));
        let is_mobile = |at: &usize| self.heads.get(*at).is_some_and(|head| says_mobile(head));
        let mobile = if wanted == PasteColumn::Phone { filled().find(is_mobile) } else { None };
        mobile.or_else(|| filled().next()).or_else(|| held().next())
    }

    /// The cells of a row of which its person is read: those that count.
    pub fn cells_of<'a>(&self, row: &'a ImportRow) -> Cow<'a, [String]> {
        let mut cells = Cow::Borrowed(&row.cells[..]);
        for (at, column) in self.columns.iter().enumerate() {
            let counts = column.is_none_or(|column| self.place_of(row, column) == Some(at));
            if !counts && let Some(cell) = cells.to_mut().get_mut(at) {
                cell.clear();
            }
        }
        cells
    }

    /// Every word of the list, also of rows that have errors or were left out, by which somebody may be known ([`known_by`]).
    pub fn words(&self) -> HashSet<String> {
        let ends = |letter: char| letter.is_whitespace() || ",;<>()[]\"'|".contains(letter);
        let cells = || self.rows.iter().flat_map(|row| &row.cells);
        let words = cells().flat_map(|cell| cell.split(ends)).map(|word| word.trim_matches('.').to_lowercase());
        words.chain(cells().filter_map(|cell| last_digits(cell))).collect()
    }

    /// The first column that holds this; where there is none, one more.
    pub fn column_or_new(&mut self, wanted: PasteColumn) -> usize {
        if let Some(at) = self.column(wanted) {
            return at;
        }
        let at = self.columns.len().max(self.rows.iter().map(|row| row.cells.len()).max().unwrap_or_default());
        self.columns.resize(at, None);
        self.columns.push(Some(wanted));
        at
    }

    pub fn row_mut(&mut self, line: usize) -> Option<&mut ImportRow> {
        let at = self.rows.binary_search_by_key(&line, |row| row.line).ok()?;
        self.rows.get_mut(at)
    }

    /// Takes a deleted person out of the list: the rows that name them by one of these; whether there was one.
    pub fn forget(&mut self, known: &[&str], user: &UserId) -> bool {
        let is_in = |cells: &[String]| {
            cells.iter().any(|cell| {
                let cell = cell.to_lowercase();
                let digits: String = cell.chars().filter(|letter| letter.is_ascii_digit() || *letter == '+').collect();
                // As a whole: `a@acme.by` is another one than `olga.a@acme.by`.
                let mut words = cell.split(|c: char| c.is_whitespace() || "<>,;\"'()".contains(c));
                words.any(|word| known.contains(&word))
                    || known.iter().any(|name| name.starts_with('+') && digits.trim_start_matches('+') == &name[1..])
            })
        };
        let before = self.rows.len();
        let mut in_sheets = false;
        for cells in self.sheets.iter_mut().flat_map(|sheet| &mut sheet.rows).filter(|cells| is_in(cells)) {
            // The others stay in their lines.
            cells.clear();
            in_sheets = true;
        }
        self.rows.retain(|row| {
            let in_cells = is_in(&row.cells);
            let in_finding = match &row.finding {
                Some(RowFinding::Judged(Verdict::Known { user_id, .. } | Verdict::Joins { user_id, .. })) => {
                    user_id == user
                }
                Some(RowFinding::Judged(Verdict::Similar { address, .. } | Verdict::SameNumber { address, .. })) => {
                    known.contains(&address.as_str())
                }
                Some(RowFinding::Differs { user_id, .. } | RowFinding::NotChangeable { user_id, .. }) => {
                    user_id == user
                }
                _ => false,
            };
            !in_cells && !in_finding
        });
        let is_named = in_sheets || before != self.rows.len();
        // What they stand in is not read anew.
        if is_named {
            self.file.clear();
        }
        is_named
    }

    /// Whether the same becomes of every row as of those of the same list as it was.
    pub fn does_the_same_as(&self, before: &Self) -> bool {
        let is_same = |(one, other): (&ImportRow, &ImportRow)| {
            one.is_dropped == other.is_dropped
                && match (&one.finding, &other.finding) {
                    (Some(one), Some(other)) => one.does_the_same_as(other),
                    (one, other) => one.is_some() == other.is_some(),
                }
        };
        // Whom a list archives that names everybody, nobody has seen before it said so.
        let archives_more =
            self.terms.is_everybody && (!before.terms.is_everybody || self.terms.unit != before.terms.unit);
        !archives_more && self.rows.len() == before.rows.len() && self.rows.iter().zip(&before.rows).all(is_same)
    }

    /// Whether nothing stands against all of it: nobody who is not ready is left in.
    pub fn is_without_errors(&self) -> bool {
        self.rows.iter().filter(|row| !row.is_dropped).all(|row| {
            let kind = row.finding.as_ref().map(|finding| finding.kind().row_kind());
            matches!(kind, Some(RowKind::Ready | RowKind::Here))
        })
    }
}

/// What the column of an exported list holds: whoever takes a list away brings it back as it is.
fn of_our_export(head: &str) -> Option<PasteColumn> {
    let head = head.trim().to_lowercase();
    Language::ALL.into_iter().find_map(|words| {
        let heads = [
            (words.column_name(), PasteColumn::Name),
            (words.email(), PasteColumn::Email),
            (words.phone(), PasteColumn::Phone),
            (words.login(), PasteColumn::Login),
            (words.role(), PasteColumn::Role),
            (words.units(), PasteColumn::Unit),
        ];
        heads.into_iter().find(|(text, _)| text.to_lowercase() == head).map(|(_, column)| column)
    })
}

/// By which word of a list somebody is known who has this address, number or login.
pub fn known_by(address: &str) -> String {
    last_digits(address).filter(|_| address.starts_with('+')).unwrap_or_else(|| address.to_lowercase())
}

/// The end of a number, which is the same however it begins: `+7 905…`, `8 905…`.
fn last_digits(text: &str) -> Option<String> {
    let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
    digits.get(digits.len().checked_sub(9)?..).map(|last| last.iter().collect())
}

/// Whether the numbers below a head are those of mobiles.
fn says_mobile(head: &str) -> bool {
    let head = head.to_lowercase();
    ["mobil", "cell", "handy", "моб", "сотов", "мабіл"].iter().any(|word| head.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::RoleId;
    use crate::domain::user::Status;

    /// The list of a table whose cells stand between semicolons.
    pub fn list_of(text: &str) -> ImportList {
        ImportList::of_rows(text.lines().map(|line| line.split(';').map(String::from).collect()).collect(), terms())
    }

    pub fn terms() -> ImportTerms {
        ImportTerms {
            role: RoleId::new("r"),
            unit: None,
            language: "en".into(),
            personal_text: String::new(),
            valid_for: None,
            sends: false,
            policy: BatchPolicy::SkipBadRows,
            existing: ExistingPeople::Skip,
            is_everybody: false,
        }
    }

    #[test]
    fn what_becomes_of_a_row_is_compared_and_not_how_it_is_said() {
        let joins = |id: &str, title: &str| {
            RowFinding::Judged(Verdict::Joins { user_id: UserId::new(id), title: title.into(), status: Status::Active })
        };
        let differs = |after: &str| RowFinding::Differs {
            user_id: UserId::new("a"),
            title: "A".into(),
            changes: vec![PersonChange::Name { before: "A".into(), after: after.into() }],
        };
        let (ready, later) = (RowFinding::Judged(Verdict::Ready), RowFinding::NotReached);
        assert!(joins("a", "A").does_the_same_as(&joins("a", "B")) && differs("B").does_the_same_as(&differs("B")));
        assert!(
            RowFinding::Repeated { line: 2, is_number: true }
                .does_the_same_as(&RowFinding::Repeated { line: 3, is_number: false })
        );
        for (one, other) in [
            (&joins("a", "A"), &joins("b", "A")),
            (&joins("a", "A"), &ready),
            (&differs("B"), &differs("C")),
            (&ready, &differs("B")),
            (&ready, &later),
        ] {
            assert!(!one.does_the_same_as(other) && !other.does_the_same_as(one), "{one:?} {other:?}");
        }
        let before = list_of("Name;Email\nAnna;a@x.by");
        let mut after = before.clone();
        assert!(after.does_the_same_as(&before));
        after.terms.sends = true;
        assert!(after.does_the_same_as(&before), "the button says that invitations are sent");
        after.terms.is_everybody = true;
        assert!(!after.does_the_same_as(&before) && before.does_the_same_as(&after));
        let mut after = before.clone();
        after.rows[0].finding = Some(ready);
        assert!(!after.does_the_same_as(&before));
    }

    #[test]
    fn more_than_a_fifth_is_asked_about() {
        assert!(!asks_about_gone(0, 0) && !asks_about_gone(2, 10) && asks_about_gone(3, 10) && asks_about_gone(1, 4));
    }

    #[test]
    fn heads_and_what_stands_above_them_are_nobody_and_lines_are_counted_as_in_the_file() {
        let rows =
            ["Staff", "", "Name;Email", "", "Anna;a@x.by"].map(|line| line.split(';').map(String::from).collect());
        let list = ImportList::of_rows(rows.into(), terms());
        assert_eq!((list.heads.len(), list.aside.as_slice()), (2, ["Staff".to_string()].as_slice()));
        assert_eq!(list.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [5]);
    }

    #[test]
    fn of_several_numbers_the_mobile_one_counts_and_of_several_addresses_the_first() {
        let mut list =
            list_of("Name;Business Phone;Mobile;Email;Private e-mail\nA;+1;+2;a@x.by;b@x.by\nB;+1;;;b@x.by\nC");
        list.columns =
            [PasteColumn::Name, PasteColumn::Phone, PasteColumn::Phone, PasteColumn::Email, PasteColumn::Email]
                .map(Some)
                .into();
        let read: Vec<String> = list.rows.iter().map(|row| list.cells_of(row).join(";")).collect();
        assert_eq!(read, ["A;;+2;a@x.by;", "B;+1;;;b@x.by", "C"]);
        // Nor is one name put together of two.
        let mut list = list_of("Name;Full name;Email\nLe;Lefevre Z;a@x.by\n;Kim;b@x.by");
        list.columns = [PasteColumn::Name, PasteColumn::Name, PasteColumn::Email].map(Some).into();
        let read: Vec<String> = list.rows.iter().map(|row| list.cells_of(row).join(";")).collect();
        assert_eq!(read, ["Le;;a@x.by", ";Kim;b@x.by"]);
        assert_eq!(
            list.rows.iter().map(|row| list.place_of(row, PasteColumn::Name)).collect::<Vec<_>>(),
            [Some(0), Some(1)]
        );
    }

    #[test]
    fn whoever_stands_anywhere_in_a_list_is_known_by_it() {
        let list = list_of("Name;Email\nA;<A@x.by>, b@x.by\nB;8 (905) 111-22-33\nC;kim.lis.");
        let words = list.words();
        for known in ["a@x.by", "b@x.by", "+79051112233", "kim.lis"] {
            assert!(words.contains(&known_by(known)), "{known}");
        }
        for other in ["x@x.by", "+79051112234", "lis", "+1"] {
            assert!(!words.contains(&known_by(other)), "{other}");
        }
    }

    #[test]
    fn a_round_of_one_unit_as_it_was_kept_before_is_still_read() {
        for (units, of) in [("\"unit\":\"u\"", 1), ("\"unit\":null", 0), ("\"units\":[\"u\",\"v\"]", 2)] {
            let kept = format!("{{\"id\":\"r\",{units},\"lines\":[2]}}");
            let round: PlannedRound = serde_json::from_str(&kept).expect("a round");
            assert_eq!((round.units.len(), round.lines), (of, vec![2]), "{kept}");
        }
    }

    #[test]
    fn a_column_that_is_missing_is_added_behind_the_others() {
        let mut list = ImportList::of_rows(vec![vec!["Anna B".into(), "a@x.by".into()]], terms());
        let at = list.column_or_new(PasteColumn::Phone);
        list.rows[0].put(at, " +375291234567 ");
        assert_eq!((at, list.rows[0].cells[2].as_str()), (2, "+375291234567"));
        assert_eq!(list.column_or_new(PasteColumn::Phone), 2);
    }

    #[test]
    fn every_kind_is_told_by_its_code() {
        for kind in FindingKind::ALL {
            assert_eq!(FindingKind::from_code(kind.code()), Some(kind));
        }
    }
}
