//! Facts about single letters: which are Cyrillic, which look Latin, which cannot be seen.
//! It must not judge whole addresses or names.

use crate::domain::unicode::{is_mark, nfkd};

/// Is the letter Cyrillic? (All the blocks that Unicode gives to the script.)
pub fn is_cyrillic(letter: char) -> bool {
    matches!(letter,
        '\u{0400}'..='\u{052F}' | '\u{1C80}'..='\u{1C8F}' | '\u{2DE0}'..='\u{2DFF}' | '\u{A640}'..='\u{A69F}')
}

/// The Latin letter that a Cyrillic one is mistaken for, in the same case; `None` when it looks like none.
pub fn latin_twin(letter: char) -> Option<char> {
    Some(match letter {
        'а' => 'a',
        'с' => 'c',
        'ԁ' => 'd',
        'е' => 'e',
        'һ' => 'h',
        'і' => 'i',
        'ј' => 'j',
        'к' => 'k',
        'о' => 'o',
        'р' => 'p',
        'ԛ' => 'q',
        'ѕ' => 's',
        'ԝ' => 'w',
        'х' => 'x',
        'у' => 'y',
        'А' => 'A',
        'В' => 'B',
        'С' => 'C',
        'Е' => 'E',
        'Н' => 'H',
        'І' => 'I',
        'Ј' => 'J',
        'К' => 'K',
        'М' => 'M',
        'О' => 'O',
        'Р' => 'P',
        'Ѕ' => 'S',
        'Т' => 'T',
        'Х' => 'X',
        'У' => 'Y',
        _ => return None,
    })
}

/// How a name looks: two names of one appearance cannot be told apart on a page, in capitals or in small letters, whatever
/// alphabet or keyboard they come from. Letters are taken as Unicode says that they are the same (NFKD); a letter, and its
/// capital, that looks Latin is that one; `ё` and `е` are one, so are l, I and 1, O and 0, all dashes, all quotes and any
/// white space. What cannot be seen is gone, and points at the ends say nothing. Accents stay: `Zürich` is not `Zurich`.
///
/// `appearance(appearance(name)) == appearance(name)`.
pub fn appearance(name: &str) -> String {
    let plain: String = name.chars().map(plain_sign).filter(|letter| !is_unseen(*letter)).collect();
    let mut out = String::with_capacity(plain.len());
    let mut base = ' ';
    for letter in nfkd(&plain).chars().map(plain_sign).filter(|letter| !is_unseen(*letter)) {
        let letter = plain_letter(letter);
        if letter == '\u{308}' && base == 'e' {
            continue;
        }
        if !is_mark(letter) {
            base = letter;
        }
        out.push(letter);
    }
    let words: Vec<&str> = out.split_whitespace().collect();
    words.join(" ").trim_matches(|c: char| c.is_whitespace() || ".,:;\u{b7}".contains(c)).to_string()
}

/// A sign as it is typed most often: of dashes, quotes and blanks there are many that look the same.
fn plain_sign(sign: char) -> char {
    match sign {
        '\u{58A}'
        | '\u{2D7}'
        | '\u{2010}'..='\u{2015}'
        | '\u{2043}'
        | '\u{2212}'
        | '\u{2796}'
        | '\u{2E3A}'
        | '\u{2E3B}'
        | '\u{FE58}'
        | '\u{FE63}'
        | '\u{FF0D}' => '-',
        '"'
        | '`'
        | '\u{B4}'
        | '\u{AB}'
        | '\u{BB}'
        | '\u{2B9}'..='\u{2BD}'
        | '\u{2C8}'
        | '\u{2CA}'
        | '\u{2CB}'
        | '\u{2EE}'
        | '\u{2F4}'
        | '\u{2F6}'
        | '\u{374}'
        | '\u{55A}'
        | '\u{5F3}'
        | '\u{5F4}'
        | '\u{1FBD}'
        | '\u{1FBF}'
        | '\u{1FEF}'
        | '\u{1FFD}'
        | '\u{1FFE}'
        | '\u{2018}'..='\u{201F}'
        | '\u{2032}'..='\u{2037}'
        | '\u{2039}'
        | '\u{203A}'
        | '\u{275B}'..='\u{275E}'
        | '\u{301D}'..='\u{301F}'
        | '\u{A78C}'
        | '\u{FF02}'
        | '\u{FF07}'
        | '\u{FF40}' => '\'',
        // They take the room of a blank.
        '\u{2800}' | '\u{3164}' | '\u{FFA0}' => ' ',
        '|' | '\u{1C0}' | '\u{5C0}' | '\u{2223}' | '\u{23D0}' => 'l',
        sign => sign,
    }
}

