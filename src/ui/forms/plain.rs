//! Plain forms of rare pages, which load anew after every change: no action, so hardly any bytes in the browser.

use crate::domain::error::{Conflict, UseCaseError};
use crate::domain::listing::InvitationQuery;
use crate::domain::proposal::ProposalOutcome;
use crate::domain::revision::Revision;
use crate::domain::user::Status;
use crate::ui::components::{ErrorSummary, Notice, Tone};
use crate::ui::session::words;
use crate::view_models::Flash;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// What the last plain form left about one server function.
#[derive(Clone, Debug)]
pub struct Note {
    flash: Option<Flash>,
    field_of: fn(&UseCaseError) -> &'static str,
}

impl Note {
    /// The note about a server function; `field_of` names the field to which a refusal belongs, or nothing. Asked once, by
    /// the page itself: whoever leaves the page and comes back finds no stale confirmation.
    pub fn about(path: &str, field_of: fn(&UseCaseError) -> &'static str) -> Self {
        let note = use_context::<StoredValue<Option<Flash>>>();
        on_cleanup(move || {
            note.map(|note| note.try_set_value(None));
        });
        let flash = note.and_then(|note| note.with_value(|note| note.clone().filter(|note| note.form == path)));
        Self { flash, field_of }
    }

    /// The same for one of several forms of the function, each of which names itself in the field `id`. `is_first`: what names
    /// none belongs here.
    pub fn of_part(&self, part: &str, is_first: bool) -> Self {
        let is_ours = |flash: &Flash| flash.is_about("id", part) || is_first && flash.record.is_empty();
        Self { flash: self.flash.clone().filter(is_ours), ..*self }
    }

    fn refusal(&self) -> Option<&UseCaseError> {
        self.flash.as_ref().and_then(|flash| flash.refusal.as_ref())
    }

    /// Whether it was done.
    pub fn is_done(&self) -> bool {
        self.flash.as_ref().is_some_and(|flash| flash.refusal.is_none())
    }

    /// What the server function answered, when that is a text to be shown.
    pub fn answer(&self) -> Option<String> {
        self.flash.as_ref().and_then(|flash| flash.answer.clone())
    }

    /// What became of an action that can take two.
    pub fn outcome(&self) -> Option<ProposalOutcome> {
        ProposalOutcome::from_code(&self.answer()?)
    }

    /// What is wrong with a field, in a sentence.
    pub fn error(&self, field: &str) -> Option<String> {
        self.refusal().filter(|refusal| (self.field_of)(refusal) == field).map(|refusal| words().refusal(refusal))
    }

    /// The same of an address.
    pub fn address_asked_about(&self) -> String {
        self.refusal().map(UseCaseError::address_asked_about).unwrap_or_default()
    }

    /// The number about which the form asks, for the hidden field by which it is told that it was meant.
    pub fn phone_asked_about(&self) -> String {
        self.refusal().map(UseCaseError::phone_asked_about).unwrap_or_default()
    }

    /// What was typed into a field when the form was refused (nothing, when it was left empty), else what is stored.
    pub fn typed_or(&self, field: &str, stored: impl Into<String>) -> String {
        match &self.flash {
            Some(flash) if flash.refusal.is_some() && !flash.typed.is_empty() => {
                let typed = flash.typed.iter().find(|(name, _)| name == field);
                typed.map(|(_, value)| value.clone()).unwrap_or_default()
            }
            _ => stored.into(),
        }
    }

    /// Whether a box with this value was ticked when the form was refused, else whether it is stored so.
    pub fn ticked_or(&self, field: &str, value: &str, stored: bool) -> bool {
        match &self.flash {
            Some(flash) if flash.refusal.is_some() && !flash.typed.is_empty() => {
                flash.typed.iter().any(|(name, typed)| name == field && typed == value)
            }
            _ => stored,
        }
    }

