//! What people are asked to agree to, as pages show it: the texts, and what somebody answered.

use super::{FormattedTime, Person};
use crate::domain::consent::ConsentKind;
use crate::domain::revision::Revision;
use crate::words::Language;
use serde::{Deserialize, Serialize};

/// The page on which a text is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreementsPage {
    pub kind: ConsentKind,
    /// The text of each language, as the newest version has it; before the first one, a sample.
    pub texts: Vec<(Language, String)>,
    pub is_asked: bool,
    /// Newest first.
    pub versions: Vec<ConsentVersion>,
    pub revision: Revision,
}

/// A version that was published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentVersion {
    pub version: i64,
    pub when: FormattedTime,
    pub who: Option<Person>,
    pub is_asked: bool,
}

/// A version of a text as everybody may read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedText {
    pub kind: ConsentKind,
    pub version: i64,
    /// There is a newer one.
    pub is_old: bool,
    pub since: FormattedTime,
    /// In which language it is.
    pub language: Language,
    pub text: String,
}

/// What stands between somebody and their pages, until they agree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwedConsents {
    pub name: String,
    pub language: Language,
    /// What they have to agree to, and what they may, where they have never said so; each with the version to which they agreed
    /// before.
    pub texts: Vec<(PublishedText, Option<i64>)>,
}

/// What somebody has said to one kind of text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentState {
    pub kind: ConsentKind,
    /// The version that everybody is asked about; nothing where nobody is.
    pub asked: Option<i64>,
    /// They published it themselves.
    pub is_own_text: bool,
    /// What they said last.
    pub answer: Option<ConsentAnswer>,
}

/// What somebody said, of which version and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentAnswer {
    pub version: i64,
    /// In which they read it.
    pub language: Language,
    pub is_given: bool,
    pub when: FormattedTime,
    /// When they took it back.
    pub withdrawn: Option<FormattedTime>,
}

impl ConsentState {
    /// Whether they agreed, and have not taken it back.
    pub fn is_given(&self) -> bool {
        self.answer.as_ref().is_some_and(|answer| answer.is_given && answer.withdrawn.is_none())
    }
}
