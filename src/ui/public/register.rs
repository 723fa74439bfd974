//! An invitation that works: who invites, as what, and the form that makes the account. Made for a phone first. It comes
//! alive: it checks what is typed, changes its language in place and keeps what was typed when it is
//! refused. Without script it is a plain form.

use super::asked::asked_list;
use super::checks::{CheckedField, FieldError, PasswordState, check};
use super::consents;
use super::exchange::{NoAnswer, body_of, fields, send};
use super::{PublicFrame, minlength, window_title};
use crate::domain::consent::ConsentKind;
use crate::domain::onboarding::InvitationCarries;
use crate::domain::password::PasswordProblem;
use crate::domain::registration::{NameFields, PhoneField, TypedName};
use crate::domain::role::Role;
use crate::ui::components::{ErrorSummary, Field, PasswordField};
use crate::view_models::{
    InEachLanguage, InvitationWords, OpenInvitation, PublicAnswer, RegistrationView, SpokenRefusal,
};
use crate::words::Language;
use leptos::ev::{Event, FocusEvent, SubmitEvent};
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{HtmlFormElement, HtmlInputElement};
use std::time::Duration;

/// After this long without a letter the server is asked about the password.
const QUIET: Duration = Duration::from_millis(500);

/// An error appears this long after its field was left: it must not push away the button that is being pressed.
const AFTER_THE_CLICK: Duration = Duration::from_millis(200);

/// What was typed, so that a refusal loses nothing; never the password.
#[derive(Clone, Debug)]
pub struct Typed {
    pub name: TypedName,
    pub phone: String,
    /// The boxes that were ticked.
    pub ticked: Vec<ConsentKind>,
}

/// Who invites, as what and where, in sentences.
fn told(words: Language, open: &OpenInvitation, until: &str) -> InvitationWords {
    let first = open.offers.first().map(|(role, _)| words.role_name(role)).unwrap_or_default();
    let title = match open.inviter.as_str() {
        "" => words.invited_as_alone(&first),
        inviter => words.invited_as(inviter, &first),
    };
    let (place, offers) = match &open.offers[..] {
        [(role, unit)] => {
            let here = if *unit == open.organisation { unit.clone() } else { format!("{}, {unit}", open.organisation) };
            let place = match words.role_sentence(role) {
                meaning if meaning.is_empty() => here,
                meaning => words.role_here(&here, &meaning),
            };
            (place, Vec::new())
        }
        many => {
            let row = |(role, unit): &(Role, String)| words.role_at(&words.role_name(role), unit);
            (open.organisation.clone(), many.iter().map(row).collect())
        }
    };
    let wrong_address = if open.inviter.is_empty() { String::new() } else { words.wrong_address(&open.inviter) };
    let password = match open.carries {
        InvitationCarries::Credentials => words.set_your_own_password().to_string(),
        InvitationCarries::Link => String::new(),
    };
    InvitationWords { title, place, offers, wrong_address, until: words.invitation_works_until(until), password }
}

fn place_of(told: &InvitationWords) -> AnyView {
    let rows = told.offers.iter().map(|offer| view! { <li>{offer.clone()}</li> }).collect_view();
    view! {
        <p class="muted">{told.place.clone()}</p>
        {(!told.offers.is_empty()).then(|| view! { <ul>{rows}</ul> })}
    }
    .into_any()
}

/// Who invites, as what, where, and in whose words: the head of every page of an invitation that works.
pub fn offered(words: Language, open: &OpenInvitation) -> (String, AnyView, Option<AnyView>) {
    let told = told(words, open, &open.until.exact);
    let place = place_of(&told);
    // Somebody else's words, marked as such: plain text, nothing in it can be pressed (ML-04).
    let text = (!open.personal_text.is_empty())
        .then(|| view! { <blockquote class="pre-line">{words.quoted(&open.personal_text)}</blockquote> }.into_any());
    (told.title, place, text)
}

