//! How long an SMS is: in which alphabet it goes, and in how many parts it is sent and paid for (3GPP TS 23.038, ML-06). Which of
//! several wordings leaves is decided here, too; the sentences are in `words::sms`.

use serde::{Deserialize, Serialize};

/// The letters of the default alphabet that count once.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ\u{a7}¿\
     abcdefghijklmnopqrstuvwxyzäöñüà";

/// Those that count twice: an escape stands before them.
const EXTENDED: &str = "\u{c}^{}\\[~]|€";

/// The most parts that we send: what is longer is worded shorter.
pub const MOST_PARTS: usize = 2;

/// In which alphabet a text goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SmsAlphabet {
    /// Latin letters and some signs: 160 to a message by itself.
    Gsm7,
    /// Everything else, such as Cyrillic: 70 to a message by itself.
    Ucs2,
}

impl SmsAlphabet {
    /// How much a message by itself holds, and how much each part of several.
    fn room(self) -> (usize, usize) {
        match self {
            Self::Gsm7 => (160, 153),
            Self::Ucs2 => (70, 67),
        }
    }

    /// How much a letter takes; `None` where the alphabet has none such.
    fn width(self, letter: char) -> Option<usize> {
        match self {
            Self::Gsm7 if BASIC.contains(letter) => Some(1),
            Self::Gsm7 => EXTENDED.contains(letter).then_some(2),
            Self::Ucs2 => Some(letter.len_utf16()),
        }
    }
}

/// How long a text is as an SMS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SmsLength {
    pub alphabet: SmsAlphabet,
    /// As networks count them: some letters count twice.
    pub letters: usize,
    pub parts: usize,
}

impl SmsLength {
    /// Measures a text; an empty one is one part.
    pub fn of(text: &str) -> Self {
        let alphabet = match text.chars().all(|letter| SmsAlphabet::Gsm7.width(letter).is_some()) {
            true => SmsAlphabet::Gsm7,
            false => SmsAlphabet::Ucs2,
        };
        let widths = || text.chars().filter_map(|letter| alphabet.width(letter));
        let (letters, (alone, together)) = (widths().sum(), alphabet.room());
        if letters <= alone {
            return Self { alphabet, letters, parts: 1 };
        }
        // A letter that counts twice never stands in two parts.
        let (mut parts, mut left) = (1, together);
        for width in widths() {
            if width > left {
                (parts, left) = (parts + 1, together);
            }
            left -= width;
        }
        Self { alphabet, letters, parts }
    }

    /// Whether it is as short as it should be: one part, or two in an alphabet in which a link alone fills most of one.
    fn is_short(self) -> bool {
        self.parts <= if self.alphabet == SmsAlphabet::Gsm7 { 1 } else { MOST_PARTS }
    }
}

/// Of several wordings, the fullest first, the one that leaves: the first that is short, else the one with the fewest parts.
pub fn fitting(wordings: Vec<String>) -> String {
    let short = wordings.iter().position(|text| SmsLength::of(text).is_short());
    let at = short.or_else(|| (0..wordings.len()).min_by_key(|at| SmsLength::of(&wordings[*at]).parts));
    at.and_then(|at| wordings.into_iter().nth(at)).unwrap_or_default()
}

/// Somebody's words within a message of ours: one line, no more than so many letters, and nothing in it that a phone would make
/// a link of, to a page or to a number that answers (ML-03, ML-04).
pub fn plain_words(text: &str, most: usize) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut plain = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let joins =
            |other: Option<&char>| other.is_some_and(|letter| letter.is_alphanumeric() || "/.:@".contains(*letter));
        let is_joint = ".:/@".contains(*letter) && joins(letters.get(at + 1));
        plain.push(match letter {
            _ if is_joint => ' ',
            '\'' | '"' | '-' | '&' | '(' | ')' | ',' | '.' | '№' | '«' | '»' | '!' | '+' => *letter,
            letter if letter.is_alphanumeric() => *letter,
            // What hangs on a letter of its own.
            letter if is_mark(*letter) => *letter,
            _ => ' ',
        });
    }
    let mut line = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > most {
        let cut: String = line.chars().take(most).collect();
        // Between two words, where that leaves enough of them.
        let end = cut.rfind(' ').filter(|at| *at * 2 > cut.len()).unwrap_or(cut.len());
        line = cut.get(..end).unwrap_or(&cut).trim_end_matches([' ', ',', '-']).to_string();
    }
    without_numbers(&line)
}

/// From so many digits on, whatever signs stand between them, a phone offers to call.
const DIALLED_FROM: usize = 5;

