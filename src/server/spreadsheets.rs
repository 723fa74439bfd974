//! Reads the cells of a file that somebody hands over: CSV and TSV in whatever letters and with whatever between its cells, XLSX, ODS.
//! What a file may make of itself is bounded before it is read: rows, columns, bytes, and what a packed file unpacks to. It must not
//! know what the cells mean.

mod ods;
mod text;
mod xlsx;

use crate::domain::import::{LONGEST_CELL, MOST_CELL_BYTES, MOST_COLUMNS, MOST_ROWS};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// The cells of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetCells {
    pub rows: Vec<Vec<String>>,
    /// In which letters it is written, as people call them; nothing where the file says so itself.
    pub encoding: Option<&'static str>,
    pub delimiter: Option<char>,
}

/// Why no cells could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetError {
    /// More rows than one list may have: nothing of it is read.
    TooManyRows,
    /// Its cells are larger than a list may be, or it unpacks to more than that.
    TooLarge,
    /// The old format of Excel, `.xls`.
    OldFormat,
    Empty,
    /// It is damaged, locked with a password, or no table at all.
    Unreadable,
}

/// Rows that may stand around the people: a title, heads, empty lines, a total.
const ROWS_AROUND: usize = 1_000;

/// To how much a packed file may unpack, and how many files may be in it.
const MOST_UNPACKED: u64 = 48 * 1024 * 1024;
const MOST_FILES: usize = 500;

/// Reads the cells of a file, whatever it is.
///
/// # Errors
/// Why there are none; then nothing of it is taken.
pub fn read(bytes: &[u8]) -> Result<SheetCells, SheetError> {
    let cells = match bytes {
        [b'P', b'K', 3, 4, ..] => packed(bytes)?,
        [0xD0, 0xCF, 0x11, 0xE0, ..] => return Err(SheetError::OldFormat),
        _ => text::read(bytes)?,
    };
    let is_empty = !cells.rows.iter().flatten().any(|cell| cell.contains(char::is_alphanumeric));
    if is_empty { Err(SheetError::Empty) } else { Ok(cells) }
}

/// A packed file: what it unpacks to is measured first, without keeping it.
fn packed(bytes: &[u8]) -> Result<SheetCells, SheetError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| SheetError::Unreadable)?;
    if archive.len() > MOST_FILES {
        return Err(SheetError::TooLarge);
    }
    let mut left = MOST_UNPACKED;
    let mut names = Vec::new();
    for at in 0..archive.len() {
        let file = archive.by_index(at).map_err(|_| SheetError::Unreadable)?;
        names.push(file.name().map_err(|_| SheetError::Unreadable)?.into_owned());
        // What it says of its size is not believed.
        let mut file = file.take(left + 1);
        let size = std::io::copy(&mut file, &mut std::io::sink()).map_err(|_| SheetError::Unreadable)?;
        left = left.checked_sub(size).ok_or(SheetError::TooLarge)?;
    }
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    match () {
        () if has("xl/workbook.xml") => xlsx::read(bytes),
        () if has("content.xml") => {
            let content = archive.by_name("content.xml").map_err(|_| SheetError::Unreadable)?;
            ods::read(content)
        }
        () => Err(SheetError::Unreadable),
    }
}

/// Cells as they come, within the bounds.
#[derive(Default)]
struct CellsInBounds {
    rows: Vec<Vec<String>>,
    bytes: usize,
}

impl CellsInBounds {
    /// Puts a text at its place, both counted from 0.
    ///
    /// # Errors
    /// When the table has more rows or bytes than it may.
    fn put(&mut self, row: usize, column: usize, text: &str) -> Result<(), SheetError> {
        let text = text.trim();
        if text.is_empty() || column >= MOST_COLUMNS {
            return Ok(());
        }
        if row >= MOST_ROWS + ROWS_AROUND {
            return Err(SheetError::TooManyRows);
        }
        let text: String = text.chars().take(LONGEST_CELL).collect();
        self.bytes += text.len();
        if self.bytes > MOST_CELL_BYTES {
            return Err(SheetError::TooLarge);
        }
        if self.rows.len() <= row {
            self.rows.resize(row + 1, Vec::new());
        }
        if let Some(cells) = self.rows.get_mut(row) {
            if cells.len() <= column {
                cells.resize(column + 1, String::new());
            }
            if let Some(cell) = cells.get_mut(column) {
                *cell = text;
            }
        }
        Ok(())
    }

