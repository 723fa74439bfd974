//! The form in which texts that people type are kept, whatever keyboard or program they came from.
//! It must not judge a text: how long it may be and what it may hold is for the name, title or setting itself to say.

use super::unicode::nfc;

/// Canonical composition (NFC): a letter typed as one character and as two is the same text afterwards.
pub fn composed(typed: &str) -> String {
    nfc(typed)
}

/// A text of one line: composed, nothing around it, one space for any run of white space inside, and without the marks that
/// travel with copied texts.
pub fn one_line(typed: &str) -> String {
    let seen: String = typed.chars().filter(|letter| !is_mark_of_copying(*letter)).collect();
    let bare = seen.trim_matches(|letter: char| letter.is_whitespace() || is_mark_of_edges(letter));
    // Composed first: what was typed as a letter and a mark is no longer when it is counted.
    composed(bare).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Marks that mean something to a program only: soft hyphen, zero-width space, word joiner, byte order mark. No name has
/// them; joiners of letters and of emoji are not among them.
fn is_mark_of_copying(letter: char) -> bool {
    matches!(letter, '\u{AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}')
}

/// Marks that messengers and address books put around a text to keep its direction; at an edge they turn nothing. Inside, and
/// those that turn a direction by force, they stay and are judged.
fn is_mark_of_edges(letter: char) -> bool {
    matches!(letter, '\u{200C}'..='\u{200F}' | '\u{61C}' | '\u{202A}'..='\u{202C}' | '\u{2066}'..='\u{2069}')
}

/// Bytes as digits, two small ones each.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
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

    #[test]
    fn marks_that_travel_with_a_copied_text_are_left_behind_l_09() {
        for typed in [
            "\u{FEFF}Anna Petrova\u{200B}",
            "An\u{AD}na\u{3000}Petrova",
            "\u{200E}Anna\u{A0}Petrova\u{200F}",
            "\u{2068}Anna Petrova\u{2069} ",
            "\u{202A}\u{200E}Anna Petrova\u{202C}",
            "Anna \u{2060}\u{200B} Petrova",
        ] {
            assert_eq!(one_line(typed), "Anna Petrova", "{typed:?}");
        }
        // What joins letters stays; what turns a line round is for the name itself to refuse.
        for text in ["👩\u{200D}🔬 \u{2764}\u{FE0F}", "می\u{200C}خواهم", "Anna\u{202E}x", "\u{202E}x"] {
            assert_eq!(one_line(text), text);
        }
        assert_eq!(one_line("\u{200B}\u{FEFF} \u{200E}"), "");
    }

    proptest! {
        #[test]
        fn a_line_read_twice_stays_the_same(typed in any::<String>()) {
            let line = one_line(&typed);
            prop_assert_eq!(one_line(&line), line);
        }
    }
}
