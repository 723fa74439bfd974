//! What is typed, pasted and chosen in the form becomes rows and answers; by which keys and moves of the pointer. Nothing is sent here.

use super::super::everyone::Everyone;
use super::super::row::EditedRow;
use super::super::rows::RowSignal;
use super::super::wire;
use super::dom::{element_named, focus, form, matches, text_field};
use super::{InviteDesk, Pointer};
use crate::domain::error::Invalid;
use crate::domain::review::MOST_IN_A_FORM;
use leptos::ev::{Event, FocusEvent, KeyboardEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement, HtmlInputElement, InputEvent};
use std::time::Duration;

/// How long typing has to pause before what it came to is shown.
const PAUSE: Duration = Duration::from_millis(150);

impl InviteDesk {
    /// Takes in whatever the fields say.
    pub(super) fn read_form(&self) {
        let Some(form) = form() else { return };
        let fields = wire::fields_of(&form);
        for (name, value) in &fields {
            if let Some((key, field)) = wire::row_field(name)
                && let Some(row) = self.rows.find(key)
            {
                let is_field = element_named(name).is_some_and(|field| field.type_() == "text");
                self.take_answer(&row, field, value, true, is_field);
            }
        }
        self.everyone.set(Everyone::read(&fields));
    }

    /// What was answered in a field of a row.
    pub(super) fn take_answer(&self, row: &RowSignal, field: &str, value: &str, is_checked: bool, is_text: bool) {
        match field {
            "role" if row.state.with_untracked(|state| state.role == value) => {}
            "role" => self.rows.change(row, |state| state.give_role(value)),
            "dropped" => self.rows.change(row, |state| state.is_dropped = is_checked),
            "address" | "typed" if is_text => {
                let is_new = row.state.with_untracked(|state| state.typed != value);
                if is_new && !(field == "address" && value.is_empty()) {
                    self.rows.retype(row, value);
                    self.show_name(row);
                }
            }
            "name" if is_text && row.state.with_untracked(|state| state.name != value) => {
                self.rows.change(row, |state| value.clone_into(&mut state.name));
            }
            // What was offered for the number takes its place, in the field, too.
            "number" if is_checked => {
                if let Some(field) = element_named(&format!("rows[{}][phone]", row.key)) {
                    field.set_value(value);
                }
                self.rows.renumber(row, value);
            }
            "phone" if is_text && row.state.with_untracked(|state| state.phone != value) => {
                self.rows.renumber(row, value);
            }
            "address" if row.state.with_untracked(|state| state.verdict.asks() || state.has_open_field()) => {
                self.rows.change(row, |state| state.choose(is_checked.then(|| value.to_string())));
            }
            _ => {}
        }
    }

    /// A name that was typed with the address stands in its own field, too, unless another one was typed there.
    pub(super) fn show_name(&self, row: &RowSignal) {
        let field = element_named(&format!("rows[{}][name]", row.key));
        if let Some(field) = field.filter(|field| field.type_() == "text" && field.value().is_empty()) {
            row.state.with_untracked(|state| field.set_value(&state.name));
        }
    }

    /// Shows what stands in the text field.
    pub(super) fn look_at_text(&self) {
        let text = text_field().map(|field| field.value()).unwrap_or_default();
        let pending = self.rows.preview(&text);
        if self.pending.with_untracked(|now| *now != pending) {
            self.pending.set(pending);
        }
    }

    /// Whatever stands in the text field becomes rows. `false` where they would be too many: it stays there.
    pub(super) fn take_text(&self) -> bool {
        let Some(field) = text_field() else { return true };
        let text = field.value();
        if text.trim().is_empty() {
            return true;
        }
        if !self.rows.take(&text) {
            self.refused.set(Some(Invalid::TooManyToInvite { most: MOST_IN_A_FORM }.into()));
            return false;
        }
        field.set_value("");
        // What was said of the text before it became rows holds of none of them.
        self.refused.set(None);
        self.pending.set(Vec::new());
        self.touched();
        true
    }

