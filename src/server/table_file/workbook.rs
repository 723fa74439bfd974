//! A workbook that is written from its first byte to its last and never looked at again: the sheet's rows come as they are made, packed
//! at once. Every cell is a text that stands in its place, so that none is a formula, a date or a number in powers of ten.
//!
//! Written here, since the crates that write workbooks keep a sheet until it is whole: nothing of it could be read before the last row,
//! and a list of a million people would lie on the disk of the server first.

use std::io::{Result, Write};
use std::sync::{Arc, Mutex, PoisonError};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

/// The most rows of a sheet; what is more begins another.
const MOST_ROWS: u32 = 1_048_576;

/// The longest text of a cell, in characters.
const LONGEST: usize = 32_767;

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// What was written and not taken yet.
#[derive(Clone, Default)]
struct SharedBuffer(Arc<Mutex<Vec<u8>>>);

impl SharedBuffer {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for SharedBuffer {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

/// A workbook on its way.
pub(super) struct Workbook {
    zip: ZipWriter<StreamWriter<SharedBuffer>>,
    written: SharedBuffer,
    title: String,
    heads: Vec<String>,
    sheets: usize,
    rows: u32,
    /// The row that is being put together.
    line: String,
}

impl Workbook {
    pub(super) fn begin(title: &str, heads: &[&str]) -> Result<Self> {
        let written = SharedBuffer::default();
        let mut book = Self {
            zip: ZipWriter::new_stream(written.clone()),
            written,
            title: title.into(),
            heads: heads.iter().map(ToString::to_string).collect(),
            sheets: 0,
            rows: 0,
            line: String::new(),
        };
        book.begin_sheet()?;
        Ok(book)
    }

    pub(super) fn row(&mut self, cells: &[&str]) -> Result<()> {
        if self.rows == MOST_ROWS {
            self.end_sheet()?;
            self.begin_sheet()?;
        }
        self.rows += 1;
        let mut line = std::mem::take(&mut self.line);
        line.clear();
        line.push_str("<row>");
        for (at, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            line.push_str("<c r=\"");
            push_column(&mut line, at);
            line.push_str(&self.rows.to_string());
            line.push_str("\" t=\"inlineStr\"><is><t xml:space=\"preserve\">");
            push_text(&mut line, cell);
            line.push_str("</t></is></c>");
        }
        line.push_str("</row>");
        self.zip.write_all(line.as_bytes())?;
        self.line = line;
        Ok(())
    }

    pub(super) fn take(&mut self) -> Vec<u8> {
        self.written.take()
    }

    pub(super) fn end(mut self) -> Result<Vec<u8>> {
        self.end_sheet()?;
        let (mut sheets, mut parts, mut types) = (String::new(), String::new(), String::new());
        for n in 1..=self.sheets {
            let number = if n == 1 { String::new() } else { format!(" {n}") };
            sheets.push_str("<sheet name=\"");
            push_text(&mut sheets, &format!("{}{number}", sheet_name(&self.title)));
            sheets.push_str(&format!("\" sheetId=\"{n}\" r:id=\"rId{n}\"/>"));
            parts.push_str(&format!(
                "<Relationship Id=\"rId{n}\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"
            ));
            types.push_str(&format!(
                "<Override PartName=\"/xl/worksheets/sheet{n}.xml\" \
                 ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>"
            ));
        }
        let files = [
            (
                "xl/workbook.xml",
                format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets>{sheets}</sheets></workbook>"),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!("<Relationships xmlns=\"{PACKAGE}/relationships\">{parts}</Relationships>"),
            ),
            (
                "_rels/.rels",
                format!(
                    "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" \
                     Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
                ),
            ),
            (
                "[Content_Types].xml",
                format!(
                    "<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" \
                     ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
                     <Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" \
                     ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>{types}</Types>"
                ),
            ),
        ];
        for (name, content) in files {
            self.zip.start_file(name, options())?;
            self.zip.write_all(format!("{XML}{content}").as_bytes())?;
        }
        self.zip.finish()?;
        Ok(self.written.take())
    }

