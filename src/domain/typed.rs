//! What people type or paste into a field for one address, one number, one code: read without what travels with a copied text
//! and cannot be seen, or only stands around it (rule 7). It must not guess at what is wrong inside: that is said or asked.

use super::contact::{Email, EmailProblem, Phone, PhoneProblem, is_unseen};
use super::paste::tidy;

/// How much of a field is looked at, in characters: more is none of what is read here.
const LONGEST: usize = 2048;

/// The text in narrow letters, on one line, without what nobody can see: keyboards of the East write `＠` and `．`, copied
/// texts bring zero-width marks, soft hyphens and wide spaces along.
pub fn plain(typed: &str) -> String {
    let letters = typed.chars().take(LONGEST).filter(|letter| !is_unseen(*letter));
    let narrow: String = letters
        .map(|letter| match letter {
            // The wide block stands in the order of ASCII.
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(letter) - 0xFEE0).unwrap_or(letter),
            '\u{3002}' | '\u{FF61}' => '.',
            '\u{FE6B}' => '@',
            '\u{2010}' | '\u{2011}' => '-',
            letter if letter.is_whitespace() => ' ',
            letter => letter,
        })
        .collect();
    narrow.trim().to_string()
}

/// Reads the address of a field: with `mailto:`, in brackets, with a name before it, with what ends a sentence behind it.
///
/// # Errors
/// What is wrong with it, when all this is taken off.
pub fn email(typed: &str) -> Result<Email, EmailProblem> {
    let text = plain(typed);
    // An address may begin with an apostrophe: what is one as it stands is that one.
    if let Ok(email) = Email::parse(&text) {
        return Ok(email);
    }
    let inside = text.split_once('<').and_then(|(_, behind)| behind.split_once('>')).map(|(inside, _)| inside);
    Email::parse(bare(inside.filter(|inside| inside.contains('@')).unwrap_or(&text)))
}

/// Reads the telephone number of a field, with `tel:` or signs around it.
///
/// # Errors
/// What is wrong with it, when all this is taken off.
pub fn phone(typed: &str) -> Result<Phone, PhoneProblem> {
    Phone::parse(tidy(&plain(typed)))
}

/// What somebody signs in with, in the form in which it is kept: an address, a number, else the text in small letters.
pub fn identifier(typed: &str) -> String {
    if let Ok(email) = email(typed) {
        return email.into();
    }
    if let Ok(phone) = phone(typed) {
        return phone.into();
    }
    // Of what is longer nobody has an account.
    plain(typed).chars().take(254).collect::<String>().to_lowercase()
}

/// A short code that was read or copied somewhere: only its letters and digits count, and not their case.
pub fn code(typed: &str) -> String {
    plain(typed).chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_uppercase()
}

