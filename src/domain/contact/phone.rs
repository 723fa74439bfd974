//! A telephone number in E.164 form (rules 31, 39; VA-05) and the reasons to refuse one.
//! It must not know any country's numbering plan beyond what tells a missing country code.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::letters::trim_unseen;

/// Country codes whose numbers, written without `+`, cannot be taken for national ones: the code and the number of
/// digits altogether. Rule 31 gives the first (79051111111 is right); the others are longer than any national number
/// in use where the five organisations work.
const UNMISTAKABLE: [(&str, usize); 8] =
    [("7", 11), ("375", 12), ("380", 12), ("992", 12), ("994", 12), ("995", 12), ("996", 12), ("998", 12)];

/// Fewer digits reach nobody's mobile in any country, whatever its code.
const SHORTEST_NATIONAL: usize = 6;

/// A telephone number in E.164 form, `+375291234567`: the only form that is stored and compared (rule 39).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

/// Why a text is not a telephone number we can use (rules 30, 31; VA-05).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PhoneProblem {
    /// Nothing was typed.
    Empty,
    /// There is not one digit.
    NoDigits,
    /// A character that no number may contain: a letter, `;`, a second `+`…
    ForbiddenCharacter(char),
    /// The number may be right at home, but the country code is missing.
    CountryCodeMissing {
        /// The digits as typed, without anything else.
        digits: String,
    },
    /// The number begins with `+0`; no country code does.
    BadCountryCode,
    /// Fewer than 8 digits with the country code, or too few to be a national number.
    TooShort,
    /// More than 15 digits.
    TooLong,
    /// It has the form of a number, but its country has none such. Whoever types it may insist.
    Doubtful {
        /// The number as it would be kept.
        phone: Phone,
        /// What speaks against it.
        doubt: PhoneDoubt,
    },
}

/// What speaks against a number that has the right form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneDoubt {
    /// What seems wrong.
    pub kind: DoubtKind,
    /// The country code; nothing where the number begins with none.
    pub code: Option<u16>,
    /// The country (ISO 3166, `BY`); nothing where several share the code.
    pub region: Option<String>,
}

/// What seems to be wrong with a number that has the right form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DoubtKind {
    /// Shorter than any usual number of the country.
    TooShort,
    /// Longer than any usual number of the country.
    TooLong,
    /// Of a right length, but nobody has such numbers there.
    NotInUse,
    /// It begins with no country code.
    NoSuchCode,
}

impl PhoneProblem {
    /// The number about which a form asks, and which it sends along when it is sent again as it is.
    pub fn asks_about(&self) -> Option<&Phone> {
        match self {
            Self::Doubtful { phone, .. } => Some(phone),
            _ => None,
        }
    }

    /// What speaks against a number that has the right form.
    pub fn doubt(&self) -> Option<&PhoneDoubt> {
        match self {
            Self::Doubtful { doubt, .. } => Some(doubt),
            _ => None,
        }
    }
}

/// The country code that an organisation's numbers have where none is written, `+375`; none where it does not say so. It is only
/// offered: nothing is dialled, kept or compared with a code that nobody agreed to (rule 31).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CallingCode(String);

impl CallingCode {
    /// Reads what was typed, with or without `+` or `00`; nothing where it can be no country code. An empty text is none.
    pub fn parse(typed: &str) -> Option<Self> {
        let text = trim_unseen(typed);
        let code = text.strip_prefix('+').or_else(|| text.strip_prefix("00")).unwrap_or(text);
        let is_code = code.len() <= 3 && !code.starts_with('0') && code.bytes().all(|byte| byte.is_ascii_digit());
        let is_fine = is_code && (text.is_empty() || !code.is_empty());
        is_fine.then(|| Self(if code.is_empty() { String::new() } else { format!("+{code}") }))
    }

    /// As it is written: `+375`; empty where there is none.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number that these national digits mean with it. What is dialled before a number at home is left out.
    pub fn offer(&self, digits: &str) -> Option<Phone> {
        let code = self.0.strip_prefix('+')?;
        let national = match code {
            // In Italy the zero is part of the number.
            "39" => digits,
            "7" if digits.len() == 11 => digits.strip_prefix('8')?,
            "375" if digits.len() == 11 => digits.strip_prefix("80")?,
            "1" if digits.len() == 11 => digits.strip_prefix('1')?,
            // The code stands there, and the plus was lost, as spreadsheets lose it.
            code if digits.len() > 10 && digits.starts_with(code) => digits.strip_prefix(code)?,
            _ => digits.strip_prefix('0').unwrap_or(digits),
        };
        let is_whole = match code {
            "1" | "7" => national.len() == 10,
            "375" => national.len() == 9,
            _ => (6..=12).contains(&national.len()),
        };
        is_whole.then(|| Phone::parse(&format!("+{code}{national}")).ok()).flatten()
    }
}

/// For logs and for error chains; people read the words catalogue instead.
impl fmt::Display for PhoneProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self:?}")
    }
}

