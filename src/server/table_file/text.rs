//! Values with something between them, as spreadsheets open them: in letters of every alphabet, and with no cell that is a formula.

use crate::words::Language;
use csv::{QuoteStyle, WriterBuilder};
use std::borrow::Cow;

/// What a file begins with, so that a spreadsheet takes its letters for what they are.
pub(super) const BEGIN: &[u8] = "\u{feff}".as_bytes();

/// Between two cells stands what a spreadsheet of that language expects there.
fn delimiter(language: Language) -> u8 {
    match language {
        Language::English => b',',
        Language::Russian => b';',
    }
}

/// One row of cells. Each is quoted, so that none falls apart where something else is expected between cells.
pub(super) fn row(language: Language, cells: &[&str]) -> Vec<u8> {
    let mut writer =
        WriterBuilder::new().delimiter(delimiter(language)).quote_style(QuoteStyle::Always).from_writer(Vec::new());
    // A vector takes everything.
    let written = writer.write_record(cells.iter().map(|cell| inert(cell).into_owned()));
    written.ok().and_then(|()| writer.into_inner().ok()).unwrap_or_default()
}

/// A text that no spreadsheet takes for a formula: what one might begin with stands behind an apostrophe. Without one apostrophe it
/// is what it was (VA-07).
fn inert(text: &str) -> Cow<'_, str> {
    let begins = text.trim_start_matches(['\'', ' ', '\u{a0}', '\u{200b}', '\u{feff}']).chars().next();
    match begins {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠' | '|' | '%') => {
            format!("'{text}").into()
        }
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_cell_is_a_formula_va_07() {
        for text in [
            "=1+1",
            "+375291234567",
            "-2",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "＝1",
            "＋1",
            "－1",
            "＠x",
            " =1",
            "'=1",
            "\u{a0}=1",
            "\u{200b}=1",
            "|calc",
        ] {
            assert_eq!(inert(text), format!("'{text}"), "{text:?}");
        }
        for text in ["", "Anna", "O'Hara", "a=b", "anna@acme.by", "Петров - сын", "'quote'"] {
            assert_eq!(inert(text), text);
        }
    }

    #[test]
    fn a_row_is_one_line_whatever_stands_in_it() {
        let said = |language, cells: &[&str]| String::from_utf8(row(language, cells)).expect("letters");
        assert_eq!(
            said(Language::English, &["Anna \"A\" Petrova", "a,b;=c", ""]),
            "\"Anna \"\"A\"\" Petrova\",\"a,b;=c\",\"\"\n"
        );
        assert_eq!(said(Language::Russian, &["Анна", "=1"]), "\"Анна\";\"'=1\"\n");
    }

    proptest! {
        #[test]
        fn what_was_put_in_comes_out_again(cells in prop::collection::vec(".{0,20}", 1..5)) {
            let given: Vec<&str> = cells.iter().map(String::as_str).collect();
            let file = row(Language::English, &given);
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&file[..]);
            let read = reader.records().next().expect("a row").expect("a row");
            for (cell, given) in read.iter().zip(&given) {
                let back = if cell == *given { cell } else { cell.strip_prefix('\'').expect("an apostrophe") };
                prop_assert_eq!(back, *given);
            }
        }
    }
}
