//! Whether a telephone number can be one of its country, by the numbering plans that libphonenumber publishes. It only doubts:
//! plans change, and people know their numbers better. Its parser is not used; what comes here is in E.164 form already.

use crate::domain::contact::{DoubtKind, Phone, PhoneDoubt};
use phonenumber::metadata::{DATABASE, Descriptor};
use phonenumber::{Metadata, Type};

/// The kinds of numbers at which a person may be reached; no emergency numbers and short codes.
const KINDS: [Type; 10] = [
    Type::FixedLine,
    Type::Mobile,
    Type::TollFree,
    Type::PremiumRate,
    Type::SharedCost,
    Type::PersonalNumber,
    Type::Voip,
    Type::Pager,
    Type::Uan,
    Type::Voicemail,
];

/// What speaks against a number; nothing where its country has such numbers.
pub fn doubt(phone: &Phone) -> Option<PhoneDoubt> {
    let digits = phone.as_str().trim_start_matches('+');
    // No country code begins another one.
    let found = (1..=3).find_map(|length| {
        let (code, national) = digits.split_at_checked(length)?;
        let code: u16 = code.parse().ok()?;
        Some((code, national, DATABASE.by_code(&code)?))
    });
    let Some((code, national, countries)) = found else {
        return Some(PhoneDoubt { kind: DoubtKind::NoSuchCode, code: None, region: None });
    };
    if countries.iter().any(|country| has(country, national)) {
        return None;
    }
    let region = match &countries[..] {
        [only] => Some(only.id().to_string()),
        // Several share the code (+7, +1, +44): which one is meant cannot be said.
        _ => None,
    };
    Some(PhoneDoubt { kind: kind_of(&countries, national), code: Some(code), region })
}

fn has(country: &Metadata, national: &str) -> bool {
    let general = country.descriptors().general();
    general.is_match(national)
        && KINDS.into_iter().filter_map(|kind| country.descriptors().get(kind)).any(|kind| {
            // The pattern itself is not bound to the end of the number.
            lengths(kind, general).any(|length| length == national.len()) && kind.is_match(national)
        })
}

fn lengths<'a>(kind: &'a Descriptor, general: &'a Descriptor) -> impl Iterator<Item = usize> + 'a {
    let own = kind.possible_length();
    if own.is_empty() { general.possible_length() } else { own }.iter().copied().map(usize::from)
}

/// Whether the length is at fault: measured by what most people have, so that a toll-free number of six digits makes no
/// shortened mobile number look whole.
fn kind_of(countries: &[&Metadata], national: &str) -> DoubtKind {
    let usual: Vec<usize> = countries
        .iter()
        .map(|country| country.descriptors())
        .flat_map(|all| {
            [all.fixed_line(), all.mobile()].into_iter().flatten().flat_map(|kind| lengths(kind, all.general()))
        })
        .collect();
    match (usual.iter().min(), usual.iter().max()) {
        (Some(least), _) if national.len() < *least => DoubtKind::TooShort,
        (_, Some(most)) if national.len() > *most => DoubtKind::TooLong,
        _ => DoubtKind::NotInUse,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(number: &str) -> Option<(DoubtKind, Option<String>)> {
        let phone = Phone::parse(number).unwrap_or_else(|problem| panic!("{number}: {problem}"));
        doubt(&phone).map(|doubt| (doubt.kind, doubt.region))
    }

    /// L-23.
    #[test]
    fn a_digit_too_few_or_too_many_is_doubted_and_the_country_named_where_it_is_one() {
        let belarus = Some("BY".to_string());
        for (number, expected) in [
            ("+375 29 123-45-6", (DoubtKind::TooShort, belarus.clone())),
            ("+375 17 200-00-0", (DoubtKind::TooShort, belarus.clone())),
            ("+375 29 123-45-678", (DoubtKind::TooLong, belarus.clone())),
            ("+375 99 123-45-67", (DoubtKind::NotInUse, belarus)),
            ("+7 905 111-11-1", (DoubtKind::TooShort, None)),
            ("+7 905 111-11-111", (DoubtKind::TooLong, None)),
            ("+1 415 555 267", (DoubtKind::TooShort, None)),
            ("+380 50 123 45 6", (DoubtKind::TooShort, Some("UA".into()))),
            ("+999 12 345 678", (DoubtKind::NoSuchCode, None)),
            ("+210 12 345 678", (DoubtKind::NoSuchCode, None)),
        ] {
            assert_eq!(of(number), Some(expected), "{number}");
        }
    }

    #[test]
    fn numbers_in_use_are_not_doubted() {
        for number in [
            "+375 29 123-45-67",
            "+375 17 200-00-00",
            "+375 44 555-66-77",
            "+79051111111",
            "+7 701 234 56 78",
            "+380 50 123 45 67",
            "+48 512 345 678",
            "+370 612 34567",
            "+371 2123 4567",
            "+49 30 901820",
            "+44 20 7946 0958",
            "+1 415 555 2671",
            "+39 06 6982 1234",
            "+998 90 123 45 67",
            "+86 138 1234 5678",
            "+800 1234 5678",
        ] {
            assert_eq!(of(number), None, "{number}");
        }
    }

    proptest! {
        #[test]
        fn no_number_is_too_odd(number in "\\+[1-9][0-9]{7,14}") {
            let phone = Phone::parse(&number);
            prop_assert!(phone.is_ok());
            if let Ok(phone) = phone {
                let _ = doubt(&phone);
            }
        }
    }
}
