//! The tables of a file: which sheet of a workbook is read, and whether a text is a table at all. What is none is read person by person,
//! as the invite form reads it, so that nobody is lost between its lines.

use super::{ImportList, ImportRow, ImportTerms, ListReading};
use crate::domain::contact::in_letters;
use crate::domain::error::{FileProblem, Invalid};
use crate::domain::paste::{
    MOST_BYTES, Paste, PasteColumn, PasteProblem, Pasted, PastedKind, SheetColumns, columns_of, read_cells, read_paste,
};
use serde::{Deserialize, Serialize};

/// One sheet of a workbook, as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportSheet {
    pub name: String,
    pub rows: Vec<Vec<String>>,
    /// It has more cells than a list may have: nothing of it was read.
    #[serde(default)]
    pub is_too_large: bool,
}

impl ImportSheet {
    /// How surely its people could be imported: by addresses, by numbers, or not at all. A sheet of several people is more of a list
    /// than a cover that names one.
    fn likeness_to_a_list(&self) -> u8 {
        let SheetColumns { columns, head, .. } = columns_of(&self.rows);
        let several = |column, is_one: fn(&str) -> bool| {
            let at = columns.iter().position(|holds| *holds == Some(column))?;
            let filled = self.rows.iter().filter_map(|row| row.get(at)).filter(|cell| is_one(cell));
            Some(head.is_some() || filled.take(2).count() > 1)
        };
        let has_digits = |cell: &str| cell.chars().filter(char::is_ascii_digit).count() > 4;
        match (several(PasteColumn::Email, |cell| cell.contains('@')), several(PasteColumn::Phone, has_digits)) {
            (Some(true), _) => 4,
            (_, Some(true)) => 3,
            (Some(false), _) => 2,
            (None, Some(false)) => 1,
            (None, None) => 0,
        }
    }
}

impl ImportList {
    /// The list in the first sheet that looks like one; the others are kept, to be chosen instead.
    pub fn of_sheets(sheets: Vec<ImportSheet>, terms: ImportTerms) -> Self {
        Self::of_sheets_with(sheets, None, terms)
    }

    /// The same, where somebody says whether they have heads.
    pub fn of_sheets_with(sheets: Vec<ImportSheet>, has_heads: Option<bool>, terms: ImportTerms) -> Self {
        let likeness: Vec<u8> = sheets.iter().map(ImportSheet::likeness_to_a_list).collect();
        let best = likeness.iter().max().copied().unwrap_or_default();
        let at = likeness.iter().position(|one| *one == best).unwrap_or_default();
        let rows = sheets.get(at).map(|sheet| sheet.rows.clone()).unwrap_or_default();
        Self { sheet: at, sheets, ..Self::of_rows_with(rows, has_heads, terms) }
    }

    /// Reads another sheet of the workbook, from its beginning; what holds for everybody stays.
    ///
    /// # Errors
    /// Where there is no such sheet, or nobody stands in it.
    pub fn choose_sheet(&mut self, at: usize) -> Result<(), Invalid> {
        let sheet = self.sheets.get(at).ok_or(Invalid::EmptyList)?;
        if sheet.is_too_large {
            return Err(Invalid::File(FileProblem::TooLarge));
        }
        let read = Self::of_rows_with(sheet.rows.clone(), self.reading.has_heads, self.terms.clone());
        if read.rows.is_empty() {
            return Err(Invalid::EmptyList);
        }
        (self.heads, self.columns, self.aside, self.rows, self.sheet) =
            (read.heads, read.columns, read.aside, read.rows, at);
        Ok(())
    }

    /// The list in a text: as a table where it is one, of which these are the rows.
    pub fn of_text(text: &str, rows: Vec<Vec<String>>, terms: ImportTerms) -> Self {
        Self::of_text_with(text, rows, &ListReading::default(), terms)
    }

    /// The same, where somebody says how it is to be read. What is too long, or has nobody in it, is read as a table nevertheless.
    pub fn of_text_with(text: &str, rows: Vec<Vec<String>>, said: &ListReading, terms: ImportTerms) -> Self {
        let reading = said.clone();
        if text.len() > MOST_BYTES || said.is_table.unwrap_or_else(|| is_table(&rows)) {
            return Self { reading, ..Self::of_rows_with(rows, said.has_heads, terms) };
        }
        let paste = read_paste(text);
        let is_anybody = paste.entries.iter().any(|one| has_at(&one.typed) || is_number(one));
        let list = match !is_anybody || paste.left_out > 0 {
            true => Self::of_rows_with(rows, said.has_heads, terms),
            false => Self::of_paste(paste, terms),
        };
        Self { reading, ..list }
    }

