//! What a unit or a role decides for itself: each setting as a field, which is empty where it is as usual.

use super::link_length::link_length;
use crate::domain::settings::{OF_UNITS, OwnSettings, Setting, SettingKind};
use crate::domain::validity;
use crate::ui::components::{Choice, SelectField};
use crate::ui::forms::plain::Note;
use crate::ui::session::words;
use leptos::prelude::*;

/// The fields of a unit; `usual` is what holds where it decides nothing.
pub fn own_settings(note: &Note, own: &OwnSettings, usual: &OwnSettings) -> AnyView {
    let length = |settings: &OwnSettings| settings.get(Setting::ValidFor).and_then(|code| validity::read(code).ok());
    let field = |setting| match setting {
        Setting::ValidFor => link_length(note, length(own), length(usual), true),
        setting => own_choice(note, setting, own.get(setting), usual.get(setting), true),
    };
    OF_UNITS.map(field).into_iter().collect_view().into_any()
}

/// A setting that has a few answers; `usual` is what holds where none is chosen, as far as that is one thing.
pub fn own_choice(note: &Note, setting: Setting, own: Option<&str>, usual: Option<&str>, may_edit: bool) -> AnyView {
    let words = words();
    let codes: &[&str] = match setting.kind() {
        SettingKind::Tick => &["true", "false"],
        SettingKind::OneOf(codes) => codes,
        _ => &[],
    };
    let as_usual = match usual {
        Some(code) => words.own_setting_usual_is(&words.setting_value(setting, code)),
        None => words.own_setting_usual().to_string(),
    };
    let stored = own.unwrap_or_default();
    // What came from elsewhere may be none of those that are offered.
    let other = own.filter(|code| !codes.contains(code));
    let choices = codes.iter().copied().chain(other).map(|code| Choice::new(code, words.setting_value(setting, code)));
    let choices = std::iter::once(Choice::new("", as_usual)).chain(choices).collect();
    view! {
        <SelectField
            label=words.setting(setting)
            name=setting.code()
            choices=choices
            selected=note.typed_or(setting.code(), stored)
            hint=words.setting_hint(setting)
            error=note.error(setting.code())
            disabled=!may_edit
        />
    }
    .into_any()
}
