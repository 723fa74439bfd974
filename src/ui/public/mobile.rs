//! The mobile surface: its door, one's own shifts, profile and password. Plain documents for phones.

use super::FormOutcome;
use super::new_password::{NewPassword, PLACE};
use super::reset::next_password;
use crate::domain::error::UseCaseError;
use crate::domain::registration::{NameFields, TypedName};
use crate::ui::components::{Choice, Field, Notice, PasswordField, SelectField, Tab, Tabs, Tone};
use crate::ui::own_consents::{ConsentForms, own_consents};
use crate::view_models::{ConsentState, NewPasswordView, Profile, ShiftRow, ShiftsPage};
use crate::words::Language;
use leptos::prelude::*;

/// Its pages, the one that is open marked.
fn tabs(words: Language, here: &str, plans_shifts: bool) -> AnyView {
    let tab = |href: &str, label: &str| Tab {
        href: href.into(),
        label: label.into(),
        current: href == here,
        ..Tab::default()
    };
    let shifts = plans_shifts.then(|| tab("/m", words.my_shifts()));
    let others = [tab("/m/me", words.my_profile()), tab("/m/password", words.mobile_password())];
    let items = shifts.into_iter().chain(others).collect();
    view! { <Tabs items=items label=words.main_navigation() /> }.into_any()
}

/// The door: by login, by e-mail address or by phone number.
#[component]
pub fn MobileSignInPage(
    outcome: FormOutcome,
    organisation: String,
    typed: String,
    /// The page for the lasting password was open for too long.
    again: bool,
) -> impl IntoView {
    let words = outcome.language;
    let is_first = outcome.refusal.is_none();
    view! {
        <form class="card" method="post" action="/m/sign-in">
            <div class="stack tight">
                <h1>{words.sign_in_to(&organisation)}</h1>
                <p class="muted">{words.mobile_door_lead()}</p>
            </div>
            {again.then(|| view! { <Notice tone=Tone::Info>{words.mobile_begin_again()}</Notice> })}
            {outcome.summary()}
            <Field
                label=words.mobile_sign_in_name()
                name="username"
                value=typed
                autocomplete="username"
                mono=true
                required=true
                autofocus=is_first
            />
            <PasswordField
                label=words.password_label()
                name="password"
                autocomplete="current-password"
                show=words.show_password()
                hide=words.hide_password()
                caps=words.caps_lock()
            />
            <div class="actions">
                <button class="button primary">{words.sign_in()}</button>
            </div>
            <p class="hint">{words.mobile_forgot()}</p>
        </form>
    }
}

/// A week of one's own shifts.
#[component]
pub fn MobileHomePage(language: Language, name: String, page: ShiftsPage) -> impl IntoView {
    let words = language;
    let days: Vec<_> = page.days.iter().filter(|(_, _, rows)| !rows.is_empty()).collect();
    let none = days.is_empty().then(|| view! { <p class="muted">{words.mobile_no_shifts()}</p> });
    let days = days
        .into_iter()
        .map(|(heading, date, rows)| {
            let today = (*date == page.today).then(|| view! { " "<span class="chip">{words.today()}</span> });
            view! {
                <section class="stack tight">
                    <h3>{heading.clone()} {today}</h3>
                    <ul class="stack tight">{rows.iter().map(shift).collect_view()}</ul>
                </section>
            }
        })
        .collect_view();
    let week = |at: &str| format!("/m?week={at}");
    let heading = |day: Option<&(String, String, Vec<ShiftRow>)>| day.map(|(heading, ..)| heading.clone());
    let span = heading(page.days.first()).zip(heading(page.days.last()));
    let span = span.map(|(first, last)| view! { <p>{format!("{first} – {last}")}</p> });
    view! {
        {tabs(words, "/m", true)}
        <div class="card">
            <div class="stack tight">
                <p class="muted">{name}</p>
                <h1>{words.my_shifts()}</h1>
                {span}
            </div>
            {none}
            {days}
            <nav class="cluster" aria-label=words.weeks()>
                <a class="button small" href=week(&page.previous)>{words.previous_week()}</a>
                <a class="button small" href="/m">{words.this_week()}</a>
                <a class="button small" href=week(&page.next)>{words.next_week()}</a>
            </nav>
        </div>
        {sign_out(words)}
    }
}

fn shift(row: &ShiftRow) -> impl IntoView + use<> {
    view! {
        <li class="shift mine">
            <p class="meta" title=row.starts.exact.clone()>{row.hours.clone()}</p>
            <p><strong>{row.title.clone()}</strong></p>
            <p class="meta">{row.unit.name.clone()}</p>
        </li>
    }
}

fn sign_out(words: Language) -> AnyView {
    view! {
        <form method="post" action="/m/sign-out">
            <button class="button">{words.sign_out()}</button>
        </form>
    }
    .into_any()
}

