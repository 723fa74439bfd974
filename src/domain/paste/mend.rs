//! Tidies an address as it stands in a pasted text, and finds what a faulty one probably meant.
//! It must not apply a repair: what changes the address itself is offered, never done (rule 9).

use crate::domain::{
    address_guard::{is_great_provider, is_real_ending, provider_without_dot, suggest},
    contact::{Email, is_cyrillic, is_unseen, latin_twin},
};

/// What people and programs write before an address.
const LABELS: [&str; 17] = [
    "mailto",
    "email",
    "e-mail",
    "mail",
    "smtp",
    "to",
    "cc",
    "bcc",
    "tel",
    "phone",
    "mob",
    "почта",
    "эл.почта",
    "кому",
    "тел",
    "моб",
    "телефон",
];

/// Is the word only a label such as `E-mail:`?
pub fn is_label(word: &str) -> bool {
    let bare = word.trim_end_matches([':', '.']).to_lowercase();
    bare.len() < word.len() && LABELS.contains(&bare.as_str())
}

/// The text without labels before it and punctuation around it. Nothing inside is touched.
pub fn tidy(text: &str) -> &str {
    let mut rest = text.trim_matches(is_wrapping);
    while let Some((label, after)) = rest.split_once(':') {
        let label = label.trim().to_lowercase();
        if !LABELS.contains(&label.as_str()) {
            break;
        }
        rest = after.trim_start_matches('/');
        if label == "mailto" {
            rest = rest.split_once('?').map_or(rest, |(address, _)| address);
        }
        rest = rest.trim_matches(is_wrapping);
    }
    // What ends a sentence ends no address (rule 7); what begins one may be a fault worth naming.
    rest.trim_end_matches(['.', ',', ';', ':', '!', '?', '…']).trim_matches(is_wrapping)
}

fn is_wrapping(letter: char) -> bool {
    letter.is_whitespace() || "'`‘’‚‹›*•·<>\"".contains(letter)
}

/// Whether all blanks of an address stand beside its `@` or a dot.
pub fn has_blanks_at_signs_only(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.windows(2).all(|pair| match pair {
        [before, behind] => before.ends_with(['@', '.']) || behind.starts_with(['@', '.']),
        _ => true,
    })
}

/// `'anna'@acme.by`, of which only the first quote was taken off: the other one, and the address without either.
pub fn half_quoted(typed: &str, tidied: &str) -> Option<(char, String)> {
    let (local, domain) = tidied.split_once('@')?;
    let quote = local.chars().next_back().filter(|letter| "'`‘’‚\"".contains(*letter))?;
    let begins = typed.trim_start().starts_with(|letter: char| "'`‘’‚\"".contains(letter));
    begins.then(|| (quote, format!("{}@{domain}", local.trim_end_matches(quote))))
}

/// The address that a faulty one probably meant, when there is one that would be accepted.
pub fn repair_email(text: &str) -> Option<String> {
    // Longer than this it is no address with a fault, but something else.
    if text.len() > 1000 {
        return None;
    }
    let mut text: String = text.chars().filter(|letter| !letter.is_whitespace() && !is_unseen(*letter)).collect();
    while text.contains("@@") {
        text = text.replace("@@", "@");
    }
    let (local, domain) = text.split_once('@')?;
    // What is left of the address of a page: `acme.by/`, `acme.by/team`.
    let domain = domain.split(['/', '\\', '?', '#']).next().unwrap_or(domain);
    let local = local.rsplit([':', ',', ';']).next().unwrap_or(local);
    let local = latin(local).replace(['’', '‘', '`', 'ʼ', '´'], "'");
    let local = without_double_dots(local.trim_matches('.').trim_start_matches('-'));
    let domain: Vec<String> =
        domain.split('.').map(|label| if is_disguised(label) { latin(label) } else { label.into() }).collect();
    let domain = domain.join(".").replace([',', ';'], ".").replace('_', "-");
    let domain =
        without_double_dots(&domain.split('.').map(|label| label.trim_matches('-')).collect::<Vec<_>>().join("."));
    let domain = if domain.contains('.') { domain } else { provider_without_dot(&domain)? };
    // A sign too many in a provider's domain: `gm_ail.com`.
    let meant = text.contains('_').then(|| suggest(&domain, &[])).flatten();
    let domain = meant.map_or(domain, |suggestion| suggestion.domain);
    Email::parse(&format!("{local}@{domain}")).ok().map(String::from)
}

