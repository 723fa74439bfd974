//! The forms of the settings: one for each part, with a button of its own. Which settings there are, and what each may hold,
//! `domain` says; what they are called, the catalogue.

use crate::domain::error::{Invalid, UseCaseError};
use crate::domain::revision::Revision;
use crate::domain::settings::{Setting, SettingKind, Settings, SettingsPart};
use crate::domain::validity;
use crate::server_fns::settings::ChangeSettings;
use crate::ui::components::{CheckField, Choice, Field, Icon, RadioGroup, SelectField};
use crate::ui::forms::plain::{Note, PlainAnswer, revision_field};
use crate::ui::session::words;
use crate::words::Language;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// Time zones to choose from; every other one can be typed.
const ZONES: [&str; 20] = [
    "UTC",
    "Europe/Minsk",
    "Europe/Moscow",
    "Europe/Kaliningrad",
    "Europe/Samara",
    "Asia/Yekaterinburg",
    "Asia/Novosibirsk",
    "Asia/Vladivostok",
    "Asia/Almaty",
    "Asia/Tashkent",
    "Asia/Tbilisi",
    "Asia/Yerevan",
    "Europe/Warsaw",
    "Europe/Vilnius",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Istanbul",
    "Asia/Dubai",
    "America/New_York",
    "America/Los_Angeles",
];

fn field_of(refusal: &UseCaseError) -> &'static str {
    let setting = match refusal {
        UseCaseError::Invalid(Invalid::OrganisationName) => Setting::Organisation,
        UseCaseError::Invalid(Invalid::Language) => Setting::Language,
        UseCaseError::Invalid(Invalid::Zone) => Setting::Zone,
        UseCaseError::Invalid(Invalid::Validity) => Setting::ValidFor,
        UseCaseError::Invalid(Invalid::Hold) => Setting::Hold,
        UseCaseError::Invalid(Invalid::LettersADay) => Setting::LettersADay,
        UseCaseError::Invalid(Invalid::UnitsAtMost) => Setting::UnitsAtMost,
        UseCaseError::Invalid(Invalid::CallingCode) => Setting::CallingCode,
        UseCaseError::Invalid(Invalid::BinDays) => Setting::BinDays,
        UseCaseError::Invalid(Invalid::MinimumLength) => Setting::MinLength,
        _ => return "",
    };
    setting.code()
}

/// All parts, in two columns, with what was typed last into the one that was refused.
pub fn parts(settings: &Settings, revision: &Revision) -> (AnyView, AnyView) {
    let note = Note::about(ChangeSettings::PATH, field_of);
    let card = |part| card(part, settings, revision, note.of_part(part.code(), part == SettingsPart::Organisation));
    let first = view! { {card(SettingsPart::Organisation)} {card(SettingsPart::Invitations)} };
    let second = view! { {card(SettingsPart::Passwords)} {card(SettingsPart::Names)} };
    (first.into_any(), second.into_any())
}

/// The card of a part: what became of it, its fields, and *Save*.
fn card(part: SettingsPart, settings: &Settings, revision: &Revision, note: Note) -> AnyView {
    let words = words();
    let heading = format!("part-{}", part.code());
    let fields = part.settings().map(|setting| field(setting, settings, &note)).collect_view();
    view! {
        <section class="card" aria-labelledby=heading.clone()>
            <h2 id=heading.clone()>{words.settings_part(part)}</h2>
            <PlainAnswer note=note done=words.own_saved() />
            <form class="stack form-width" method="post" action=ChangeSettings::PATH data-part="">
                <input type="hidden" name="id" value=part.code() />
                {revision_field(revision)}
                {fields}
                <div class="actions">
                    <button class="button primary">{words.save()}</button>
                    <span class="muted unsaved">{words.settings_unsaved()}</span>
                </div>
            </form>
        </section>
    }
    .into_any()
}

