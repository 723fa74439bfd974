//! What the page shows on which people are imported from a file.

use super::{FormattedTime, InviteOptions, UnitRef};
use crate::domain::id::{ImportId, UserId};
use crate::domain::import::{FindingKind, ImportTerms, ListReading, RowFinding};
use crate::domain::paste::PasteColumn;
use crate::domain::review::{RoundStop, RowCounts};
use serde::{Deserialize, Serialize};

/// The page: a file can be chosen, or one is being looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPage {
    pub options: InviteOptions,
    /// The lists that are kept for whoever looks, newest first.
    pub lists: Vec<ImportSummary>,
    pub view: Option<Box<ImportView>>,
}

/// A list among others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportSummary {
    pub id: ImportId,
    pub name: String,
    pub opened: FormattedTime,
}

/// A list that is looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportView {
    pub id: ImportId,
    /// Grows with every change; the form carries it, so that nothing is done about another list than was shown.
    pub version: i64,
    pub name: String,
    /// The sheets of a workbook that has several, and which of them is read.
    pub sheets: Vec<String>,
    pub sheet: usize,
    /// No table: its people were read one by one.
    pub reads_people: bool,
    pub encoding: Option<String>,
    pub delimiter: Option<char>,
    /// A text, of which its letters and what stands between its cells may be said.
    pub is_text: bool,
    pub can_be_read_again: bool,
    /// What somebody said of how it is read.
    pub reading: ListReading,
    pub aside: Vec<String>,
    pub columns: Vec<ImportColumn>,
    pub terms: ImportTerms,
    /// The texts of roles and units that nobody here knows, or that somebody has said the meaning of.
    pub asked: Vec<AskedText>,
    /// It has to be said to which unit they go.
    pub asks_unit: bool,
    /// The units to choose from.
    pub units: Vec<UnitRef>,
    pub counts: RowCounts,
    pub left_out: usize,
    /// Those who do not stand in a list that names everybody.
    pub gone: Option<GonePeople>,
    /// By what kinds of findings there are.
    pub kinds: Vec<KindCount>,
    pub rows: Vec<ImportRowView>,
    /// Which rows are shown: a kind, `errors`, `check`, `out`, or all.
    pub filter: String,
    pub start: usize,
    /// How many the filter finds.
    pub matching: usize,
    pub state: Option<ImportState>,
}

/// Those who are archived by a list that names everybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GonePeople {
    pub people: usize,
    /// They are so many that their number is typed.
    pub asks: bool,
    /// The first of them by name.
    pub first: Vec<(UserId, String)>,
    /// How many more are missing who have not come in: their invitations stay.
    #[serde(default)]
    pub invited: usize,
}

/// A column of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportColumn {
    pub head: String,
    pub holds: Option<PasteColumn>,
    /// What stands in its first rows.
    pub samples: Vec<String>,
}

/// A text of which is asked what it means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedText {
    pub column: PasteColumn,
    pub text: String,
    pub rows: usize,
    /// What was said: the id of a role or a unit; empty while nobody said.
    pub id: String,
}

/// How many rows there are of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindCount {
    pub kind: FindingKind,
    pub rows: usize,
    /// In how many something is offered that was probably meant.
    pub offers: usize,
    /// Whether one may insist.
    pub asks: bool,
}

/// A row that is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRowView {
    pub line: usize,
    /// Its cells in the columns that are used.
    pub cells: Vec<(PasteColumn, String)>,
    pub finding: Option<RowFinding>,
    pub is_dropped: bool,
}

/// How far an import is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportState {
    pub done: usize,
    pub all: usize,
    /// How many people were taken.
    pub taken: usize,
    /// Those of them who were there already, and were changed or archived.
    pub changed: usize,
    pub is_under_way: bool,
    /// It is being taken back.
    #[serde(default)]
    pub is_undoing: bool,
    /// It was cut off before all of it had begun.
    pub is_cut_off: bool,
    pub stopped: Option<RoundStop>,
    pub is_undone: bool,
    /// Until when it can be undone.
    pub until: FormattedTime,
}