/// How people write `@` and `.` where they hide an address, or may not type the signs.
const SPELLED_AT: [&str; 8] = ["(at)", "[at]", "{at}", " at ", "(собака)", "[собака]", " собака ", "(a)"];
const SPELLED_DOT: [&str; 8] = ["(dot)", "[dot]", "{dot}", " dot ", "(точка)", "[точка]", " точка ", "(.)"];

/// Whether a sign of an address is spelled out in it.
pub fn has_spelled_at(text: &str) -> bool {
    let lower = text.to_lowercase();
    SPELLED_AT.iter().any(|sign| lower.contains(sign))
}

/// `nina.yun"mail.ru`: on a Russian keyboard the key of `@` writes a quote. What stands before it, and the domain behind.
fn quote_for_at(text: &str) -> Option<(&str, &str)> {
    let mut quotes = text.match_indices('"').map(|(at, _)| at);
    let at = quotes.next().filter(|_| quotes.next().is_none())?;
    let (before, behind) = (text.get(..at)?, text.get(at + 1..)?);
    let domain = behind.split(|letter: char| letter.is_whitespace() || ",;".contains(letter)).next()?;
    let (name, ending) = domain.trim_end_matches('.').rsplit_once('.')?;
    let is_local = before.ends_with(|letter: char| letter.is_ascii_alphanumeric());
    let is_domain = name.len() >= 2 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
    (is_local && is_domain && is_real_ending(ending)).then_some((before, behind))
}

/// The address that a text without `@` probably meant: one with its signs spelled out, or one from which only the sign is gone.
pub fn repair_without_at(text: &str) -> Option<String> {
    if text.len() > 200 || text.contains('@') {
        return None;
    }
    let lower = text.to_lowercase();
    let spelled = SPELLED_AT.iter().find_map(|sign| lower.split_once(sign));
    if let Some((before, behind)) = spelled.or_else(|| quote_for_at(&lower)) {
        let domain = SPELLED_DOT.iter().fold(behind.trim().to_owned(), |domain, sign| domain.replace(sign, "."));
        let domain: String = domain.split(" .").collect::<Vec<_>>().join(".").replace(". ", ".");
        let (local, domain) = (before.split_whitespace().next_back()?, domain.split_whitespace().next()?);
        return repair_email(&format!("{local}@{domain}"));
    }
    // `ivan.petrov.gmail.com`, `ivangmail.com`, `Ivan Petrov ivan.petrov.gmail.com`
    let last = lower.trim().rsplit(char::is_whitespace).next().filter(|last| last.matches('.').count() >= 2);
    let word = last.unwrap_or(lower.trim());
    if is_great_provider(word) {
        return None;
    }
    let is_start = |at: &usize| {
        let (before, domain) = (word.get(..*at).unwrap_or_default(), word.get(*at..).unwrap_or_default());
        // `me.com` is the end of many a domain.
        let is_telling = domain.find('.').is_some_and(|length| length >= 4) || before.ends_with(['.', '_', ' ']);
        is_telling && is_great_provider(domain)
    };
    let start = word.char_indices().map(|(at, _)| at).skip(2).find(is_start)?;
    let local = word.get(..start)?.trim_end_matches(['.', '_', '-', ' ']);
    (!local.contains(char::is_whitespace)).then(|| repair_email(&format!("{local}@{}", word.get(start..)?))).flatten()
}

