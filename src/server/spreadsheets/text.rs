//! Cells written as text: in which letters, and what stands between the cells, is found out from the text itself.

use super::{CellsInBounds, SheetCells, SheetError};
use crate::domain::import::{ImportSheet, ListReading, MOST_COLUMNS};
use crate::domain::paste::columns_of;
use encoding_rs::{Encoding, IBM866, KOI8_R, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251, WINDOWS_1252, X_MAC_CYRILLIC};

/// How many rows are read to find out what stands between the cells.
const ROWS_TRIED: usize = 50;

/// What programs put between cells, the surest first.
const DELIMITERS: [u8; 4] = [b'\t', b';', b',', b'|'];

/// How many cells a line may have: what is more is no table, and would take memory for nothing.
const MOST_CELLS_OF_LINE: usize = 2_000;

/// By what a page of the web begins, in small letters.
const WEB_PAGES: [&str; 6] = ["<!doctype html", "<html", "<head", "<meta", "<body", "<table"];

pub fn read(bytes: &[u8], said: &ListReading) -> Result<SheetCells, SheetError> {
    let letters = said.letters.as_deref().and_then(|letters| decoded_as(bytes, letters));
    let (text, encoding) = letters.or_else(|| decoded(bytes)).ok_or(SheetError::Unreadable)?;
    if !text.contains(char::is_alphanumeric) {
        return Err(SheetError::Empty);
    }
    if let Some(problem) = what_it_is_instead(&text) {
        return Err(problem);
    }
    if is_endless(&text) {
        return Err(SheetError::TooLarge);
    }
    let (table, of_line) = without_separator_line(&text);
    let between = said.between.and_then(|between| u8::try_from(between).ok());
    let delimiter = between.or(of_line).unwrap_or_else(|| delimiter_of(table));
    let mut found = CellsInBounds::default();
    let mut reader = reader(table, delimiter);
    for (row, record) in reader.records().enumerate() {
        let record = record.map_err(|_| SheetError::Unreadable)?;
        for (column, cell) in record.iter().enumerate().take(MOST_COLUMNS) {
            found.put(row, column, cell)?;
        }
    }
    let sheet = ImportSheet { rows: found.rows, ..ImportSheet::default() };
    Ok(SheetCells {
        sheets: vec![sheet],
        text: Some(text),
        encoding: Some(encoding),
        delimiter: Some(char::from(delimiter)),
        bytes: bytes.to_vec(),
    })
}

/// What a text is that is no table, whatever its name says.
fn what_it_is_instead(text: &str) -> Option<SheetError> {
    let begins: String = text.trim_start().chars().take(1_000).collect::<String>().to_lowercase();
    let is_page = |text: &str| WEB_PAGES.iter().any(|page| text.starts_with(page));
    match () {
        () if is_page(&begins) => Some(SheetError::WebPage),
        () if begins.starts_with("<?xml") || begins.starts_with("<!--") => {
            let is_web = begins.match_indices('<').any(|(at, _)| begins.get(at..).is_some_and(is_page));
            Some(if is_web { SheetError::WebPage } else { SheetError::Unreadable })
        }
        () if begins.starts_with("{\\rtf") => Some(SheetError::Unreadable),
        () => None,
    }
}

/// Whether some line would fall into more cells than any table has.
fn is_endless(text: &str) -> bool {
    let mut counts = [0_usize; DELIMITERS.len()];
    for byte in text.bytes() {
        if byte == b'\n' || byte == b'\r' {
            counts = [0; DELIMITERS.len()];
        } else if let Some(at) = DELIMITERS.iter().position(|delimiter| *delimiter == byte)
            && let Some(count) = counts.get_mut(at)
        {
            *count += 1;
            if *count > MOST_CELLS_OF_LINE {
                return true;
            }
        }
    }
    false
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes())
}

