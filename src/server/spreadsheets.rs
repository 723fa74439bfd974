//! Reads the cells of a file that somebody hands over: CSV and TSV in whatever letters and with whatever between its cells, XLSX, ODS.
//! What a file may make of itself is bounded before it is read: rows, columns, bytes, and what a packed file unpacks to. It must not
//! know what the cells mean.

mod ods;
mod text;
mod xlsx;

use crate::domain::import::{ImportSheet, LONGEST_CELL, ListReading, MOST_CELL_BYTES, MOST_COLUMNS, MOST_ROWS};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::io::{Cursor, Read};
use tokio::sync::Semaphore;
use zip::ZipArchive;

/// The cells of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetCells {
    /// Those sheets that have any; of a text the only one.
    pub sheets: Vec<ImportSheet>,
    /// A text as it is, since it may be no table.
    pub text: Option<String>,
    /// In which letters it is written, as people call them; nothing where the file says so itself.
    pub encoding: Option<&'static str>,
    pub delimiter: Option<char>,
    /// A text as it was sent: it may be written in other letters than it was read.
    pub bytes: Vec<u8>,
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
    /// A page of the web, as some programs write it when they are asked for a table.
    WebPage,
    Pdf,
    Empty,
    /// It is damaged, locked with a password, or no table at all.
    Unreadable,
}

/// Rows that may stand around the people: a title, heads, empty lines, a total.
const ROWS_AROUND: usize = 1_000;

/// How many rows may be covered by merged cells, those of every column counted.
const MOST_COVERED: usize = 20 * MOST_ROWS;

/// To how much a packed file may unpack, and how many files may be in it.
const MOST_UNPACKED: u64 = 48 * 1024 * 1024;
const MOST_FILES: usize = 500;

/// Reads the cells of a file, whatever it is.
///
/// # Errors
/// Why there are none; then nothing of it is taken.
pub fn read(bytes: &[u8]) -> Result<SheetCells, SheetError> {
    read_with(bytes, &ListReading::default())
}

/// The same, where somebody says how a text is written.
///
/// # Errors
/// As [`read`].
pub fn read_with(bytes: &[u8], said: &ListReading) -> Result<SheetCells, SheetError> {
    let mut cells = match bytes {
        [b'P', b'K', 3, 4, ..] => SheetCells { sheets: packed(bytes)?, ..SheetCells::default() },
        [0xD0, 0xCF, 0x11, 0xE0, ..] => return Err(SheetError::OldFormat),
        [b'%', b'P', b'D', b'F', ..] => return Err(SheetError::Pdf),
        _ => text::read(bytes, said)?,
    };
    let has_cells = |sheet: &ImportSheet| sheet.rows.iter().flatten().any(|cell| cell.contains(char::is_alphanumeric));
    cells.sheets.retain(|sheet| sheet.is_too_large || has_cells(sheet));
    if cells.sheets.is_empty() { Err(SheetError::Empty) } else { Ok(cells) }
}

/// How many files are read at one moment: each may take some dozen megabytes while it is.
static READERS: Semaphore = Semaphore::const_new(2);

/// As [`read_with`], when its turn comes, beside what else is done.
///
/// # Errors
/// As [`read`].
pub async fn read_in_turn(bytes: Vec<u8>, said: ListReading) -> Result<SheetCells, SheetError> {
    let _turn = READERS.acquire().await.map_err(|_| SheetError::Unreadable)?;
    tokio::task::spawn_blocking(move || read_with(&bytes, &said)).await.map_err(|_| SheetError::Unreadable)?
}