    pub(super) fn typed(&self, event: &Event) {
        let field: HtmlInputElement = event_target(event);
        let name = field.name();
        if name == "addresses" {
            // What was pasted is read without being asked.
            let is_pasted = event.dyn_ref::<InputEvent>().is_some_and(|event| event.input_type() == "insertFromPaste");
            if is_pasted {
                self.take_text();
                return;
            }
            let desk = self.clone();
            let version = self.version.try_update_value(|version| {
                *version += 1;
                *version
            });
            set_timeout(
                move || {
                    if desk.version.try_get_value() == version {
                        desk.look_at_text();
                        desk.touched();
                    }
                },
                PAUSE,
            );
        } else if let Some((key, of)) = wire::row_field(&name)
            && field.type_() == "text"
            && let Some(row) = self.rows.find(key)
        {
            self.take_answer(&row, of, &field.value(), true, true);
            self.touched();
        } else if name == "personal_text" {
            let text = field.value();
            self.everyone.update(|everyone| everyone.personal_text = text);
            self.touched();
        }
    }

    pub(super) fn answered(&self, event: &Event) {
        let field: HtmlInputElement = event_target(event);
        let name = field.name();
        if let Some((key, of)) = wire::row_field(&name) {
            let is_text = field.type_() == "text";
            if let Some(row) = self.rows.find(key).filter(|_| !is_text) {
                self.take_answer(&row, of, &field.value(), field.checked() || of == "role", false);
            }
        } else if name != "addresses"
            && name != "look"
            && let Some(form) = form()
        {
            let now = Everyone::read(&wire::fields_of(&form));
            let moves = self.everyone.with_untracked(|before| before.units != now.units);
            self.everyone.set(now);
            if moves {
                // Who is here already is another question elsewhere.
                self.rows.unsettle();
            }
        }
        self.touched();
    }

    /// Enter behind one address that stands alone sends it (rule 5), behind others it makes rows of them; with Ctrl all of it is
    /// sent. A line of its own is begun with Shift.
    pub(super) fn pressed(&self, event: &KeyboardEvent) {
        let field: Element = event_target(event);
        if event.key() != "Enter" || event.shift_key() || event.is_composing() {
            return;
        }
        if field.id() == "addresses" {
            event.prevent_default();
            let text = text_field().map(|field| field.value()).unwrap_or_default();
            let pending = self.rows.preview(&text);
            let is_alone = pending.len() == 1 && self.rows.all().is_empty() && pending[0].goes();
            if event.ctrl_key() || event.meta_key() || is_alone {
                self.send(&[]);
            } else {
                self.take_text();
            }
        } else if field.closest(".review").ok().flatten().is_some() && field.tag_name() == "INPUT" {
            // A row is done: the next one can be typed.
            event.prevent_default();
            if let Ok(field) = field.dyn_into::<HtmlElement>() {
                let _ = field.blur();
            }
            focus("#addresses");
        }
    }

    /// What was typed becomes rows when its field is left for another one; on the way to a button, that button says what
    /// happens.
    pub(super) fn left(&self, event: &FocusEvent, pointer: StoredValue<Pointer>) {
        let field: Element = event_target(event);
        let next = event.related_target().and_then(|next| next.dyn_into::<Element>().ok());
        if let Some((key, _)) = field.get_attribute("name").as_deref().and_then(wire::row_field)
            && let Some(row) = self.rows.find(key)
        {
            self.rows.split(&row);
            // On to the other field of the same person.
            let next = next.as_ref().and_then(|next| next.get_attribute("name"));
            if next.as_deref().and_then(wire::row_field).is_some_and(|(other, _)| other == key) {
                return;
            }
            // What is in order needs no open field any more.
            if row.state.with_untracked(EditedRow::goes) && field.tag_name() == "INPUT" {
                let is_open = row.is_open.clone();
                set_timeout(move || is_open.set(false), Duration::from_millis(200));
            }
            return;
        }
        let is_field = next.is_some_and(|next| matches(&next, "form :is(input,select,textarea)"));
        if field.id() != "addresses" || !is_field {
            return;
        }
        match pointer.try_get_value() {
            Some(Pointer::Up) => {
                self.take_text();
            }
            Some(_) => {
                pointer.try_update_value(|pointer| *pointer = Pointer::Awaited);
            }
            None => {}
        }
    }

    pub(super) fn lifted(&self, pointer: StoredValue<Pointer>) {
        if pointer.try_get_value() == Some(Pointer::Awaited) {
            let desk = self.clone();
            // Behind the click that comes of it.
            set_timeout(
                move || {
                    desk.take_text();
                },
                Duration::ZERO,
            );
        }
        pointer.try_update_value(|pointer| *pointer = Pointer::Up);
    }
}
