//! Reads rows of tables: under their heads, or by what stands in most cells of a column. It must not look for the heads.

use super::{
    beside_one_another::draft_of_parent,
    contacts::{FoundContact, find_contacts},
    heads::PasteColumn,
    layout::{OpenPerson, TextReader},
    lexicon::{self, TextKind},
    lines::{chat, letter_head, without_bullet},
    person::PersonDraft,
    read_line::{ReadLine, card},
    relations::ParentColumns,
    table::{GAP, cells, vote},
};

/// The most rows whose columns are looked at together.
const MOST_ROWS_OF_VOTE: usize = 200;

/// The heads of a table, as long as its rows go on.
pub struct TableHead {
    pub delimiter: char,
    pub columns: Vec<Option<PasteColumn>>,
    /// In a list of children, whose columns are whose.
    pub parents: Vec<ParentColumns>,
    /// What stood last in the first column: merged cells say it once.
    pub first: Option<String>,
}

impl TextReader {
    pub fn has_head(&self, delimiter: char) -> bool {
        self.head.as_ref().is_some_and(|head| head.delimiter == delimiter)
    }

    /// Reads rows without a head that stand together.
    pub fn read_rows(&mut self, lines: &[String], at: usize, delimiter: char) -> usize {
        self.close();
        let mut rows: Vec<(&str, bool, Vec<String>)> = Vec::new();
        let mut next = at;
        let mut width = 0;
        while let Some(raw) = lines.get(next).filter(|_| rows.len() < MOST_ROWS_OF_VOTE) {
            let text = without_bullet(raw).trim_end();
            let line = ReadLine::of(text);
            let found = || cells(text.trim_end_matches([';', ',', ' ']), delimiter);
            let is_row = line.row_of() == Some(delimiter)
                && (next == at || (card(&line).is_none() && chat(text).is_none() && letter_head(text).is_none()));
            // Somebody whose address is missing, between others.
            let is_gap = next > at
                && line.contacts.is_empty()
                && !",|".contains(delimiter)
                && delimiter != GAP
                && line.delimiter == Some(delimiter)
                && found().len() == width
                && !lexicon::is_aside(text);
            if !is_row && !is_gap {
                break;
            }
            let row = if line.delimiter == Some('\t') { cells(raw.trim_end(), delimiter) } else { found() };
            width = row.len();
            rows.push((text, line.is_torn_by(delimiter), row));
            next += 1;
        }
        let grid: Vec<Vec<String>> =
            rows.iter().filter(|(_, is_torn, _)| !is_torn).map(|(_, _, cells)| cells.clone()).collect();
        let columns = vote(&grid);
        for (text, is_torn, row) in rows {
            let row: Vec<&str> = row.iter().map(String::as_str).collect();
            self.close();
            let draft = if is_torn || (delimiter == GAP && row.len() != columns.len()) {
                PersonDraft::of_line(text)
            } else {
                PersonDraft::of_cells(text, &row, &columns)
            };
            if draft.has_contact() || draft.has_name() {
                self.open = Some(OpenPerson { draft, is_row: true, is_quiet: false });
            } else {
                self.put_aside(text);
            }
        }
        next.max(at + 1)
    }

    pub fn read_row_under_head(&mut self, raw: &str, text: &str, delimiter: char) {
        self.close();
        let Some(head) = &mut self.head else { return };
        // Leading tabs are empty cells, not white space.
        let line = if delimiter == '\t' { raw.trim_end_matches(['\r', ' ']) } else { text };
        let mut row = cells(line, delimiter);
        let filled = row.iter().filter(|cell| !cell.is_empty()).count();
        let first_column = head.columns.first().copied().flatten();
        if matches!(first_column, Some(PasteColumn::Role | PasteColumn::Unit))
            && let Some(cell) = row.first_mut()
        {
            if cell.is_empty() {
                *cell = head.first.clone().unwrap_or_default();
            } else {
                head.first = Some(cell.clone());
                if filled == 1 {
                    return;
                }
            }
        }
        let fits = delimiter != GAP || row.len() == head.columns.len();
        let columns = if fits { head.columns.as_slice() } else { &[] };
        let found: Vec<&str> = row.iter().map(String::as_str).collect();
        if filled == 1
            && let Some(only) = row.iter().find(|cell| !cell.is_empty()).filter(|only| find_contacts(only).is_empty())
            && matches!(lexicon::kind_of(only), TextKind::Role | TextKind::Unit | TextKind::Prose)
        {
            let only = only.clone();
            self.take_heading(&only, text);
            return;
        }
        if fits && head.parents.len() > 1 {
            let drafts: Vec<PersonDraft> =
                head.parents.iter().filter_map(|parent| draft_of_parent(text, &found, parent)).collect();
            // Whoever has no address stands beside those who have one for them.
            let notes: Vec<String> = drafts.iter().filter_map(|draft| draft.beside.note.clone()).collect();
            let is_said = |draft: &PersonDraft| draft.names.iter().all(|(_, name)| notes.contains(name));
            for draft in drafts {
                if draft.has_contact() || !is_said(&draft) {
                    self.finish(draft);
                }
            }
            return;
        }
        // A number under a head that nobody knows is no telephone, least of all beside one.
        let has_phone = columns.contains(&Some(PasteColumn::Phone));
        // Nor is anybody called as such a column says, where there is one for names.
        let has_names = columns.iter().flatten().any(|column| column.is_name());
        let known: Vec<Option<PasteColumn>> = columns
            .iter()
            .zip(&found)
            .map(|(column, cell)| {
                let contacts = if column.is_none() && has_phone { find_contacts(cell) } else { Vec::new() };
                let is_number = !contacts.is_empty() && contacts.iter().all(FoundContact::is_phone);
                let is_like_a_name = || matches!(lexicon::kind_of(cell), TextKind::Name(_) | TextKind::Small);
                let is_other = is_number || (column.is_none() && has_names && is_like_a_name());
                column.or(is_other.then_some(PasteColumn::Other))
            })
            .collect();
        let draft = PersonDraft::of_cells(text, &found, &known);
        let is_total =
            found.iter().find(|cell| !cell.is_empty()).is_some_and(|cell| lexicon::kind_of(cell) == TextKind::Aside);
        let has_address = !draft.emails.is_empty() || !draft.phones.is_empty();
        if has_address || (!is_total && (draft.has_contact() || draft.has_name())) {
            self.open = Some(OpenPerson { draft, is_row: true, is_quiet: false });
        } else {
            self.put_aside(text);
        }
    }
}
