//! A person's card: what is known, what can be done, what happened; and the edit form. What must be asked before it is done is
//! asked at an address of its own (`?do=block`), so that all of it works without script. The forms are
//! plain, and the page loads anew after every change.

mod access;
mod card;
mod edit;
mod facts;
mod question;
mod slip;

use crate::domain::error::UseCaseError;
use crate::domain::handing::HandWay;
use crate::domain::id::InvitationId;
use crate::domain::proposal::ProposalOutcome;
use crate::domain::user::UserAction;
use crate::server_fns::invitations::{Approve, CopyLink, FixAddress, HandOver, Remind, Resend, Withdraw};
use crate::server_fns::organisation::{Agree, DropProposal};
use crate::server_fns::security_reports::RequestReport;
use crate::server_fns::users::{
    AddLogin, AddPlace, Archive, Block, BringBack, ChangeRole, Delete, EditUser, RemovePlace, ResetPassword, Unblock,
};
use crate::ui::pages::parts::{FIX_ADDRESS, ask_hand, left_by};
use crate::view_models::Flash;
use crate::view_models::{CardQuery, UnitChoices, UserCard};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
pub use question::{QuestionContext, ask, ask_address, extras, form_of, is_handed};

/// Every form of this page.
const FORMS: [&str; 21] = [
    FixAddress::PATH,
    Agree::PATH,
    DropProposal::PATH,
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
    RequestReport::PATH,
    AddLogin::PATH,
    Approve::PATH,
    Resend::PATH,
    Remind::PATH,
    Withdraw::PATH,
    CopyLink::PATH,
    HandOver::PATH,
];

/// Of these, those about one invitation.
const INVITATION_FORMS: [&str; 7] =
    [Approve::PATH, Resend::PATH, Remind::PATH, FixAddress::PATH, Withdraw::PATH, CopyLink::PATH, HandOver::PATH];

/// Those about one proposal.
const PROPOSAL_FORMS: [&str; 2] = [Agree::PATH, DropProposal::PATH];

/// What the last form left for this card.
#[derive(Clone, Debug, Default)]
pub struct LastFlash(Option<Flash>);

impl LastFlash {
    /// The note of a form about this person, or about an invitation of theirs; any other is not for this card.
    fn on(card: &UserCard) -> Self {
        Self(left_by(&FORMS).filter(|note| is_for(card, note)))
    }

    /// Why this form was refused.
    fn refusal(&self, form: &str) -> Option<UseCaseError> {
        self.0.as_ref().filter(|note| note.form == form).and_then(|note| note.refusal.clone())
    }

    /// Whether what was asked for waits for a second administrator now.
    fn is_proposed(&self) -> bool {
        self.0.as_ref().is_some_and(|note| note.answer.as_deref() == Some(ProposalOutcome::Proposed.code()))
    }

    /// The form that was done.
    fn done(&self) -> Option<&str> {
        self.0.as_ref().filter(|note| note.refusal.is_none()).map(|note| note.form.as_str())
    }

    /// The temporary password that was made just now.
    fn handed_password(&self) -> Option<String> {
        self.done().filter(|form| [ResetPassword::PATH, AddLogin::PATH].contains(form))?;
        self.0.as_ref().and_then(|note| note.answer.clone())
    }

    /// The link of this invitation, if it was asked for.
    fn link(&self, invitation: &InvitationId) -> Option<String> {
        self.done().filter(|form| [CopyLink::PATH, HandOver::PATH].contains(form))?;
        self.0.as_ref().filter(|note| note.is_about("id", invitation.as_str())).and_then(|note| note.answer.clone())
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

/// Whether a note is for this card: that of a form about this person, or about an invitation of theirs.
pub fn is_for(card: &UserCard, note: &Flash) -> bool {
    // One that is over does not stand on the card any more; a link that was copied is that of one which does.
    let may_be_over = note.refusal.is_none() && note.answer.is_none();
    let is_about_an_offer = INVITATION_FORMS.contains(&note.form.as_str())
        && (may_be_over || card.invitations.iter().any(|one| note.is_about("id", one.id.as_str())));
    let is_about_a_proposal = PROPOSAL_FORMS.contains(&note.form.as_str());
    // It was left for this page alone.
    let is_about_a_login = note.form == AddLogin::PATH && card.handed.is_some();
    note.is_about("id", card.user.id.as_str()) || is_about_a_login || is_about_an_offer || is_about_a_proposal
}

/// The card of a person, and what is asked on it. `units` are those to choose from, where one is chosen.
pub fn page(card: UserCard, asked: CardQuery, units: Option<UnitChoices>) -> AnyView {
    let left = LastFlash::on(&card);
    let action = UserAction::from_code(&asked.question);
    let is_about_address = asked.question == FIX_ADDRESS;
    let asked_code = asked.question.clone();
    let context = QuestionContext { asked, units, left: Some(&left), refused: None };
    let question = match HandWay::from_code(&asked_code) {
        Some(way) => ask_hand(&card.question(), way),
        None if is_about_address => question::ask_address(&card.question(), None),
        None => action.and_then(|action| question::ask(action, &card.question(), context)),
    };
    view! { {card::card(&card, &left)} {question} }.into_any()
}

/// The edit form of a person.
pub fn edit_page(card: UserCard) -> AnyView {
    edit::form(&card, &LastFlash::on(&card)).into_any()
}