/// The one letter for all that look like this one, or whose capitals look like its capital.
fn plain_letter(letter: char) -> char {
    let capital = only(letter.to_uppercase()).unwrap_or(letter);
    let twin = latin_twin(letter).or_else(|| latin_twin(capital)).or_else(|| rarer_twin(capital)).unwrap_or(capital);
    match only(twin.to_lowercase()).unwrap_or(letter) {
        'i' | 'l' => '1',
        'o' => '0',
        small => small,
    }
}

/// The one character that came, if it was one.
fn only(mut letters: impl Iterator<Item = char>) -> Option<char> {
    letters.next().filter(|_| letters.next().is_none())
}

/// The Latin capital that a Greek, Armenian or rarer Cyrillic one is mistaken for.
fn rarer_twin(capital: char) -> Option<char> {
    Some(match capital {
        'Α' => 'A',
        'Β' => 'B',
        'Ε' => 'E',
        'Ζ' => 'Z',
        'Η' => 'H',
        'Ι' | '\u{4C0}' => 'I',
        'Κ' => 'K',
        'Μ' => 'M',
        'Ν' => 'N',
        'Ο' | '\u{555}' => 'O',
        'Ρ' => 'P',
        'Τ' => 'T',
        'Υ' | 'Ү' => 'Y',
        'Χ' => 'X',
        'Ԍ' => 'G',
        'Ԛ' => 'Q',
        'Ԝ' => 'W',
        'Ⲟ' => 'O',
        _ => return None,
    })
}

