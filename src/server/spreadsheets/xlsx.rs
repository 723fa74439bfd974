//! The sheets of a workbook, cell by cell: never as a table of its whole extent, which one cell at its far end would make huge.

use super::{CellsInBounds, SheetError, number};
use crate::domain::import::ImportSheet;
use calamine::{DataRef, Dimensions, Reader, SheetType, SheetVisible, Xlsx};
use std::io::Cursor;

/// The sheets that are seen before those that are hidden, each group in the order of the workbook.
pub fn read(bytes: &[u8]) -> Result<Vec<ImportSheet>, SheetError> {
    let unreadable = |_| SheetError::Unreadable;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let mut sheets: Vec<_> =
        book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).cloned().collect();
    sheets.sort_by_key(|sheet| sheet.visible != SheetVisible::Visible);
    let mut left = CellsInBounds::default();
    let mut all = Vec::new();
    for sheet in sheets {
        let merged = book.merge_cells_by_sheet_name(&sheet.name).unwrap_or_default();
        let mut cells = book.worksheet_cells_reader(&sheet.name).map_err(unreadable)?;
        let mut found = left.next();
        let mut put = || {
            while let Some(cell) = cells.next_cell().map_err(unreadable)? {
                let (row, column) = cell.get_position();
                found.put(place(row), place(column), &text(cell.get_value()))?;
            }
            merged.iter().try_for_each(|area| fill(&mut found, area))
        };
        let problem = put().err();
        all.push(left.take(found, sheet.name, problem)?);
    }
    left.sheets(all)
}

fn place(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// What stands in the first of some merged cells holds for all rows of them.
fn fill(found: &mut CellsInBounds, area: &Dimensions) -> Result<(), SheetError> {
    found.fill_down(place(area.start.0), place(area.start.1), place(area.end.0))
}

/// What a cell shows.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(value) => value.to_string(),
        DataRef::Float(value) => number(*value),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(value) if value.is_datetime() && value.as_f64() >= 1.0 => {
            let (year, month, day, ..) = value.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTime(value) => number(value.as_f64()),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}