/// Whom to tell that the address of the invitation is not one's own.
pub fn wrong_address(words: Language, open: &OpenInvitation) -> Option<AnyView> {
    let said = (!open.inviter.is_empty()).then(|| words.wrong_address(&open.inviter))?;
    Some(match &open.inviter_email {
        Some(email) => view! { <p class="meta"><a href=format!("mailto:{email}")>{said}</a></p> }.into_any(),
        None => view! { <p class="meta">{said}</p> }.into_any(),
    })
}

/// What the page of an invitation shows. `until` says in each language when its link ends; `typed` is what the form was sent
/// with, if it was, and `refusal` what came of it.
pub fn registration(
    organisation: &str,
    link: &str,
    open: OpenInvitation,
    until: &InEachLanguage<String>,
    typed: Option<Typed>,
    refusal: Option<SpokenRefusal>,
) -> RegistrationView {
    // A page that was loaded anew has no password any more, whatever it was that has to be put right.
    let was_about = refusal.as_ref().map(|refusal| refusal.field.as_deref() == Some(CheckedField::Password.name()));
    let invitation = InEachLanguage::new(|words| {
        let mut told = told(words, &open, until.get(words));
        if was_about == Some(false) {
            told.password = format!("{} {}", told.password, words.type_password_again()).trim_start().into();
        }
        told
    });
    let OpenInvitation { address, name, phone, personal_text, language, password, asks, consents, .. } = open;
    let consents = consents::ticks(&consents, typed.as_ref().map(|typed| &typed.ticked[..]));
    let name = TypedName::guessed(&name);
    let Typed { name, phone, .. } = typed.unwrap_or(Typed { name, phone, ticked: Vec::new() });
    RegistrationView {
        link: link.into(),
        language,
        organisation: organisation.into(),
        invitation,
        personal_text,
        address,
        name,
        phone,
        rule: password,
        asks,
        consents,
        refusal,
    }
}

/// All of the page's body.
#[component]
pub fn RegistrationPage(view: RegistrationView) -> impl IntoView {
    let language = RwSignal::new(view.language);
    let here = format!("/i/{}", view.link);
    let of_whom = view.organisation.clone();
    let organisation = StoredValue::new(of_whom.clone());
    // The document around it speaks the same language.
    Effect::new(move |before: Option<Language>| {
        let now = language.get();
        if before.is_some_and(|before| before != now) {
            document().set_title(&window_title(now.create_account(), &organisation.get_value()));
            if let Some(html) = document().document_element() {
                let _ = html.set_attribute("lang", now.code());
            }
        }
        now
    });
    let back = here.clone();
    let choose = Callback::new(move |chosen: Language| {
        language.set(chosen);
        let body = fields(&[("language", chosen.code()), ("back", &back)]);
        // Only so that it is remembered: the page speaks it already.
        spawn_local(async move {
            let _ = send::<PublicAnswer>("/language", body).await;
        });
    });
    view! {
        <PublicFrame language=language organisation=of_whom here=here choose=Some(choose)>
            <RegistrationForm language=language view=view />
        </PublicFrame>
    }
}

/// What the form knows about itself.
#[derive(Clone, Copy)]
struct FormState {
    name: RwSignal<Option<FieldError>>,
    first_name: RwSignal<Option<FieldError>>,
    last_name: RwSignal<Option<FieldError>>,
    phone: RwSignal<Option<FieldError>>,
    password_error: RwSignal<Option<FieldError>>,
    again: RwSignal<Option<FieldError>>,
    password: RwSignal<PasswordState>,
    refusal: RwSignal<Option<SpokenRefusal>>,
    is_sending: RwSignal<bool>,
    /// Counts what was typed into the password: an answer about an older one is none.
    turn: StoredValue<u32>,
    quiet: StoredValue<Option<TimeoutHandle>>,
    view: StoredValue<RegistrationView>,
}

