//! A person's card: what is known, what can be done, what happened; and on the same page the edit form. What must be
//! asked before it is done is asked at an address of its own (`?do=block`), so that all of it works without script.
//! The forms are plain: the page loads anew after every change.

mod card;
mod edit;
mod facts;
mod question;

use crate::domain::id::UserId;
use crate::domain::refusal::Refusal;
use crate::server_fns::invitations::{CopyLink, Resend, Withdraw};
use crate::server_fns::users::{Block, ChangeRole, Delete, EditUser, ResetPassword, Unblock, user_card};
use crate::ui::components::Skeleton;
use crate::ui::forms::Flash;
use crate::ui::pages::error::RefusedPage;
use crate::ui::pages::parts::left_by;
use crate::ui::session::words;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_params_map, use_query_map};
use question::Question;

/// Every form of this page.
const FORMS: [&str; 9] = [
    EditUser::PATH,
    ChangeRole::PATH,
    Block::PATH,
    Unblock::PATH,
    Delete::PATH,
    ResetPassword::PATH,
    Resend::PATH,
    Withdraw::PATH,
    CopyLink::PATH,
];

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

/// The card of a person, and its edit form.
#[component]
pub fn UserPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let path = use_location().pathname;
    let is_edited = Memo::new(move |_| path.with(|path| path.trim_end_matches('/').ends_with("/edit")));
    let asked = use_query_map();
    let question = Memo::new(move |_| asked.with(|asked| asked.get_str("do").and_then(Question::from_code)));
    let card = Resource::new(move || id.get(), |id| user_card(UserId::new(id)));

    // The note is about the person for whom the page was loaded, and nobody else.
    let (first, note) = (id.get_untracked(), Left(left_by(&FORMS)));
    let is_answered = RwSignal::new(note.done().is_some() && question.read_untracked().is_some());
    let left = move || if id.read() == first { note.clone() } else { Left::default() };
    let left = Signal::derive(left);

    // What was asked has been answered: its address would ask again.
    let go = use_navigate();
    Effect::new(move |_| {
        if question.read().is_none() {
            is_answered.set(false);
        } else if is_answered.get_untracked() {
            let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            go(&format!("/users/{}", id.get_untracked()), options);
        }
    });
    view! {
        <Transition fallback=move || view! { <Skeleton label=words().loading() /> }>
            {move || {
                let (is_edited, left) = (is_edited.get(), left.get());
                Suspend::new(async move {
                    match card.await {
                        Ok(card) if is_edited => edit::form(&card, &left).into_any(),
                        Ok(card) => card::card(&card, &left).into_any(),
                        Err(refusal) => view! { <RefusedPage refusal=refusal /> }.into_any(),
                    }
                })
            }}
            {move || {
                let left = left.get();
                let asked = question.get().filter(|_| !is_answered.get() && !is_edited.get());
                asked.map(|question| Suspend::new(async move {
                    card.await.ok().map(|card| question::ask(question, &card, &left))
                }))
            }}
        </Transition>
    }
}
