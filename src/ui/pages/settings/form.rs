//! The forms of the settings: one for each part, with a button of its own. What the others show goes along as it is stored.

use crate::domain::error::{Invalid, UseCaseError};
use crate::domain::revision::Revision;
use crate::domain::settings::{InvitesBy, Settings, UnitField};
use crate::domain::user::NamePolicy;
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

/// The lengths of validity that are offered, in hours; any other one can be typed.
const VALIDITIES: [i64; 4] = [8, 72, 168, 504];

fn field_of(refusal: &UseCaseError) -> &'static str {
    match refusal {
        UseCaseError::Invalid(Invalid::OrganisationName) => "organisation",
        UseCaseError::Invalid(Invalid::Language) => "language",
        UseCaseError::Invalid(Invalid::Zone) => "zone",
        UseCaseError::Invalid(Invalid::Validity) => "valid_for_hours",
        UseCaseError::Invalid(Invalid::Hold) => "hold_seconds",
        UseCaseError::Invalid(Invalid::LettersADay) => "letters_a_day",
        UseCaseError::Invalid(Invalid::MinimumLength) => "min_length",
        _ => "",
    }
}

/// A part of the settings.
struct SettingsPart {
    /// Names its form and stands in its heading's id.
    code: &'static str,
    title: &'static str,
    fields: &'static [&'static str],
}

/// What a field that is not shown holds.
fn stored(settings: &Settings) -> Vec<(&'static str, String)> {
    let ticked = |name: &'static str, is_so: bool| is_so.then(|| (name, "on".to_string()));
    let hours = settings.invitation_valid_for.as_hours().to_string();
    let all = [
        ("organisation", settings.organisation.clone()),
        ("language", settings.language.code().into()),
        ("zone", settings.zone.clone()),
        ("support_contact", settings.support_contact.clone()),
        ("valid_for_hours", hours),
        ("hold_seconds", (settings.hold.0 / 1_000).to_string()),
        ("letters_a_day", settings.letters_a_day.to_string()),
        ("unit_field", settings.unit_field.code().into()),
        ("invites_by", settings.invites_by.code().into()),
        ("min_length", settings.password.min_length.to_string()),
        ("name_policy", settings.name_policy.code().into()),
    ];
    let boxes = [ticked("classes", settings.password.classes), ticked("checks_domains", settings.checks_domains)];
    all.into_iter().chain(boxes.into_iter().flatten()).collect()
}

impl SettingsPart {
    /// Its card: what became of it, its fields, and *Save*.
    fn card(&self, settings: &Settings, revision: &Revision, note: Note, fields: AnyView) -> impl IntoView + use<> {
        let words = words();
        let heading = format!("part-{}", self.code);
        let kept = stored(settings).into_iter().filter(|(name, _)| !self.fields.contains(name));
        let kept = kept.map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).collect_view();
        view! {
            <section class="card" aria-labelledby=heading.clone()>
                <h2 id=heading.clone()>{self.title}</h2>
                <PlainAnswer note=note done=words.own_saved() />
                <form class="stack form-width" method="post" action=ChangeSettings::PATH data-part="">
                    <input type="hidden" name="id" value=self.code />
                    {revision_field(revision)}
                    {kept}
                    {fields}
                    <div class="actions">
                        <button class="button primary">{words.save()}</button>
                    </div>
                </form>
            </section>
        }
    }
}

/// All parts, in two columns, with what was typed last into the one that was refused.
pub fn parts(settings: &Settings, revision: &Revision) -> (AnyView, AnyView) {
    let words = words();
    let note = Note::about(ChangeSettings::PATH, field_of);
    let organisation = SettingsPart {
        code: "organisation",
        title: words.setting_organisation(),
        fields: &["organisation", "language", "zone", "support_contact"],
    };
    let invitations = SettingsPart {
        code: "invitations",
        title: words.invitations(),
        fields: &["valid_for_hours", "hold_seconds", "letters_a_day", "unit_field", "invites_by", "checks_domains"],
    };
    let passwords =
        SettingsPart { code: "passwords", title: words.setting_password(), fields: &["min_length", "classes"] };
    let names = SettingsPart { code: "names", title: words.settings_names(), fields: &["name_policy"] };
    let of = |part: &SettingsPart| note.of_part(part.code, part.code == "organisation");
    let [own, sent, secret, named] = [of(&organisation), of(&invitations), of(&passwords), of(&names)];
    let first = view! {
        {organisation.card(settings, revision, own.clone(), organisation_fields(settings, &own))}
        {invitations.card(settings, revision, sent.clone(), invitation_fields(settings, &sent))}
    };
    let second = view! {
        {passwords.card(settings, revision, secret.clone(), password_fields(settings, &secret))}
        {names.card(settings, revision, named.clone(), name_fields(settings, &named))}
    };
    (first.into_any(), second.into_any())
}

fn organisation_fields(settings: &Settings, note: &Note) -> AnyView {
    let words = words();
    let languages = Language::ALL.map(|language| Choice::new(language.code(), language.own_name())).to_vec();
    view! {
        <Field
            label=words.setting_organisation_name()
            name="organisation"
            value=note.typed_or("organisation", &settings.organisation)
            hint=note.hint_or("organisation", &settings.organisation, &settings.organisation, words.settings_organisation_hint())
            error=note.error("organisation")
            autocomplete="organization"
            required=true
        />
        <SelectField
            label=words.setting_language()
            name="language"
            choices=languages
            selected=note.typed_or("language", settings.language.code())
            hint=note.hint_or("language", settings.language.code(), settings.language.own_name(), words.settings_language_hint())
            error=note.error("language")
        />
        {zone(&settings.zone, note)}
        <Field
            label=words.setting_support()
            name="support_contact"
            value=note.typed_or("support_contact", &settings.support_contact)
            hint=note.hint_or("support_contact", &settings.support_contact, &settings.support_contact, words.settings_support_hint())
            maxlength=200
        />
    }
    .into_any()
}

