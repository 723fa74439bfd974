//! How a person is called: the name that people read, and the login name of those without an e-mail (rules 79, 80).
//! It must not decide who may change a name; that is a policy (rule 89).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::super::text::one_line;
use super::letters::{is_bidi_control, is_cyrillic, is_unseen, latin_twin, trim_unseen};

/// The most characters that a name may have (VA-04).
const LONGEST_NAME: usize = 200;

/// A person's name: 1–200 characters, composed (NFC), white space collapsed, nothing that disguises or breaks a line
/// (VA-04).
/// Everything else is welcome: `<script>` and emoji are shown as they are, inert.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PersonName(String);

/// Why a text cannot be a name (VA-04).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PersonNameProblem {
    /// Nothing that can be seen.
    Empty,
    /// More than 200 characters.
    TooLong,
}

/// For logs and for error chains; people read the words catalogue instead.
impl fmt::Display for PersonNameProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self:?}")
    }
}

impl std::error::Error for PersonNameProblem {}

impl PersonName {
    /// Reads a name: line breaks and tabs count as white space, and any run of it becomes one space.
    pub fn parse(typed: &str) -> Result<Self, PersonNameProblem> {
        let name = Self::clean(typed);
        if name.chars().all(|letter| letter.is_whitespace() || is_unseen(letter)) {
            return Err(PersonNameProblem::Empty);
        }
        if name.chars().count() > LONGEST_NAME {
            return Err(PersonNameProblem::TooLong);
        }
        Ok(Self(name))
    }

    /// The name that a list or a form says of somebody else, as much of it as a name may have: nobody is without a name because more
    /// than one stands in its place. Nothing where it says none.
    pub fn of_list(typed: &str) -> Option<Self> {
        let start: String = Self::clean(typed).chars().take(LONGEST_NAME).collect();
        Self::parse(&start).ok()
    }

    /// In one line, without what turns the reading direction or cannot be shown: it comes along from other programs, and nobody
    /// sees that it does (rule 7). Pages keep names of the other direction to themselves.
    fn clean(typed: &str) -> String {
        let is_kept = |letter: &char| !is_bidi_control(*letter) && (!letter.is_control() || letter.is_whitespace());
        one_line(&typed.chars().filter(is_kept).collect::<String>())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PersonName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for PersonName {
    type Err = PersonNameProblem;

    fn from_str(typed: &str) -> Result<Self, PersonNameProblem> {
        Self::parse(typed)
    }
}

impl TryFrom<String> for PersonName {
    type Error = PersonNameProblem;

    fn try_from(typed: String) -> Result<Self, PersonNameProblem> {
        Self::parse(&typed)
    }
}

impl From<PersonName> for String {
    fn from(name: PersonName) -> Self {
        name.0
    }
}

/// A login name (rule 79): 3–64 of ASCII letters, digits, `.`, `_`, `-`, beginning with a letter, lower-cased.
/// Its alphabet has no `@`, and its first letter no digit, so that it can never be another user's e-mail address or
/// telephone number (VA-03).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Login(String);

/// Why a text cannot be a login name (VA-03).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LoginProblem {
    /// Nothing was typed.
    Empty,
    /// Fewer than 3 characters.
    TooShort,
    /// More than 64 characters.
    TooLong,
    /// It holds an `@`.
    LooksLikeEmail,
    /// It is made of digits and what stands between them.
    LooksLikePhone,
    /// The first character is not a Latin letter.
    MustBeginWithLetter,
    /// A Cyrillic letter; `latin` is the letter it is mistaken for.
    CyrillicLetter {
        /// The letter itself.
        letter: char,
        /// The Latin letter that looks the same, if there is one.
        latin: Option<char>,
    },
    /// A character that no login name may contain.
    ForbiddenCharacter(char),
}

/// For logs and for error chains; people read the words catalogue instead.
impl fmt::Display for LoginProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self:?}")
    }
}

impl std::error::Error for LoginProblem {}

impl Login {
    /// Reads a login name and lower-cases it.
    pub fn parse(typed: &str) -> Result<Self, LoginProblem> {
        let text = trim_unseen(typed);
        if text.is_empty() {
            return Err(LoginProblem::Empty);
        }
        if text.contains('@') {
            return Err(LoginProblem::LooksLikeEmail);
        }
        if text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || "+-().".contains(c)) {
            return Err(LoginProblem::LooksLikePhone);
        }
        for letter in text.chars() {
            if is_cyrillic(letter) {
                return Err(LoginProblem::CyrillicLetter { letter, latin: latin_twin(letter) });
            }
            if !letter.is_ascii_alphanumeric() && !"._-".contains(letter) {
                return Err(LoginProblem::ForbiddenCharacter(letter));
            }
        }
        if !text.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            return Err(LoginProblem::MustBeginWithLetter);
        }
        match text.len() {
            0..3 => Err(LoginProblem::TooShort),
            3..=64 => Ok(Self(text.to_ascii_lowercase())),
            _ => Err(LoginProblem::TooLong),
        }
    }

    /// The login name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same for all logins that people mix up: they differ by dots, hyphens and low lines, or by letters and digits that
    /// look alike.
    pub fn skeleton(&self) -> String {
        let letters = self.0.chars().filter(|letter| !"._-".contains(*letter));
        letters
            .map(|letter| match letter {
                '0' => 'o',
                '1' | 'i' => 'l',
                letter => letter,
            })
            .collect()
    }
}

