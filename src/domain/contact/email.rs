//! An e-mail address in its one canonical form (VA-01, VA-02) and the reasons to refuse one.
//! It must not guess what was meant: that is `address_guard`'s and `paste`'s work.

use std::{fmt, str::FromStr};

use email_address::{EmailAddress, Options};
use serde::{Deserialize, Serialize};

use super::letters::{is_cyrillic, is_unseen, latin_twin, trim_unseen};
use crate::domain::unicode::{domain_to_ascii, domain_to_letters};

/// The longest address that mail servers accept, in bytes.
const LONGEST: usize = 254;
/// The longest part before the `@`, in bytes.
const LONGEST_LOCAL: usize = 64;
/// The longest part of a domain between two dots, in bytes.
const LONGEST_LABEL: usize = 63;

/// An e-mail address in canonical form (VA-01), the only form that is stored, compared and written to.
///
/// The form: no white space or unseen characters around it; the domain lower-cased and written as A-labels
/// (`почта.рф` becomes `xn--80a1acny.xn--p1ai`); the part before the `@` in ASCII and lower-cased. Standards allow
/// `Anna@` and `anna@` to be two mailboxes; no provider in use does it, and two rows for one person is the
/// harm that really happens, so one mailbox is one person here. `+tag` and dots stay: they may be another mailbox.
/// A token is always sent to this stored address, never to what somebody typed later.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

/// Why a text is not an e-mail address (rules 8, 30; VA-02).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum EmailProblem {
    /// Nothing was typed.
    Empty,
    /// There is no `@`.
    NoAt,
    /// There are two or more `@`; perhaps two addresses stick together.
    SeveralAts,
    /// Nothing stands before the `@`.
    NothingBeforeAt,
    /// Nothing stands after the `@`.
    NothingAfterAt,
    /// The domain has no dot, as in `olga@acme`.
    NoDotInDomain,
    /// A Cyrillic letter stands where only a Latin one can; `latin` is the letter it is mistaken for.
    CyrillicLetter {
        /// The letter itself.
        letter: char,
        /// The Latin letter that looks the same, if there is one.
        latin: Option<char>,
        /// Which character of the trimmed address it is, counted from 1.
        position: usize,
    },
    /// A character that no address here may contain.
    ForbiddenCharacter(char),
    /// A dot at the beginning or end of the part before the `@`, or two together.
    MisplacedDot,
    /// The address begins with `-`: programs would read it as an option.
    LeadingHyphen,
    /// The address holds `=?`: mail programs would decode it to something else.
    EncodedWord,
    /// The part before the `@` is longer than 64 bytes.
    LocalTooLong,
    /// A part of the domain, between two dots, is longer than 63 bytes.
    LabelTooLong,
    /// The address is longer than 254 bytes.
    TooLong,
    /// The domain ends in digits only, as a bare IP address does.
    NumericEnding,
    /// The domain breaks the rules for domain names (empty or overlong label, misplaced hyphen, bad IDNA).
    BadDomain,
}

/// For logs and for error chains; people read the words catalogue instead.
impl fmt::Display for EmailProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self:?}")
    }
}

impl std::error::Error for EmailProblem {}

impl Email {
    /// Reads an address and brings it to canonical form (VA-01), or says what is wrong with it (VA-02).
    pub fn parse(typed: &str) -> Result<Self, EmailProblem> {
        let text = trim_unseen(typed);
        if text.is_empty() {
            return Err(EmailProblem::Empty);
        }
        let (local, domain) = text.split_once('@').ok_or(EmailProblem::NoAt)?;
        if domain.contains('@') {
            return Err(EmailProblem::SeveralAts);
        }
        if local.is_empty() {
            return Err(EmailProblem::NothingBeforeAt);
        }
        if domain.is_empty() {
            return Err(EmailProblem::NothingAfterAt);
        }
        // Of what is far too long nobody wants to know which part it is.
        if text.len() > 4 * LONGEST {
            return Err(EmailProblem::TooLong);
        }
        // The narrower limit first: it says more.
        if local.len() > LONGEST_LOCAL {
            return Err(EmailProblem::LocalTooLong);
        }
        let local = canonical_local(local)?;
        let domain = canonical_domain(domain, local.chars().count() + 1)?;
        let address = format!("{local}@{domain}");
        if address.len() > LONGEST {
            return Err(EmailProblem::TooLong);
        }
        // A second opinion from a library that knows the grammar; our own rules above are stricter.
        let options = Options::default().with_required_tld().without_display_text().without_domain_literal();
        EmailAddress::parse_with_options(&address, options).map_err(|_| EmailProblem::BadDomain)?;
        Ok(Self(address))
    }