fn invitation_fields(settings: &Settings, note: &Note) -> AnyView {
    let words = words();
    let unit_fields = UnitField::ALL
        .map(|field| {
            let (label, meaning) = words.unit_field(field);
            Choice::new(field.code(), label).meaning(meaning)
        })
        .to_vec();
    let ways = InvitesBy::ALL
        .map(|ways| {
            let (label, meaning) = words.invites_by(ways);
            Choice::new(ways.code(), label).meaning(meaning)
        })
        .to_vec();
    let (hold, letters) = ((settings.hold.0 / 1_000).to_string(), settings.letters_a_day.to_string());
    let checks = note.typed_or("checks_domains", if settings.checks_domains { "on" } else { "" }) == "on";
    view! {
        {validity(settings.invitation_valid_for.as_hours(), note)}
        <Field
            label=words.setting_hold()
            name="hold_seconds"
            kind="number"
            inputmode="numeric"
            value=note.typed_or("hold_seconds", hold.as_str())
            hint=note.hint_or("hold_seconds", &hold, &hold, words.settings_hold_hint())
            error=note.error("hold_seconds")
            required=true
        />
        <Field
            label=words.setting_letters_a_day()
            name="letters_a_day"
            kind="number"
            inputmode="numeric"
            value=note.typed_or("letters_a_day", letters.as_str())
            hint=note.hint_or("letters_a_day", &letters, &letters, words.settings_letters_a_day_hint())
            error=note.error("letters_a_day")
            required=true
        />
        <RadioGroup
            legend=words.setting_unit_field()
            name="unit_field"
            choices=unit_fields
            selected=note.typed_or("unit_field", settings.unit_field.code())
            hint=note.hint_or("unit_field", settings.unit_field.code(), words.unit_field(settings.unit_field).0, "")
        />
        <RadioGroup
            legend=words.setting_invites_by()
            name="invites_by"
            choices=ways
            selected=note.typed_or("invites_by", settings.invites_by.code())
            hint=note.hint_or("invites_by", settings.invites_by.code(), words.invites_by(settings.invites_by).0, "")
        />
        <CheckField
            label=words.setting_checks_domains()
            name="checks_domains"
            checked=checks
            hint=note.box_hint_or("checks_domains", "on", settings.checks_domains, words.settings_checks_domains_hint())
        />
    }
    .into_any()
}

fn password_fields(settings: &Settings, note: &Note) -> AnyView {
    let words = words();
    let shortest = settings.password.min_length.to_string();
    let has_classes = note.typed_or("classes", if settings.password.classes { "on" } else { "" }) == "on";
    view! {
        <Field
            label=words.settings_min_length()
            name="min_length"
            kind="number"
            inputmode="numeric"
            value=note.typed_or("min_length", shortest.as_str())
            hint=note.hint_or("min_length", &shortest, &shortest, words.settings_min_length_hint())
            error=note.error("min_length")
            required=true
        />
        <CheckField
            label=words.settings_classes()
            name="classes"
            checked=has_classes
            hint=note.box_hint_or("classes", "on", settings.password.classes, words.settings_classes_hint())
        />
    }
    .into_any()
}

fn name_fields(settings: &Settings, note: &Note) -> AnyView {
    let words = words();
    let policies = NamePolicy::ALL
        .map(|policy| {
            let (label, meaning) = words.name_policy(policy);
            Choice::new(policy.code(), label).meaning(meaning)
        })
        .to_vec();
    view! {
        <RadioGroup
            legend=words.setting_name_policy()
            name="name_policy"
            choices=policies
            selected=note.typed_or("name_policy", settings.name_policy.code())
            hint=note.hint_or("name_policy", settings.name_policy.code(), words.name_policy(settings.name_policy).0, "")
        />
    }
    .into_any()
}

/// How long a link works: one of a few lengths, or hours of one's own.
fn validity(stored: i64, note: &Note) -> impl IntoView + use<> {
    let words = words();
    let is_usual = VALIDITIES.contains(&stored);
    let chosen = if is_usual { stored.to_string() } else { "0".into() };
    let selected = note.typed_or("valid_for_hours", chosen.clone());
    let own = if is_usual { String::new() } else { stored.to_string() };
    let hours = note.typed_or("other_hours", own.clone());
    let mut choices = VALIDITIES.map(|hours| Choice::new(hours.to_string(), words.span(hours))).to_vec();
    choices.push(Choice::new("0", words.settings_other_length()));
    view! {
        <RadioGroup
            legend=words.setting_validity()
            name="valid_for_hours"
            choices=choices
            selected=selected
            hint=note.hint_or("valid_for_hours", &chosen, &words.span(stored), words.settings_validity_hint())
            error=note.error("valid_for_hours")
            required=true
        />
        <Field
            label=words.settings_other_hours()
            name="other_hours"
            kind="number"
            inputmode="numeric"
            value=hours
            hint=note.hint_or("other_hours", &own, &words.span(stored), words.settings_other_hours_hint())
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
