//! Tables that are taken away as files, a row at a time, in either of two formats. What has been made of a file can be taken at any
//! moment, so that it is read while it is still being made, and no table has to fit into memory. What stands in the cells is not known
//! here; no cell is ever a formula (VA-07).

mod text;
mod workbook;

use crate::domain::coded::coded;
use crate::words::Language;
use std::io::Result;
use workbook::Workbook;

coded! {
    /// What a table is taken away as.
    /// Its code is how forms write it, and the end of a file's name.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub enum TableFormat {
        /// Values with something between them, one row a line.
        #[default]
        Csv = "csv",
        /// A workbook, as Excel and LibreOffice write it.
        Xlsx = "xlsx",
    }
}

impl TableFormat {
    /// What a browser is told of it.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// A table on its way into a file.
pub struct TableFile(Kind);

enum Kind {
    Text { made: Vec<u8>, language: Language },
    Workbook(Box<Workbook>),
}

impl TableFile {
    /// Begins with what the cells are called.
    ///
    /// # Errors
    /// As [`Self::row`].
    pub fn begin(format: TableFormat, language: Language, title: &str, heads: &[&str]) -> Result<Self> {
        let mut file = Self(match format {
            TableFormat::Csv => Kind::Text { made: text::BEGIN.to_vec(), language },
            TableFormat::Xlsx => Kind::Workbook(Box::new(Workbook::begin(title, heads)?)),
        });
        if format == TableFormat::Csv {
            file.row(heads)?;
        }
        Ok(file)
    }

    /// One row of cells.
    ///
    /// # Errors
    /// When the file would be larger than its format can be.
    pub fn row(&mut self, cells: &[&str]) -> Result<()> {
        match &mut self.0 {
            Kind::Text { made, language } => made.extend(text::row(*language, cells)),
            Kind::Workbook(workbook) => workbook.row(cells)?,
        }
        Ok(())
    }

    /// What has been made of it since this was asked for the last time.
    pub fn take(&mut self) -> Vec<u8> {
        match &mut self.0 {
            Kind::Text { made, .. } => std::mem::take(made),
            Kind::Workbook(workbook) => workbook.take(),
        }
    }

    /// The end of it.
    ///
    /// # Errors
    /// As [`Self::row`].
    pub fn end(self) -> Result<Vec<u8>> {
        match self.0 {
            Kind::Text { made, .. } => Ok(made),
            Kind::Workbook(workbook) => workbook.end(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::spreadsheets;
    use proptest::prelude::*;

    fn made(format: TableFormat, rows: &[Vec<String>]) -> Vec<u8> {
        let mut file = TableFile::begin(format, Language::Russian, "People", &["Name", "Email"]).expect("a beginning");
        let mut bytes = file.take();
        for row in rows {
            file.row(&row.iter().map(String::as_str).collect::<Vec<_>>()).expect("a row");
            bytes.extend(file.take());
        }
        bytes.extend(file.end().expect("an end"));
        bytes
    }

    /// VA-07: what is handed out is read again as it was, in both formats; an apostrophe before a formula is left out again.
    #[test]
    fn a_table_that_is_taken_away_comes_back_as_it_was() {
        let rows = [
            ["=1+1", "a@x.by"],
            ["Anna \"A\" <Petrova> & Co", "+375291234567"],
            ["", " two  spaces "],
            ["Ольга;\tКим", "-"],
        ];
        let rows: Vec<Vec<String>> = rows.iter().map(|row| row.map(String::from).to_vec()).collect();
        for format in TableFormat::ALL {
            let read = spreadsheets::read(&made(format, &rows)).expect("cells").sheets.swap_remove(0).rows;
            assert_eq!(read[0], ["Name", "Email"], "{format:?}");
            assert_eq!(read.len(), rows.len() + 1, "{format:?}");
            for (read, row) in read[1..].iter().zip(&rows) {
                for (at, cell) in row.iter().enumerate() {
                    let read = read.get(at).map(String::as_str).unwrap_or_default();
                    assert_eq!(read.strip_prefix('\'').unwrap_or(read), cell.trim(), "{format:?}");
                }
            }
        }
    }

    /// What is ready can be taken long before the end; nothing waits for the last row.
    #[test]
    fn a_file_is_read_while_it_is_made() {
        let row = ["Somebody with a name", "somebody@acme.example"];
        for format in TableFormat::ALL {
            let mut file =
                TableFile::begin(format, Language::English, "People", &["Name", "Email"]).expect("a beginning");
            assert!(!file.take().is_empty(), "{format:?}");
            let mut parts = 0;
            for n in 0..20_000 {
                file.row(&[row[0], &format!("{n}.{}", row[1])]).expect("a row");
                parts += usize::from(n % 1_000 == 999 && !file.take().is_empty());
            }
            assert!(parts > 5, "{format:?}: {parts}");
        }
    }

    proptest! {
        #[test]
        fn whatever_stands_in_a_cell_a_workbook_can_be_read(cells in prop::collection::vec("\\PC{0,20}", 1..6)) {
            let wanted: Vec<String> = cells.iter().map(|cell| cell.trim().to_string()).collect();
            let read = spreadsheets::read(&made(TableFormat::Xlsx, &[cells])).expect("cells").sheets.swap_remove(0).rows;
            let row = read.get(1).cloned().unwrap_or_default();
            for (at, cell) in wanted.iter().enumerate() {
                prop_assert_eq!(row.get(at).map(|cell| cell.trim()).unwrap_or_default(), cell.as_str());
            }
        }
    }
}
