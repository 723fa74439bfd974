//! The tables of an OpenDocument file. It says of rows and cells how often they are repeated, which may be a million times: what is
//! empty is passed over, and the rest is counted before it is written. The library would write all of it.

use super::{CellsInBounds, SheetError, number};
use crate::domain::import::{ImportSheet, MOST_COLUMNS, MOST_ROWS};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::io::{BufReader, Read};

/// What stands in a cell, or before the tables, and is none of its text: what somebody remarked about it, drawings, what was changed.
const ASIDE: [&str; 6] = ["annotation", "frame", "custom-shape", "shapes", "tracked-changes", "dde-links"];

/// A cell that is being read.
#[derive(Default)]
struct OpenCell {
    text: String,
    value: Option<f64>,
    repeated: usize,
    /// How many rows it covers.
    rows: usize,
}

/// A table that is being read.
#[derive(Default)]
struct OpenTable {
    name: String,
    found: CellsInBounds,
    row: usize,
    rows_repeated: usize,
    column: usize,
    line: Vec<(usize, String)>,
    /// The cells that cover several rows: row, column, and the last row.
    merged: Vec<(usize, usize, usize)>,
    problem: Option<SheetError>,
}

impl OpenTable {
    fn end_cell(&mut self, done: OpenCell) {
        let is_error = done.text.starts_with('#') || done.text.starts_with("Err:");
        let text = done.value.filter(|_| !is_error).map_or(done.text, number);
        let is_empty = text.trim().is_empty();
        // Beyond the columns that are read nothing is written.
        for at in 0..done.repeated.min(MOST_COLUMNS).min(MOST_COLUMNS.saturating_sub(self.column)) {
            if !is_empty {
                self.line.push((self.column + at, text.clone()));
            }
        }
        if done.rows > 1 && !is_empty && self.row <= 2 * MOST_ROWS {
            self.merged.push((self.row, self.column, self.row.saturating_add(done.rows - 1)));
        }
        self.column = self.column.saturating_add(done.repeated);
    }

    fn end_row(&mut self) {
        let times = if self.line.is_empty() || self.problem.is_some() { 0 } else { self.rows_repeated };
        for at in 0..times.min(2 * MOST_ROWS) {
            for (column, text) in &self.line {
                self.problem = self.problem.or(self.found.put(self.row.saturating_add(at), *column, text).err());
            }
            if self.problem.is_some() {
                break;
            }
        }
        self.line.clear();
        self.row = self.row.saturating_add(self.rows_repeated);
    }
}

pub fn read(content: impl Read) -> Result<Vec<ImportSheet>, SheetError> {
    let mut reader = Reader::from_reader(BufReader::new(content));
    let mut buffer = Vec::new();
    let (mut bounds, mut all) = (CellsInBounds::default(), Vec::new());
    let (mut table, mut cell, mut is_in_text): (Option<OpenTable>, Option<OpenCell>, bool) = (None, None, false);
    let mut aside = 0_usize;
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(|_| SheetError::Unreadable)?;
        match event {
            Event::Eof => return bounds.sheets(all),
            Event::Start(start) if aside > 0 || ASIDE.contains(&local(&start).as_str()) => {
                aside += usize::from(ASIDE.contains(&local(&start).as_str()));
            }
            Event::End(end) if aside > 0 => aside -= usize::from(ASIDE.contains(&end.local_name().as_ref())),
            _ if aside > 0 => {}
            Event::Start(start) => match (local(&start).as_str(), &mut table) {
                ("table", None) => {
                    let name = attribute(&start, "name").unwrap_or_default();
                    table = Some(OpenTable { name, found: bounds.next(), ..OpenTable::default() });
                }
                ("table-row", Some(table)) => {
                    (table.rows_repeated, table.column) = (repeated(&start, "number-rows-repeated"), 0);
                }
                ("table-cell" | "covered-table-cell", Some(_)) => cell = Some(OpenCell::of(&start)),
                ("p", _) => {
                    if let Some(cell) = cell.as_mut().filter(|cell| !cell.text.is_empty()) {
                        cell.text.push(' ');
                    }
                    is_in_text = true;
                }
                _ => {}
            },
            Event::Empty(start) => match (local(&start).as_str(), &mut table) {
                ("table-row", Some(table)) => {
                    table.row = table.row.saturating_add(repeated(&start, "number-rows-repeated"));
                }
                ("table-cell" | "covered-table-cell", Some(table)) => {
                    table.column = table.column.saturating_add(repeated(&start, "number-columns-repeated"));
                }
                ("s" | "tab" | "line-break", _) => {
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
            Event::End(end) => match (end.local_name().as_ref(), &mut table) {
                ("p", _) => is_in_text = false,
                ("table-cell" | "covered-table-cell", Some(table)) => {
                    if let Some(done) = cell.take() {
                        table.end_cell(done);
                    }
                }
                ("table-row", Some(table)) => table.end_row(),
                ("table", Some(_)) => {
                    let Some(OpenTable { name, mut found, merged, problem, .. }) = table.take() else { continue };
                    let fill = |(row, column, last): (usize, usize, usize)| found.fill_down(row, column, last);
                    let problem = problem.or(merged.into_iter().try_for_each(fill).err());
                    all.push(bounds.take(found, name, problem)?);
                }
                _ => {}
            },
            _ => {}
        }
    }
}

impl OpenCell {
    fn of(start: &BytesStart<'_>) -> Self {
        let is_number = attribute(start, "value-type").is_some_and(|kind| kind == "float");
        let value = attribute(start, "value").filter(|_| is_number).and_then(|value| value.parse().ok());
        let (repeated, rows) = (repeated(start, "number-columns-repeated"), repeated(start, "number-rows-spanned"));
        Self { text: String::new(), value, repeated, rows }
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