    /// The list of the people who were read one by one.
    fn of_paste(paste: Paste, terms: ImportTerms) -> Self {
        let columns = [PasteColumn::Name, PasteColumn::Email, PasteColumn::Phone, PasteColumn::Role, PasteColumn::Unit];
        let mut list = Self::of_rows(Vec::new(), terms);
        list.aside = paste.aside;
        list.reads_people = true;
        let mut table: Vec<Vec<String>> = paste.entries.into_iter().map(cells_of).collect();
        let width = columns.len() + 1;
        let is_used = |at: usize| table.iter().any(|cells| cells.get(at).is_some_and(|cell| !cell.is_empty()));
        let used: Vec<bool> = (0..width).map(|at| at == 1 || is_used(at)).collect();
        let keep = |at: usize| used.get(at).copied().unwrap_or_default();
        list.columns = columns
            .map(Some)
            .into_iter()
            .chain([None])
            .enumerate()
            .filter(|(at, _)| keep(*at))
            .map(|(_, of)| of)
            .collect();
        list.rows = table
            .drain(..)
            .enumerate()
            .map(|(at, cells)| {
                let mut row = ImportRow::new(at + 1, Vec::new());
                for (place, cell) in
                    cells.iter().enumerate().filter(|(at, _)| keep(*at)).map(|(_, cell)| cell).enumerate()
                {
                    row.put(place, cell);
                }
                row
            })
            .collect();
        list
    }
}

/// Somebody of a paste in cells: name, address, number, role, unit, and whatever else stood beside them.
fn cells_of(pasted: Pasted) -> Vec<String> {
    let is_number =
        matches!(pasted.kind, PastedKind::Phone(_) | PastedKind::Broken { problem: PasteProblem::Phone(_), .. });
    let beside = pasted.beside;
    let number = beside.phone.map(|phone| phone.typed).unwrap_or_default();
    let typed = match pasted.kind {
        // Without the brackets and whatever else stood around it.
        PastedKind::Email(email) => in_letters(email.as_str()),
        _ => pasted.typed,
    };
    let (email, phone) = if is_number { (String::new(), typed) } else { (typed, number) };
    let rest: Vec<String> = pasted.rest.into_iter().chain(beside.note).chain(beside.record).collect();
    let text = |text: Option<String>| text.unwrap_or_default();
    vec![text(pasted.name), email, phone, text(beside.role), text(beside.unit), rest.join(", ")]
}

/// Whether rows are those of a table: they have heads, or each is about one person, and most have several cells.
fn is_table(rows: &[Vec<String>]) -> bool {
    if columns_of(rows).head.is_some() {
        return true;
    }
    let filled = |row: &Vec<String>| -> Vec<String> {
        row.iter().filter(|cell| cell.contains(char::is_alphanumeric)).cloned().collect()
    };
    let rows: Vec<Vec<String>> = rows.iter().map(filled).filter(|row| !row.is_empty()).collect();
    let wide = rows.iter().filter(|row| row.len() > 1).count();
    if wide == 0 {
        let people = |row: &Vec<String>| read_cells(row, &[Some(PasteColumn::Email)]);
        return rows.iter().all(|row| matches!(&people(row)[..], [one] if has_at(&one.typed) || is_number(one)));
    }
    let crowded = rows.iter().filter(|row| is_of_several(row, rows.len())).count();
    wide * 10 >= rows.len() * 7 && crowded * 10 <= rows.len()
}

fn has_at(text: &str) -> bool {
    text.contains(['@', '\u{ff20}'])
}

fn is_number(pasted: &Pasted) -> bool {
    matches!(pasted.kind, PastedKind::Phone(_) | PastedKind::Broken { problem: PasteProblem::Phone(_), .. })
}

/// Whether several people stand in a row: names beside their addresses in the cells, or one after the other.
fn is_of_several(row: &[String], rows: usize) -> bool {
    let addresses: Vec<usize> = (0..row.len()).filter(|at| row.get(*at).is_some_and(|cell| has_at(cell))).collect();
    let (Some(first), Some(last)) = (addresses.first(), addresses.last()) else { return false };
    if first == last {
        // Several in one cell.
        return row.get(*first).is_some_and(|cell| cell.matches('@').count() > 1);
    }
    let has_name = |at: &usize| row.get(*at).is_some_and(|cell| cell.trim().contains([' ', '<']));
    let is_all = addresses.len() == row.len();
    rows == 1 || is_all || addresses.iter().any(has_name) || last - first >= addresses.len()
}

#[cfg(test)]
mod tests {
    use super::super::tests::terms;
    use super::*;
    use PasteColumn::{Email, Name, Phone, Role};

    fn read(text: &str, between: char) -> ImportList {
        let rows = text.lines().map(|line| line.split(between).map(|cell| cell.trim().to_string()).collect()).collect();
        ImportList::of_text(text, rows, terms())
    }

    fn people(list: &ImportList) -> Vec<String> {
        list.rows.iter().map(|row| row.cells.join("|")).collect()
    }

