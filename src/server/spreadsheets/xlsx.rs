//! The first sheet of a workbook, cell by cell: never as a table of its whole extent, which one cell at its far end would make huge.

use super::{CellsInBounds, SheetCells, SheetError, number};
use calamine::{DataRef, Reader, Xlsx};
use std::io::Cursor;

pub fn read(bytes: &[u8]) -> Result<SheetCells, SheetError> {
    let unreadable = |_| SheetError::Unreadable;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let first = book.sheet_names().first().cloned().ok_or(SheetError::Unreadable)?;
    let mut cells = book.worksheet_cells_reader(&first).map_err(unreadable)?;
    let mut found = CellsInBounds::default();
    while let Some(cell) = cells.next_cell().map_err(unreadable)? {
        let (row, column) = cell.get_position();
        let at = |place: u32| usize::try_from(place).unwrap_or(usize::MAX);
        found.put(at(row), at(column), &text(cell.get_value()))?;
    }
    Ok(found.cells())
}

/// What a cell shows.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(value) => value.to_string(),
        DataRef::Float(value) => number(*value),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(value) => number(value.as_f64()),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}