/// The text, and in which letters it is written; nothing where it is no text.
fn decoded(bytes: &[u8]) -> Option<(String, &'static str)> {
    let utf_16 = |encoding: &'static encoding_rs::Encoding, name| {
        let (text, had_errors) = encoding.decode_without_bom_handling(bytes.get(2..).unwrap_or_default());
        (!had_errors).then(|| (text.into_owned(), name))
    };
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => return std::str::from_utf8(rest).ok().map(|text| (text.to_owned(), "UTF-8")),
        [0xFF, 0xFE, ..] => return utf_16(UTF_16LE, "UTF-16"),
        [0xFE, 0xFF, ..] => return utf_16(UTF_16BE, "UTF-16"),
        _ => {}
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        // Whatever has zeros in it has two bytes for each letter, or is no text.
        return if text.contains('\0') { unmarked_utf_16(bytes) } else { Some((text.to_owned(), "UTF-8")) };
    }
    if bytes.iter().any(|byte| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0B | 0x0C)) {
        return unmarked_utf_16(bytes);
    }
    if let Some(text) = mostly_utf_8(bytes) {
        return Some((text, "UTF-8"));
    }
    let (encoding, name) = of_one_byte(bytes);
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    Some((text.into_owned(), name))
}

/// The text in letters of which somebody says that it is written in them; nothing where it cannot be.
fn decoded_as(bytes: &[u8], letters: &str) -> Option<(String, &'static str)> {
    const OF_ONE_BYTE: [(&str, &Encoding); 5] = [
        ("Windows-1251", WINDOWS_1251),
        ("Windows-1252", WINDOWS_1252),
        ("CP866", IBM866),
        ("KOI8-R", KOI8_R),
        ("Mac Cyrillic", X_MAC_CYRILLIC),
    ];
    match letters {
        "UTF-8" => Some((UTF_8.decode_with_bom_removal(bytes).0.into_owned(), "UTF-8")),
        "UTF-16" => match bytes {
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => decoded(bytes),
            _ => unmarked_utf_16(bytes),
        },
        _ => {
            let (name, encoding) = OF_ONE_BYTE.into_iter().find(|(name, _)| *name == letters)?;
            Some((encoding.decode_without_bom_handling(bytes).0.into_owned(), name))
        }
    }
}

/// UTF-16 without its mark: every other byte of what is Latin is a zero.
fn unmarked_utf_16(bytes: &[u8]) -> Option<(String, &'static str)> {
    let zeros = |odd: usize| bytes.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let encoding = if odd > even { UTF_16LE } else { UTF_16BE };
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    let is_text = !had_errors && even.max(odd) * 8 >= bytes.len() && !text.contains('\0');
    is_text.then(|| (text.into_owned(), "UTF-16"))
}

/// UTF-8 in which few letters are broken: such a file was put together of several.
fn mostly_utf_8(bytes: &[u8]) -> Option<String> {
    let (mut whole, mut broken) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        broken += chunk.invalid().len();
    }
    (whole >= 2 && broken * 4 <= whole).then(|| String::from_utf8_lossy(bytes).into_owned())
}