    /// The canonical address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the `@`.
    pub fn local(&self) -> &str {
        self.0.split_once('@').map_or("", |(local, _)| local)
    }

    /// The part after the `@`, in A-labels.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }

    /// The domain as people read it: `почта.рф`.
    pub fn domain_in_letters(&self) -> String {
        domain_to_letters(self.domain()).unwrap_or_else(|| self.domain().to_owned())
    }

    /// The address for logs and public pages: `i…v@acme.by`. A part of three letters or fewer keeps only the first,
    /// a single letter none, so that the mask always hides something.
    pub fn masked(&self) -> String {
        let local = self.local();
        let (first, last) = match local.len() {
            0 | 1 => ("", ""),
            2 | 3 => (local.get(..1).unwrap_or(""), ""),
            length => (local.get(..1).unwrap_or(""), local.get(length - 1..).unwrap_or("")),
        };
        in_letters(&format!("{first}…{last}@{}", self.domain()))
    }
}

impl fmt::Display for Email {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for Email {
    type Err = EmailProblem;

    fn from_str(typed: &str) -> Result<Self, EmailProblem> {
        Self::parse(typed)
    }
}

impl TryFrom<String> for Email {
    type Error = EmailProblem;

    fn try_from(typed: String) -> Result<Self, EmailProblem> {
        Self::parse(&typed)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

/// The part before the `@`: a dot-atom in ASCII, lower-cased.
fn canonical_local(local: &str) -> Result<String, EmailProblem> {
    for (before, letter) in local.chars().enumerate() {
        if is_cyrillic(letter) {
            return Err(EmailProblem::CyrillicLetter { letter, latin: latin_twin(letter), position: before + 1 });
        }
        if !letter.is_ascii_alphanumeric() && !".!#$%&'*+/=?^_`{|}~-".contains(letter) {
            return Err(EmailProblem::ForbiddenCharacter(letter));
        }
    }
    if local.starts_with('-') {
        return Err(EmailProblem::LeadingHyphen);
    }
    if local.contains("=?") {
        return Err(EmailProblem::EncodedWord);
    }
    if local.split('.').any(str::is_empty) {
        return Err(EmailProblem::MisplacedDot);
    }
    Ok(local.to_ascii_lowercase())
}

/// The part after the `@`: lower-cased A-labels. `offset` characters stand before it in the address.
fn canonical_domain(domain: &str, offset: usize) -> Result<String, EmailProblem> {
    let is_forbidden = |letter: &char| {
        letter.is_control()
            || letter.is_whitespace()
            || is_unseen(*letter)
            || (letter.is_ascii() && !letter.is_ascii_alphanumeric() && !".-".contains(*letter))
    };
    if let Some(letter) = domain.chars().find(is_forbidden) {
        return Err(EmailProblem::ForbiddenCharacter(letter));
    }
    if !domain.contains('.') {
        return Err(EmailProblem::NoDotInDomain);
    }
    refuse_mixed_scripts(domain, offset)?;
    let canonical = domain_to_ascii(domain).ok_or(EmailProblem::BadDomain)?;
    if canonical.split('.').any(|label| label.len() > LONGEST_LABEL) {
        return Err(EmailProblem::LabelTooLong);
    }
    if canonical.len() + offset > LONGEST {
        return Err(EmailProblem::TooLong);
    }
    let (typed, labels): (Vec<&str>, Vec<&str>) = (domain.split('.').collect(), canonical.split('.').collect());
    if typed.len() != labels.len() || labels.iter().any(|label| label.is_empty()) {
        return Err(EmailProblem::BadDomain);
    }
    // Full-width letters, the Kelvin sign, `ſ` and their like become plain ASCII in IDNA: a twin that nobody meant.
    for (typed, label) in typed.iter().zip(&labels) {
        if let Some(letter) = typed.chars().find(|letter| !letter.is_ascii())
            && !label.starts_with("xn--")
        {
            return Err(EmailProblem::ForbiddenCharacter(letter));
        }
    }
    // A domain typed as `xn--…` must obey the same rule as the one typed in letters.
    let in_letters = domain_to_letters(&canonical).ok_or(EmailProblem::BadDomain)?;
    refuse_mixed_scripts(&in_letters, offset)?;
    if labels.last().is_some_and(|ending| ending.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(EmailProblem::NumericEnding);
    }
    Ok(canonical)
}

/// The address as people read it: what is stored as `xn--80a1acny.xn--p1ai` is shown as `почта.рф` (L-04). Any other text
/// stays as it is. No address that only pretends to be another one was ever taken, so none is shown.
pub fn in_letters(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) if domain.contains("xn--") => match domain_to_letters(domain) {
            Some(letters) => format!("{local}@{letters}"),
            None => address.to_string(),
        },
        _ => address.to_string(),
    }
}

/// Refuses a label that mixes Latin with Cyrillic, Greek or the like, and one that only pretends to be Latin.
fn refuse_mixed_scripts(domain: &str, offset: usize) -> Result<(), EmailProblem> {
    let ending_is_ascii = domain.rsplit('.').next().is_some_and(str::is_ascii);
    let mut position = offset;
    for label in domain.split('.') {
        let has_latin = label.chars().any(|letter| {
            letter.is_ascii_alphabetic() || (letter.is_alphabetic() && matches!(letter, '\u{C0}'..='\u{24F}'))
        });
        let mut cyrillic = label.chars().filter(|letter| is_cyrillic(*letter)).peekable();
        let all_twins = cyrillic.peek().is_some() && cyrillic.all(|letter| latin_twin(letter).is_some());
        for letter in label.chars() {
            position += 1;
            if is_cyrillic(letter) && (has_latin || (all_twins && ending_is_ascii)) {
                return Err(EmailProblem::CyrillicLetter { letter, latin: latin_twin(letter), position });
            }
            let is_other_script = matches!(letter, '\u{370}'..='\u{1DFF}' | '\u{1F00}'..='\u{2FFF}');
            if has_latin && letter.is_alphabetic() && is_other_script {
                return Err(EmailProblem::ForbiddenCharacter(letter));
            }
        }
        position += 1; // the dot
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn canonical(typed: &str) -> String {
        Email::parse(typed).map(String::from).unwrap_or_else(|problem| format!("{typed}: {problem}"))
    }

    #[test]
    fn an_address_comes_out_in_canonical_form() {
        for (typed, expected) in [
            ("Anna@ACME.com", "anna@acme.com"),
            ("\u{FEFF} anna@acme.com\u{A0}\n", "anna@acme.com"),
            ("o'brien+crm@acme.co.uk", "o'brien+crm@acme.co.uk"),
            ("анна@acme.com", "анна@acme.com: CyrillicLetter { letter: 'а', latin: Some('a'), position: 1 }"),
            ("info@почта.рф", "info@xn--80a1acny.xn--p1ai"),
            ("info@Bücher.de", "info@xn--bcher-kva.de"),
            ("info@xn--bcher-kva.de", "info@xn--bcher-kva.de"),
            ("info@straße.de", "info@xn--strae-oqa.de"),
            ("_a!b#c@x-1.museum", "_a!b#c@x-1.museum"),
            ("a@1.2.3.com", "a@1.2.3.com"),
        ] {
            assert_eq!(canonical(typed), expected);
        }
    }

    #[test]
    fn every_refusal_names_its_reason() {
        use EmailProblem::*;
        for (typed, problem) in [
            ("", Empty),
            (" \u{200B} ", Empty),
            ("anna", NoAt),
            ("anna@@acme.com", SeveralAts),
            ("anna@acme.comivan@acme.com", SeveralAts),
            ("@acme.com", NothingBeforeAt),
            ("anna@", NothingAfterAt),
            ("olga@acme", NoDotInDomain),
            ("anna@acme,com", ForbiddenCharacter(',')),
            ("anna@acme_school.by", ForbiddenCharacter('_')),
            ("anna petrova@acme.com", ForbiddenCharacter(' ')),
            ("an\u{0}na@acme.com", ForbiddenCharacter('\0')),
            ("an\u{200B}na@acme.com", ForbiddenCharacter('\u{200B}')),
            ("anna@ac\u{AD}me.com", ForbiddenCharacter('\u{AD}')),
            ("\"anna\"@acme.com", ForbiddenCharacter('"')),
            ("anna(x)@acme.com", ForbiddenCharacter('(')),
            ("anna@[127.0.0.1]", ForbiddenCharacter('[')),
            ("anné@acme.com", ForbiddenCharacter('é')),
            (".anna@acme.com", MisplacedDot),
            ("anna.@acme.com", MisplacedDot),
            ("an..na@acme.com", MisplacedDot),
            ("-anna@acme.com", LeadingHyphen),
            ("=?utf-8?q?anna?=@acme.com", EncodedWord),
            ("anna@127.0.0.1", NumericEnding),
            ("anna@acme..com", BadDomain),
            ("anna@acme.com.", BadDomain),
            ("anna@.acme.com", BadDomain),
            ("anna@-acme.com", BadDomain),
            ("anna@acme-.com", BadDomain),
            ("anna@xn--a.com", BadDomain),
            // Full-width, Kelvin sign, long s: IDNA makes them ASCII, so they are refused (VA-01).
            ("anna@\u{FF41}cme.com", ForbiddenCharacter('\u{FF41}')),
            ("anna@\u{212A}ey.com", ForbiddenCharacter('\u{212A}')),
            ("anna@acme\u{3002}com", NoDotInDomain),
            ("anna@acme.by\u{3002}com", BadDomain),
            ("ann\u{131}@acme.com", ForbiddenCharacter('\u{131}')),
            // A domain that pretends to be Latin.
            ("anna@аcme.com", CyrillicLetter { letter: 'а', latin: Some('a'), position: 6 }),
            ("anna@сосо.com", CyrillicLetter { letter: 'с', latin: Some('c'), position: 6 }),
            ("anna@mail.шcme.com", CyrillicLetter { letter: 'ш', latin: None, position: 11 }),
            ("anna@αcme.com", ForbiddenCharacter('α')),
            ("anna@xn--cme-7cd.com", CyrillicLetter { letter: 'а', latin: Some('a'), position: 8 }),
        ] {
            assert_eq!(Email::parse(typed), Err(problem), "{typed}");
        }
    }

    #[test]
    fn length_is_counted_as_mail_servers_count_it() {
        let local = |length| "a".repeat(length);
        assert!(Email::parse(&format!("{}@acme.com", local(64))).is_ok());
        assert_eq!(Email::parse(&format!("{}@acme.com", local(65))), Err(EmailProblem::LocalTooLong));
        let domain = |last| format!("{0}.{0}.{0}.{1}.by", local(60), local(last));
        assert_eq!(Email::parse(&format!("a@{}", domain(66))), Err(EmailProblem::LabelTooLong));
        assert!(Email::parse(&format!("{}@{}", local(6), domain(60))).is_ok_and(|email| email.as_str().len() == 253));
        assert_eq!(Email::parse(&format!("{}@{}", local(8), domain(60))), Err(EmailProblem::TooLong));
        assert_eq!(Email::parse(&local(10_000)), Err(EmailProblem::NoAt));
        assert_eq!(Email::parse(&format!("a@{}", local(10_000))), Err(EmailProblem::TooLong));
    }

    #[test]
    fn a_masked_address_shows_the_ends_only() {
        for (typed, masked) in [
            ("ivan.petrov@acme.by", "i…v@acme.by"),
            ("ivo@acme.by", "i…@acme.by"),
            ("iv@acme.by", "i…@acme.by"),
            ("i@acme.by", "…@acme.by"),
        ] {
            assert_eq!(Email::parse(typed).unwrap().masked(), masked);
        }
    }

    /// L-04.
    #[test]
    fn an_address_is_shown_in_the_letters_in_which_it_was_typed() {
        for typed in ["info@почта.рф", "max@maßwerk.example", "a@bücher.example", "x@例え.テスト", "anna@acme.com"]
        {
            let stored = Email::parse(typed).expect(typed);
            assert!(stored.as_str().is_ascii());
            assert_eq!(in_letters(stored.as_str()), typed);
            assert_eq!(Email::parse(&in_letters(stored.as_str())), Ok(stored), "both forms are one address");
        }
        assert_eq!(Email::parse("info@почта.рф").expect("it").masked(), "i…o@почта.рф");
        for other in ["", "Anna", "@", "a@b@xn--", "xn--80a1acny.xn--p1ai", "a@xn--\u{ffff}"] {
            assert_eq!(in_letters(other), other);
        }
    }

    /// L-10.
    #[test]
    fn an_address_that_is_too_long_says_which_part() {
        let domain = |length: usize| {
            let mut labels = "x".repeat(length.saturating_sub(3));
            for at in (50..labels.len()).step_by(51) {
                labels.replace_range(at..=at, ".");
            }
            format!("{labels}.by")
        };
        let long = |local: usize, domain: &str| Email::parse(&format!("{}@{domain}", "a".repeat(local)));
        assert!(long(64, "acme.by").is_ok());
        assert_eq!(long(65, "acme.by"), Err(EmailProblem::LocalTooLong));
        assert_eq!(long(300, "acme.by"), Err(EmailProblem::LocalTooLong));
        assert!(long(5, &format!("{}.by", "b".repeat(63))).is_ok());
        assert_eq!(long(5, &format!("{}.by", "b".repeat(64))), Err(EmailProblem::LabelTooLong));
        assert_eq!(long(5, &format!("acme.{}", "b".repeat(64))), Err(EmailProblem::LabelTooLong));
        assert_eq!(long(5, &format!("{}.рф", "я".repeat(60))), Err(EmailProblem::LabelTooLong));
        assert_eq!(long(64, &domain(189)).map(|_| ()), Ok(()));
        for length in [190, 194, 300, 5_000] {
            assert_eq!(long(64, &domain(length)), Err(EmailProblem::TooLong), "{length}");
        }
    }

    #[test]
    fn a_stored_address_is_checked_again_when_read() {
        let email: Email = Email::parse("Anna@acme.com").unwrap();
        assert_eq!((email.local(), email.domain(), email.to_string().as_str()), ("anna", "acme.com", "anna@acme.com"));
        assert_eq!("anna@acme.com".parse(), Ok(email.clone()));
        assert_eq!(Email::try_from("ANNA@acme.com".to_owned()), Ok(email));
        assert!(Email::try_from("anna".to_owned()).is_err());
    }

    /// Everything VA-02 promises about an accepted address.
    fn keeps_the_promise(email: &Email) {
        let text = email.as_str();
        assert_eq!(text.matches('@').count(), 1);
        assert!(text.is_ascii() && text.len() <= 254 && email.local().len() <= 64);
        assert!(!text.contains(|c: char| c.is_control() || c.is_whitespace() || "()<>[]:;,\\\"".contains(c)));
        assert!(!text.contains("=?") && !text.starts_with('-') && !text.starts_with('.') && !text.contains(".."));
        assert!(email.domain().contains('.') && domain_to_letters(email.domain()).is_some());
        assert_eq!(text, text.to_ascii_lowercase());
        assert_eq!(Email::parse(text).as_ref(), Ok(email), "canon is idempotent");
    }

    proptest! {
        /// VA-02.
        #[test]
        fn any_text_is_accepted_with_the_promise_or_refused(text in "\\PC{0,40}") {
            if let Ok(email) = Email::parse(&text) {
                keeps_the_promise(&email);
            }
        }

        /// VA-02.
        #[test]
        fn any_near_address_is_accepted_with_the_promise_or_refused(
            text in "[a-zA-Z0-9.+_'=?/-]{1,8}@[a-zA-Z0-9.\\-éüßжяаос\u{200B}\u{FF41}\u{212A}İſ中αx]{1,8}\\.(com|by|рф|1)"
        ) {
            if let Ok(email) = Email::parse(&text) {
                keeps_the_promise(&email);
                prop_assert_eq!(email.local(), text.split('@').next().unwrap().to_ascii_lowercase());
            }
        }

        #[test]
        fn two_plain_addresses_share_a_form_only_by_case(
            one in "[a-cA-C.+_-]{1,4}@[a-cA-C-]{1,3}\\.com", two in "[a-cA-C.+_-]{1,4}@[a-cA-C-]{1,3}\\.com"
        ) {
            if let (Ok(a), Ok(b)) = (Email::parse(&one), Email::parse(&two)) {
                prop_assert_eq!(a == b, one.to_lowercase() == two.to_lowercase());
            }
        }
    }
}
