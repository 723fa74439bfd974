//! What the page of an invitation asks of somebody new (rules 14, 47), as the settings have it: a rule for the page and for the
//! server alike.

use super::coded::coded;
use super::contact::{PersonName, PhoneProblem};
use super::error::Invalid;
use super::password::normal;
use crate::words::Language;
use serde::{Deserialize, Serialize};

coded! {
    /// Whether a telephone number is asked for.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    pub enum PhoneField {
        #[default]
        Optional = "optional",
        Required = "required",
        Off = "off",
    }
}

coded! {
    /// How a name is asked for (rule 77). It is kept as one: whatever shows a name shows it whole, and nothing needs its parts.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    pub enum NameFields {
        #[default]
        One = "one",
        /// The first and the last name, each in a field of its own.
        FirstAndLast = "first_and_last",
    }
}

impl NameFields {
    /// The name out of what was typed into these fields; what is not asked for is not looked at.
    ///
    /// # Errors
    /// `Name` of the whole; `FirstName`, `LastName` of a part.
    pub fn read(self, typed: &TypedName, language: Language) -> Result<PersonName, Invalid> {
        match self {
            Self::One => PersonName::parse(&typed.whole).map_err(Invalid::Name),
            Self::FirstAndLast => typed.joined(language),
        }
    }
}

/// A name as a form sends it: whole, or in its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypedName {
    pub whole: String,
    pub first: String,
    pub last: String,
}

/// Whether the last name is written first in a language.
fn last_comes_first(language: Language) -> bool {
    language == Language::Russian
}

/// How Russian, Belarusian and Ukrainian family names end, and those of their neighbours.
const FAMILY_ENDINGS: [&str; 24] = [
    "ов",
    "ова",
    "ев",
    "ева",
    "ёв",
    "ёва",
    "ин",
    "ина",
    "ын",
    "ына",
    "ский",
    "ская",
    "цкий",
    "цкая",
    "енко",
    "чук",
    "юк",
    "ко",
    "ян",
    "дзе",
    "швили",
    "вич",
    "ых",
    "их",
];

/// First names that end as family names do.
const FIRST_NAMES: [&str; 22] = [
    "ирина",
    "марина",
    "полина",
    "екатерина",
    "нина",
    "алина",
    "карина",
    "кристина",
    "валентина",
    "галина",
    "арина",
    "ангелина",
    "регина",
    "дина",
    "лина",
    "зина",
    "яков",
    "лев",
    "константин",
    "валентин",
    "мартин",
    "устин",
];

/// How names after the father end.
const FATHER_ENDINGS: [&str; 6] = ["ович", "евич", "овна", "евна", "ична", "инична"];

/// Whether a word looks like a family name.
fn is_family_name(word: &str) -> bool {
    let word = word.to_lowercase();
    !FIRST_NAMES.contains(&word.as_str()) && FAMILY_ENDINGS.iter().any(|end| word.ends_with(end))
}

impl TypedName {
    /// A name that somebody else wrote, in its parts: by what its words look like, else the first name first, as addresses are
    /// written. A word alone is the first name; whoever bears it puts it right where that is wrong.
    pub fn guessed(name: &str) -> Self {
        let name = name.trim();
        let words: Vec<&str> = name.split_whitespace().collect();
        let is_after_father = |word: &str| FATHER_ENDINGS.iter().any(|end| word.to_lowercase().ends_with(end));
        let family_first = match words.as_slice() {
            [_, _, last] if is_after_father(last) => true,
            [_, middle, _] if is_after_father(middle) => false,
            [one, other] => is_family_name(one) && !is_family_name(other),
            _ => false,
        };
        let (first, last) = match (words.as_slice(), family_first) {
            ([last, first @ ..], true) => (first.join(" "), (*last).to_string()),
            ([first @ .., last], _) if !first.is_empty() => (first.join(" "), (*last).to_string()),
            _ => (name.to_string(), String::new()),
        };
        Self { whole: name.into(), first, last }
    }

    /// A name in its parts, as it is written in a language: a word alone is the part that comes first.
    /// Whoever bears it puts it right where that is wrong; joined again, it is what it was.
    pub fn of(name: &str, language: Language) -> Self {
        let (first, last) = match name.trim() {
            name if last_comes_first(language) => {
                name.split_once(' ').map_or(("", name), |(last, first)| (first, last))
            }
            name => name.rsplit_once(' ').unwrap_or((name, "")),
        };
        Self { whole: name.into(), first: first.into(), last: last.into() }
    }

    /// The parts as one name, as it is written in a language.
    ///
    /// # Errors
    /// `LastName`, `FirstName`.
    pub fn joined(&self, language: Language) -> Result<PersonName, Invalid> {
        let first = PersonName::parse(&self.first).map_err(Invalid::FirstName)?;
        let last = PersonName::parse(&self.last).map_err(Invalid::LastName)?;
        let whole = match last_comes_first(language) {
            true => format!("{last} {first}"),
            false => format!("{first} {last}"),
        };
        PersonName::parse(&whole).map_err(Invalid::LastName)
    }
}

