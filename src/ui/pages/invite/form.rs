//! The form itself: the text field, what holds for everyone, and the buttons. Its fields keep what a person typed while the
//! rows above them come and go.

use super::result::{SentList, tidied};
use super::review::{ReviewList, Tally, tally};
use crate::domain::invitation::PERSONAL_TEXT_LIMIT;
use crate::domain::listing::InviteOptions;
use crate::domain::refusal::{Invalid, Refusal};
use crate::domain::review::InviteDraft;
use crate::server_fns::invitations::Invite;
use crate::ui::components::{Choice, ErrorSummary, Icon, RadioGroup, SelectField, TextField};
use crate::ui::forms::{refusal_of, typed_or};
use crate::ui::session::{assignable_roles, viewer, words};
use crate::words::Language;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement, HtmlTextAreaElement, InputEvent};

const PATH: &str = Invite::PATH;

/// The form with the rows that a draft left in it.
#[component]
pub fn InviteForm(invite: ServerAction<Invite>, options: InviteOptions, draft: Option<InviteDraft>) -> impl IntoView {
    let words = words();
    let refusal = refusal_of(invite);
    let nobody = Signal::derive(move || {
        let is_nobody = refusal.get() == Some(Refusal::Invalid(Invalid::NobodyToInvite));
        is_nobody.then(|| words.refusal(&Refusal::Invalid(Invalid::NobodyToInvite)))
    });
    let total = draft.as_ref().map_or(0, |draft| draft.rows.len());
    let tally = draft.as_ref().map_or([0; 4], |draft| tally(&draft.rows));
    let ready = RwSignal::new(tally[0]);
    let input = invite.input();
    let is_sending = move || input.with(|input| input.as_ref().is_some_and(|input| input.only_check.is_none()));
    let is_busy = move || invite.pending().get().then_some("true");
    let stay = move || {
        let n = total.saturating_sub(ready.get());
        (n > 0).then(|| view! { <span class="muted only-desk">{words.invite_stay(n)}</span> })
    };
    let news = draft.as_ref().map(spoken).unwrap_or_default();
    let everyone = everyone(&options, draft.as_ref());
    // A closure makes its rows anew each time: no tick of a row that has gone may fall to the one that follows it.
    let result = move || draft.clone().map(|draft| result_of(draft, tally, ready));
    view! {
        <ActionForm action=invite attr:class="stack wide" attr:autocomplete="off">
            <p class="visually-hidden" role="status">{news}</p>
            {move || refusal.get().map(summary)}
            {result}
            <div class="stack tight">
                <TextField
                    label=words.invite_addresses()
                    name="addresses"
                    value=typed_or(PATH, "addresses", "")
                    hint=words.invite_addresses_hint()
                    error=nobody
                    rows=4
                    mono=true
                    on:input=check_pasted
                    on:focusout=check_left
                />
                <div class="cluster">
                    <button class="button" id="check" name="only_check" value="on">{words.invite_check()}</button>
                </div>
            </div>
            {everyone}
            <div class="actions sticky">
                <button class="button primary" disabled=is_sending aria-busy=is_busy>
                    <Icon name="send" />
                    <span>{move || words.invite_send(ready.get())}</span>
                </button>
                <a class="button only-desk" href="/users">{words.cancel()}</a>
                {stay}
            </div>
        </ActionForm>
    }
}

/// Why nothing was sent, with the way to the field.
fn summary(refusal: Refusal) -> impl IntoView {
    let words = words();
    let field = match refusal {
        Refusal::Invalid(Invalid::NobodyToInvite) => "#addresses",
        Refusal::Invalid(Invalid::PersonalTextTooLong { .. }) => "#personal_text",
        Refusal::Invalid(Invalid::Validity) => "#valid_for_hours",
        Refusal::Invalid(Invalid::Unit) | Refusal::NotFound => "#unit",
        Refusal::Invalid(Invalid::Language) => "#language",
        _ => "#role",
    };
    let said = words.refusal(&refusal);
    let line = match refusal {
        Refusal::Invalid(_) | Refusal::Denied(_) | Refusal::NotFound => {
            view! { <a href=field rel="external">{said}</a> }.into_any()
        }
        _ => said.into_any(),
    };
    view! {
        <ErrorSummary title=words.refusal_title(&refusal)>
            <li>{line}</li>
        </ErrorSummary>
    }
}

