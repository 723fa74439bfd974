//! A person's card: what is known, what can be done, what happened; and the edit form. What must be asked before it is done is
//! asked at an address of its own (`?do=block`), so that all of it works without script. Written by the server; the forms are
//! plain, and the page loads anew after every change.

mod access;
mod card;
mod edit;
mod facts;
mod question;

use crate::domain::id::UnitId;
use crate::domain::listing::{UnitChoices, UserCard};
use crate::domain::refusal::Refusal;
use crate::domain::user::Verb;
use crate::server_fns::invitations::{Approve, CopyLink, Resend, Withdraw};
use crate::server_fns::users::{
    AddPlace, Archive, Block, BringBack, ChangeRole, Delete, EditUser, RemovePlace, ResetPassword, Unblock,
};
use crate::ui::forms::Flash;
use crate::ui::pages::parts::left_by;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
pub use question::extras;

/// Every form of this page.
const FORMS: [&str; 14] = [
    EditUser::PATH,
    ChangeRole::PATH,
    AddPlace::PATH,
    RemovePlace::PATH,
    Block::PATH,
    Unblock::PATH,
    Archive::PATH,
    BringBack::PATH,
    Delete::PATH,
    ResetPassword::PATH,
    Approve::PATH,
    Resend::PATH,
    Withdraw::PATH,
    CopyLink::PATH,
];

/// What the address of a card asks for beside the person.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The code of a deed, or nothing.
    pub question: String,
    /// Which place of the person is meant.
    pub unit: Option<UnitId>,
    /// Which of his invitations.
    pub invitation: String,
    /// What was looked for among the units.
    pub find: String,
}

/// What the last form left for this card.
#[derive(Clone, Debug, Default)]
struct Left(Option<Flash>);

impl Left {
    /// Why this form was refused.
    fn refusal(&self, form: &str) -> Option<Refusal> {
        self.0.as_ref().filter(|note| note.form == form).and_then(|note| note.refusal.clone())
    }

    /// The form that was done.
    fn done(&self) -> Option<&str> {
        self.0.as_ref().filter(|note| note.refusal.is_none()).map(|note| note.form.as_str())
    }

    /// The link that was asked for.
    fn link(&self) -> Option<String> {
        self.done().filter(|form| *form == CopyLink::PATH)?;
        self.0.as_ref().and_then(|note| note.answer.clone())
    }

    /// What was typed into a field of this form when it was refused (nothing, when it was left empty), else what is stored.
    fn typed_or(&self, form: &str, field: &str, stored: &str) -> String {
        match &self.0 {
            Some(note) if note.form == form && note.refusal.is_some() => {
                let typed = note.typed.iter().find(|(name, _)| name == field);
                typed.map(|(_, value)| value.clone()).unwrap_or_default()
            }
            _ => stored.into(),
        }
    }
}

/// The card of a person, and what is asked on it. `units` are those to choose from, where one is chosen.
pub fn written(card: UserCard, asked: Asked, units: Option<UnitChoices>) -> AnyView {
    let left = Left(left_by(&FORMS));
    let question = Verb::from_code(&asked.question).and_then(|verb| question::ask(verb, &card, &asked, units, &left));
    view! { {card::card(&card, &left)} {question} }.into_any()
}

/// The edit form of a person.
pub fn written_form(card: UserCard) -> AnyView {
    edit::form(&card, &Left(left_by(&FORMS))).into_any()
}
