//! What people are asked to agree to (rules 48, 49): the user agreement and the agreement on personal data, without which nobody
//! goes on, and information messages, which everybody is free to have or not. Each is a text with versions, and each answer is
//! kept with the version that it is about. Two administrators agreeing with each other is another matter (`agreement`).

use super::coded::coded;
use super::error::Invalid;
use super::id::{ConsentId, ConsentTextId, UserId};
use super::text::composed;
use super::timestamp::Timestamp;
use crate::words::Language;
use serde::{Deserialize, Serialize};

/// The most characters that a text may have in one language.
pub const LONGEST_TEXT: usize = 50_000;

coded! {
    /// What is agreed to.
    /// Its code stands in addresses, in forms and in the database.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    pub enum ConsentKind {
        UserAgreement = "user-agreement",
        PersonalData = "personal-data",
        Messages = "messages",
    }
}

impl ConsentKind {
    /// Whether nobody goes on without it.
    pub fn is_mandatory(self) -> bool {
        self != Self::Messages
    }
}

/// A text in the languages in which there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConsentWords(Vec<(Language, String)>);

impl ConsentWords {
    /// What was typed, without what cannot be seen, in the languages in which something is left.
    ///
    /// # Errors
    /// `ConsentText` where nothing is left in any language; `ConsentTextTooLong`.
    pub fn read(typed: &[(Language, String)]) -> Result<Self, Invalid> {
        let mut words = Vec::new();
        for (language, text) in typed {
            let text = paragraphs(text);
            if text.chars().count() > LONGEST_TEXT {
                return Err(Invalid::ConsentTextTooLong { language: *language });
            }
            if !text.is_empty() {
                words.push((*language, text));
            }
        }
        if words.is_empty() { Err(Invalid::ConsentText) } else { Ok(Self(words)) }
    }

    /// The text in a language; empty where there is none.
    pub fn in_language(&self, language: Language) -> &str {
        self.0.iter().find(|(spoken, _)| *spoken == language).map_or("", |(_, text)| text)
    }

    /// What a reader of this language is shown, and in which language it is: their own, else the first that there is.
    pub fn shown_in(&self, language: Language) -> (Language, &str) {
        let found = self.0.iter().find(|(spoken, _)| *spoken == language).or_else(|| self.0.first());
        found.map_or((language, ""), |(spoken, text)| (*spoken, text))
    }
}

/// Plain text: composed, lines without blanks at their ends, one empty line between paragraphs, nothing that cannot be seen.
fn paragraphs(typed: &str) -> String {
    let typed = typed.replace("\r\n", "\n").replace('\r', "\n");
    let seen: String = typed.chars().filter(|letter| *letter == '\n' || !letter.is_control()).collect();
    let mut lines: Vec<&str> = Vec::new();
    for line in seen.lines().map(str::trim_end) {
        if !line.is_empty() || lines.last().is_some_and(|last| !last.is_empty()) {
            lines.push(line);
        }
    }
    composed(lines.join("\n").trim())
}

/// A version of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentText {
    pub id: ConsentTextId,
    pub kind: ConsentKind,
    /// Counted from 1.
    pub version: i64,
    pub words: ConsentWords,
    /// It is what people are asked now.
    pub is_asked: bool,
    pub created_at: Timestamp,
    /// Who published it: they wrote it, and are not asked to agree to it.
    pub created_by: Option<UserId>,
}

/// What somebody answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    pub id: ConsentId,
    pub user_id: UserId,
    pub kind: ConsentKind,
    /// Of the text that they were shown, in this language.
    pub version: i64,
    pub language: Language,
    pub is_given: bool,
    pub answered_at: Timestamp,
    /// It was withdrawn, or another answer followed.
    pub ended_at: Option<Timestamp>,
}

/// The boxes that were ticked, each with the version that stood beside it.
pub type Ticks = Vec<(ConsentKind, i64)>;

/// What somebody answers to what is asked, each time with the newest version, by the boxes that they ticked. A text that was
/// replaced while the page was open was agreed to as it stood there; they are asked about the new one afterwards.
///
/// # Errors
/// `NotAgreed` of the first without which nobody goes on.
pub fn answers(asked: &[(ConsentKind, i64)], ticks: &Ticks) -> Result<Vec<(ConsentKind, i64, bool)>, Invalid> {
    let answer = |&(kind, newest): &(ConsentKind, i64)| {
        let ticked = ticks.iter().find(|(ticked, version)| *ticked == kind && (1..=newest).contains(version));
        match ticked {
            Some((_, version)) => Ok((kind, *version, true)),
            None if kind.is_mandatory() => Err(Invalid::NotAgreed(kind)),
            None => Ok((kind, newest, false)),
        }
    };
    asked.iter().map(answer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ConsentKind::{Messages, PersonalData, UserAgreement};

    /// Rules 48, 49.
    #[test]
    fn what_is_mandatory_is_ticked_and_what_is_free_is_answered_either_way() {
        let asked = [(UserAgreement, 3), (PersonalData, 1), (Messages, 2)];
        let both = vec![(UserAgreement, 3), (PersonalData, 1)];
        let free = |given| Ok(vec![(UserAgreement, 3, true), (PersonalData, 1, true), (Messages, 2, given)]);
        assert_eq!(answers(&asked, &both), free(false));
        assert_eq!(answers(&asked, &[both.clone(), vec![(Messages, 2)]].concat()), free(true));
        for (forged, missing) in [
            (vec![], UserAgreement),
            (vec![(PersonalData, 1)], UserAgreement),
            (vec![(UserAgreement, 4), (PersonalData, 1)], UserAgreement),
            (vec![(UserAgreement, 0), (PersonalData, 1)], UserAgreement),
            (vec![(UserAgreement, 3), (PersonalData, -1)], PersonalData),
            (vec![(UserAgreement, 3), (Messages, 1)], PersonalData),
        ] {
            assert_eq!(answers(&asked, &forged), Err(Invalid::NotAgreed(missing)), "{forged:?}");
        }
        let older = answers(&asked, &vec![(UserAgreement, 2), (PersonalData, 1)]);
        assert_eq!(older.map(|answers| answers[0]), Ok((UserAgreement, 2, true)), "as it stood on the page");
        assert_eq!(answers(&[], &both), Ok(vec![]), "what is not asked is not kept");
    }

    #[test]
    fn a_text_is_kept_in_paragraphs_and_in_one_language_at_least() {
        let typed = |english: &str, russian: &str| {
            ConsentWords::read(&[(Language::English, english.into()), (Language::Russian, russian.into())])
        };
        let words = typed(" One \r\n\r\n\r\n\u{7}two\n", " ").expect("a text");
        assert_eq!(words.in_language(Language::English), "One\n\ntwo");
        assert_eq!(words.shown_in(Language::Russian), (Language::English, "One\n\ntwo"));
        assert_eq!(words.in_language(Language::Russian), "");
        assert_eq!(typed(" \n", "\u{7}"), Err(Invalid::ConsentText));
        let long = "я".repeat(LONGEST_TEXT + 1);
        assert_eq!(typed("One", &long), Err(Invalid::ConsentTextTooLong { language: Language::Russian }));
    }

    #[test]
    fn kinds_are_read_as_they_are_written() {
        for kind in ConsentKind::ALL {
            assert_eq!(ConsentKind::from_code(kind.code()), Some(kind));
        }
        assert_eq!(ConsentKind::from_code("terms"), None);
    }
}
