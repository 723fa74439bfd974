//! What a password must be, and in which form it is judged and hashed. Strength needs word lists, which only the server
//! carries; its verdict comes in as an argument.

pub mod readings;

use super::unicode::{is_nfc, push_nfc};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The longest password, in bytes of its [`normal`] form: more is refused before any hashing (DS-02).
pub const LONGEST: usize = 1_024;

/// The longest text that can have a normal form of [`LONGEST`] bytes: letters typed with their marks apart, and the wide
/// spaces of some keyboards, take up to three times as many.
const LONGEST_TYPED: usize = 3 * LONGEST;

/// No installation may ask for less.
pub const FLOOR: usize = 8;

/// What an installation asks of a password (rule 69).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordPolicy {
    /// In characters.
    pub min_length: usize,
    /// Upper, lower, digit and special character (rule 69); off by default, since it makes passwords weaker in practice.
    pub classes: bool,
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self { min_length: 12, classes: false }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PasswordProblem {
    TooShort {
        min: usize,
    },
    TooLong,
    /// On the lists of common passwords, or made of the person's own name and address.
    Guessable,
    NeedsUpper,
    NeedsLower,
    NeedsDigit,
    NeedsSpecial,
}

/// The one form in which a password is judged, hashed and compared, whatever keyboard it was typed on: the profile
/// `OpaqueString` of RFC 8265, that is Unicode NFC with every other kind of space as U+0020. Nothing is trimmed, folded or
/// left out, so that passwords which look different are different, down to the last byte (AU-03). `None` when that form
/// would have more than [`LONGEST`] bytes.
pub fn normal(typed: &str) -> Option<Cow<'_, str>> {
    if typed.len() > LONGEST_TYPED {
        return None;
    }
    let is_normal = !typed.contains(is_other_space) && is_nfc(typed);
    let normal = if is_normal {
        Cow::Borrowed(typed)
    } else {
        // With room enough from the start: growing would leave half a password behind in the memory.
        let mut normal = String::with_capacity(LONGEST_TYPED * 3);
        push_nfc(typed.chars().map(|c| if is_other_space(c) { ' ' } else { c }), &mut normal);
        Cow::Owned(normal)
    };
    Some(normal).filter(|normal| normal.len() <= LONGEST)
}

