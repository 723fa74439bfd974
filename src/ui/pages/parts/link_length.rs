//! How long links work: the field in which a unit or a role says it, empty where it is as elsewhere; and the choices of whoever
//! invites.

use crate::domain::timestamp::Duration;
use crate::domain::validity;
use crate::ui::components::{Choice, Field};
use crate::ui::forms::plain::Note;
use crate::ui::session::{assignable_roles, words};
use crate::view_models::InviteOptions;
use leptos::prelude::*;

/// Its field; `elsewhere` is what holds where nothing is typed, as far as that is one length.
pub fn link_length(note: &Note, own: Option<Duration>, elsewhere: Option<Duration>, may_edit: bool) -> AnyView {
    let words = words();
    let (name, code) = ("valid_for", validity::own_code(own));
    let hint = match elsewhere {
        Some(length) => words.own_length_hint_else(&words.span(length)),
        None => words.own_length_hint().to_string(),
    };
    view! {
        <Field
            label=words.own_length()
            name=name
            value=note.typed_or(name, code.as_str())
            hint=note.hint_or(name, &code, &code, hint)
            error=note.error(name)
            autocomplete="off"
            disabled=!may_edit
        />
    }
    .into_any()
}

/// How long links may work: as usual, or one of a few lengths, each with its end; `chosen` is among them, whatever it is.
pub fn validity_choices(options: &InviteOptions, chosen: Option<Duration>) -> Vec<Choice> {
    let words = words();
    let usual = options.usual.length();
    let until = |length: Duration| {
        let found = options.validities.iter().find(|validity| validity.length == length);
        found.map_or_else(|| words.span(length), |one| words.invite_span_until(&words.span(length), &one.until.exact))
    };
    // Which role is chosen is not known here.
    let by_role = assignable_roles().iter().any(|role| role.valid_for.is_some());
    let as_usual =
        if by_role { words.invite_as_usual_by_role(&words.span(usual)) } else { words.invite_as_usual(&until(usual)) };
    let mut choices = vec![Choice::new("", as_usual)];
    let is_offered = |length: &Duration| validity::OFFERED.contains(length) || chosen == Some(*length);
    let offered = options.validities.iter().map(|validity| validity.length).filter(is_offered);
    // What was chosen before, and is none of those by now.
    let other = chosen.filter(|own| options.validities.iter().all(|validity| validity.length != *own));
    choices.extend(offered.chain(other).map(|length| Choice::new(validity::code(length), until(length))));
    choices
}
