//! Facts about single letters: which are Cyrillic, which look Latin, which cannot be seen.
//! It must not judge whole addresses or names.

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

/// How a name looks: two names of one appearance cannot be told apart on a page. Capitals and small letters are one, so are
/// `ё` and `е`, letters of two alphabets that look the same, and any white space; what cannot be seen is gone.
pub fn appearance(name: &str) -> String {
    let seen: String = name.chars().filter(|letter| !is_unseen(*letter)).collect();
    let words: Vec<&str> = seen.split_whitespace().collect();
    let plain = |letter: char| match letter {
        'ё' => 'e',
        letter => latin_twin(letter).unwrap_or(letter),
    };
    words.join(" ").chars().flat_map(char::to_lowercase).map(plain).collect()
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
        ] {
            assert_eq!(appearance(one), appearance(other), "{one} {other}");
        }
        for (one, other) in [("Minsk", "Минск"), ("Team 1", "Team 2"), ("North", "North 2"), ("Йод", "Иод")]
        {
            assert_ne!(appearance(one), appearance(other), "{one} {other}");
        }
    }

    #[test]
    fn trimming_takes_what_cannot_be_seen() {
        assert_eq!(trim_unseen("\u{FEFF}\u{A0} anna\u{200B}\n"), "anna");
    }
}