impl FormState {
    fn new(view: &RegistrationView) -> Self {
        let said = |field: CheckedField| {
            let refusal = view.refusal.as_ref().filter(|refusal| refusal.field.as_deref() == Some(field.name()));
            RwSignal::new(refusal.map(|refusal| FieldError::Said(refusal.said.clone())))
        };
        Self {
            name: said(CheckedField::Name),
            first_name: said(CheckedField::FirstName),
            last_name: said(CheckedField::LastName),
            phone: said(CheckedField::Phone),
            password_error: said(CheckedField::Password),
            again: said(CheckedField::Again),
            password: RwSignal::new(PasswordState::of(view.rule, "")),
            refusal: RwSignal::new(view.refusal.clone()),
            is_sending: RwSignal::new(false),
            turn: StoredValue::new(0),
            quiet: StoredValue::new(None),
            view: StoredValue::new(view.clone()),
        }
    }

    fn error(self, field: CheckedField) -> RwSignal<Option<FieldError>> {
        match field {
            CheckedField::Name => self.name,
            CheckedField::FirstName => self.first_name,
            CheckedField::LastName => self.last_name,
            CheckedField::Phone => self.phone,
            CheckedField::Password => self.password_error,
            CheckedField::Again => self.again,
        }
    }

    /// What is wrong with a field now.
    fn find(self, field: CheckedField) -> Option<FieldError> {
        if field == CheckedField::Password {
            let problems = self.password.try_get_untracked()?.all_problems();
            return (!problems.is_empty()).then_some(FieldError::Password(problems));
        }
        let text = input(field)?.value();
        if field == CheckedField::Again {
            let first = input(CheckedField::Password)?.value();
            return (text != first).then_some(FieldError::Differs);
        }
        check(field, &text, self.view.try_with_value(|view| view.asks)?)
    }

    /// A letter more or less.
    fn typed(self, event: &Event) {
        let Some((which, field)) = checked(event) else { return };
        if which == CheckedField::Password {
            self.read_password(&field.value());
            if self.again.try_get_untracked().flatten().is_some() {
                self.again.try_set(self.find(CheckedField::Again));
            }
        }
        let is_about = |refusal: &SpokenRefusal| refusal.field.as_deref() == Some(which.name());
        if self.refusal.try_with_untracked(|refusal| refusal.as_ref().is_some_and(is_about)) == Some(true) {
            self.refusal.try_set(None);
        }
        // What is said is said as long as it is so, and not longer.
        let error = self.error(which);
        if error.try_get_untracked().flatten().is_some() {
            error.try_set(self.find(which));
        }
    }

    /// A field was left: what is wrong with it is said, unless nothing was typed yet.
    fn left(self, event: &FocusEvent) {
        let Some((which, _)) = checked(event) else { return };
        set_timeout(move || self.say(which), AFTER_THE_CLICK);
    }

    fn say(self, which: CheckedField) {
        let Some(field) = input(which) else { return };
        let is_there = document().active_element().is_some_and(|active| active.id() == which.name());
        let is_said = self.error(which).try_get_untracked().flatten().is_some();
        if !is_there && !is_said && !field.value().is_empty() {
            self.error(which).try_set(self.find(which));
        }
    }

    fn read_password(self, password: &str) {
        let Some(rule) = self.view.try_with_value(|view| view.rule) else { return };
        let state = PasswordState::of(rule, password);
        let is_worth_asking = !state.is_empty && state.problems.is_empty();
        self.password.try_set(state);
        self.turn.try_update_value(|turn| *turn += 1);
        self.quiet.try_update_value(|quiet| {
            if let Some(quiet) = quiet.take() {
                quiet.clear();
            }
            if is_worth_asking {
                *quiet = set_timeout_with_handle(move || self.ask_strength(), QUIET).ok();
            }
        });
    }