/// The text without any signs that may stand around an address.
fn bare(text: &str) -> &str {
    let mut bare = text;
    loop {
        let next = tidy(bare).trim_matches(|letter: char| "()[]{}«»“”„".contains(letter));
        if next.len() == bare.len() {
            return bare;
        }
        bare = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What was seen to travel with a text that is copied into a field.
    fn dresses(text: &str) -> Vec<String> {
        let (head, tail) = text.split_at(text.len() / 2);
        let wide = text.chars().map(|letter| match letter {
            '!'..='~' => char::from_u32(u32::from(letter) + 0xFEE0).expect("a wide letter"),
            letter => letter,
        });
        let mut all = vec![wide.collect(), text.replace('@', "＠"), text.replace('@', "﹫")];
        for around in ["{}\u{A0}", "\u{A0}{}", "\u{FEFF}{}", "\u{3000}{}\u{3000}", "\t{}\r\n", "\u{200E}{}\u{200F}"] {
            all.push(around.replace("{}", text));
        }
        for around in ["{}.", "{},", "{};", "{}!", "<{}>", "\"{}\"", "'{}'", "‘{}’", "• {}"] {
            all.push(around.replace("{}", text));
        }
        for inside in ["\u{200B}", "\u{200D}", "\u{AD}", "\u{2060}", "\u{FEFF}"] {
            all.push(format!("{head}{inside}{tail}"));
        }
        all
    }

    #[test]
    fn an_address_is_read_without_what_travels_with_it_l_09() {
        let olga = Email::parse("olga@acme.by").expect("an address");
        let mut all = dresses("olga@acme.by");
        for around in [
            "mailto:{}",
            "MAILTO:{}",
            "mailto:{}?subject=Hi",
            "E-mail: {}",
            "Olga Petrova <{}>",
            "\"Petrova, Olga\" <{}>,",
            "<mailto:{}>",
            "({})",
            "[{}]",
            "«{}».",
            "“{}”",
            "\u{200B}(<{}>)\u{A0};",
        ] {
            all.push(around.replace("{}", "Olga@Acme.by"));
        }
        all.extend(["olga＠acme。by".to_string(), "olga@acme\u{FF61}by".to_string(), "olga@acme．by".to_string()]);
        for typed in all {
            assert_eq!(email(&typed).as_ref(), Ok(&olga), "{typed:?}");
            assert_eq!(identifier(&typed), "olga@acme.by", "{typed:?}");
        }
    }

    #[test]
    fn a_number_is_read_without_what_travels_with_it_l_09() {
        let phone_of = Phone::parse("+375291234567").expect("a number");
        let mut all = dresses("+375291234567");
        all.extend(dresses("+375 (29) 123\u{2011}45\u{2011}67"));
        all.extend([
            "'+375291234567".into(),
            "tel:+375291234567".into(),
            "Тел: +375 29 123-45-67.".into(),
            "(+375) 29 1234567".into(),
        ]);
        for typed in all {
            assert_eq!(phone(&typed).as_ref(), Ok(&phone_of), "{typed:?}");
            assert_eq!(identifier(&typed), "+375291234567", "{typed:?}");
        }
    }

    #[test]
    fn a_code_is_its_letters_and_digits_l_09() {
        for typed in dresses("K7QM-4WXD").iter().map(String::as_str).chain(["k7qm4wxd", "K7QM – 4WXD", "K7QM—4WXD"])
        {
            assert_eq!(code(typed), "K7QM4WXD", "{typed:?}");
        }
    }

    #[test]
    fn what_is_wrong_inside_is_not_guessed_at() {
        for typed in
            ["", "\u{A0}\u{200B}", "<>", "olga acme.by", "olga @acme.by", "оlga@acme.by", "a@acme.by b@acme.by"]
        {
            assert!(email(typed).is_err(), "{typed:?}");
        }
        assert_eq!(email("\u{FEFF}\u{3000}"), Err(EmailProblem::Empty));
        assert_eq!(phone("\u{200B}"), Err(PhoneProblem::Empty));
        // The Kelvin sign and its like are no wide letters: an address with them is none.
        assert!(email("oliver@acme.\u{212A}z").is_err());
        assert!(email(&format!("{}olga@acme.by", " ".repeat(LONGEST))).is_err());
    }

    proptest! {
        /// Whoever has an account signs in with what is stored.
        #[test]
        fn what_is_kept_is_read_as_itself(typed in "\\PC{0,40}|[a-z.'+-]{1,12}@[a-z]{1,8}\\.[a-z]{2,3}|\\+?[0-9 ()-]{5,18}") {
            if let Ok(kept) = Email::parse(&typed) {
                prop_assert_eq!(email(kept.as_str()), Ok(kept.clone()));
                prop_assert_eq!(identifier(kept.as_str()), kept.as_str());
            }
            if let Ok(kept) = Phone::parse(&typed) {
                prop_assert_eq!(phone(kept.as_str()), Ok(kept.clone()));
            }
            let once = identifier(&typed);
            prop_assert_eq!(identifier(&once), once);
        }
    }
}
