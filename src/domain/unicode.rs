//! What Unicode's tables say of letters, and how domains are written in letters and in ASCII.
//!
//! The server asks the crates that carry the tables. A browser has the same tables already, so its build asks the browser and
//! sends none of them (some 100 kB). It must not judge a text: who needs a letter to be something says so where they ask.

#[cfg(not(feature = "hydrate"))]
pub use carried::*;
#[cfg(feature = "hydrate")]
pub use of_the_browser::*;

/// The server's half: the tables are in the program.
#[cfg(not(feature = "hydrate"))]
mod carried {
    use unicode_normalization::UnicodeNormalization;

    /// Canonical composition (NFC).
    pub fn nfc(text: &str) -> String {
        text.nfc().collect()
    }

    /// Canonical composition (NFC), written behind what `out` holds: nothing is kept elsewhere meanwhile.
    pub fn push_nfc(letters: impl Iterator<Item = char>, out: &mut String) {
        out.extend(letters.nfc());
    }

    /// Compatibility composition (NFKC): ligatures, wide and circled forms are the letters that they stand for.
    pub fn nfkc(text: &str) -> String {
        text.nfkc().collect()
    }

    /// Compatibility decomposition (NFKD): a letter, and after it its marks.
    pub fn nfkd(text: &str) -> String {
        text.nfkd().collect()
    }

    /// Whether the text certainly is in NFC.
    pub fn is_nfc(text: &str) -> bool {
        use unicode_normalization::{IsNormalized, is_nfc_quick};
        is_nfc_quick(text.chars()) == IsNormalized::Yes
    }

    /// Whether the character is a mark of the letter before it (general category M).
    pub fn is_mark(letter: char) -> bool {
        unicode_normalization::char::is_combining_mark(letter)
    }

    /// A domain as names on the network are written, `xn--…` for a label in letters, if it is one by the rules of IDNA;
    /// how long it may be is for the caller to say.
    pub fn domain_to_ascii(domain: &str) -> Option<String> {
        use idna::{
            AsciiDenyList,
            uts46::{DnsLength, Hyphens, Uts46},
        };
        let ascii = Uts46::new().to_ascii(domain.as_bytes(), AsciiDenyList::STD3, Hyphens::Check, DnsLength::Ignore);
        ascii.ok().map(|ascii| ascii.into_owned())
    }

    /// A domain in the letters that people read, if it is one by the rules of IDNA.
    pub fn domain_to_letters(domain: &str) -> Option<String> {
        match idna::domain_to_unicode(domain) {
            (letters, Ok(())) => Some(letters),
            (_, Err(_)) => None,
        }
    }
}

/// The browser's half: `String.prototype.normalize`, regular expressions and `URL`.
#[cfg(feature = "hydrate")]
mod of_the_browser {
    use idna::punycode;
    use js_sys::{JsString, RegExp};
    use web_sys::Url;

    /// How a label begins that stands for one in letters.
    const IN_ASCII: &str = "xn--";

    fn normalized(text: &str, form: &str) -> String {
        match text.is_ascii() {
            true => text.to_owned(),
            false => JsString::from(text).normalize(form).into(),
        }
    }

    /// As on the server.
    pub fn nfc(text: &str) -> String {
        normalized(text, "NFC")
    }

    /// As on the server, but for the copies that a browser makes.
    pub fn push_nfc(letters: impl Iterator<Item = char>, out: &mut String) {
        out.push_str(&nfc(&letters.collect::<String>()));
    }

    /// As on the server.
    pub fn nfkc(text: &str) -> String {
        normalized(text, "NFKC")
    }

    /// As on the server.
    pub fn nfkd(text: &str) -> String {
        normalized(text, "NFKD")
    }

    /// As on the server.
    pub fn is_nfc(text: &str) -> bool {
        text.is_ascii() || nfc(text) == text
    }

    /// As on the server.
    pub fn is_mark(letter: char) -> bool {
        thread_local!(static MARK: RegExp = RegExp::new("^\\p{M}", "u"));
        !letter.is_ascii() && MARK.with(|mark| mark.test(letter.encode_utf8(&mut [0; 4])))
    }

    /// As on the server. `URL` reads what stands before a path by the same tables; what it lets pass beyond the rules for
    /// names on the network is looked at here.
    pub fn domain_to_ascii(domain: &str) -> Option<String> {
        // With a label behind it, no domain is taken for the number of a machine.
        const BEHIND: &str = ".x";
        let read = Url::new(&format!("http://{domain}{BEHIND}")).ok()?;
        let ascii = read.hostname().strip_suffix(BEHIND)?.to_owned();
        let letters = domain_to_letters(&ascii)?;
        let is_plain = |label: &str| {
            let shape = label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || !c.is_ascii());
            let third = label.char_indices().nth(2).is_some_and(|(at, _)| label[at..].starts_with("--"));
            shape && !third && !label.starts_with('-') && !label.ends_with('-')
        };
        letters.split('.').all(is_plain).then_some(ascii)
    }

    /// As on the server; the domain is one that was read before.
    pub fn domain_to_letters(domain: &str) -> Option<String> {
        let in_letters = |label: &str| match label.strip_prefix(IN_ASCII) {
            Some(code) => punycode::decode_to_string(code),
            None => Some(label.to_owned()),
        };
        let labels: Option<Vec<String>> = domain.split('.').map(in_letters).collect();
        labels.map(|labels| labels.join("."))
    }
}