    /// What stands below a field whose stored value has changed since the form was opened: what it is now, in words, as what
    /// was typed stays in the field. Else the usual hint.
    pub fn hint_or(&self, field: &str, stored: &str, shown: &str, otherwise: impl Into<String>) -> String {
        let is_conflict = self.refusal() == Some(&UseCaseError::Conflict(Conflict::ChangedMeanwhile));
        if is_conflict && self.typed_or(field, stored) != stored {
            return words().stored_now(shown);
        }
        otherwise.into()
    }

    /// The same for a box.
    pub fn box_hint_or(&self, field: &str, value: &str, stored: bool, otherwise: impl Into<String>) -> String {
        let is_conflict = self.refusal() == Some(&UseCaseError::Conflict(Conflict::ChangedMeanwhile));
        if is_conflict && self.ticked_or(field, value, stored) != stored {
            return words().stored_now(if stored { words().settings_yes() } else { words().settings_no() });
        }
        otherwise.into()
    }

    /// Forgets what was typed, where what is stored now must be looked at first.
    pub fn without_typed_if(mut self, is_so: fn(&UseCaseError) -> bool) -> Self {
        if self.refusal().is_some_and(is_so)
            && let Some(flash) = &mut self.flash
        {
            flash.typed.clear();
        }
        self
    }
}

/// How the thing is on which a form acts, for the form to carry.
pub fn revision_field(revision: &Revision) -> impl IntoView + use<> {
    view! { <input type="hidden" name="revision" value=revision.as_str().to_string() /> }
}

/// What became of a plain form, above it: what is wrong and where, or that it was done.
#[component]
pub fn PlainAnswer(note: Note, #[prop(into)] done: String) -> impl IntoView {
    let words = words();
    let Some(flash) = &note.flash else { return ().into_any() };
    let Some(refusal) = &flash.refusal else {
        // What the page itself shows is not said once more.
        if done.is_empty() {
            return ().into_any();
        }
        // Nothing has happened yet: it is said where it waits.
        if matches!(note.outcome(), Some(ProposalOutcome::Proposed)) {
            return view! {
                <div tabindex="-1" data-focus="">
                    <Notice tone=Tone::Info>
                        <p>{done}</p>
                        <p>
                            <a href=waiting_page()>{words.look_at_waiting()}</a>
                        </p>
                    </Notice>
                </div>
            }
            .into_any();
        }
        // Whoever saved by the keyboard goes on from here, and hears it.
        return view! { <div tabindex="-1" data-focus=""><Notice tone=Tone::Ok>{done}</Notice></div> }.into_any();
    };
    let text = words.refusal(refusal);
    let field = (note.field_of)(refusal);
    let line = match field {
        "" => text.into_any(),
        // External: the browser itself moves the focus into the field, which the router would not do.
        _ => view! { <a href=format!("#{field}") rel="external">{text}</a> }.into_any(),
    };
    let links = named_links(refusal);
    view! {
        <ErrorSummary title=words.refusal_title(refusal)>
            <li>{line}</li>
            {links}
        </ErrorSummary>
    }
    .into_any()
}

/// Where everything stands that waits for a second administrator.
fn waiting_page() -> String {
    InvitationQuery { status: Some(Status::AwaitingApproval), ..InvitationQuery::default() }.address()
}

/// The ways to what a refusal names, a line each.
pub fn named_links(refusal: &UseCaseError) -> AnyView {
    let UseCaseError::Role(refused) = refusal else { return ().into_any() };
    let mut shown = BTreeSet::new();
    let roles = refused.roles().into_iter().filter_map(|role| role.id.as_ref().map(|id| (id.as_str(), role)));
    roles
        .filter(|(id, _)| shown.insert(id.to_string()))
        .map(|(id, role)| {
            view! { <li><a href=format!("/settings/roles/{id}")>{words().named_role(role)}</a></li> }
        })
        .collect_view()
        .into_any()
}