    /// The server has the lists of passwords that are guessed first.
    fn ask_strength(self) {
        let Some(password) = input(CheckedField::Password) else { return };
        let names = [CheckedField::Name, CheckedField::FirstName, CheckedField::LastName];
        let name: Vec<_> = names.into_iter().filter_map(input).map(|field| field.value()).collect();
        let body = fields(&[("name", &name.join(" ")), ("password", &password.value())]);
        let Some(turn) = self.turn.try_get_value() else { return };
        let Some(path) = self.view.try_with_value(|view| format!("/i/{}/strength", view.link)) else { return };
        spawn_local(async move {
            let answer = send::<Option<PasswordProblem>>(&path, body).await;
            // Nothing is known where nothing was answered: then it is judged when the form is sent.
            let Ok(problem) = answer else { return };
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            let is_guessable = problem == Some(PasswordProblem::Guessable);
            self.password.try_update(|state| state.is_guessable = Some(is_guessable));
            self.say(CheckedField::Password);
        });
    }

    /// Everything is looked at again; the first field that is wrong.
    fn check_all(self) -> Option<CheckedField> {
        if let Some(password) = input(CheckedField::Password) {
            // A password manager may have filled it in without a word.
            let known = self.password.try_get_untracked().unwrap_or_default();
            let rule = self.view.try_with_value(|view| view.rule);
            if let Some(state) = rule.map(|rule| PasswordState::of(rule, &password.value()))
                && state.problems != known.problems
            {
                self.password.try_set(state);
            }
        }
        for field in CheckedField::ALL {
            // What the server said stands until the field is changed; whether it still holds, the server knows.
            self.error(field).try_set(self.find(field));
        }
        CheckedField::ALL.into_iter().find(|field| self.error(*field).try_get_untracked().flatten().is_some())
    }

    /// Sends the form in place; a field with an error holds it back and gets the focus.
    fn submit(self, event: &SubmitEvent) {
        if let Some(wrong) = self.check_all() {
            event.prevent_default();
            focus(wrong);
            return;
        }
        let form = event_target::<HtmlFormElement>(event);
        // The boxes: the style says below each what it is for.
        let _ = form.set_attribute("data-tried", "");
        if let Ok(Some(missing)) = form.query_selector(":invalid") {
            event.prevent_default();
            let _ = missing.unchecked_into::<HtmlInputElement>().focus();
            return;
        }
        // Where it cannot be read, the browser sends it as it would without script.
        let Some(body) = body_of(&form) else { return };
        event.prevent_default();
        if self.is_sending.try_get_untracked() != Some(false) {
            return;
        }
        self.is_sending.try_set(true);
        self.refusal.try_set(None);
        let Some(path) = self.view.try_with_value(|view| format!("/i/{}", view.link)) else { return };
        spawn_local(async move {
            match send(&path, body).await {
                Ok(PublicAnswer::GoOn(path)) => {
                    let _ = window().location().set_href(&path);
                    return;
                }
                Ok(PublicAnswer::Refused(refusal)) => self.refused(refusal),
                Err(NoAnswer::Unreached) => self.refused(SpokenRefusal {
                    field: None,
                    said: InEachLanguage::new(|words| words.offline().into()),
                    phone_meant: String::new(),
                }),
                Err(NoAnswer::Unreadable) => {
                    let _ = form.submit();
                }
            }
            self.is_sending.try_set(false);
        });
    }

    /// What the server refused stands at its field, and above the form, where the focus goes.
    fn refused(self, refusal: SpokenRefusal) {
        if let Some(field) = refusal.field.as_deref().and_then(CheckedField::named) {
            self.error(field).try_set(Some(FieldError::Said(refusal.said.clone())));
        }
        self.refusal.try_set(Some(refusal));
    }