/// Leaves out every row of digits and signs that a phone would dial.
fn without_numbers(line: &str) -> String {
    let is_of_word = |letter: char| letter.is_alphabetic() || is_mark(letter);
    let mut kept = String::new();
    for piece in line.split_inclusive(is_of_word) {
        // The letter that ends it, but for the last piece.
        let row = piece.trim_end_matches(is_of_word);
        let digits = row.chars().filter(|letter| letter.is_numeric()).count();
        kept.push_str(if digits < DIALLED_FROM || is_years(row) { row } else { " " });
        kept.extend(piece.get(row.len()..));
    }
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a row of digits is a year, or two of them, as of a school year or a season.
fn is_years(row: &str) -> bool {
    let groups: Vec<&str> = row.split(|letter: char| !letter.is_numeric()).filter(|group| !group.is_empty()).collect();
    let is_year = |group: &&str| group.len() == 4 && (group.starts_with("19") || group.starts_with("20"));
    groups.len() <= 2 && groups.iter().all(is_year)
}

/// Whether it changes the letter before it, as accents in some scripts do.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{dff}' | '\u{5b0}'..='\u{5c7}' | '\u{64b}'..='\u{65f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parts(text: &str) -> (SmsAlphabet, usize, usize) {
        let length = SmsLength::of(text);
        (length.alphabet, length.letters, length.parts)
    }

    /// ML-06.
    #[test]
    fn parts_are_counted_as_networks_count_them() {
        use SmsAlphabet::{Gsm7, Ucs2};
        for (text, expected) in [
            (String::new(), (Gsm7, 0, 1)),
            ("a".repeat(160), (Gsm7, 160, 1)),
            ("a".repeat(161), (Gsm7, 161, 2)),
            ("a".repeat(306), (Gsm7, 306, 2)),
            ("a".repeat(307), (Gsm7, 307, 3)),
            ("€".repeat(80), (Gsm7, 160, 1)),
            ("€".repeat(81), (Gsm7, 162, 2)),
            // The escape and its letter stay together: 76 of them to a part, and one place is lost.
            ("€".repeat(152), (Gsm7, 304, 2)),
            ("€".repeat(153), (Gsm7, 306, 3)),
            (format!("{}€", "a".repeat(159)), (Gsm7, 161, 2)),
            ("я".repeat(70), (Ucs2, 70, 1)),
            ("я".repeat(71), (Ucs2, 71, 2)),
            ("я".repeat(134), (Ucs2, 134, 2)),
            ("я".repeat(135), (Ucs2, 135, 3)),
            (format!("{}я", "a".repeat(70)), (Ucs2, 71, 2)),
            ("😀".repeat(35), (Ucs2, 70, 1)),
            ("😀".repeat(36), (Ucs2, 72, 2)),
            // Neither half of a surrogate pair stands alone: 33 of them to a part.
            ("😀".repeat(66), (Ucs2, 132, 2)),
            ("😀".repeat(67), (Ucs2, 134, 3)),
            ("`".into(), (Ucs2, 1, 1)),
            ("ç".into(), (Ucs2, 1, 1)),
            ("Ç".into(), (Gsm7, 1, 1)),
            ("https://users.acme.by/s/aZ_9-x".into(), (Gsm7, 30, 1)),
        ] {
            assert_eq!(parts(&text), expected, "{text}");
        }
    }

    #[test]
    fn the_fullest_wording_that_is_short_enough_leaves() {
        let (long, short) = ("a".repeat(200), "a".repeat(100));
        assert_eq!(fitting(vec![long.clone(), short.clone()]), short);
        assert_eq!(fitting(vec![short.clone(), "b".into()]), short);
        let russian = "я".repeat(120);
        assert_eq!(fitting(vec![russian.clone(), "я".into()]), russian, "two parts, where letters are wide");
        assert_eq!(fitting(vec!["a".repeat(900), "я".repeat(300), "a".repeat(400)]), "a".repeat(400));
        assert_eq!(fitting(Vec::new()), "");
    }

    #[test]
    fn nothing_in_somebodys_words_becomes_a_link_or_a_line() {
        for (typed, plain) in [
            ("Anna Petrova", "Anna Petrova"),
            ("http://evil.example/x", "http evil example x"),
            ("evil.example", "evil example"),
            ("Anna\r\nCall +1 900", "Anna Call +1 900"),
            ("a@b.by", "a b by"),
            ("ООО «Ромашка», филиал №3", "ООО «Ромашка», филиал №3"),
            ("O'Brien-Smith Jr.", "O'Brien-Smith Jr."),
            ("\u{202e}x\u{200b}y <b>", "x y b"),
            ("Call +1 900 555-12-34 now", "Call now"),
            ("Prize! (0900) 12.34.56", "Prize"),
            ("SMS to 12345", "SMS to"),
            ("٠٩٠٠١٢٣٤٥٦ Anna", "Anna"),
            ("９００１２３４ Anna", "Anna"),
            ("School 1234, form 5", "School 1234, form 5"),
            ("Summer 2025/2026", "Summer 2025 2026"),
            ("Season 2025-2026-2027", "Season"),
        ] {
            assert_eq!(plain_words(typed, 100), plain, "{typed:?}");
        }
        assert_eq!(plain_words("Anna Petrova Ivanovna", 15), "Anna Petrova");
        assert_eq!(plain_words(&"я".repeat(50), 10), "я".repeat(10));
    }

    proptest! {
        #[test]
        fn no_part_is_fuller_than_it_can_be(text in ".{0,400}") {
            let length = SmsLength::of(&text);
            let (alone, together) = length.alphabet.room();
            prop_assert!(length.parts >= 1);
            let room = match length.parts { 1 => alone, parts => parts * together };
            prop_assert!(length.letters <= room, "{:?}", length);
            // Of each part but the last one at most one place is lost.
            prop_assert!(length.parts == 1 || length.letters > (length.parts - 1) * (together - 1));
            let is_wide = text.chars().any(|letter| !BASIC.contains(letter) && !EXTENDED.contains(letter));
            prop_assert_eq!(length.alphabet == SmsAlphabet::Ucs2, is_wide);
        }

        #[test]
        fn one_letter_more_is_never_fewer_parts(text in "[a-zяё€😀]{0,330}", letter in any::<char>()) {
            let longer = format!("{text}{letter}");
            prop_assert!(SmsLength::of(&longer).parts >= SmsLength::of(&text).parts);
        }

        #[test]
        fn plain_words_stay_plain_and_within_their_length(text in ".{0,300}", most in 1_usize..80) {
            let once = plain_words(&text, most);
            prop_assert!(once.chars().count() <= most && !once.chars().any(char::is_control), "{:?}", once);
            prop_assert!(!once.contains("://") && !once.contains('@') && !once.contains('\n'), "{:?}", once);
            prop_assert_eq!(plain_words(&once, most), once);
        }
    }
}