    fn begin_sheet(&mut self) -> Result<()> {
        (self.sheets, self.rows) = (self.sheets + 1, 0);
        self.zip.start_file(format!("xl/worksheets/sheet{}.xml", self.sheets), options())?;
        // What the cells are called stays in sight.
        let columns = self.heads.len().max(1);
        let head = format!(
            "{XML}<worksheet xmlns=\"{MAIN}\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" \
             activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><cols><col min=\"1\" max=\"{columns}\" \
             width=\"24\" customWidth=\"1\"/></cols><sheetData>"
        );
        self.zip.write_all(head.as_bytes())?;
        let heads = self.heads.clone();
        self.row(&heads.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn end_sheet(&mut self) -> Result<()> {
        self.zip.write_all(b"</sheetData></worksheet>")
    }
}

/// Packed quickly: what waits is a person, and most of a sheet is the same text again and again.
fn options() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).compression_level(Some(1))
}

/// What a spreadsheet takes as a sheet's name.
fn sheet_name(title: &str) -> String {
    let name: String = title.chars().filter(|letter| !r"[]:*?/\'".contains(*letter)).take(25).collect();
    if name.trim().is_empty() { "Sheet".into() } else { name }
}

/// `A`, `B`, … `Z`, `AA`, …
fn push_column(line: &mut String, at: usize) {
    if at >= 26 {
        push_column(line, at / 26 - 1);
    }
    let letter = u8::try_from(at % 26).unwrap_or_default();
    line.push(char::from(b'A' + letter));
}

/// A text as XML holds it; what XML cannot hold is left out.
fn push_text(line: &mut String, text: &str) {
    for letter in text.chars().take(LONGEST) {
        match letter {
            '&' => line.push_str("&amp;"),
            '<' => line.push_str("&lt;"),
            '>' => line.push_str("&gt;"),
            '"' => line.push_str("&quot;"),
            // Else it would be read as the end of a line.
            '\r' => line.push_str("&#13;"),
            '\t' | '\n' => line.push(letter),
            '\u{fffe}' | '\u{ffff}' => {}
            letter if letter < ' ' => {}
            letter => line.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::spreadsheets;

    #[test]
    fn columns_are_lettered_as_spreadsheets_do() {
        let letters = |at| {
            let mut line = String::new();
            push_column(&mut line, at);
            line
        };
        assert_eq!([0, 25, 26, 51, 52, 701, 702].map(letters), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }

    /// VA-07: a cell is a text, whatever it begins with, and stands as it was written.
    #[test]
    fn no_cell_is_a_formula_or_a_number_va_07() {
        let mut book = Workbook::begin("People", &["Name"]).expect("a book");
        let cells = ["=1+1", "+375291234567", "-2", "@SUM(A1)", "375291234567", "2026-11-29", "<b>&\"\u{1}"];
        for cell in cells {
            book.row(&[cell]).expect("a row");
        }
        let bytes = book.end().expect("an end");
        let read = spreadsheets::read(&bytes).expect("cells").sheets.swap_remove(0).rows;
        assert_eq!(read[1..].concat(), [&cells[..6], &["<b>&\""]].concat());
    }

    #[test]
    fn what_one_sheet_cannot_hold_stands_in_the_next() {
        let mut book = Workbook::begin("a/b", &["Name"]).expect("a book");
        book.rows = MOST_ROWS - 1;
        book.row(&["last"]).expect("a row");
        book.row(&["first"]).expect("a row");
        assert_eq!((book.sheets, book.rows), (2, 2));
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(book.end().expect("an end"))).expect("an archive");
        let mut text = String::new();
        let mut sheet = archive.by_name("xl/worksheets/sheet2.xml").expect("the second sheet");
        std::io::Read::read_to_string(&mut sheet, &mut text).expect("its text");
        assert!(text.contains(">Name<") && text.contains(">first<"), "{text}");
        drop(sheet);
        let mut text = String::new();
        let mut names = archive.by_name("xl/workbook.xml").expect("the workbook");
        std::io::Read::read_to_string(&mut names, &mut text).expect("its text");
        assert!(text.contains("\"ab\"") && text.contains("\"ab 2\""), "{text}");
    }
}