    /// What was typed before the page came alive is looked at as if it had been typed now.
    fn catch_up(self) {
        if let Some(password) = input(CheckedField::Password).map(|field| field.value()).filter(|text| !text.is_empty())
        {
            self.read_password(&password);
        }
        for field in CheckedField::ALL {
            let is_changed = input(field).is_some_and(|input| input.value() != input.default_value());
            if is_changed {
                self.say(field);
            }
        }
    }
}

/// The field in which something happened, if it is one that is checked.
fn checked(event: &Event) -> Option<(CheckedField, HtmlInputElement)> {
    let field: HtmlInputElement = event.target()?.dyn_into().ok()?;
    Some((CheckedField::named(&field.name())?, field))
}

fn input(field: CheckedField) -> Option<HtmlInputElement> {
    document().get_element_by_id(field.name())?.dyn_into().ok()
}

fn focus(field: CheckedField) {
    if let Some(input) = input(field) {
        let _ = input.focus();
    }
}

/// The form.
#[component]
fn RegistrationForm(language: RwSignal<Language>, view: RegistrationView) -> impl IntoView {
    let state = FormState::new(&view);
    let is_alive = RwSignal::new(false);
    Effect::new(move || {
        is_alive.set(true);
        state.catch_up();
    });
    let say = move |word: fn(Language) -> &'static str| Signal::derive(move || word(language.get()).to_string());
    let error = move |field: CheckedField| {
        let error = state.error(field);
        Signal::derive(move || error.with(|error| error.as_ref().map(|error| error.text(language.get()))))
    };
    let named =
        move |field: CheckedField, label: fn(Language) -> &'static str, value: String, autocomplete: &'static str| {
            view! {
                <Field
                    label=say(label)
                    name=field.name()
                    value=value
                    error=error(field)
                    autocomplete=autocomplete
                    required=true
                />
            }
            .into_any()
        };
    let RegistrationView { link, invitation, personal_text, address, name, phone, rule, asks, consents, .. } = view;
    // By whichever way the invitation came, that is what they sign in with.
    let is_number = address.starts_with('+');
    let invitation = StoredValue::new(invitation);
    let told = move |read: fn(&InvitationWords) -> String| {
        move || invitation.with_value(|invitation| read(invitation.get(language.get())))
    };
    let place = move || invitation.with_value(|invitation| place_of(invitation.get(language.get())));
    // Somebody else's words, marked as such: plain text, nothing in it can be pressed (ML-04).
    let text = (!personal_text.is_empty()).then(|| {
        view! { <blockquote class="pre-line">{move || language.get().quoted(&personal_text)}</blockquote> }
    });
    let is_named =
        invitation.with_value(|invitation| !invitation.get(language.get_untracked()).wrong_address.is_empty());
    let wrong = is_named.then(|| {
        let said = told(|told| told.wrong_address.clone());
        view! { <p class="meta"><a href=format!("/i/{link}/decline")>{said}</a></p> }
    });
    let is_told = invitation.with_value(|invitation| !invitation.get(language.get_untracked()).password.is_empty());
    let of_password = is_told.then(|| view! { <p>{told(|told| told.password.clone())}</p> });
    let summary = move || state.refusal.get().map(|refusal| summary(language.get(), refusal));
    let meant = move || {
        state.refusal.with(|refusal| refusal.as_ref().map(|refusal| refusal.phone_meant.clone()).unwrap_or_default())
    };
    view! {
        <form
            class="card"
            method="post"
            action=format!("/i/{link}")
            data-opened=format!("/i/{link}/opened")
            novalidate=move || is_alive.get()
            on:input=move |event| state.typed(&event)
            on:focusout=move |event| state.left(&event)
            on:submit=move |event| state.submit(&event)
        >
            <div class="stack tight">
                <h1>{told(|told| told.title.clone())}</h1>
                {place}
                {text}
            </div>
            {summary}
            <Field
                label=say(Language::your_sign_in)
                name="username"
                kind=if is_number { "tel" } else { "email" }
                value=address
                autocomplete="username"
                readonly=true
            />
            {wrong}
            {match asks.name {
                NameFields::One => named(CheckedField::Name, Language::your_name, name.whole, "name"),
                NameFields::FirstAndLast => {
                    let first = named(CheckedField::FirstName, Language::first_name, name.first, "given-name");
                    let last = named(CheckedField::LastName, Language::last_name, name.last, "family-name");
                    view! { {first} {last} }.into_any()
                }
            }}
            {match is_number || asks.phone == PhoneField::Off {
                true => view! { <input type="hidden" name="phone" value="" /> }.into_any(),
                false => view! {
                    <Field
                        label=say(Language::your_phone)
                        name="phone"
                        kind="tel"
                        value=phone
                        hint=say(match asks.phone {
                            PhoneField::Required => Language::your_phone_needed_hint,
                            _ => Language::your_phone_hint,
                        })
                        error=error(CheckedField::Phone)
                        autocomplete="tel"
                        required=asks.phone == PhoneField::Required
                    />
                }
                .into_any(),
            }}
            <input type="hidden" name="phone_meant" value=meant />
            {of_password}
            <PasswordField
                label=say(Language::password_label)
                name="password"
                autocomplete="new-password"
                show=say(Language::show_password)
                hide=say(Language::hide_password)
                asked=asked_list(rule, language, state.password)
                error=error(CheckedField::Password)
                minlength=minlength(rule)
            />
            {asks.repeats_password.then(|| {
                view! {
                    <PasswordField
                        label=say(Language::password_again_label)
                        name="password_again"
                        autocomplete="new-password"
                        show=say(Language::show_password)
                        hide=say(Language::hide_password)
                        error=error(CheckedField::Again)
                    />
                }
            })}
            <div class="consents" inner_html=consents></div>
            <p class="meta" aria-hidden="true">{move || format!("* {}", language.get().required())}</p>
            <p class="meta">{told(|told| told.until.clone())}</p>
            <div class="actions sticky">
                <button class="button primary" aria-busy=move || state.is_sending.get().then_some("true")>
                    {move || language.get().create_account()}
                </button>
            </div>
        </form>
    }
}

