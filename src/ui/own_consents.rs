//! What one agreed to, on one's own page of either surface: the texts, the way to take it back with what follows of it, and whether
//! one wants information messages (rules 48, 49).

use crate::domain::consent::ConsentKind;
use crate::view_models::ConsentState;
use crate::words::Language;
use leptos::prelude::*;

/// Where the forms go: to take something back, and to choose.
#[derive(Clone, Copy, Debug)]
pub struct ConsentForms {
    pub withdraw: &'static str,
    pub choose: &'static str,
    /// Whether each names its kind: where one address takes them all.
    pub names_messages: bool,
}

/// A row for each kind that is asked, or was.
pub fn own_consents(words: Language, states: &[ConsentState], forms: ConsentForms) -> Vec<AnyView> {
    let row = |state: &ConsentState| match state.kind {
        ConsentKind::Messages => messages(words, state, forms),
        _ => agreement(words, state, forms),
    };
    states.iter().map(row).collect()
}

/// Where the text is read that was agreed to, or is asked.
fn text_link(words: Language, state: &ConsentState) -> Option<AnyView> {
    let version = state.answer.as_ref().map(|answer| answer.version).or(state.asked)?;
    let href = format!("/agreements/{}/{version}", state.kind.code());
    Some(view! { <a href=href target="_blank" rel="external noopener">{words.own_read_text()}</a> }.into_any())
}

fn row(words: Language, state: &ConsentState, said: String, form: Option<AnyView>) -> AnyView {
    view! {
        <div class="stack tight">
            <h3>{words.consent_title(state.kind)}</h3>
            <p>{said} " " {text_link(words, state)}</p>
            {form}
        </div>
    }
    .into_any()
}

/// An agreement without which nobody goes on: it can be taken back, and what follows is said before.
fn agreement(words: Language, state: &ConsentState, forms: ConsentForms) -> AnyView {
    let said = match (&state.answer, state.asked) {
        (Some(answer), _) => match &answer.withdrawn {
            None => words.own_agreed(answer.version, &answer.when.short),
            Some(at) => words.card_withdrawn(&at.short),
        },
        (None, Some(version)) => words.own_published(version),
        (None, None) => String::new(),
    };
    let follows = match state.asked.is_some() && !state.is_own_text {
        true => words.own_withdraw_closes(),
        false => words.own_withdraw_is_free(),
    };
    let withdraw = state.is_given().then(|| {
        view! {
            <details>
                <summary>{words.own_withdraw()}</summary>
                <form class="stack tight" method="post" action=forms.withdraw>
                    <input type="hidden" name="kind" value=state.kind.code() />
                    <p>{follows}</p>
                    <div class="actions">
                        <button class="button danger">{words.own_withdraw_now()}</button>
                    </div>
                </form>
            </details>
        }
        .into_any()
    });
    row(words, state, said, withdraw)
}

/// Whether one wants information messages; it is changed at any time.
fn messages(words: Language, state: &ConsentState, forms: ConsentForms) -> AnyView {
    let said = match &state.answer {
        None => words.own_never_asked_messages().to_string(),
        Some(answer) if state.is_given() => words.own_gets_messages(&answer.when.short),
        Some(answer) => words.own_gets_no_messages(&answer.when.short),
    };
    let button = match (state.is_given(), state.asked) {
        (true, _) => Some(view! { <button class="button">{words.own_want_no_messages()}</button> }.into_any()),
        (false, Some(_)) => Some(
            view! { <button class="button" name="wanted" value="on">{words.own_want_messages()}</button> }.into_any(),
        ),
        (false, None) => None,
    };
    let form = button.map(|button| {
        let kind = forms.names_messages.then(|| view! { <input type="hidden" name="kind" value=state.kind.code() /> });
        view! { <form method="post" action=forms.choose>{kind} {button}</form> }.into_any()
    });
    row(words, state, said, form)
}