    #[test]
    fn a_text_that_is_no_table_is_read_person_by_person() {
        for (text, between, found) in [
            (
                "Müller, Jürgen <juergen@cel1.example>; Schmidt, Anna-Lena <anna@cel1.example>; Bob Ray <bob@cel1.example>",
                ';',
                vec![
                    "Jürgen Müller|juergen@cel1.example",
                    "Anna-Lena Schmidt|anna@cel1.example",
                    "Bob Ray|bob@cel1.example",
                ],
            ),
            ("Anna Kim <anna@x.by>, Bob Ray <bob@x.by>", ',', vec!["Anna Kim|anna@x.by", "Bob Ray|bob@x.by"]),
            ("anna@x.by, bob@x.by; max@x.by", ',', vec!["anna@x.by", "bob@x.by", "max@x.by"]),
            ("a@x.by; b@x.by\nc@x.by; d@x.by", ';', vec!["a@x.by", "b@x.by", "c@x.by", "d@x.by"]),
            (
                "Anna, anna@x.by, Ivan, ivan@x.by\nOlga, olga@x.by, Max, max@x.by",
                ',',
                vec!["Anna|anna@x.by", "Ivan|ivan@x.by", "Olga|olga@x.by", "Max|max@x.by"],
            ),
            (
                "Name: Anna Kim\nE-mail: anna@x.by\nPhone: +375291234567\n\nName: Bob Ray\nE-mail: bob@x.by",
                ';',
                vec!["Anna Kim|anna@x.by|+375291234567", "Bob Ray|bob@x.by|"],
            ),
            (
                "Dear all,\nplease add Anna Kim anna@x.by and Bob Ray bob@x.by\nThanks",
                ',',
                vec!["Anna Kim|anna@x.by|please add", "Bob Ray|bob@x.by|"],
            ),
        ] {
            let list = read(text, between);
            assert!(list.reads_people, "{text}");
            assert_eq!(people(&list), found, "{text}");
            assert_eq!(list.column(Email), list.columns.iter().position(|column| *column == Some(Email)));
        }
    }

    #[test]
    fn a_table_stays_a_table() {
        for (text, between, columns) in [
            ("Anna Kim;anna@x.by;+375291234567\nBob Ray;bob@x.by;", ';', vec![Some(Name), Some(Email), Some(Phone)]),
            ("Name;Email\nA B;a@x.by, b@x.by", ';', vec![Some(Name), Some(Email)]),
            ("Vera\tvera@x.by", '\t', vec![Some(Name), Some(Email)]),
            ("a@x.by\nbroken@\nPetrova, Anna <c@x.by>", '\t', vec![Some(Email)]),
            ("Anna;anna@work.by;anna@home.by\nBob;bob@work.by;bob@home.by", ';', vec![Some(Name), Some(Email)]),
            ("Anna Kim\nBob Ray", ';', vec![Some(Name)]),
        ] {
            let list = read(text, between);
            assert!(!list.reads_people, "{text}");
            assert_eq!(list.columns[..columns.len()], columns, "{text}");
        }
        let markdown = read("| Name | Email | Role |\n|---|:-:|---|\n| Anna | a@x.by | Tutor |\n", '|');
        assert_eq!(
            (people(&markdown), markdown.columns[1..4].to_vec()),
            (vec!["|Anna|a@x.by|Tutor|".into()], vec![Some(Name), Some(Email), Some(Role)])
        );
    }

    fn sheet(name: &str, text: &str) -> ImportSheet {
        let rows = text.lines().map(|line| line.split(';').map(String::from).collect()).collect();
        ImportSheet { name: name.into(), rows, is_too_large: false }
    }

    #[test]
    fn the_first_sheet_that_looks_like_a_list_is_read_and_another_can_be_chosen() {
        let sheets = vec![
            sheet("Read me", "How to fill this in\nOne row each"),
            sheet("Phones", "Name;Phone\nA;+375291234567"),
            sheet("People", "Name;Email\nB;b@x.by\nC;c@x.by"),
            sheet("More", "Name;Email\nD;d@x.by"),
            ImportSheet { name: "Huge".into(), is_too_large: true, ..ImportSheet::default() },
            sheet("Heads", "Name;Email"),
        ];
        let mut list = ImportList::of_sheets(sheets, terms());
        assert_eq!((list.sheet, list.rows.len()), (2, 2));
        list.terms.sends = true;
        assert_eq!(list.choose_sheet(3), Ok(()));
        assert_eq!((list.sheet, list.terms.sends, people(&list)), (3, true, vec!["D|d@x.by".to_string()]));
        for (at, why) in [(4, Invalid::File(FileProblem::TooLarge)), (5, Invalid::EmptyList), (9, Invalid::EmptyList)] {
            assert_eq!(list.choose_sheet(at), Err(why));
        }
        assert_eq!(list.sheet, 3);
        let only = ImportList::of_sheets(vec![sheet("A", "Name;Email\nB;b@x.by")], terms());
        // It is kept, too: it may be read anew.
        assert!(only.sheets.len() == 1 && only.rows.len() == 1);
        let without = ImportList::of_sheets_with(only.sheets, Some(false), terms());
        assert_eq!((without.rows.len(), without.heads.len()), (2, 0));
    }
}