/// Does the character turn the reading direction of what follows? Such a character can disguise a name (VA-04).
pub fn is_bidi_control(letter: char) -> bool {
    matches!(letter, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Does the character take no room on the page? Zero-width marks, soft hyphens, fillers, direction marks:
/// they travel with pasted text (rule 7), and nobody can see that they did.
pub fn is_unseen(letter: char) -> bool {
    is_bidi_control(letter)
        || matches!(letter,
            '\u{00AD}' | '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

/// The text without white space and unseen characters at both ends.
pub(super) fn trim_unseen(text: &str) -> &str {
    text.trim_matches(|letter: char| letter.is_whitespace() || is_unseen(letter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_twin_is_a_latin_letter_of_the_same_case() {
        for letter in ('\u{0400}'..='\u{052F}').filter(|letter| latin_twin(*letter).is_some()) {
            let twin = latin_twin(letter).unwrap();
            assert!(is_cyrillic(letter) && twin.is_ascii_alphabetic());
            assert_eq!(letter.is_lowercase(), twin.is_lowercase(), "{letter}");
        }
    }

    #[test]
    fn a_letter_that_looks_like_no_latin_one_has_no_twin() {
        assert!("жщюийЖЩ".chars().all(|letter| latin_twin(letter).is_none()));
    }

    /// L-16.
    #[test]
    fn names_that_look_the_same_have_one_appearance() {
        for (one, other) in [
            ("МИНСК", "Минск"),
            ("Dispatcher", "  dispatcher "),
            ("Ёлка", "елка"),
            ("North  team", "north\u{a0}team"),
            ("Соса", "Coca"),
            ("A\u{200b}B", "ab"),
            // Twins as capitals only, in either case.
            ("\u{4d}инск", "Минск"),
            ("Теаm 1", "Team 1"),
            ("ВАНК", "BAHK"),
            ("Ваза", "Baза"),
            ("ТОН", "TOH"),
            ("\u{39f}ffice", "Office"),
            ("\u{555}ffice", "office"),
            ("\u{415}\u{308}lka", "Elka"),
            ("\u{eb}", "\u{451}"),
            ("\u{457}\u{457}", "\u{ef}\u{ef}"),
            ("ΟΔΟΣ", "οδος"),
            // The same letters in another form.
            ("Ｅmployee", "Employee"),
            ("ﬁ", "fi"),
            ("日本", "\u{2f47}本"),
            ("Team ①", "Team 1"),
            ("Ⅳ", "IV"),
            ("𝐓eam", "Team"),
            ("Zu\u{308}rich", "ZÜRICH"),
            ("a\u{34f}\u{308}", "ä"),
            // Letters and digits, lines and quotes.
            ("D1spatcher", "Dispatcher"),
            ("Team l", "Team 1"),
            ("Team I", "Team 1"),
            ("Team |", "Team l"),
            ("Team \u{4cf}", "Team l"),
            ("Team О", "Team 0"),
            ("A-B", "A–B"),
            ("A-B", "A—B"),
            ("A\u{2011}B", "A−B"),
            ("O'Neil", "O’Neil"),
            ("O`Neil", "Oʼneil"),
            ("O´Neil", "O′Neil"),
            ("«Минск»", "\"Минск\""),
            ("Dispatcher.", "Dispatcher"),
            ("A\u{3164}B", "A B"),
            ("A\u{3000}\u{2009}B", "A B"),
        ] {
            assert_eq!(appearance(one), appearance(other), "{one} {other}");
        }
        for (one, other) in [
            ("Minsk", "Минск"),
            ("Team 1", "Team 2"),
            ("Team 1", "Team 11"),
            ("North", "North 2"),
            ("Йод", "Иод"),
            ("Zürich", "Zurich"),
            ("Straße", "Strasse"),
            ("A-B", "AB"),
            ("North team", "Northteam"),
            ("Team A", "Team B"),
            ("1а", "1б"),
            ("日本", "本日"),
            ("Кот", "Кит"),
        ] {
            assert_ne!(appearance(one), appearance(other), "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn an_appearance_is_its_own(name in "\\PC{0,20}|[a-zA-Zа-яёА-ЯЁ0-9 .,'|ΑΒΕαβεςİıßẞ\u{300}-\u{345}\u{2010}-\u{2020}]{0,20}") {
            let looks = appearance(&name);
            prop_assert_eq!(appearance(&looks), looks);
        }

        /// Whoever puts twins for the letters of a name, in either case, has the same name.
        #[test]
        fn whatever_differs_by_twins_only_looks_the_same(
            name in "[a-zA-Zа-яёА-ЯЁ0-9'-]{1,12}( [a-zA-Z0-9-]{1,6})?", picks in proptest::collection::vec(any::<u8>(), 24)
        ) {
            const TWINS: [&str; 22] = [
                "aаАAαＡ", "bBВвΒ", "cсCС", "eеEЕёЁëε", "hHНнΗ", "iIlL1|ІіΙⅠ①", "kKКкΚ", "mMМмΜ", "oO0оОΟο", "pPРрΡ", "tTТтΤ",
                "xXХхΧ", "yYУуΥ", "sSЅѕ", "jJЈј", "-–—‑−", "'’‘`´ʼ", " \u{a0}\u{2003}", "nNΝ", "zZΖ", "dDԁ", "йЙ",
            ];
            let mut changed = String::new();
            for (letter, pick) in name.chars().zip(picks.iter().cycle()) {
                let twins = TWINS.iter().find(|twins| twins.contains(letter)).map(|twins| twins.chars().collect::<Vec<char>>());
                changed.push(twins.map_or(letter, |twins| twins[usize::from(*pick) % twins.len()]));
                if pick % 5 == 0 {
                    changed.push('\u{200b}');
                }
            }
            prop_assert_eq!(appearance(&name), appearance(&changed), "{} {}", name, changed);
            prop_assert_eq!(appearance(&name), appearance(&name.to_uppercase()));
        }
    }

    #[test]
    fn trimming_takes_what_cannot_be_seen() {
        assert_eq!(trim_unseen("\u{FEFF}\u{A0} anna\u{200B}\n"), "anna");
    }
}