/// What screen readers hear when the rows have come.
fn spoken(draft: &InviteDraft) -> String {
    let words = words();
    let [ready, check, fix, aside] = tally(&draft.rows);
    let counts = [
        (draft.sent.len(), words.invite_sent(draft.sent.len())),
        (ready, words.invite_ready(ready)),
        (check, words.invite_to_check(check)),
        (fix, words.invite_to_fix(fix)),
        (aside, words.invite_set_aside(aside)),
    ];
    counts.into_iter().filter(|(n, _)| *n > 0).map(|(_, text)| text).collect::<Vec<_>>().join(", ")
}

/// First what did not go, then what did.
fn result_of(draft: InviteDraft, tally: [usize; 4], ready: RwSignal<usize>) -> impl IntoView {
    let words = words();
    let tidied = tidied(&draft);
    let InviteDraft { rows, sent, .. } = draft;
    let was_sent = !sent.is_empty();
    let roles =
        std::iter::once(Choice::new("", words.invite_as_for_everyone())).chain(role_choices()).collect::<Vec<_>>();
    let review = (!rows.is_empty()).then(|| {
        let people = words.invite_rows(rows.len());
        let heading = if was_sent { format!("{}: {people}", words.invite_not_sent()) } else { people };
        view! {
            <div class="stack tight">
                <div class="review-summary">
                    <h2>{heading}</h2>
                    <Tally tally=tally />
                </div>
                <ReviewList rows=rows roles=roles ready=ready />
            </div>
        }
    });
    // After sending, the result takes the focus; after a mere look it stays where it was.
    view! {
        <div class="stack" tabindex="-1" data-focus=was_sent.then_some("")>
            {review}
            {(!tidied.is_empty()).then(|| view! { <p class="muted">{tidied}</p> })}
            {was_sent.then(|| view! { <SentList sent=sent /> })}
        </div>
    }
}

fn role_choices() -> impl Iterator<Item = Choice> {
    let words = words();
    assignable_roles()
        .into_iter()
        .map(move |role| Choice::new(role.id.as_str(), words.role_name(&role)).meaning(words.role_meaning(&role)))
}

/// What holds for everyone: company, role, language, how long, and the personal text.
fn everyone(options: &InviteOptions, draft: Option<&InviteDraft>) -> impl IntoView + use<> {
    let words = words();
    let roles: Vec<Choice> = role_choices().collect();
    let usual = options.usual_role.as_ref().map(|role| role.as_str().to_string()).unwrap_or_default();
    let drafted = draft.and_then(|draft| draft.role.as_ref()).map(|role| role.as_str().to_string());
    let role = typed_or(PATH, "role", drafted.unwrap_or(usual));
    // Where the usual role is not among them, the lowest: nobody gets more than was meant.
    let role = if roles.iter().any(|choice| choice.value == role) {
        role
    } else {
        roles.last().map(|choice| choice.value.clone()).unwrap_or_default()
    };
    let language = typed_or(PATH, "language", draft.map_or(options.language, |draft| draft.language).code());
    let languages = Language::ALL.map(|language| Choice::new(language.code(), language.own_name())).to_vec();
    let hours = draft.map_or(options.usual_hours, |draft| draft.valid_for_hours);
    let validities = options.validities.iter().map(|validity| {
        let label = words.invite_span_until(&words.span(validity.hours), &validity.until.exact);
        Choice::new(validity.hours.to_string(), label)
    });
    let text = typed_or(PATH, "personal_text", draft.map_or("", |draft| &draft.personal_text));
    let length = RwSignal::new(text.chars().count());
    let count = move |event: leptos::ev::Event| length.set(event_target_value(&event).chars().count());
    view! {
        <div class="columns">
            {companies(draft)}
            <SelectField label=words.invite_language() name="language" selected=language choices=languages />
            <SelectField
                label=words.invite_validity()
                name="valid_for_hours"
                selected=typed_or(PATH, "valid_for_hours", hours.to_string())
                choices=validities.collect()
            />
        </div>
        <RadioGroup
            legend=words.invite_role()
            name="role"
            selected=role
            hint=words.invite_role_hint()
            required=true
            choices=roles
        />
        <div class="stack tight">
            <TextField
                label=words.invite_text()
                name="personal_text"
                value=text
                hint=words.invite_text_hint(PERSONAL_TEXT_LIMIT)
                maxlength=500
                on:input=count
            />
            <p class="meta needs-script">{move || words.invite_text_length(length.get(), PERSONAL_TEXT_LIMIT)}</p>
        </div>
    }
}

