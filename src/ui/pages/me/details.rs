//! Name, phone, language; and the address, which stays.

use crate::domain::error::{Conflict, Invalid, UseCaseError};
use crate::domain::registration::{NameFields, TypedName};
use crate::server_fns::profile::ChangeProfile;
use crate::ui::components::{Choice, Field, SelectField};
use crate::ui::forms::plain::{Note, PlainAnswer};
use crate::ui::pages::parts::places::OwnPlaces;
use crate::ui::session::words;
use crate::view_models::Profile;
use crate::words::Language;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

fn field_of(refusal: &UseCaseError) -> &'static str {
    match refusal {
        UseCaseError::Invalid(Invalid::Name(_)) => "name",
        UseCaseError::Invalid(Invalid::FirstName(_)) => "first_name",
        UseCaseError::Invalid(Invalid::LastName(_)) => "last_name",
        UseCaseError::Invalid(Invalid::Phone(_)) | UseCaseError::PhoneChangedTooOften { .. } => "phone",
        UseCaseError::Invalid(Invalid::Language) => "language",
        _ => "",
    }
}

/// The form of one's own details.
pub fn section(profile: &Profile) -> impl IntoView + use<> {
    let words = words();
    // Whoever changed it elsewhere in between sees the new values first.
    let note = Note::about(ChangeProfile::PATH, field_of)
        .without_typed_if(|refusal| matches!(refusal, UseCaseError::Conflict(Conflict::ChangedMeanwhile)));
    let languages = Language::ALL.map(|language| Choice::new(language.code(), language.own_name())).to_vec();
    let field = |name: &'static str, label: &'static str, stored: &str, autocomplete: &'static str| {
        let (value, error) = (note.typed_or(name, stored), note.error(name));
        view! { <Field label=label name=name value=value error=error autocomplete=autocomplete required=true /> }
    };
    let names = match profile.name_fields {
        NameFields::One => field("name", words.own_full_name(), &profile.name, "name").into_any(),
        NameFields::FirstAndLast => {
            let parts = TypedName::of(&profile.name, profile.language);
            let first = field("first_name", words.first_name(), &parts.first, "given-name");
            view! { {first} {field("last_name", words.last_name(), &parts.last, "family-name")} }.into_any()
        }
    };
    let fixed = |id: &'static str, label: &'static str, hint: &'static str, value: &Option<String>| {
        let value = value.clone()?;
        Some(view! { <Field name="" id=id label=label hint=hint value=value readonly=true mono=true /> })
    };
    view! {
        <section class="card" aria-labelledby="details">
            <h2 id="details">{words.own_details()}</h2>
            <div class="stack tight">
                <h3>{words.start_places()}</h3>
                <OwnPlaces places=profile.places.clone() />
            </div>
            <PlainAnswer note=note.clone() done=words.own_saved() />
            <form class="stack form-width" method="post" action=ChangeProfile::PATH>
                {names}
                <Field
                    label=words.own_phone()
                    name="phone"
                    kind="tel"
                    value=note.typed_or("phone", profile.phone.as_deref().unwrap_or_default())
                    hint=words.own_phone_hint()
                    error=note.error("phone")
                    autocomplete="tel"
                />
                {fixed("email", words.own_email(), words.own_email_hint(), &profile.email)}
                {fixed("email", words.own_email(), words.own_email_unconfirmed(), &profile.unconfirmed_email)}
                {fixed("login", words.own_login(), words.own_login_hint(), &profile.login)}
                <SelectField
                    label=words.own_language()
                    name="language"
                    choices=languages
                    selected=note.typed_or("language", profile.language.code())
                    hint=words.own_language_hint()
                    error=note.error("language")
                />
                <input type="hidden" name="phone_meant" value=note.phone_asked_about() />
                <input type="hidden" name="version" value=profile.version.to_string() />
                <div class="actions">
                    <button class="button primary">{words.save()}</button>
                </div>
            </form>
        </section>
    }
}