impl std::error::Error for PhoneProblem {}

impl Phone {
    /// Reads a number as people write it: `+` or `00` before the country code; spaces, hyphens, dots and brackets
    /// anywhere; `(0)` after a country code is left out, as whoever dials does. Without `+` or `00` only a number
    /// that cannot be a national one is accepted (rule 31).
    pub fn parse(typed: &str) -> Result<Self, PhoneProblem> {
        let text = trim_unseen(typed);
        if text.is_empty() {
            return Err(PhoneProblem::Empty);
        }
        // (+375) 29 … is how some write it.
        let after_plus = text.strip_prefix('+').or_else(|| text.strip_prefix("(+"));
        let mut digits = String::new();
        for character in after_plus.unwrap_or(text).chars() {
            match character {
                '0'..='9' => digits.push(character),
                '-' | '(' | ')' | '.' | '/' | '\u{2010}'..='\u{2015}' | '\u{2212}' => {}
                space if space.is_whitespace() && !space.is_control() => {}
                other => return Err(PhoneProblem::ForbiddenCharacter(other)),
            }
        }
        if digits.is_empty() {
            return Err(PhoneProblem::NoDigits);
        }
        let after_zeros = if after_plus.is_none() { digits.strip_prefix("00") } else { None };
        let is_international = after_plus.is_some() || after_zeros.is_some();
        let mut number = after_zeros.unwrap_or(&digits).to_owned();
        if is_international && let Some((before, _)) = text.split_once("(0)") {
            // The trunk zero that British and German cards print: +44 (0)20 …
            let count = before.chars().filter(char::is_ascii_digit).count();
            let count = if after_zeros.is_some() { count.saturating_sub(2) } else { count };
            if (1..=3).contains(&count) {
                number.remove(count);
            }
        }
        if number.len() > 15 {
            return Err(PhoneProblem::TooLong);
        }
        if is_international {
            if number.starts_with('0') {
                return Err(PhoneProblem::BadCountryCode);
            }
            if number.len() < 8 {
                return Err(PhoneProblem::TooShort);
            }
            return Ok(Self(format!("+{number}")));
        }
        if UNMISTAKABLE.iter().any(|(code, length)| number.len() == *length && number.starts_with(code)) {
            return Ok(Self(format!("+{number}")));
        }
        if number.len() < SHORTEST_NATIONAL {
            return Err(PhoneProblem::TooShort);
        }
        Err(PhoneProblem::CountryCodeMissing { digits: number })
    }

    /// The number that a national one must mean, where its writing says so: `8 (029) …` is dialled in Belarus only,
    /// `8 905 …` in Russia and Kazakhstan. `None` where it would be a guess; never used without asking (rule 31).
    pub fn offer_for_national(digits: &str) -> Option<Self> {
        let after_eight = digits.strip_prefix('8').filter(|rest| rest.len() == 10)?;
        let number = match after_eight.chars().next()? {
            '0' => format!("+375{}", after_eight.get(1..)?),
            '3' | '4' | '7' | '8' | '9' => format!("+7{after_eight}"),
            _ => return None,
        };
        Self::parse(&number).ok()
    }