/// The company, where there is a choice of them.
fn companies(draft: Option<&InviteDraft>) -> AnyView {
    let choices: Vec<Choice> = viewer().with_value(|viewer| {
        viewer.units.iter().map(|unit| Choice::new(unit.id.as_str(), unit.name.clone())).collect()
    });
    let first = choices.first().map(|choice| choice.value.clone()).unwrap_or_default();
    if choices.len() < 2 {
        return view! { <input type="hidden" name="unit" value=first /> }.into_any();
    }
    let drafted = draft.and_then(|draft| draft.unit.as_ref()).map_or(first, |unit| unit.as_str().to_string());
    view! {
        <SelectField
            label=words().company()
            name="unit"
            selected=typed_or(PATH, "unit", drafted)
            choices=choices
        />
    }
    .into_any()
}

fn element<T: JsCast>(id: &str) -> Option<T> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

fn press_check() {
    if let Some(button) = element::<HtmlElement>("check") {
        button.click();
    }
}

/// What was pasted is looked at without being asked.
fn check_pasted(event: leptos::ev::Event) {
    if event.dyn_ref::<InputEvent>().is_some_and(|event| event.input_type() == "insertFromPaste") {
        press_check();
    }
}

/// So is what was typed, when the field is left for another one; on the way to a button, that button says what happens.
fn check_left(event: leptos::ev::FocusEvent) {
    let next = event.related_target().and_then(|next| next.dyn_into::<Element>().ok());
    let is_field = next.is_some_and(|next| next.matches("form :is(input,select,textarea)").unwrap_or(false));
    if is_field && !event_target_value(&event).trim().is_empty() {
        press_check();
    }
}

/// Takes out of the text field what has become rows; what was typed since stays.
pub fn empty_after_success(invite: ServerAction<Invite>) {
    let given = StoredValue::new(String::new());
    let input = invite.input();
    Effect::new(move || {
        if let Some(addresses) = input.with(|input| input.as_ref().map(|input| input.addresses.clone())) {
            given.set_value(addresses.replace("\r\n", "\n"));
        }
    });
    Effect::new(move || {
        if let (Some(Ok(())), Some(field)) = (invite.value().get(), element::<HtmlTextAreaElement>("addresses")) {
            let text = field.value();
            given.with_value(|given| field.set_value(text.strip_prefix(given.as_str()).unwrap_or(&text)));
        }
    });
}

/// The router goes to the top of the page with every new draft; whoever has gone on to another field is brought back to it.
pub fn keep_in_sight<T: Send + Sync + 'static>(found: Resource<T>) {
    Effect::new(move || {
        found.track();
        if let Some(field) = document().active_element()
            && field.matches("form :is(input,select,textarea):not(#addresses)").unwrap_or(false)
        {
            field.scroll_into_view_with_bool(false);
        }
    });
}
