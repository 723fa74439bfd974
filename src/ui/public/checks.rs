//! What can be said about the answers of the registration form while they are typed: by the domain's own functions, and of a
//! password what the server estimates.

use crate::domain::contact::{PersonName, PersonNameProblem, PhoneProblem};
use crate::domain::password::{PasswordPolicy, PasswordProblem, normal};
use crate::domain::registration::RegistrationFields;
use crate::domain::typed;
use crate::view_models::InEachLanguage;
use crate::words::Language;

/// The fields that are checked, in their order on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckedField {
    Name,
    /// Where it is asked for in its parts.
    FirstName,
    LastName,
    Phone,
    Password,
    Again,
}

impl CheckedField {
    pub const ALL: [Self; 6] = [Self::Name, Self::FirstName, Self::LastName, Self::Phone, Self::Password, Self::Again];

    /// Its name, which is its id as well.
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::Phone => "phone",
            Self::Password => "password",
            Self::Again => "password_again",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }
}

/// What stands below a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldError {
    Name(PersonNameProblem),
    Phone(PhoneProblem),
    Password(Vec<PasswordProblem>),
    /// The second password is not the first.
    Differs,
    /// The server said so.
    Said(InEachLanguage<String>),
}

impl FieldError {
    /// In a sentence; of a password, one for everything that is missing.
    pub fn text(&self, language: Language) -> String {
        match self {
            Self::Name(problem) => language.name_problem(problem).into(),
            Self::Phone(problem) => language.phone_mistake(problem),
            Self::Password(problems) => {
                let sentences: Vec<_> = problems.iter().map(|problem| language.password_problem(*problem)).collect();
                sentences.join(" ")
            }
            Self::Differs => language.passwords_differ().into(),
            Self::Said(said) => said.get(language).clone(),
        }
    }
}

/// What is known about the password in the field; never the password.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PasswordState {
    /// Nothing has been typed.
    pub is_empty: bool,
    /// What the domain finds.
    pub problems: Vec<PasswordProblem>,
    /// Whether it is easy to guess, once the server has said so of what stands there now.
    pub is_guessable: Option<bool>,
}

impl PasswordState {
    /// Of what stands in the field.
    pub fn of(rule: PasswordPolicy, password: &str) -> Self {
        let problems = match normal(password) {
            Some(normal) => rule.problems(&normal),
            None => vec![PasswordProblem::TooLong],
        };
        Self { is_empty: password.is_empty(), problems, is_guessable: None }
    }

    /// Everything that is wrong, as far as it is known.
    pub fn all_problems(&self) -> Vec<PasswordProblem> {
        let guessable = (self.is_guessable == Some(true)).then_some(PasswordProblem::Guessable);
        self.problems.iter().copied().chain(guessable).collect()
    }

    /// How far one of the things that are asked for is: there, missing, or not known.
    pub fn is_there(&self, asked: PasswordProblem) -> Option<bool> {
        match asked {
            _ if self.is_empty => None,
            PasswordProblem::Guessable => self.is_guessable.map(|is_guessable| !is_guessable),
            _ => Some(!self.problems.contains(&asked)),
        }
    }
}

/// What is wrong with the name, or with the phone, as it stands.
pub fn check(field: CheckedField, text: &str, asks: RegistrationFields) -> Option<FieldError> {
    match field {
        CheckedField::Name | CheckedField::FirstName | CheckedField::LastName => {
            PersonName::parse(text).err().map(FieldError::Name)
        }
        CheckedField::Phone => match typed::phone(text) {
            Ok(_) => None,
            // Where it may be.
            Err(PhoneProblem::Empty) => {
                asks.check_phone_given(false).err().map(|_| FieldError::Phone(PhoneProblem::Empty))
            }
            Err(problem) => Some(FieldError::Phone(problem)),
        },
        CheckedField::Password | CheckedField::Again => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_must_be_there_and_a_phone_may_be_left_out() {
        let asks = RegistrationFields::default();
        assert_eq!(check(CheckedField::Name, " ", asks), Some(FieldError::Name(PersonNameProblem::Empty)));
        assert_eq!(check(CheckedField::Name, "Ivan", asks), None);
        assert_eq!(check(CheckedField::Phone, " ", asks), None);
        assert_eq!(check(CheckedField::Phone, "+375 29 123-45-67", asks), None);
        let wrong = check(CheckedField::Phone, "29 123 45 67", asks).expect("no country code");
        assert_eq!(wrong.text(Language::English), Language::English.phone_country());
    }

    #[test]
    fn what_is_asked_of_a_password_is_ticked_off_line_by_line_w_07() {
        let rule = PasswordPolicy { min_length: 8, classes: true };
        let empty = PasswordState::of(rule, "");
        assert!(rule.asked().into_iter().all(|asked| empty.is_there(asked).is_none()));
        let mut state = PasswordState::of(rule, "copper7");
        assert_eq!(state.is_there(PasswordProblem::NeedsDigit), Some(true));
        assert_eq!(state.is_there(PasswordProblem::NeedsUpper), Some(false));
        assert_eq!(state.is_there(PasswordProblem::Guessable), None);
        let said = FieldError::Password(state.all_problems()).text(Language::English);
        for sentence in ["Use 8 or more characters.", "Add a capital letter.", "Add a character that is neither"] {
            assert!(said.contains(sentence), "{said}");
        }
        state.is_guessable = Some(true);
        assert_eq!(state.is_there(PasswordProblem::Guessable), Some(false));
        let long = PasswordState::of(rule, &"x".repeat(4_000));
        assert_eq!(long.problems, [PasswordProblem::TooLong]);
    }
}