impl fmt::Display for Login {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for Login {
    type Err = LoginProblem;

    fn from_str(typed: &str) -> Result<Self, LoginProblem> {
        Self::parse(typed)
    }
}

impl TryFrom<String> for Login {
    type Error = LoginProblem;

    fn try_from(typed: String) -> Result<Self, LoginProblem> {
        Self::parse(&typed)
    }
}

impl From<Login> for String {
    fn from(login: Login) -> Self {
        login.0
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Email, Phone};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_is_trimmed_and_its_spaces_collapsed() {
        for (typed, expected) in [
            ("  Anna \t\r\n Petrova\u{A0}", "Anna Petrova"),
            ("Я", "Я"),
            ("<script>alert(1)</script>", "<script>alert(1)</script>"),
            ("👩‍🔬", "👩‍🔬"),
            // Typed as one character or as two, it is one name.
            ("Андре\u{438}\u{306} Zoe\u{308}", "Андрей Zoë"),
        ] {
            assert_eq!(PersonName::parse(typed).map(String::from), Ok(expected.to_owned()));
        }
    }

    /// VA-04.
    #[test]
    fn a_name_that_shows_nothing_is_refused_and_one_that_disguises_is_cleaned() {
        use PersonNameProblem::*;
        let long = "я".repeat(201);
        for (typed, problem) in
            [("", Empty), (" \u{3000}\n", Empty), ("\u{200B}\u{3164}", Empty), (long.as_str(), TooLong)]
        {
            assert_eq!(PersonName::parse(typed), Err(problem), "{typed:?}");
        }
        for (typed, name) in [
            ("Anna\u{202E}avortep", "Annaavortep"),
            ("An\u{7}na", "Anna"),
            ("An\u{1B}[2Jna", "An[2Jna"),
            ("Nul\0l", "Null"),
            ("محمد\u{200f} علي", "محمد علي"),
            ("\u{202a}Анна\u{200e} Петрова\u{202c}", "Анна Петрова"),
        ] {
            assert_eq!(PersonName::parse(typed).map(String::from), Ok(name.to_string()), "{typed:?}");
        }
        assert!(PersonName::parse(&"я".repeat(200)).is_ok());
        assert_eq!(PersonName::of_list(&long).map(String::from), Some("я".repeat(200)));
        assert_eq!(PersonName::of_list("\u{200f} \n"), None);
        assert!(PersonName::parse(&"e\u{301}".repeat(200)).is_ok(), "counted as they are kept");
    }

    #[test]
    fn a_login_name_is_lower_cased() {
        assert_eq!(Login::parse(" Ivan.Petrov_1-2 ").map(String::from), Ok("ivan.petrov_1-2".to_owned()));
    }

    /// VA-03.
    #[test]
    fn a_login_name_never_looks_like_something_else() {
        use LoginProblem::*;
        let long = "a".repeat(65);
        for (typed, problem) in [
            ("", Empty),
            ("iv", TooShort),
            (long.as_str(), TooLong),
            ("ivan@acme.by", LooksLikeEmail),
            ("+375 29 123-45-67", LooksLikePhone),
            ("79051111111", LooksLikePhone),
            ("1ivan", MustBeginWithLetter),
            ("_ivan", MustBeginWithLetter),
            ("ivan petrov", ForbiddenCharacter(' ')),
            ("ivаn", CyrillicLetter { letter: 'а', latin: Some('a') }),
            ("iván", ForbiddenCharacter('á')),
        ] {
            assert_eq!(Login::parse(typed), Err(problem), "{typed}");
        }
    }

    proptest! {
        /// VA-03.
        #[test]
        fn a_login_name_is_no_address_and_no_number(text in "\\PC{0,20}|[a-zA-Z0-9._@+-]{0,20}") {
            if let Ok(login) = Login::parse(&text) {
                prop_assert!(Email::parse(login.as_str()).is_err() && Phone::parse(login.as_str()).is_err());
                prop_assert_eq!(Login::parse(login.as_str()), Ok(login));
            }
        }

        #[test]
        fn a_name_read_twice_stays_the_same(text in any::<String>()) {
            if let Ok(name) = PersonName::parse(&text) {
                prop_assert!(name.as_str().chars().count() <= 200 && !name.as_str().contains(char::is_control));
                prop_assert_eq!(PersonName::parse(name.as_str()), Ok(name));
            }
        }
    }
}
