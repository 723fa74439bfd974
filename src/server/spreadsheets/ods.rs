//! The first table of an OpenDocument file. It says of rows and cells how often they are repeated, which may be a million times: what is
//! empty is passed over, and the rest is counted before it is written. The library would write all of it.

use super::{CellsInBounds, SheetCells, SheetError, number};
use crate::domain::import::{MOST_COLUMNS, MOST_ROWS};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::io::{BufReader, Read};

/// A cell that is being read.
#[derive(Default)]
struct OpenCell {
    text: String,
    value: Option<f64>,
    repeated: usize,
}

pub fn read(content: impl Read) -> Result<SheetCells, SheetError> {
    let mut reader = Reader::from_reader(BufReader::new(content));
    let mut buffer = Vec::new();
    let mut found = CellsInBounds::default();
    let (mut row, mut rows_repeated, mut column) = (0_usize, 1, 0_usize);
    let mut line: Vec<(usize, String)> = Vec::new();
    let (mut cell, mut is_in_text): (Option<OpenCell>, bool) = (None, false);
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(|_| SheetError::Unreadable)?;
        match event {
            Event::Start(start) => match local(&start).as_str() {
                "table-row" => (rows_repeated, column) = (repeated(&start, "number-rows-repeated"), 0),
                "table-cell" | "covered-table-cell" => cell = Some(OpenCell::of(&start)),
                "p" => {
                    if let Some(cell) = cell.as_mut().filter(|cell| !cell.text.is_empty()) {
                        cell.text.push(' ');
                    }
                    is_in_text = true;
                }
                _ => {}
            },
            Event::Empty(start) => match local(&start).as_str() {
                "table-row" => row = row.saturating_add(repeated(&start, "number-rows-repeated")),
                "table-cell" | "covered-table-cell" => {
                    column = column.saturating_add(repeated(&start, "number-columns-repeated"));
                }
                "s" | "tab" | "line-break" => {
                    if let Some(cell) = &mut cell {
                        cell.text.push(' ');
                    }
                }
                _ => {}
            },
            Event::Text(text) if is_in_text => {
                if let Some(cell) = &mut cell {
                    cell.text.push_str(&text.xml10_content());
                }
            }
            Event::GeneralRef(reference) if is_in_text => {
                if let Some(cell) = &mut cell {
                    cell.text.push(letter_of(&reference).unwrap_or(' '));
                }
            }
            Event::End(end) => match end.local_name().as_ref() {
                "p" => is_in_text = false,
                "table-cell" | "covered-table-cell" => {
                    if let Some(done) = cell.take() {
                        let text = done.value.map_or(done.text, number);
                        let is_empty = text.trim().is_empty();
                        // Beyond the columns that are read nothing is written.
                        for at in 0..done.repeated.min(MOST_COLUMNS).min(MOST_COLUMNS.saturating_sub(column)) {
                            if !is_empty {
                                line.push((column + at, text.clone()));
                            }
                        }
                        column = column.saturating_add(done.repeated);
                    }
                }
                "table-row" => {
                    let times = if line.is_empty() { 0 } else { rows_repeated };
                    for at in 0..times.min(2 * MOST_ROWS) {
                        for (column, text) in &line {
                            found.put(row + at, *column, text)?;
                        }
                    }
                    line.clear();
                    row = row.saturating_add(rows_repeated);
                }
                "table" => return Ok(found.cells()),
                _ => {}
            },
            Event::Eof => return Err(SheetError::Unreadable),
            _ => {}
        }
    }
}

impl OpenCell {
    fn of(start: &BytesStart<'_>) -> Self {
        let is_number = attribute(start, "value-type").is_some_and(|kind| kind == "float");
        let value = attribute(start, "value").filter(|_| is_number).and_then(|value| value.parse().ok());
        Self { text: String::new(), value, repeated: repeated(start, "number-columns-repeated") }
    }
}

fn local(start: &BytesStart<'_>) -> String {
    start.local_name().as_ref().to_owned()
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = start.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(found.value.to_string())
}

fn repeated(start: &BytesStart<'_>, name: &str) -> usize {
    attribute(start, name).and_then(|times| times.parse().ok()).unwrap_or(1)
}

/// The letter for which `&amp;` or `&#8470;` stands.
fn letter_of(reference: &str) -> Option<char> {
    match reference {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        other => {
            let digits = other.strip_prefix('#')?;
            let number = match digits.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(number)
        }
    }
}