/// What is asked beside the password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RegistrationFields {
    pub name: NameFields,
    pub phone: PhoneField,
    /// The password is typed twice, so that a slip is noticed.
    pub repeats_password: bool,
}

impl RegistrationFields {
    /// Whether the second password is the first; one that is not asked for is not looked at.
    ///
    /// # Errors
    /// `PasswordsDiffer`.
    pub fn check_repeated(self, password: &str, again: &str) -> Result<(), Invalid> {
        // However its letters are composed, it is the same password.
        let is_same = password == again || normal(password).is_some_and(|one| normal(again) == Some(one));
        if self.repeats_password && !is_same { Err(Invalid::PasswordsDiffer) } else { Ok(()) }
    }

    /// Whether a number that was left out may be.
    ///
    /// # Errors
    /// `Phone`, empty.
    pub fn check_phone_given(self, is_given: bool) -> Result<(), Invalid> {
        let is_missing = self.phone == PhoneField::Required && !is_given;
        if is_missing { Err(Invalid::Phone(PhoneProblem::Empty)) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_asked_for_can_be_missing() {
        let plain = RegistrationFields::default();
        assert_eq!((plain.check_repeated("a", ""), plain.check_phone_given(false)), (Ok(()), Ok(())));
        let all = RegistrationFields { phone: PhoneField::Required, repeats_password: true, ..plain };
        assert_eq!(all.check_repeated("a", "b"), Err(Invalid::PasswordsDiffer));
        assert_eq!(all.check_repeated("a", "a"), Ok(()));
        assert_eq!(all.check_repeated("Cafe\u{301} 7", "Café 7"), Ok(()));
        assert_eq!(all.check_repeated("Cafe 7", "Café 7"), Err(Invalid::PasswordsDiffer));
        assert_eq!(all.check_phone_given(false), Err(Invalid::Phone(PhoneProblem::Empty)));
        assert_eq!(all.check_phone_given(true), Ok(()));
        for field in PhoneField::ALL {
            assert_eq!(PhoneField::from_code(field.code()), Some(field));
        }
    }

    /// Rule 77: the inviter writes as addresses are written, or as lists are.
    #[test]
    fn the_parts_of_a_name_that_somebody_else_wrote_are_guessed_by_what_they_look_like() {
        for (written, first, last) in [
            ("Иван Петров", "Иван", "Петров"),
            ("Петров Иван", "Иван", "Петров"),
            ("Петрова Ирина", "Ирина", "Петрова"),
            ("Ирина Петрова", "Ирина", "Петрова"),
            ("Лев Яшин", "Лев", "Яшин"),
            ("Петров Иван Сергеевич", "Иван Сергеевич", "Петров"),
            ("Иван Сергеевич Петров", "Иван Сергеевич", "Петров"),
            ("Анна Ковальчук", "Анна", "Ковальчук"),
            ("Шевченко Олег", "Олег", "Шевченко"),
            ("Лукашевич Пётр", "Пётр", "Лукашевич"),
            ("Ким Ли", "Ким", "Ли"),
            ("Late One", "Late", "One"),
            ("Anna Maria Petrova", "Anna Maria", "Petrova"),
            ("Капитан", "Капитан", ""),
            ("  ", "", ""),
        ] {
            let parts = TypedName::guessed(written);
            assert_eq!((parts.first.as_str(), parts.last.as_str()), (first, last), "{written}");
        }
    }

    /// Rule 77.
    #[test]
    fn a_name_in_two_parts_is_one_name_and_comes_apart_again() {
        use crate::domain::contact::PersonNameProblem;
        for language in Language::ALL {
            for name in ["Ivan Petrov", "Anna Maria de la Cruz", "Петров Иван Сергеевич", "Ли Вэй"]
            {
                let parts = TypedName::of(name, language);
                assert_eq!(parts.joined(language).expect("a name").as_str(), name);
                assert!(!parts.first.is_empty() && !parts.last.is_empty(), "{parts:?}");
            }
            for alone in ["Madonna", ""] {
                assert!(TypedName::of(alone, language).joined(language).is_err(), "{alone}");
            }
        }
        let parts = TypedName::of("Anna Maria Petrova", Language::English);
        assert_eq!((parts.first.as_str(), parts.last.as_str()), ("Anna Maria", "Petrova"));
        let parts = TypedName::of("Петрова Анна", Language::Russian);
        assert_eq!((parts.first.as_str(), parts.last.as_str()), ("Анна", "Петрова"));
        let typed = TypedName { whole: "Ivan".into(), first: " Ivan ".into(), last: " ".into() };
        let read = |fields: NameFields| fields.read(&typed, Language::English);
        assert_eq!(read(NameFields::One).expect("a name").as_str(), "Ivan");
        assert_eq!(read(NameFields::FirstAndLast), Err(Invalid::LastName(PersonNameProblem::Empty)));
        for fields in NameFields::ALL {
            assert_eq!(NameFields::from_code(fields.code()), Some(fields));
        }
    }
}