/// A space separator (Zs) other than U+0020.
fn is_other_space(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

impl PasswordProblem {
    /// Whether a password does not have this problem; what only word lists can tell counts as solved.
    fn is_solved_by(self, password: &str) -> bool {
        let has = |test: fn(char) -> bool| password.chars().any(test);
        match self {
            Self::TooShort { min } => password.chars().count() >= min,
            Self::TooLong => password.len() <= LONGEST,
            Self::Guessable => true,
            Self::NeedsUpper => has(char::is_uppercase),
            Self::NeedsLower => has(char::is_lowercase),
            Self::NeedsDigit => has(|c| c.is_ascii_digit()),
            Self::NeedsSpecial => has(|c| !c.is_alphanumeric()),
        }
    }
}

impl PasswordPolicy {
    /// Checks what needs no lists, of a password in its [`normal`] form.
    pub fn check(self, password: &str) -> Result<(), PasswordProblem> {
        self.problems(password).first().map_or(Ok(()), |problem| Err(*problem))
    }

    /// Everything that is wrong with a password in its [`normal`] form, without the lists: all at once.
    pub fn problems(self, password: &str) -> Vec<PasswordProblem> {
        if password.len() > LONGEST {
            return vec![PasswordProblem::TooLong];
        }
        self.asked().into_iter().filter(|problem| !problem.is_solved_by(password)).collect()
    }

    /// What is asked for, each as what is wrong where it is missing.
    pub fn asked(self) -> Vec<PasswordProblem> {
        use PasswordProblem::{NeedsDigit, NeedsLower, NeedsSpecial, NeedsUpper, TooShort};
        let mut asked = vec![TooShort { min: self.min_length.max(FLOOR) }];
        if self.classes {
            asked.extend([NeedsUpper, NeedsLower, NeedsDigit, NeedsSpecial]);
        }
        asked
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    #[test]
    fn a_password_is_the_same_however_its_letters_and_spaces_were_typed_l_03() {
        for (one, other) in [
            ("caf\u{e9} au lait", "cafe\u{301} au lait"),
            ("\u{439}\u{451}\u{436}", "\u{438}\u{306}\u{435}\u{308}\u{436}"),
            ("\u{45e}", "\u{443}\u{306}"),
            ("\u{457}", "\u{456}\u{308}"),
            ("\u{ac00}", "\u{1100}\u{1161}"),
            ("a b", "a\u{a0}b"),
            ("a b", "a\u{3000}b"),
            ("a b", "a\u{2000}b"),
            ("\u{c5}", "\u{212b}"),
        ] {
            assert_eq!(normal(one), normal(other), "{one:?} and {other:?}");
            assert_eq!(normal(one).as_deref(), Some(one));
        }
    }

    #[test]
    fn passwords_that_differ_to_the_eye_or_at_the_end_stay_different_au_03() {
        let long = "x".repeat(1_023);
        let different = [
            "a",
            "A",
            " a",
            "a ",
            "a  ",
            "a\0",
            "a\0b",
            "a\0c",
            "a\t",
            "a\n",
            "a\r\n",
            "\u{200b}a",
            "\u{ff41}",
            "\u{fb01}",
            "fi",
            "\u{430}",
            "2",
            "\u{b2}",
            &format!("{long}y"),
            &format!("{long}z"),
            &long,
        ];
        for (at, one) in different.iter().enumerate() {
            for other in &different[at + 1..] {
                assert_ne!(normal(one), normal(other), "{one:?} and {other:?}");
            }
        }
    }

    #[test]
    fn what_is_too_long_is_so_in_its_normal_form() {
        assert!(normal(&"x".repeat(1_024)).is_some() && normal(&"x".repeat(1_025)).is_none());
        // 682 letters of two bytes and their marks apart: 1,023 bytes typed as 2,046 and as 3,069.
        assert_eq!(normal(&"\u{3b9}\u{308}\u{301}".repeat(500)).map(|normal| normal.len()), Some(1_000));
        assert!(normal(&"\u{3b9}\u{308}\u{301}".repeat(513)).is_none());
        assert!(normal(&"\u{3000}".repeat(1_024)).is_some() && normal(&"\u{3000}".repeat(1_025)).is_none());
        // Letters whose normal form is longer than what was typed.
        assert!(normal(&"\u{fb2c}".repeat(170)).is_some() && normal(&"\u{fb2c}".repeat(341)).is_none());
    }

    proptest! {
        #[test]
        fn the_normal_form_is_normal_and_every_way_of_typing_has_it(typed in "\\PC{0,60}|[a-zа-яёйўї \u{300}-\u{308}\u{a0}\u{3000}]{0,60}") {
            let form = normal(&typed).expect("short enough").into_owned();
            prop_assert_eq!(normal(&form), Some(form.as_str().into()));
            for other in [typed.nfd().collect::<String>(), typed.nfc().collect(), form.nfd().collect()] {
                prop_assert_eq!(normal(&other), Some(form.as_str().into()), "{:?}", other);
            }
        }

        /// Short of ways to type the same characters, no two passwords are one (AU-03).
        #[test]
        fn plain_text_is_its_own_form(typed in "[\\x00-\\x7fа-яА-ЯёЁ€№😀]{0,200}") {
            prop_assert_eq!(normal(&typed), Some(typed.as_str().into()));
        }

        /// As many bytes as one may have, composed, are taken typed apart as well.
        #[test]
        fn a_password_of_full_length_may_be_typed_with_its_marks_apart(letters in "[éüйёўΐά]{1,512}") {
            let apart: String = letters.nfd().collect();
            prop_assert_eq!(normal(&apart), normal(&letters));
        }
    }

    #[test]
    fn length_alone_decides_unless_classes_are_asked_for() {
        let plain = PasswordPolicy::default();
        assert_eq!(plain.check("elevenchars"), Err(PasswordProblem::TooShort { min: 12 }));
        assert_eq!(plain.check("copper lamp river"), Ok(()));
        assert_eq!(plain.check(&"x".repeat(1_025)), Err(PasswordProblem::TooLong));
        let classic = PasswordPolicy { min_length: 8, classes: true };
        assert_eq!(classic.check("copperlamp"), Err(PasswordProblem::NeedsUpper));
        assert_eq!(classic.check("Copper-lamp7"), Ok(()));
    }

    #[test]
    fn everything_that_is_missing_is_named_at_once_w_07() {
        use PasswordProblem::{NeedsDigit, NeedsLower, NeedsSpecial, NeedsUpper, TooLong, TooShort};
        let classic = PasswordPolicy { min_length: 8, classes: true };
        for (password, problems) in [
            ("", vec![TooShort { min: 8 }, NeedsUpper, NeedsLower, NeedsDigit, NeedsSpecial]),
            ("copper", vec![TooShort { min: 8 }, NeedsUpper, NeedsDigit, NeedsSpecial]),
            ("COPPERLAMP", vec![NeedsLower, NeedsDigit, NeedsSpecial]),
            ("медная лампа", vec![NeedsUpper, NeedsDigit]),
            ("Copper-lamp7", vec![]),
            (&"x".repeat(1_025), vec![TooLong]),
        ] {
            assert_eq!(classic.problems(password), problems, "{password}");
            assert_eq!(classic.check(password).err(), problems.first().copied(), "{password}");
        }
        assert_eq!(PasswordPolicy::default().asked(), [TooShort { min: 12 }]);
    }

    #[test]
    fn no_setting_goes_below_the_floor() {
        assert_eq!(
            PasswordPolicy { min_length: 1, classes: false }.check("seven77"),
            Err(PasswordProblem::TooShort { min: 8 })
        );
    }
}