/// Whether a line without `@` was meant as an address: one can be made of it, or it looks like one all the same.
pub fn is_meant_as_address(text: &str) -> bool {
    let is_dotted = !text.contains(char::is_whitespace)
        && text.is_ascii()
        && text.contains('.')
        && !text.contains("://")
        && !text.to_lowercase().starts_with("www.")
        && text.rsplit('.').next().is_some_and(|ending| is_real_ending(&ending.to_lowercase()))
        && text.split('.').all(|part| part.len() >= 2)
        && text.bytes().any(|byte| byte.is_ascii_lowercase());
    is_dotted || repair_without_at(text).is_some()
}

/// Does a label mix alphabets, or is it Cyrillic that all looks Latin? A truly Cyrillic one (`почта.рф`) is right.
fn is_disguised(label: &str) -> bool {
    label.chars().any(|letter| letter.is_ascii_alphabetic())
        || label.chars().filter(|letter| is_cyrillic(*letter)).all(|letter| latin_twin(letter).is_some())
}

fn latin(text: &str) -> String {
    text.chars().map(|letter| latin_twin(letter).unwrap_or(letter)).collect()
}

fn without_double_dots(text: &str) -> String {
    text.split('.').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rule 7.
    #[test]
    fn only_what_stands_around_an_address_is_tidied() {
        for (text, expected) in [
            ("mailto:anna@acme.com?subject=Hi", "anna@acme.com"),
            ("E-mail:anna@acme.com.", "anna@acme.com"),
            ("'anna@acme.com'", "anna@acme.com"),
            ("tel:+375291234567", "+375291234567"),
            ("o'brien+crm@acme.co.uk", "o'brien+crm@acme.co.uk"),
            ("x:anna@acme.com", "x:anna@acme.com"),
            ("-anna@acme.com", "-anna@acme.com"),
        ] {
            assert_eq!(tidy(text), expected);
        }
    }

    #[test]
    fn a_repair_is_offered_only_when_it_would_be_accepted() {
        for (text, expected) in [
            ("anna@acme,com", Some("anna@acme.com")),
            ("anna@acme_school.by", Some("anna@acme-school.by")),
            ("аnna@acme.com", Some("anna@acme.com")),
            ("anna@аcme.com", Some("anna@acme.com")),
            ("info@почта_.рф", Some("info@xn--80a1acny.xn--p1ai")),
            ("anna@@acme..com", Some("anna@acme.com")),
            ("anna@acme. com", Some("anna@acme.com")),
            (".anna.@acme.com-", Some("anna@acme.com")),
            ("-anna@acme.com", Some("anna@acme.com")),
            ("x:anna@acme.com", Some("anna@acme.com")),
            ("anna@gmail", Some("anna@gmail.com")),
            ("anna@mailru", Some("anna@mail.ru")),
            ("olga@acme", None),
            ("анна@acme.com", None),
            ("anna@ivan@acme.com", None),
            ("anna", None),
            ("@acme.com", None),
        ] {
            assert_eq!(repair_email(text).as_deref(), expected, "{text}");
        }
        for (text, expected) in [
            ("ivan(at)acme.com", Some("ivan@acme.com")),
            ("Ivan Petrov ivan [at] acme [dot] com", Some("ivan@acme.com")),
            ("bob at acme.com", Some("bob@acme.com")),
            ("ivan (собака) mail (точка) ru", Some("ivan@mail.ru")),
            ("ivan.petrov.gmail.com", Some("ivan.petrov@gmail.com")),
            ("ivangmail.com", Some("ivan@gmail.com")),
            ("Нина Юн nina.yun\"mail.ru", Some("nina.yun@mail.ru")),
            ("the \"acme.com\" team", None),
            ("an \"acme.com", None),
            ("we meet at noon", None),
            ("acme.com", None),
            ("olga", None),
        ] {
            assert_eq!(repair_without_at(text).as_deref(), expected, "{text}");
        }
    }
}