/// A file as it is kept beside its list.
pub fn kept(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The same, read as somebody says, when its turn comes.
///
/// # Errors
/// As [`read`].
pub async fn read_kept(file: &str, said: ListReading) -> Result<SheetCells, SheetError> {
    let bytes = STANDARD.decode(file).map_err(|_| SheetError::Unreadable)?;
    read_in_turn(bytes, said).await
}

/// A packed file: what it unpacks to is measured first, without keeping it.
fn packed(bytes: &[u8]) -> Result<Vec<ImportSheet>, SheetError> {
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

/// Cells as they come, within the bounds; all sheets of a file together have no more than one list may have.
#[derive(Default)]
struct CellsInBounds {
    rows: Vec<Vec<String>>,
    bytes: usize,
    /// How many rows were looked at for cells that cover several.
    covered: usize,
    /// Why nothing was read of the sheets that were too large.
    too_large: Option<SheetError>,
}

impl CellsInBounds {
    /// For the next sheet of the same file.
    fn next(&self) -> Self {
        Self { bytes: self.bytes, ..Self::default() }
    }

    /// Takes the cells of a sheet, where nothing spoke against them.
    ///
    /// # Errors
    /// When the file is damaged. What is only too large is kept as such.
    fn take(&mut self, found: Self, name: String, problem: Option<SheetError>) -> Result<ImportSheet, SheetError> {
        match problem {
            None => {
                self.bytes = found.bytes;
                Ok(ImportSheet { name, rows: found.rows, is_too_large: false })
            }
            Some(problem @ (SheetError::TooManyRows | SheetError::TooLarge)) => {
                self.too_large = self.too_large.or(Some(problem));
                Ok(ImportSheet { name, rows: Vec::new(), is_too_large: true })
            }
            Some(other) => Err(other),
        }
    }

    /// The sheets of the file.
    ///
    /// # Errors
    /// Where none of them could be read.
    fn sheets(&self, all: Vec<ImportSheet>) -> Result<Vec<ImportSheet>, SheetError> {
        match self.too_large {
            Some(problem) if all.iter().all(|sheet| sheet.rows.is_empty()) => Err(problem),
            _ => Ok(all),
        }
    }

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

    /// Repeats a cell in the rows below it as far as one that has nothing else in it, down to `last`: a merged cell holds for all rows
    /// that it covers. Rows in which nothing stands at all stay empty.
    ///
    /// # Errors
    /// As [`Self::put`].
    fn fill_down(&mut self, row: usize, column: usize, last: usize) -> Result<(), SheetError> {
        let text = self.rows.get(row).and_then(|cells| cells.get(column)).cloned().unwrap_or_default();
        if text.is_empty() {
            return Ok(());
        }
        for below in row.saturating_add(1)..=last.min(self.rows.len().saturating_sub(1)) {
            self.covered += 1;
            if self.covered > MOST_COVERED {
                return Err(SheetError::TooLarge);
            }
            let is_there = self.rows.get(below).is_some_and(|cells| {
                cells.iter().any(|cell| !cell.is_empty()) && cells.get(column).is_none_or(String::is_empty)
            });
            if is_there {
                self.put(below, column, &text)?;
            }
        }
        Ok(())
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
        workbook_of(&[("People", &format!("<sheetData>{sheet}</sheetData>"))], strings)
    }

    /// The same with several.
    fn workbook_of(sheets: &[(&str, &str)], strings: &str) -> Vec<u8> {
        let types = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
        let (mut listed, mut related) = (String::new(), String::new());
        for (at, (name, _)) in sheets.iter().enumerate() {
            let state = if name.starts_with("hidden") { r#" state="hidden""# } else { "" };
            listed.push_str(&format!(r#"<sheet name="{name}"{state} sheetId="{at}" r:id="rId{at}"/>"#));
            related.push_str(&format!(r#"<Relationship Id="rId{at}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{at}.xml"/>"#));
        }
        let book = format!(
            r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{listed}</sheets></workbook>"#
        );
        let rels = format!(
            r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{related}<Relationship Id="rIdS" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#
        );
        let strings = format!(
            r#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{strings}</sst>"#
        );
        let package = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
        let sheets: Vec<(String, String)> = sheets
            .iter()
            .enumerate()
            .map(|(at, (_, sheet))| {
                let of = r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">"#;
                (format!("xl/worksheets/sheet{at}.xml"), format!(r#"<?xml version="1.0"?>{of}{sheet}</worksheet>"#))
            })
            .collect();
        let mut files: Vec<(&str, &[u8])> = vec![
            ("_rels/.rels", package.as_bytes()),
            ("[Content_Types].xml", types.as_bytes()),
            ("xl/workbook.xml", book.as_bytes()),
            ("xl/_rels/workbook.xml.rels", rels.as_bytes()),
            ("xl/sharedStrings.xml", strings.as_bytes()),
        ];
        files.extend(sheets.iter().map(|(name, sheet)| (name.as_str(), sheet.as_bytes())));
        zipped(&files)
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
        let rows = &read.sheets[0].rows;
        assert_eq!(rows[0], ["Почта", "Телефон"]);
        assert!(rows[1].is_empty());
        assert_eq!(rows[2], ["a@x.by", "375291234567", "#N/A"]);
    }

    fn rows_of(bytes: &[u8]) -> Vec<Vec<String>> {
        read(bytes).expect("cells").sheets.swap_remove(0).rows
    }

    /// What stands in cells that were merged holds for all rows that they cover, as far as anybody stands there.
    #[test]
    fn merged_cells_count_for_every_row_that_they_cover() {
        let cell = |at: &str, text: &str| format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#);
        let sheet = format!(
            r#"<sheetData><row r="1">{}{}</row><row r="2">{}{}</row><row r="3">{}{}</row><row r="5">{}</row></sheetData><mergeCells count="3"><mergeCell ref="A1:A3"/><mergeCell ref="C1:D2"/><mergeCell ref="A5:A9"/></mergeCells>"#,
            cell("A1", "Sales"),
            cell("B1", "anna@x.by"),
            cell("B2", "bob@x.by"),
            cell("C2", "own"),
            cell("A3", "its own"),
            cell("B3", "max@x.by"),
            cell("A5", "last"),
        );
        let rows = rows_of(&workbook_of(&[("A", &sheet)], ""));
        assert_eq!(rows[0], ["Sales", "anna@x.by"]);
        assert_eq!(rows[1], ["Sales", "bob@x.by", "own"]);
        assert_eq!(rows[2], ["its own", "max@x.by"]);
        assert_eq!((rows.len(), rows[3].len()), (5, 0));
        let cell = |text: &str| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
        let rows = rows_of(&document(&format!(
            r#"<table:table-row><table:table-cell table:number-rows-spanned="3"><text:p>Sales</text:p></table:table-cell>{}</table:table-row><table:table-row><table:covered-table-cell/>{}</table:table-row><table:table-row><table:covered-table-cell><text:p>its own</text:p></table:covered-table-cell>{}</table:table-row>"#,
            cell("anna@x.by"),
            cell("bob@x.by"),
            cell("max@x.by")
        )));
        assert_eq!(rows, [["Sales", "anna@x.by"], ["Sales", "bob@x.by"], ["its own", "max@x.by"]]);
    }

    #[test]
    fn a_remark_about_a_cell_is_none_of_its_text() {
        let noted = r#"<table:table-cell><office:annotation><dc:creator>Boss</dc:creator><text:p>ask again</text:p><text:p>twice</text:p></office:annotation><text:p>Anna <text:span>Kim</text:span></text:p></table:table-cell>"#;
        let drawn = r#"<table:table-cell><draw:frame><draw:text-box><text:p>stamp</text:p></draw:text-box></draw:frame><text:p>a@x.by</text:p></table:table-cell>"#;
        let only = r#"<table:table-cell><office:annotation><text:p>x</text:p></office:annotation></table:table-cell>"#;
        let wrong = r##"<table:table-cell office:value-type="float" office:value="0"><text:p>#REF!</text:p></table:table-cell>"##;
        let rows = rows_of(&document(&format!("<table:table-row>{noted}{drawn}{only}{wrong}</table:table-row>")));
        assert_eq!(rows, [["Anna Kim", "a@x.by", "", "#REF!"]]);
    }

    /// Every sheet with cells is there by its name; one that is too large says so and takes the others nothing away.
    #[test]
    fn all_sheets_with_cells_are_read() {
        let row = |text: &str| {
            format!(r#"<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row></sheetData>"#)
        };
        let far =
            r#"<sheetData><row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>"#;
        let (hidden, one, two) = (row("secret"), row("first"), row("second"));
        let book = workbook_of(
            &[("hidden", &hidden), ("One", &one), ("Empty", "<sheetData/>"), ("Far", far), ("Two", &two)],
            "",
        );
        let said = |bytes: &[u8]| -> Vec<(String, bool)> {
            read(bytes).expect("cells").sheets.into_iter().map(|sheet| (sheet.name, sheet.is_too_large)).collect()
        };
        let names = [("One", false), ("Far", true), ("Two", false), ("hidden", false)];
        assert_eq!(said(&book), names.map(|(name, is_too_large)| (name.to_string(), is_too_large)));
        assert_eq!(said(&document("<table:table-row/>")), [("B".to_string(), false)]);
        let filled = r#"<table:table-row><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>"#;
        assert_eq!(said(&document(filled)), [("A".to_string(), false), ("B".to_string(), false)]);
    }

    #[test]
    fn a_document_gives_its_first_table_and_repeats_what_it_says_is_repeated() {
        let rows = r#"<table:table-row><table:table-cell table:number-columns-repeated="2"><text:p>Name</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="3.75291234567E+11"><text:p>3,75E+11</text:p></table:table-cell></table:table-row><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#;
        assert_eq!(read(&document(rows)).expect("cells").sheets[0].rows, [["Name", "Name", "375291234567"]]);
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
        let document = read(&document(rows)).expect("the other table").sheets;
        assert!(document[0].is_too_large && document[0].rows.is_empty() && !document[1].is_too_large);
    }

    #[test]
    fn what_is_no_table_says_so() {
        assert_eq!(read(b"").err(), Some(SheetError::Empty));
        assert_eq!(read(b" \n;;\n").err(), Some(SheetError::Empty));
        for page in [
            "<!DOCTYPE html><table><tr><td>a@x.by</td></tr></table>",
            "\u{feff}\n<html xmlns:x=\"urn\">",
            " <TABLE>",
            "<?xml version=\"1.0\"?><html>",
        ] {
            assert_eq!(read(page.as_bytes()).err(), Some(SheetError::WebPage), "{page}");
        }
        assert_eq!(read(b"%PDF-1.7\n1 0 obj <</Title (a@x.by)>>").err(), Some(SheetError::Pdf));
        assert_eq!(read(b"<anna@x.by>\nbob@x.by").map(|read| read.sheets.len()), Ok(1));
        assert_eq!(read(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1]).err(), Some(SheetError::OldFormat));
        assert_eq!(read(b"PK\x03\x04 and nothing").err(), Some(SheetError::Unreadable));
        assert_eq!(read(&zipped(&[("word/document.xml", b"<x/>")])).err(), Some(SheetError::Unreadable));
        assert_eq!(read(&workbook("<row><c", "")).err(), Some(SheetError::Unreadable));
        assert_eq!(read(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\x01\x02\xff").err(), Some(SheetError::Unreadable));
    }
}
