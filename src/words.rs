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
            match self { Self::English => format!($en), Self::Russian => format!($ru) }
        }
    };
}

mod common;
mod dates;
mod history;
mod invite;
mod letters;
mod mail;
mod organisation;
mod pages;
mod public;
mod refusals;
mod roles;
mod users;
