//! What a password must be. Strength needs word lists, which only the server carries; its verdict comes in as an argument.

use serde::{Deserialize, Serialize};

/// The longest password, in bytes: more is refused before any hashing (DS-02).
pub const LONGEST: usize = 1_024;

/// No installation may ask for less.
pub const FLOOR: usize = 8;

/// What an installation asks of a password (C14).
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

impl PasswordPolicy {
    /// Checks what needs no lists. The password is taken as typed: no trimming, no normalising (AU-03).
    pub fn check(self, password: &str) -> Result<(), PasswordProblem> {
        if password.len() > LONGEST {
            return Err(PasswordProblem::TooLong);
        }
        if password.chars().count() < self.min_length.max(FLOOR) {
            return Err(PasswordProblem::TooShort { min: self.min_length.max(FLOOR) });
        }
        if !self.classes {
            return Ok(());
        }
        let has = |test: fn(char) -> bool| password.chars().any(test);
        let missing = [
            (has(char::is_uppercase), PasswordProblem::NeedsUpper),
            (has(char::is_lowercase), PasswordProblem::NeedsLower),
            (has(|c| c.is_ascii_digit()), PasswordProblem::NeedsDigit),
            (has(|c| !c.is_alphanumeric()), PasswordProblem::NeedsSpecial),
        ];
        missing.into_iter().find(|(there, _)| !there).map_or(Ok(()), |(_, problem)| Err(problem))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn no_setting_goes_below_the_floor() {
        assert_eq!(
            PasswordPolicy { min_length: 1, classes: false }.check("seven77"),
            Err(PasswordProblem::TooShort { min: 8 })
        );
    }
}
