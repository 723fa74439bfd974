//! Every sentence that people read, in every language, once: pages, refusals and mails take their text from here.
//! No logic beyond plural forms and word order; nothing else in the product holds a sentence.

/// A language that the product speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Language {
    #[default]
    English,
    Russian,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::English, Self::Russian];

    /// The BCP 47 tag, as it stands in `lang=""`, in forms and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Russian => "ru",
        }
    }

    /// What the language calls itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Russian => "Русский",
        }
    }

    /// The language of a code exactly as [`Self::code`] writes it.
    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// The language of a tag (`ru`, `ru-BY`), when we speak it.
    pub fn from_code(code: &str) -> Option<Self> {
        let primary = code.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(primary))
    }
}

/// `name = "English" | "Русский";` or, with arguments, `name(n: u64) = "…{n}…" | "…{n}…";`.
macro_rules! words {
    ($($name:ident $(($($arg:ident : $type:ty),*))? = $en:literal | $ru:literal;)*) => {
        impl $crate::words::Language { $(words!(@one $name $(($($arg : $type),*))? = $en | $ru);)* }
    };
    (@one $name:ident = $en:literal | $ru:literal) => {
        pub fn $name(self) -> &'static str {
            match self { Self::English => $en, Self::Russian => $ru }
        }
    };
    (@one $name:ident ($($arg:ident : $type:ty),*) = $en:literal | $ru:literal) => {
        pub fn $name(self, $($arg: $type),*) -> String {
            $(let $arg = $crate::words::Inserted::inserted(&$arg);)*
            let said = match self { Self::English => format!($en), Self::Russian => format!($ru) };
            if const { $crate::words::has_quotation_marks($ru) } { $crate::words::nested(said) } else { said }
        }
    };
}

/// What a sentence takes in: numbers as they are, texts so that they keep their own direction to themselves.
pub(crate) trait Inserted {
    fn inserted(&self) -> std::borrow::Cow<'_, str>;
}

impl Inserted for &str {
    fn inserted(&self) -> std::borrow::Cow<'_, str> {
        isolated(self)
    }
}

macro_rules! inserted_as_it_is {
    ($($type:ty),*) => {$(impl Inserted for $type {
        fn inserted(&self) -> std::borrow::Cow<'_, str> {
            self.to_string().into()
        }
    })*};
}
inserted_as_it_is!(i64, u64, usize, char);

/// The marks around a text whose direction is its own.
pub const FIRST_STRONG_ISOLATE: char = '\u{2068}';
pub const POP_ISOLATE: char = '\u{2069}';

/// A text that somebody wrote, for the middle of a sentence: one that is read from right to left does not turn what stands
/// around it (UAX 9, the marks that HTML writes as `bdi`). The languages of the sentences are read from left to right, so
/// every other text stays as it is.
pub fn isolated(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.chars().any(is_read_from_right_to_left) {
        return text.into();
    }
    format!("{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}").into()
}

/// Whether a sentence has a `«` of its own: only there can others stand within.
pub(crate) const fn has_quotation_marks(sentence: &str) -> bool {
    let bytes = sentence.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        if bytes[at - 1] == 0xC2 && bytes[at] == 0xAB {
            return true;
        }
        at += 1;
    }
    false
}

/// A Russian sentence in which a name with quotation marks of its own may stand between such marks: those inside are others,
/// «Салон „Весна“».
pub(crate) fn nested(said: String) -> String {
    let (mut depth, mut written) = (0_usize, String::with_capacity(said.len()));
    for letter in said.chars() {
        let is_closing = letter == '»';
        depth += usize::from(letter == '«');
        written.push(match letter {
            '«' if depth > 1 => '„',
            '»' if depth > 1 => '“',
            _ => letter,
        });
        depth = depth.saturating_sub(usize::from(is_closing));
    }
    written
}

/// Letters and digits of Hebrew, Arabic, Syriac, Thaana, N'Ko and their kin: the blocks that Unicode gives to scripts of this
/// direction, their presentation forms included.
fn is_read_from_right_to_left(letter: char) -> bool {
    matches!(letter, '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}'
        | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

mod blocking;
mod bulk;
mod calls;
mod common;
mod consents;
mod countries;
mod credentials;
mod dates;
mod demonstration;
mod errors;
mod handing;
mod help;
mod history;
mod import;
mod invite;
mod letters;
mod mail;
mod mobile;
mod organisation;
mod pages;
mod public;
mod roles;
mod roles_refused;
mod security_report;
mod settings;
mod sms;
mod start;
mod statuses;
mod users;

#[cfg(test)]
mod tests {
    use super::*;

    /// L-06: "78 → 77" was read where 77 had become 78.
    #[test]
    fn quotation_marks_inside_others_are_different_ones() {
        for (said, written) in [
            ("организация «Салон «Весна»»", "организация «Салон „Весна“»"),
            ("«Весна» и «Лето»", "«Весна» и «Лето»"),
            ("«А «Б «В»»», «Г»", "«А „Б „В““», «Г»"),
            ("Весна» и «Лето", "Весна» и «Лето"),
            ("nothing", "nothing"),
        ] {
            assert_eq!(nested(said.into()), written);
        }
        assert!(has_quotation_marks("в «{name}»") && !has_quotation_marks("»ы") && !has_quotation_marks(""));
    }

    #[test]
    fn a_name_read_from_right_to_left_turns_nothing_around_it() {
        let said =
            Language::English.did_change_phone("\u{645}\u{631}\u{64a}\u{645}", &Language::English.from_to("77", "78"));
        let (before, after) = said.split_once('\u{2069}').expect("the end of the name");
        assert_eq!(before, "\u{2068}\u{645}\u{631}\u{64a}\u{645}");
        assert!(after.contains("77 → 78"), "{after}");
        for name in ["Anna", "Мария", "山田", "Zoë 3", "<b>"] {
            assert_eq!(isolated(name), name);
        }
        for name in ["\u{5d3}\u{5d5}\u{5d3}", "Anna \u{627}", "\u{7ca}", "\u{fefb}"] {
            assert_eq!(isolated(name), format!("\u{2068}{name}\u{2069}"));
        }
    }
}
