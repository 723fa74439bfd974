//! The edit form: name, phone and the employee's record. What cannot be changed here stands beside them with the reason.

use super::LastFlash;
use crate::domain::error::{Conflict, Invalid, UseCaseError};
use crate::domain::user::UserAction;
use crate::server_fns::users::EditUser;
use crate::ui::components::{ErrorSummary, Field, Icon, PageHeader};
use crate::ui::pages::parts::actions_for;
use crate::ui::session::{role_name_of, words};
use crate::view_models::UserCard;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// To which field a refusal belongs.
fn field_of(refusal: &UseCaseError) -> &'static str {
    match refusal {
        UseCaseError::Invalid(Invalid::Name(_)) | UseCaseError::Conflict(Conflict::NameIsOwn) => "name",
        UseCaseError::Invalid(Invalid::Record) => "record",
        UseCaseError::Invalid(Invalid::Phone(_))
        | UseCaseError::Conflict(Conflict::PhoneTaken | Conflict::OnlyANumber) => "phone",
        _ => "",
    }
}

/// The edit form of a person, for whoever may change them.
pub fn form(card: &UserCard, left: &LastFlash) -> impl IntoView + use<> {
    let words = words();
    let user = &card.user;
    let back = format!("/users/{}", user.id);
    let refusal = left.refusal(EditUser::PATH);
    let meant = refusal.as_ref().map(UseCaseError::phone_asked_about).unwrap_or_default();
    let error = |field: &str| {
        let found = refusal.as_ref().filter(|refusal| field_of(refusal) == field);
        Signal::stored(found.map(|refusal| words.refusal(refusal)))
    };
    let is_conflict = refusal == Some(UseCaseError::Conflict(Conflict::ChangedMeanwhile));
    // Somebody was faster: what they saved stands below what was typed here.
    let hint = |field: &str, stored: &str, otherwise: &str| {
        let differs = is_conflict && left.typed_or(EditUser::PATH, field, stored) != stored;
        if differs { words.stored_now(stored) } else { otherwise.to_string() }
    };
    let why_locked = if card.name_is_own { words.name_entered_by(&user.name) } else { words.name_is_theirs().into() };
    let name = match card.may_write_name {
        // Without a name of its own the field does not travel.
        false => view! {
            <Field
                label=words.full_name()
                name=""
                id="name"
                value=user.name.clone()
                readonly=true
                hint=why_locked
                error=error("name")
            />
        }
        .into_any(),
        true => view! {
            <input type="hidden" name="names" value="on" />
            <Field
                label=words.full_name()
                name="name"
                value=left.typed_or(EditUser::PATH, "name", &user.name)
                autocomplete="off"
                hint=hint("name", &user.name, "")
                error=error("name")
            />
        }
        .into_any(),
    };
    let stored_record = card.record.as_deref().unwrap_or_default();
    let stored_phone = user.phone.as_deref().unwrap_or_default();
    let locked = |id: &'static str, label: &'static str, value: &Option<String>, why: &'static str| {
        value
            .clone()
            .map(|value| view! { <Field label=label name="" id=id value=value readonly=true mono=true hint=why /> })
    };
    let role = actions_for(user, &[UserAction::ChangeRole])
        .into_iter()
        .next()
        .map(|offered| view! { " "<a href=offered.href>{words.change_role()}</a> });
    let summary = refusal.as_ref().map(|refusal| {
        let (text, field) = (words.refusal(refusal), field_of(refusal));
        let line = match field {
            "" => text.into_any(),
            // External: the browser itself moves the focus into the field, which the router would not do.
            _ => view! { <a href=format!("#{field}") rel="external">{text}</a> }.into_any(),
        };
        view! { <ErrorSummary title=words.refusal_title(refusal)><li>{line}</li></ErrorSummary> }
    });
    view! {
        <a class="back" href=back.clone()>
            <Icon name="chevron-left" />
            {user.title().to_string()}
        </a>
        <PageHeader title=words.edit_title(user.title()) />
        <form class="stack form-width" method="post" action=EditUser::PATH>
            {summary}
            <input type="hidden" name="id" value=user.id.to_string() />
            <input type="hidden" name="version" value=card.version.to_string() />
            <input type="hidden" name="phone_meant" value=meant />
            {name}
            <Field
                label=words.phone()
                name="phone"
                kind="tel"
                value=left.typed_or(EditUser::PATH, "phone", stored_phone)
                autocomplete="off"
                hint=hint("phone", stored_phone, words.phone_hint())
                error=error("phone")
            />
            <input type="hidden" name="records" value="on" />
            <Field
                label=words.record()
                name="record"
                value=left.typed_or(EditUser::PATH, "record", stored_record)
                autocomplete="off"
                hint=hint("record", stored_record, words.record_hint())
                error=error("record")
            />
            {locked("email", words.email(), &user.email, words.email_stays())}
            {locked("login", words.login(), &user.login, words.login_stays())}
            <p>{words.role()} ": " {role_name_of(user)} {role}</p>
            <div class="actions">
                <button class="button primary">{words.save()}</button>
                <a class="button" href=back>{words.cancel()}</a>
            </div>
        </form>
    }
    .into_any()
}