/// The words above the form; they take the focus and lead to the field.
fn summary(language: Language, refusal: SpokenRefusal) -> AnyView {
    let text = refusal.said.get(language).clone();
    let Some(field) = refusal.field else { return view! { <ErrorSummary title=text /> }.into_any() };
    view! {
        <ErrorSummary title=language.one_answer_again()>
            <li>
                <a href=format!("#{field}")>{text}</a>
            </li>
        </ErrorSummary>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::super::spoken;
    use super::*;
    use crate::domain::contact::PhoneProblem;
    use crate::domain::error::UseCaseError;
    use crate::domain::id::RoleId;
    use crate::domain::password::PasswordPolicy;
    use crate::domain::permission::Permissions;
    use crate::domain::timestamp::Timestamp;
    use crate::view_models::FormattedTime;

    fn role() -> Role {
        Role {
            id: RoleId::new("r"),
            key: "dispatcher".into(),
            name: String::new(),
            rank: 1,
            permissions: Permissions::default(),
            may_assign: Vec::new(),
            gave: Vec::new(),
            is_removed: false,
            is_top: false,
            needs_approval: false,
            losing_takes_two: false,
            valid_for: None,
            carries: None,
        }
    }

    fn open() -> OpenInvitation {
        OpenInvitation {
            channel: crate::domain::contact::Channel::default(),
            organisation: "ACME School".into(),
            inviter: "Anna Petrova".into(),
            inviter_email: Some("anna@acme.by".into()),
            support_contact: String::new(),
            asks_code: false,
            asks: crate::domain::registration::RegistrationFields::default(),
            consents: ConsentKind::ALL.map(|kind| (kind, 2)).to_vec(),
            offers: vec![(role(), "ACME North".into())],
            has_account: false,
            personal_text: "See you!\n<script>alert(1)</script> https://evil.example".into(),
            address: "ivan@acme.by".into(),
            name: "Ivan Petrov".into(),
            phone: String::new(),
            language: Language::English,
            until: FormattedTime {
                at: Timestamp(0),
                short: String::new(),
                exact: "Fri 20 Nov 2026, 10:02 (Europe/Minsk)".into(),
            },
            password: PasswordPolicy::default(),
            carries: InvitationCarries::Link,
            signed_in_as: None,
        }
    }

    fn html(refusal: Option<UseCaseError>, typed: Option<Typed>) -> String {
        let owner = Owner::new();
        owner.set();
        let until = InEachLanguage::new(|_| "Fri 20 Nov 2026, 10:02 (Europe/Minsk)".to_string());
        let view = registration("ACME School", "abc", open(), &until, typed, refusal.as_ref().map(spoken));
        view! { <RegistrationPage view=view /> }.to_html()
    }

    #[test]
    fn the_page_says_who_invites_and_serves_password_managers() {
        let html = html(None, None);
        for expected in [
            "Anna Petrova invites you as Dispatcher",
            "autocomplete=\"username\"",
            "autocomplete=\"name\"",
            "autocomplete=\"tel\"",
            "autocomplete=\"new-password\"",
            "value=\"ivan@acme.by\"",
            "minlength=\"12\"",
            "12 or more characters",
            "hard to guess",
            "data-state=\"open\"",
            "action=\"/i/abc\"",
            "href=\"/i/abc/decline\"",
            "href=\"/agreements/user-agreement/2?language=en\" target=\"_blank\"",
        ] {
            assert!(html.contains(expected), "{expected} in {html}");
        }
    }

    #[test]
    fn several_offers_stand_below_each_other() {
        let mut open = open();
        open.offers.push((role(), "ACME South".into()));
        let (_, place, _) = offered(Language::English, &open);
        let html = place.to_html();
        assert!(html.contains("Dispatcher, ACME North") && html.contains("Dispatcher, ACME South"), "{html}");
    }

    #[test]
    fn a_personal_text_stays_text_and_none_of_its_addresses_can_be_pressed() {
        let html = html(None, None);
        assert!(html.contains("&lt;script&gt;") && !html.contains("<script"), "{html}");
        assert!(!html.contains("href=\"https://evil"), "{html}");
    }

    #[test]
    fn a_refusal_keeps_what_was_typed_but_never_the_password() {
        let typed = Typed {
            name: TypedName { whole: "Ivan \"the\" Petrov".into(), ..TypedName::default() },
            phone: "29 123".into(),
            ticked: vec![ConsentKind::PersonalData],
        };
        let refusal = PhoneProblem::CountryCodeMissing { digits: "29123".into() }.into();
        let html = html(Some(refusal), Some(typed));
        assert!(html.contains("value=\"29 123\"") && html.contains("Ivan &quot;the&quot; Petrov"), "{html}");
        assert!(html.contains("href=\"#phone\"") && html.contains("data-focus"), "{html}");
        assert!(html.contains(Language::English.type_password_again()), "{html}");
        let ticked = |html: &str, kind: ConsentKind| {
            let tag = html.split(&format!("id=\"{}\"", kind.code())).nth(1).and_then(|rest| rest.split('>').next());
            tag.expect("a box").contains("checked")
        };
        assert_eq!(ConsentKind::ALL.map(|kind| ticked(&html, kind)), [false, true, false]);
        // Never beforehand.
        let fresh = super::tests::html(None, None);
        assert_eq!(ConsentKind::ALL.map(|kind| ticked(&fresh, kind)), [false; 3]);
        assert!(!fresh.contains(Language::English.type_password_again()), "{fresh}");
        let password = html.split("name=\"password\"").nth(1).and_then(|rest| rest.split('>').next());
        assert!(password.is_some_and(|rest| !rest.contains("value=")), "{html}");
    }
}
