//! What stands in the form is kept in the open tab, comes back, and goes when somebody starts afresh. How it is written there stands in
//! `wire`.

use super::super::everyone::Everyone;
use super::super::wire;
use super::InviteDesk;
use super::dom::{field_of_text, focus, form, set_answers, text_field};
use crate::view_models::Flash;
use leptos::prelude::*;
use std::time::Duration;

/// How long typing has to pause before what it came to is kept.
const KEEP_AFTER: Duration = Duration::from_millis(600);

impl InviteDesk {
    /// Whether something stands here that nobody has been sent.
    pub(super) fn is_dirty(&self) -> bool {
        let is_typed = text_field().is_some_and(|field| !field.value().trim().is_empty());
        let text = field_of_text("personal_text").map(|field| field.value().trim().to_string()).unwrap_or_default();
        let is_message = !text.is_empty() && self.calm_text.try_with_value(|calm| *calm != text) == Some(true);
        is_typed || is_message || self.rows.all().iter().any(|row| row.state.with_untracked(|row| row.kind().is_some()))
    }

    /// Something changed: it is looked at, and kept, when it pauses.
    pub(super) fn touched(&self) {
        self.judging.soon();
        let version = self.version.try_update_value(|version| {
            *version += 1;
            *version
        });
        let desk = self.clone();
        set_timeout(
            move || {
                if desk.version.try_get_value() == version {
                    desk.keep();
                }
            },
            KEEP_AFTER,
        );
    }

    /// Keeps what stands here in the open tab, or forgets it where nothing does.
    pub(super) fn keep(&self) {
        if form().is_none() {
            return;
        }
        if !self.is_dirty() {
            return wire::forget(&self.person);
        }
        // Whoever was taken out does not come back.
        let kept: Vec<_> = self.states().into_iter().filter(|row| !row.is_dropped).collect();
        let mut fields = wire::with_rows(&self.fields(), &kept);
        fields.retain(|(name, _)| !matches!(name.as_str(), "after" | "kept"));
        if let Some(field) = text_field() {
            fields.push(("addresses".into(), field.value()));
        }
        if let Some(draft) = self.visit.draft_now() {
            fields.push(("draft".into(), draft));
        }
        wire::keep(&self.person, &fields);
    }

    /// What was kept comes back, unless it belongs to another form.
    pub(super) fn restore(&self) {
        let Some(fields) = wire::kept(&self.person) else { return };
        let get = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
        let (of, here) = (get("draft"), self.visit.draft_now());
        if here.is_some() && of != here {
            return;
        }
        let states = wire::rows_in(&fields, &self.rows.rules());
        let before = self.rows.all().len();
        if here.is_some() {
            // The server has these rows, too: as they were left here is newer.
            self.rows.clear_shown();
        }
        self.rows.restore(states);
        let mut came_back = false;
        for name in ["addresses", "personal_text"] {
            if let (Some(field), Some(value)) = (field_of_text(name), get(name))
                && field.value().is_empty()
                && !value.is_empty()
            {
                field.set_value(&value);
                came_back = true;
            }
        }
        if get("proposed").unwrap_or_default() == self.everyone.with_untracked(|everyone| everyone.proposed.clone()) {
            set_answers(&fields);
        }
        self.everyone.set(form().map(|form| Everyone::read(&wire::fields_of(&form))).unwrap_or_default());
        self.is_restored.set((came_back || self.rows.all().len() > before) && here.is_none());
    }

    /// Begins with an empty form.
    pub(super) fn start_afresh(&self) {
        self.rows.clear();
        for name in ["addresses", "personal_text"] {
            if let Some(field) = field_of_text(name) {
                field.set_value("");
            }
        }
        let empty = self.options.with_value(|options| Everyone::at_first(options, None, &Flash::default()));
        set_answers(&empty.answers());
        self.everyone.set(empty);
        self.pending.set(Vec::new());
        self.is_restored.set(false);
        wire::forget(&self.person);
        focus("#addresses");
    }
}
