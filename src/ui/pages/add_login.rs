//! Adding somebody who has a login and no address. What comes of it, the temporary password, stands on their card once.

use super::parts::method_choice;
use super::units::picker;
use crate::domain::error::{Conflict, Invalid, UseCaseError};
use crate::domain::role::Role;
use crate::domain::settings::UnitField;
use crate::server_fns::users::AddLogin;
use crate::ui::components::{Choice, Field, Icon, PageHeader, RadioGroup, SelectField};
use crate::ui::forms::plain::{Note, PlainAnswer};
use crate::ui::session::{assignable_roles, words};
use crate::view_models::InviteOptions;
use crate::words::Language;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

const ADDRESS: &str = "/users/add-login";

fn field_of(refusal: &UseCaseError) -> &'static str {
    match refusal {
        UseCaseError::Invalid(Invalid::LastName(_)) => "last_name",
        UseCaseError::Invalid(Invalid::FirstName(_) | Invalid::Name(_)) => "first_name",
        UseCaseError::Invalid(Invalid::Login(_))
        | UseCaseError::Conflict(Conflict::LoginTaken | Conflict::LoginLooksTaken) => "login",
        UseCaseError::Invalid(Invalid::Phone(_)) | UseCaseError::Conflict(Conflict::PhoneTaken) => "phone",
        UseCaseError::Invalid(Invalid::Language) => "language",
        _ => "",
    }
}

/// The form.
pub fn page(options: InviteOptions) -> AnyView {
    let words = words();
    let note = Note::about(AddLogin::PATH, field_of);
    let languages = Language::ALL.map(|language| Choice::new(language.code(), language.own_name())).to_vec();
    // What two give together is not handed over.
    let roles: Vec<Role> =
        assignable_roles().into_iter().filter(|role| !options.takes_two.contains(&role.id)).collect();
    let usual = options.usual_role.as_ref().map(ToString::to_string).unwrap_or_default();
    let choices: Vec<Choice> = roles
        .iter()
        .map(|role| Choice::new(role.id.as_str(), words.role_name(role)).meaning(words.role_sentence(role)))
        .collect();
    let proposed = options.proposed.as_ref().map(|unit| unit.id.to_string()).unwrap_or_default();
    let units = (options.unit_field != UnitField::Off)
        .then(|| picker::one("unit", words.unit(), &options.units, &note.typed_or("unit", proposed.as_str())));
    let search = picker::search_if_many(ADDRESS, &options);
    view! {
        <a class="back" href="/users">
            <Icon name="chevron-left" />
            {words.users()}
        </a>
        <PageHeader title=words.add_login_title() lead=words.add_login_lead() />
        {method_choice(true)}
        <PlainAnswer note=note.clone() done=words.saved() />
        {search}
        <form class="card" method="post" action=AddLogin::PATH>
            <Field
                label=words.last_name()
                name="last_name"
                value=note.typed_or("last_name", "")
                error=note.error("last_name")
                autocomplete="off"
                required=true
            />
            <Field
                label=words.first_name()
                name="first_name"
                value=note.typed_or("first_name", "")
                error=note.error("first_name")
                autocomplete="off"
                required=true
            />
            <Field
                label=words.login()
                name="login"
                value=note.typed_or("login", "")
                hint=words.login_hint()
                error=note.error("login")
                autocomplete="off"
                mono=true
                required=true
            />
            <Field
                label=words.phone()
                name="phone"
                kind="tel"
                value=note.typed_or("phone", "")
                hint=words.phone_optional_hint()
                error=note.error("phone")
                autocomplete="off"
            />
            {units}
            <RadioGroup
                legend=words.role()
                name="role"
                choices=choices
                selected=note.typed_or("role", usual)
                required=true
            />
            <SelectField
                label=words.language()
                name="language"
                choices=languages
                selected=note.typed_or("language", options.language.code())
                error=note.error("language")
            />
            <input type="hidden" name="proposed" value=proposed />
            <input type="hidden" name="phone_meant" value=note.phone_asked_about() />
            <div class="actions">
                <button class="button primary">{words.add_login_button()}</button>
            </div>
        </form>
    }
    .into_any()
}