    fn cells(self) -> SheetCells {
        SheetCells { rows: self.rows, ..SheetCells::default() }
    }
}

/// A number as somebody typed it: digits, and no power of ten.
fn number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 { format!("{value:.0}") } else { value.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::write::SimpleFileOptions;

    fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in files {
            archive.start_file(*name, SimpleFileOptions::default()).expect("a file");
            archive.write_all(content).expect("its content");
        }
        archive.finish().expect("an archive").into_inner()
    }

    /// A workbook as Excel writes it, with this sheet.
    fn workbook(sheet: &str, strings: &str) -> Vec<u8> {
        let types = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
        let book = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="People" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
        let rels = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;
        let sheet = format!(
            r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{sheet}</sheetData></worksheet>"#
        );
        let strings = format!(
            r#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{strings}</sst>"#
        );
        let package = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
        zipped(&[
            ("_rels/.rels", package.as_bytes()),
            ("[Content_Types].xml", types.as_bytes()),
            ("xl/workbook.xml", book.as_bytes()),
            ("xl/_rels/workbook.xml.rels", rels.as_bytes()),
            ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
            ("xl/sharedStrings.xml", strings.as_bytes()),
        ])
    }

    fn document(rows: &str) -> Vec<u8> {
        let content = format!(
            r#"<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet><table:table table:name="A">{rows}</table:table><table:table table:name="B"><table:table-row><table:table-cell><text:p>other</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"#
        );
        zipped(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content.as_bytes())])
    }

    #[test]
    fn a_workbook_gives_texts_and_whole_numbers() {
        let sheet = r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="3"><c r="A3" t="inlineStr"><is><t>a@x.by</t></is></c><c r="B3"><v>375291234567</v></c><c r="C3" t="e"><v>#N/A</v></c></row>"#;
        let read = read(&workbook(sheet, "<si><t>Почта</t></si><si><t>Телефон</t></si>")).expect("cells");
        assert_eq!(read.rows[0], ["Почта", "Телефон"]);
        assert!(read.rows[1].is_empty());
        assert_eq!(read.rows[2][..2], ["a@x.by", "375291234567"]);
    }

    #[test]
    fn a_document_gives_its_first_table_and_repeats_what_it_says_is_repeated() {
        let rows = r#"<table:table-row><table:table-cell table:number-columns-repeated="2"><text:p>Name</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="3.75291234567E+11"><text:p>3,75E+11</text:p></table:table-cell></table:table-row><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#;
        assert_eq!(read(&document(rows)).expect("cells").rows, [["Name", "Name", "375291234567"]]);
    }

    /// A few bytes that unpack to very many, and a cell at the far end of a sheet, take no memory.
    #[test]
    fn a_file_that_unpacks_to_a_mountain_is_refused() {
        let zeros = vec![b' '; 80 * 1024 * 1024];
        let bomb = zipped(&[("xl/workbook.xml", b"<x/>"), ("xl/media/image.bin", &zeros)]);
        assert!(bomb.len() < 200_000, "{}", bomb.len());
        assert_eq!(read(&bomb).err(), Some(SheetError::TooLarge));
        let far = r#"<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row>"#;
        assert_eq!(read(&workbook(far, "")).err(), Some(SheetError::TooManyRows));
        let rows = r#"<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row>"#;
        assert_eq!(read(&document(rows)).err(), Some(SheetError::TooManyRows));
    }

    #[test]
    fn what_is_no_table_says_so() {
        assert_eq!(read(b"").err(), Some(SheetError::Empty));
        assert_eq!(read(b" \n;;\n").err(), Some(SheetError::Empty));
        assert_eq!(read(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1]).err(), Some(SheetError::OldFormat));
        assert_eq!(read(b"PK\x03\x04 and nothing").err(), Some(SheetError::Unreadable));
        assert_eq!(read(&zipped(&[("word/document.xml", b"<x/>")])).err(), Some(SheetError::Unreadable));
        assert_eq!(read(&workbook("<row><c", "")).err(), Some(SheetError::Unreadable));
        assert_eq!(read(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\x01\x02\xff").err(), Some(SheetError::Unreadable));
    }
}
