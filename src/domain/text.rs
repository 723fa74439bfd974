//! The form in which texts that people type are kept, whatever keyboard or program they came from.
//! It must not judge a text: how long it may be and what it may hold is for the name, title or setting itself to say.

use unicode_normalization::UnicodeNormalization;

/// Canonical composition (NFC): a letter typed as one character and as two is the same text afterwards.
pub fn composed(typed: &str) -> String {
    typed.nfc().collect()
}

/// A text of one line: composed, nothing around it, and one space for any run of white space inside.
pub fn one_line(typed: &str) -> String {
    // Composed first: what was typed as a letter and a mark is no longer when it is counted.
    composed(typed).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn letters_are_composed_and_spaces_collapsed() {
        assert_eq!(one_line("  Андре\u{438}\u{306}\u{a0}\n Zoe\u{308} "), "Андрей Zoë");
        assert_eq!(composed("\u{1112}\u{1161}\u{11ab}\n"), "\u{d55c}\n");
        // What has no composed form, or may not be composed, stays in its one canonical order.
        assert_eq!(composed("q\u{323}\u{307}"), composed("q\u{307}\u{323}"));
        assert_eq!(composed("\u{958}"), "\u{915}\u{93c}");
    }

    proptest! {
        #[test]
        fn a_line_read_twice_stays_the_same(typed in any::<String>()) {
            let line = one_line(&typed);
            prop_assert_eq!(one_line(&line), line);
        }
    }
}