/// One setting, by what it may hold.
fn field(setting: Setting, settings: &Settings, note: &Note) -> AnyView {
    let words = words();
    let (name, label, stored) = (setting.code(), words.setting(setting), setting.read(settings));
    let (value, error) = (note.typed_or(name, stored.as_str()), note.error(name));
    let hint = note.hint_or(name, &stored, &words.setting_value(setting, &stored), words.setting_hint(setting));
    match setting.kind() {
        SettingKind::Tick => {
            let is_ticked = stored == "true";
            view! {
                <CheckField
                    label=label
                    name=name
                    checked=note.ticked_or(name, "on", is_ticked)
                    hint=note.box_hint_or(name, "on", is_ticked, words.setting_hint(setting))
                />
            }
            .into_any()
        }
        SettingKind::OneOf(codes) => {
            // What came from a file may be none of those that are offered.
            let own = (!codes.contains(&stored.as_str())).then_some(stored.as_str());
            let choices = codes.iter().copied().chain(own).map(|code| {
                Choice::new(code, words.setting_value(setting, code)).meaning(words.setting_meaning(setting, code))
            });
            view! { <RadioGroup legend=label name=name choices=choices.collect() selected=value hint=hint error=error /> }
                .into_any()
        }
        SettingKind::Language => {
            let choices = Language::ALL.map(|language| Choice::new(language.code(), language.own_name())).to_vec();
            view! { <SelectField label=label name=name choices=choices selected=value hint=hint error=error /> }
                .into_any()
        }
        SettingKind::Zone => zone(&stored, note).into_any(),
        SettingKind::Length => link_length(setting, &stored, note).into_any(),
        SettingKind::Number => view! {
            <Field
                label=label
                name=name
                kind="number"
                inputmode="numeric"
                value=value
                hint=hint
                error=error
                required=true
            />
        }
        .into_any(),
        SettingKind::Line { is_needed, most } => {
            let autocomplete = if setting == Setting::Organisation { "organization" } else { "" };
            view! {
                <Field
                    label=label
                    name=name
                    value=value
                    hint=hint
                    error=error
                    autocomplete=autocomplete
                    required=is_needed
                    maxlength=most
                />
            }
            .into_any()
        }
    }
}

/// How long a link works: one of a few lengths, or one of one's own.
fn link_length(setting: Setting, stored: &str, note: &Note) -> impl IntoView + use<> {
    let words = words();
    let name = setting.code();
    let is_offered = validity::COMMON.iter().any(|length| validity::code(*length) == stored);
    let (chosen, own) = if is_offered { (stored, "") } else { ("", stored) };
    let said = words.setting_value(setting, stored);
    let mut choices = validity::COMMON.map(|length| Choice::new(validity::code(length), words.span(length))).to_vec();
    choices.push(Choice::new("", words.settings_other_length()));
    view! {
        <RadioGroup
            legend=words.setting(setting)
            name=name
            choices=choices
            selected=note.typed_or(name, chosen)
            hint=note.hint_or(name, chosen, &said, words.setting_hint(setting))
            error=note.error(name)
            required=true
        />
        <Field
            label=words.other_length()
            name="other_length"
            value=note.typed_or("other_length", own)
            hint=note.hint_or("other_length", own, &said, words.length_hint())
            autocomplete="off"
        />
    }
}

/// The time zone: typed, with a list of proposals, which the common field does not have.
fn zone(stored: &str, note: &Note) -> impl IntoView + use<> {
    let words = words();
    let error = note.error("zone");
    let options = ZONES.map(|zone| view! { <option value=zone></option> }).collect_view();
    view! {
        <div class="field">
            <label for="zone">{words.setting_zone()}<span class="required-mark" aria-hidden="true">"*"</span></label>
            <p class="hint" id="zone-hint">{note.hint_or("zone", stored, stored, words.settings_zone_hint())}</p>
            <input
                class="input"
                id="zone"
                name="zone"
                list="zones"
                value=note.typed_or("zone", stored)
                required=true
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                aria-describedby="zone-error zone-hint"
                aria-invalid=error.is_some().then_some("true")
            />
            <p class="field-error" id="zone-error">
                {error.map(|text| view! { <Icon name="alert" /><span>{text}</span> })}
            </p>
            <datalist id="zones">{options}</datalist>
        </div>
    }
}