    /// The number with its `+`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number for logs and public pages: `+375…67`.
    pub fn masked(&self) -> String {
        let number = &self.0;
        let last = number.get(number.len().saturating_sub(2)..).unwrap_or("");
        format!("{}…{last}", number.get(..4).unwrap_or(""))
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for Phone {
    type Err = PhoneProblem;

    fn from_str(typed: &str) -> Result<Self, PhoneProblem> {
        Self::parse(typed)
    }
}

impl TryFrom<String> for Phone {
    type Error = PhoneProblem;

    fn try_from(typed: String) -> Result<Self, PhoneProblem> {
        Self::parse(&typed)
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_as_people_write_them_become_one_form() {
        for (typed, expected) in [
            ("+375 29 123-45-67", "+375291234567"),
            ("(+375) 29 123-45-67", "+375291234567"),
            ("00375 (29) 1234567", "+375291234567"),
            ("375291234567", "+375291234567"),
            ("79051111111", "+79051111111"),
            ("7 (905) 111-11-11", "+79051111111"),
            ("+7\u{A0}905\u{2011}111\u{2013}11\u{2212}11", "+79051111111"),
            ("+1.415.555.2671", "+14155552671"),
            ("+44 (0)20 7946 0958", "+442079460958"),
            ("0049 (0) 30 901820", "+4930901820"),
            ("0049 (0)30 901820", "+4930901820"),
            ("+12345678", "+12345678"),
            ("+123456789012345", "+123456789012345"),
        ] {
            assert_eq!(Phone::parse(typed).map(String::from), Ok(expected.to_owned()), "{typed}");
        }
    }

    #[test]
    fn a_number_without_country_code_is_refused_with_its_digits() {
        for (typed, digits) in [
            ("9051111111", "9051111111"),
            ("8 (029) 123-45-67", "80291234567"),
            ("8 905 111-11-11", "89051111111"),
            ("029 123 45 67", "0291234567"),
            ("123-45-67", "1234567"),
        ] {
            assert_eq!(Phone::parse(typed), Err(PhoneProblem::CountryCodeMissing { digits: digits.into() }));
        }
    }

    /// VA-05.
    #[test]
    fn what_is_no_number_is_refused() {
        use PhoneProblem::*;
        for (typed, problem) in [
            ("", Empty),
            ("\u{200B}", Empty),
            ("+", NoDigits),
            ("()-", NoDigits),
            (".;phone-context=", ForbiddenCharacter(';')),
            ("+dwPAA;phone-context=AA", ForbiddenCharacter('d')),
            ("+7905CALLNOW", ForbiddenCharacter('C')),
            ("++79051111111", ForbiddenCharacter('+')),
            ("+7 905\n1111111", ForbiddenCharacter('\n')),
            ("+٣٧٥٢٩١٢٣٤٥٦٧", ForbiddenCharacter('٣')),
            ("+0123456789", BadCountryCode),
            ("000000000000", BadCountryCode),
            ("+1234567", TooShort),
            ("123", TooShort),
            ("+1234567890123456", TooLong),
            ("1234567890123456789012345678901234567890", TooLong),
        ] {
            assert_eq!(Phone::parse(typed), Err(problem), "{typed}");
        }
    }

    #[test]
    fn a_country_code_is_offered_only_where_the_number_says_it() {
        let offer = |digits| Phone::offer_for_national(digits).map(String::from);
        assert_eq!(offer("80291234567").as_deref(), Some("+375291234567"));
        assert_eq!(offer("89051111111").as_deref(), Some("+79051111111"));
        assert_eq!(offer("9051111111"), None);
        assert_eq!(offer("0291234567"), None);
        assert_eq!(offer("8"), None);
        assert_eq!(offer("8é12345678"), None);
    }

    #[test]
    fn a_country_code_is_read_as_people_write_it() {
        for (typed, code) in [("+375", "+375"), ("7", "+7"), ("0049", "+49"), (" +1 ", "+1"), ("", ""), ("  ", "")] {
            assert_eq!(CallingCode::parse(typed).as_ref().map(CallingCode::as_str), Some(code), "{typed:?}");
        }
        for none in ["+", "00", "+0", "0375", "+3752", "seven", "+37 5", "-7", "+٧"] {
            assert_eq!(CallingCode::parse(none), None, "{none:?}");
        }
    }

    #[test]
    fn a_number_of_the_organisations_country_is_offered_with_its_code() {
        let offer =
            |code: &str, digits: &str| CallingCode::parse(code).and_then(|code| code.offer(digits)).map(String::from);
        for (code, digits, phone) in [
            ("+7", "9051111111", Some("+79051111111")),
            ("+7", "89051111111", Some("+79051111111")),
            ("+7", "905111111", None),
            ("+375", "291234567", Some("+375291234567")),
            ("+375", "80291234567", Some("+375291234567")),
            ("+375", "89051111111", None),
            ("+49", "01717654321", Some("+491717654321")),
            ("+49", "1717654321", Some("+491717654321")),
            ("+49", "491717654321", Some("+491717654321")),
            ("+39", "0612345678", Some("+390612345678")),
            ("+1", "2025550123", Some("+12025550123")),
            ("+1", "12025550123", Some("+12025550123")),
            ("+44", "12345", None),
            ("", "9051111111", None),
        ] {
            assert_eq!(offer(code, digits).as_deref(), phone, "{code} {digits}");
        }
    }

    #[test]
    fn a_masked_number_keeps_its_middle_to_itself() {
        assert_eq!(Phone::parse("+375291234567").unwrap().masked(), "+375…67");
    }

    proptest! {
        #[test]
        fn whatever_is_offered_is_a_number(code in "\\PC{0,5}|[+0-9]{0,4}", digits in "[0-9]{0,16}") {
            let Some(code) = CallingCode::parse(&code) else { return Ok(()) };
            prop_assert_eq!(CallingCode::parse(code.as_str()), Some(code.clone()));
            if let Some(phone) = code.offer(&digits) {
                prop_assert!(phone.as_str().starts_with(code.as_str()));
                prop_assert_eq!(Phone::parse(phone.as_str()), Ok(phone));
            }
        }

        /// VA-05.
        #[test]
        fn any_text_is_a_number_or_a_refusal(text in "\\PC{0,30}|[+0-9() .;=a-z-]{0,50}") {
            if let Ok(phone) = Phone::parse(&text) {
                let digits = phone.as_str().strip_prefix('+').unwrap();
                prop_assert!((8..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()));
                prop_assert_eq!(Phone::parse(phone.as_str()), Ok(phone));
            }
            let _ = Phone::offer_for_national(&text);
        }
    }
}