/// Letters of one byte. Those beyond ASCII stand in whole words in Russian, and alone among others in German or French.
fn of_one_byte(bytes: &[u8]) -> (&'static Encoding, &'static str) {
    const CYRILLIC: [(&Encoding, &str); 4] =
        [(WINDOWS_1251, "Windows-1251"), (IBM866, "CP866"), (KOI8_R, "KOI8-R"), (X_MAC_CYRILLIC, "Mac Cyrillic")];
    let sample = bytes.get(..MOST_LISTENED_TO).unwrap_or(bytes);
    let (mut runs, mut letters, mut was_high) = (0_usize, 0_usize, false);
    for byte in sample {
        letters += usize::from(*byte >= 0x80);
        runs += usize::from(*byte >= 0x80 && !was_high);
        was_high = *byte >= 0x80;
    }
    let sounds =
        |(encoding, _): &(&'static Encoding, &str)| sounds_russian(&encoding.decode_without_bom_handling(sample).0);
    // Of those that sound alike the first counts: it is by far the most usual one.
    let best = CYRILLIC.into_iter().rev().max_by_key(sounds).filter(|found| letters >= 2 * runs && sounds(found) > 0);
    best.unwrap_or((WINDOWS_1252, "Windows-1252"))
}

/// Of how many bytes it is found out in which letters they are written.
const MOST_LISTENED_TO: usize = 64 * 1024;

/// How much a text looks like words in Cyrillic letters: small ones, large ones, or a large one before small ones.
fn sounds_russian(text: &str) -> i64 {
    let is_known = |letter: char| {
        matches!(letter, 'А'..='я' | 'Ё' | 'ё' | 'І' | 'і' | 'Ї' | 'ї' | 'Є' | 'є' | 'Ґ' | 'ґ' | 'Ў' | 'ў')
    };
    let of_word = |word: &str| {
        let beyond = word.chars().filter(|letter| !letter.is_ascii()).count();
        let is_even = word.chars().skip(1).all(char::is_lowercase) || word.chars().all(char::is_uppercase);
        let sign = if is_even && word.chars().all(is_known) { 1 } else { -1 };
        i64::try_from(beyond).unwrap_or(i64::MAX).saturating_mul(sign)
    };
    text.split(|letter: char| letter.is_ascii()).filter(|word| !word.is_empty()).map(of_word).sum()
}

/// Excel's own first line: `sep=;`.
fn without_separator_line(text: &str) -> (&str, Option<u8>) {
    let Some((first, rest)) = text.split_once('\n') else { return (text, None) };
    let said = first.trim_end_matches('\r').strip_prefix("sep=").map(str::as_bytes);
    match said {
        Some([delimiter]) if delimiter.is_ascii() => (rest, Some(*delimiter)),
        _ => (text, None),
    }
}

/// What stands between the cells: by what the first line falls into heads, or most rows into the same number of cells, which is more than
/// one.
fn delimiter_of(text: &str) -> u8 {
    let is_above_heads = |delimiter: &u8| {
        let cells = |record: csv::StringRecord| -> Vec<String> { record.iter().map(String::from).collect() };
        let mut lines = reader(text, *delimiter).into_records().flatten().map(cells);
        let first = lines.find(|cells| cells.iter().any(|cell| !cell.trim().is_empty()));
        first.is_some_and(|cells| cells.len() > 1 && columns_of(&[cells]).head.is_some())
    };
    if let Some(delimiter) = DELIMITERS.into_iter().find(is_above_heads) {
        return delimiter;
    }
    let score = |delimiter: u8| {
        let mut widths: Vec<usize> = Vec::new();
        for record in reader(text, delimiter).records().take(ROWS_TRIED).flatten() {
            if record.iter().any(|cell| !cell.trim().is_empty()) {
                widths.push(record.len());
            }
        }
        let usual = widths
            .iter()
            .copied()
            .filter(|width| *width > 1)
            .max_by_key(|width| (widths.iter().filter(|other| *other == width).count(), *width));
        usual.map_or((0, 0), |usual| {
            let same = widths.iter().filter(|width| **width == usual).count();
            // Nine rows of ten are one table.
            (same * 10 / widths.len().max(1), usual)
        })
    };
    let best = DELIMITERS.into_iter().rev().max_by_key(|delimiter| score(*delimiter)).unwrap_or(b';');
    // One column of addresses has nothing between its cells; what stands in names is none.
    if score(best).0 < 5 { b'\t' } else { best }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: [[&str; 3]; 2] = [["ФИО", "Почта", "Телефон"], ["Петрова Анна", "anna@x.by", "+375291234567"]];

    fn written(between: &str) -> String {
        ROWS.map(|row| row.join(between)).join("\r\n")
    }

    #[test]
    fn the_letters_and_what_stands_between_cells_are_found_out() {
        let (cyrillic, _, _) = WINDOWS_1251.encode(Box::leak(written(";").into_boxed_str()));
        let utf_16 = |big: bool, mark: &str| -> Vec<u8> {
            let units = mark.encode_utf16().chain(written("\t").encode_utf16().collect::<Vec<_>>());
            units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        };
        for (bytes, encoding, delimiter) in [
            // Excel in Russia and 1C; Excel as "CSV UTF-8"; LibreOffice; Google Sheets; Excel as "Unicode text".
            (cyrillic.to_vec(), "Windows-1251", ';'),
            ([b"\xef\xbb\xbf".as_slice(), written(";").as_bytes()].concat(), "UTF-8", ';'),
            (written(",").into_bytes(), "UTF-8", ','),
            (written("\t").into_bytes(), "UTF-8", '\t'),
            (utf_16(false, "\u{feff}"), "UTF-16", '\t'),
            (utf_16(true, "\u{feff}"), "UTF-16", '\t'),
            (utf_16(false, ""), "UTF-16", '\t'),
            (utf_16(true, ""), "UTF-16", '\t'),
            (format!("sep=|\n{}", written("|")).into_bytes(), "UTF-8", '|'),
        ] {
            let read = read(&bytes, &ListReading::default()).expect("cells");
            assert_eq!((read.encoding, read.delimiter), (Some(encoding), Some(delimiter)));
            assert_eq!(read.sheets[0].rows, ROWS, "{encoding} {delimiter:?}");
        }
        assert_eq!(decoded(b"M\xfcller;J\xf6rg").map(|(text, _)| text).as_deref(), Some("Müller;Jörg"));
    }

    #[test]
    fn old_letters_are_told_apart_by_how_they_sound() {
        for text in [
            "ФИО;E-mail\nПетрова Анна;anna@x.by\nЛис Яна;yana@x.by",
            "Имя;Почта\nёлкина ЮЛИЯ;j@x.by\nІван Кароль;i@x.by",
            "Класс 5А;Юн Тимур;+7 905 111-22-33",
        ] {
            for (encoding, name) in [
                (WINDOWS_1251, "Windows-1251"),
                (IBM866, "CP866"),
                (KOI8_R, "KOI8-R"),
                (X_MAC_CYRILLIC, "Mac Cyrillic"),
            ] {
                let (bytes, _, is_lost) = encoding.encode(text);
                if !is_lost {
                    assert_eq!(decoded(&bytes), Some((text.to_string(), name)), "{name}");
                }
            }
        }
        for text in ["Müller;Jörg;Größe", "Françoise Lefèvre;élève;Zoë", "Straße;Übung;öß"] {
            let (bytes, ..) = WINDOWS_1252.encode(text);
            assert_eq!(decoded(&bytes), Some((text.to_string(), "Windows-1252")));
        }
        let torn = ["Анна;a@x.by\nJos".as_bytes(), b"\xe9;j@x.by\n"].concat();
        assert_eq!(decoded(&torn).map(|(text, _)| text).as_deref(), Some("Анна;a@x.by\nJos\u{fffd};j@x.by\n"));
    }

    #[test]
    fn somebody_may_say_in_which_letters_it_is_and_what_stands_between_cells() {
        let said = |letters: &str, between: char| ListReading {
            letters: Some(letters.into()),
            between: Some(between),
            ..ListReading::default()
        };
        let (bytes, ..) = IBM866.encode("Имя|Класс;Почта\nАнна|5А;a@x.by");
        let rows = |said: ListReading| read(&bytes, &said).map(|read| (read.encoding, read.sheets[0].rows.clone()));
        let expected = [["Имя|Класс", "Почта"], ["Анна|5А", "a@x.by"]].map(|row| row.map(String::from).to_vec());
        assert_eq!(rows(said("CP866", ';')), Ok((Some("CP866"), expected.to_vec())));
        let (letters, by_bars) = rows(said("Windows-1251", '|')).expect("cells");
        assert_eq!((letters, by_bars[1].len()), (Some("Windows-1251"), 2));
        // What it cannot be is found out.
        assert_eq!(rows(said("UTF-16", ';')).map(|(letters, _)| letters), Ok(Some("CP866")));
        for letters in crate::domain::import::LETTERS.into_iter().filter(|letters| *letters != "UTF-16") {
            assert_eq!(rows(said(letters, ';')).map(|(found, _)| found), Ok(Some(letters)), "{letters}");
        }
    }

    #[test]
    fn letters_of_two_bytes_need_no_mark() {
        for text in ["Name\tEmail\nAnna\ta@x.by\n", "a@x.by", "Имя;Почта\r\nАнна;a@x.by"] {
            for big in [false, true] {
                let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
                let bytes: Vec<u8> = text.encode_utf16().flat_map(bytes).collect();
                assert_eq!(decoded(&bytes), Some((text.to_string(), "UTF-16")), "{text} {big}");
            }
        }
        assert_eq!(decoded(b"a\0\0\0\x01\x02b@x.by and more of it"), None);
    }

    /// No line of it is a row of a table, and nothing is kept of it while that is found out.
    #[test]
    fn lines_that_never_end_are_refused_at_once() {
        let started = std::time::Instant::now();
        for between in [",", ";", "\t", "|"] {
            let commas = format!("a{}", between.repeat(4_000_000));
            assert_eq!(super::super::read(commas.as_bytes()).err(), Some(SheetError::TooLarge), "{between:?}");
        }
        assert_eq!(super::super::read(",".repeat(4_000_000).as_bytes()).err(), Some(SheetError::Empty));
        let wide = format!("Name,Email{}\nAnna,a@x.by{}", ",".repeat(300), ",".repeat(300));
        assert_eq!(super::super::read(wide.as_bytes()).map(|read| read.sheets[0].rows.len()), Ok(2));
        assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
    }

    #[test]
    fn cells_in_quotes_hold_delimiters_quotes_and_line_breaks() {
        let text = b"Name;Email\n\"Petrova; \"\"Anna\"\"\";a@x.by\n\"two\nlines\";b@x.by\n";
        let read = read(text, &ListReading::default()).expect("cells");
        assert_eq!(read.sheets[0].rows[1..], [["Petrova; \"Anna\"", "a@x.by"], ["two\nlines", "b@x.by"]]);
    }

    #[test]
    fn heads_say_what_stands_between_cells_however_ragged_the_rows_are() {
        let ragged =
            "Name,Email,Role\nRag One,a@x.by\nRag Two,b@x.by,Teacher,extra,cells\nSmith, John,c@x.by,Teacher\n";
        assert_eq!(read(ragged.as_bytes(), &ListReading::default()).expect("a table").delimiter, Some(','));
        let titled = "\nEmail;Name, full\na@x.by;Kim, Anna\nb@x.by;Lis\n";
        assert_eq!(read(titled.as_bytes(), &ListReading::default()).expect("a table").delimiter, Some(';'));
    }

    #[test]
    fn one_column_of_addresses_is_not_torn_by_the_commas_in_names() {
        let read = super::super::read("Petrova, Anna <a@x.by>\nb@x.by\nc@x.by\nd@x.by".as_bytes()).expect("cells");
        assert_eq!((read.sheets[0].rows.len(), read.sheets[0].rows[0].len()), (4, 1));
    }

    #[test]
    fn too_many_rows_are_refused_whole() {
        let many = "a@x.by;Anna\n".repeat(crate::domain::import::MOST_ROWS + 1_001);
        assert_eq!(super::super::read(many.as_bytes()).err(), Some(SheetError::TooManyRows));
        let large = format!("a@x.by;{}\n", "я".repeat(500)).repeat(crate::domain::import::MOST_CELL_BYTES / 1_000);
        assert_eq!(super::super::read(large.as_bytes()).err(), Some(SheetError::TooLarge));
    }
}
