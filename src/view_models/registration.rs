//! The registration page as it goes along with its document, and what its form is told without leaving it.

use crate::domain::password::PasswordPolicy;
use crate::domain::registration::{RegistrationFields, TypedName};
use crate::words::Language;
use serde::{Deserialize, Serialize};

/// The same in each language, for a page that changes its language by itself (rule 36).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InEachLanguage<T> {
    english: T,
    russian: T,
}

impl<T> InEachLanguage<T> {
    pub fn new(make: impl Fn(Language) -> T) -> Self {
        Self { english: make(Language::English), russian: make(Language::Russian) }
    }

    pub fn get(&self, language: Language) -> &T {
        match language {
            Language::English => &self.english,
            Language::Russian => &self.russian,
        }
    }
}

/// Who invites, as what, and until when, in sentences.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationWords {
    pub title: String,
    pub place: String,
    /// A line for each offer, where there are several.
    pub offers: Vec<String>,
    /// Whom to tell that the address is not one's own; empty where nobody is named.
    pub wrong_address: String,
    pub until: String,
    /// What is to be known about the password: what it takes the place of, and that it has to be typed again; mostly empty.
    pub password: String,
}

/// What the registration page shows, and what its form begins with; never a password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationView {
    pub link: String,
    pub language: Language,
    /// Stands in the head of the page.
    pub organisation: String,
    pub invitation: InEachLanguage<InvitationWords>,
    pub personal_text: String,
    pub address: String,
    pub name: TypedName,
    pub phone: String,
    pub rule: PasswordPolicy,
    pub asks: RegistrationFields,
    /// The boxes of what is agreed to, as the server wrote them: whoever brings the page to life leaves them as they are.
    #[serde(skip)]
    pub consents: String,
    pub refusal: Option<SpokenRefusal>,
}

/// A refusal in the words of each language, so that the page need not know the words for all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpokenRefusal {
    /// The name of the field that it is about.
    pub field: Option<String>,
    pub said: InEachLanguage<String>,
    /// The telephone number that the page asks about.
    pub phone_meant: String,
}

/// What a form is told that was sent by its page's script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PublicAnswer {
    /// It is done, or goes on at another page: its path.
    GoOn(String),
    Refused(SpokenRefusal),
}

/// How a script asks for a [`PublicAnswer`] in the place of a page.
pub const PUBLIC_ANSWER: &str = "application/vnd.usher.public-answer+json";

/// A new password's field as it goes along with its document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPasswordView {
    pub language: Language,
    /// What is asked of it; of several, that of the choice which is made in the form holds, in their order.
    pub rules: Vec<PasswordPolicy>,
    /// What is wrong with the one that was sent.
    pub said: Option<String>,
    pub takes_focus: bool,
    /// Whether it is typed twice, and what is wrong with the second one.
    pub repeats: bool,
    pub said_again: Option<String>,
    /// Whether its person had none before.
    pub is_first: bool,
}

/// What a page before sign-in is to know when it comes alive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KnownPage {
    Registration(Box<RegistrationView>),
    NewPassword(NewPasswordView),
}
