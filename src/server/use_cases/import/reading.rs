//! How a file becomes a list: at first as it is found out, and otherwise where somebody says so. What stands in a file is read by
//! `spreadsheets`, what it means by the domain.

use super::super::UseCaseError;
use crate::domain::error::{FileProblem, Invalid};
use crate::domain::import::{ImportList, ImportTerms, ListReading, MOST_ROWS};
use crate::server::spreadsheets::{self, SheetCells, SheetError};

/// The cells of a file.
///
/// # Errors
/// Why nothing of it could be read.
pub async fn read_file(bytes: Vec<u8>) -> Result<SheetCells, UseCaseError> {
    spreadsheets::read_in_turn(bytes, ListReading::default()).await.map_err(refusal)
}

fn refusal(problem: SheetError) -> UseCaseError {
    let problem = match problem {
        SheetError::TooManyRows => return Invalid::TooManyToImport { most: MOST_ROWS }.into(),
        SheetError::TooLarge => FileProblem::TooLarge,
        SheetError::OldFormat => FileProblem::OldFormat,
        SheetError::WebPage => FileProblem::WebPage,
        SheetError::Pdf => FileProblem::Pdf,
        SheetError::Empty => FileProblem::Empty,
        SheetError::Unreadable => FileProblem::Unreadable,
    };
    Invalid::File(problem).into()
}

/// The list in the cells of a file.
///
/// # Errors
/// `TooManyToImport` for more people than one list may have; `EmptyList` where nobody stands in it.
pub(super) fn list_of(cells: SheetCells, said: &ListReading, terms: ImportTerms) -> Result<ImportList, UseCaseError> {
    let mut list = match (cells.text, cells.sheets) {
        (Some(text), mut sheets) => {
            let rows = sheets.pop().map(|sheet| sheet.rows).unwrap_or_default();
            ImportList::of_text_with(&text, rows, said, terms)
        }
        (None, sheets) => ImportList::of_sheets_with(sheets, said.has_heads, terms),
    };
    if list.rows.len() > MOST_ROWS {
        return Err(Invalid::TooManyToImport { most: MOST_ROWS }.into());
    }
    if list.rows.is_empty() {
        return Err(Invalid::EmptyList.into());
    }
    list.encoding = cells.encoding.map(String::from);
    list.delimiter = cells.delimiter.filter(|_| !list.reads_people);
    list.file = spreadsheets::kept(&cells.bytes);
    Ok(list)
}

/// Reads a list anew, as somebody says; what was corrected in its cells is not kept.
///
/// # Errors
/// As `read_file` and [`list_of`]; then the list stays as it is.
pub(super) async fn read_again(list: &mut ImportList, said: &ListReading) -> Result<(), UseCaseError> {
    let cells = match list.file.is_empty() {
        true => SheetCells { sheets: list.sheets.clone(), ..SheetCells::default() },
        false => spreadsheets::read_kept(&list.file, said.clone()).await.map_err(refusal)?,
    };
    let mut read = list_of(cells, said, list.terms.clone())?;
    if list.sheet != read.sheet {
        read.choose_sheet(list.sheet)?;
    }
    list.read_again(read);
    Ok(())
}