/// What was typed into the form when it was refused.
#[derive(Clone, Debug)]
pub struct TypedProfile {
    pub name: TypedName,
    pub phone: String,
    pub language: String,
}

/// One's own details.
#[component]
pub fn MobileProfilePage(
    outcome: FormOutcome,
    profile: Profile,
    typed: Option<TypedProfile>,
    /// What was done just now.
    done: Option<&'static str>,
) -> impl IntoView {
    let words = outcome.language;
    let languages = Language::ALL.map(|language| Choice::new(language.code(), language.own_name())).to_vec();
    let shown = typed.unwrap_or_else(|| TypedProfile {
        name: TypedName::of(&profile.name, profile.language),
        phone: profile.phone.clone().unwrap_or_default(),
        language: profile.language.code().into(),
    });
    let fixed = |id: &'static str, label: &'static str, value: &Option<String>| {
        let value = value.clone()?;
        Some(view! { <Field name="" id=id label=label value=value readonly=true mono=true /> })
    };
    let field = |name: &'static str, label: &'static str, value: String, autocomplete: &'static str| {
        let error = outcome.at(name);
        view! { <Field label=label name=name value=value error=error autocomplete=autocomplete required=true /> }
    };
    let TypedName { whole, first, last } = shown.name;
    let names = match profile.name_fields {
        NameFields::One => field("name", words.own_full_name(), whole, "name").into_any(),
        NameFields::FirstAndLast => {
            let first = field("first_name", words.first_name(), first, "given-name");
            view! { {first} {field("last_name", words.last_name(), last, "family-name")} }.into_any()
        }
    };
    let meant = outcome.refusal.as_ref().map(UseCaseError::phone_asked_about).unwrap_or_default();
    view! {
        {tabs(words, "/m/me", profile.plans_shifts)}
        <form class="card" method="post" action="/m/me">
            <h1>{words.my_profile()}</h1>
            {done.map(|done| view! { <div tabindex="-1" data-focus=""><Notice tone=Tone::Ok>{done}</Notice></div> })}
            {outcome.summary()}
            {fixed("login", words.own_login(), &profile.login)}
            {fixed("email", words.own_email(), &profile.email)}
            {names}
            <Field
                label=words.own_phone()
                name="phone"
                kind="tel"
                value=shown.phone
                hint=words.own_phone_hint()
                error=outcome.at("phone")
                autocomplete="tel"
            />
            <SelectField
                label=words.own_language()
                name="language"
                choices=languages
                selected=shown.language
                error=outcome.at("language")
            />
            <input type="hidden" name="phone_meant" value=meant />
            <input type="hidden" name="version" value=profile.version.to_string() />
            <div class="actions">
                <button class="button primary">{words.save()}</button>
            </div>
        </form>
        {agreements(words, &profile.consents)}
        {sign_out(words)}
    }
}

/// What one agreed to; nothing where nothing was ever asked.
fn agreements(words: Language, states: &[ConsentState]) -> Option<AnyView> {
    const PATH: &str = "/m/me/agreements";
    let rows = own_consents(words, states, ConsentForms { withdraw: PATH, choose: PATH, names_messages: true });
    (!rows.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="agreements">
                <h2 id="agreements">{words.own_agreements()}</h2>
                {rows}
            </section>
        }
        .into_any()
    })
}

/// The field of the new password.
pub fn mobile_password(outcome: &FormOutcome, profile: &Profile) -> NewPasswordView {
    NewPasswordView { takes_focus: false, ..next_password(outcome, profile.password, profile.repeats_password) }
}

/// Another password, for whoever knows the one that they have.
#[component]
pub fn MobilePasswordPage(outcome: FormOutcome, profile: Profile) -> impl IntoView {
    let words = outcome.language;
    let password = mobile_password(&outcome, &profile);
    let name = [&profile.email, &profile.login, &profile.phone].into_iter().flatten().next().cloned();
    view! {
        {tabs(words, "/m/password", profile.plans_shifts)}
        <form class="card" method="post" action="/m/password">
            <div class="stack tight">
                <h1>{words.mobile_password()}</h1>
                <p class="muted">{words.mobile_password_ends()}</p>
            </div>
            {outcome.summary()}
            <Field
                label=words.your_sign_in()
                name="username"
                value=name.unwrap_or_default()
                autocomplete="username"
                mono=true
                readonly=true
            />
            <PasswordField
                label=words.mobile_current_password()
                name="current_password"
                autocomplete="current-password"
                show=words.show_password()
                hide=words.hide_password()
                caps=words.caps_lock()
                error=Signal::stored(outcome.at("current_password"))
            />
            <div id=PLACE><NewPassword view=password /></div>
            <div class="actions">
                <button class="button primary">{words.save()}</button>
            </div>
        </form>
    }
}
