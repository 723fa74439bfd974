//! What people are asked to agree to, on pages before sign-in: the boxes with their texts beside them, the text by itself, and the
//! page between somebody and their work. The boxes are written by the server in every language at once and shown in that of the
//! document, so that the page of an invitation, which changes its language by itself, needs no script for them.

use super::FormOutcome;
use crate::domain::consent::ConsentKind;
use crate::ui::components::{Notice, Tone};
use crate::view_models::{OwedConsents, PublishedText};
use crate::words::Language;
use leptos::prelude::*;

/// Where a version of a text is read.
pub fn address(kind: ConsentKind, version: i64) -> String {
    format!("/agreements/{}/{version}", kind.code())
}

/// A sentence in every language; the style shows the one of the document.
fn in_each<V: IntoView + 'static>(say: impl Fn(Language) -> V) -> AnyView {
    let spoken = Language::ALL.map(|one| view! { <span lang=one.code()>{say(one)}</span> });
    view! { <span class="in-each">{spoken.into_iter().collect_view()}</span> }.into_any()
}

/// A box, with the way to its text where that is not on the page.
fn tick(kind: ConsentKind, version: i64, is_ticked: bool, links: bool) -> AnyView {
    let (id, error) = (kind.code(), format!("{}-error", kind.code()));
    let required = kind.is_mandatory();
    let star = required.then(|| view! { <span class="required-mark" aria-hidden="true">"*"</span> });
    let link = links.then(|| {
        in_each(move |words| {
            let title = words.consent_link(words.consent_title(kind), version);
            view! {
                <a href=format!("{}?language={}", address(kind, version), words.code()) target="_blank" rel="noopener">
                    {title}
                    <span class="visually-hidden">" " {words.opens_in_new_tab()}</span>
                </a>
            }
        })
    });
    let hint = (!required).then(|| view! { " " {in_each(Language::accept_messages_hint)} });
    let missing = required.then(|| {
        view! { <p class="field-error missing" id=error.clone()>{in_each(|words| words.not_agreed(kind))}</p> }
    });
    view! {
        <div class="choice">
            <input
                type="checkbox"
                id=id
                name=id
                value=version.to_string()
                checked=is_ticked
                required=required
                aria-describedby=required.then(|| error.clone())
            />
            <label for=id>{in_each(|words| words.consent_tick(kind))}{star}</label>
            <p class="hint">{link}{hint}</p>
            {missing}
        </div>
    }
    .into_any()
}

/// The boxes of a form, as a text of HTML: `ticked` are those that were ticked when it was refused. Empty where nothing is asked.
pub fn ticks(asked: &[(ConsentKind, i64)], ticked: Option<&[ConsentKind]>) -> String {
    if asked.is_empty() {
        return String::new();
    }
    let boxes = asked
        .iter()
        .map(|(kind, version)| tick(*kind, *version, ticked.is_some_and(|ticked| ticked.contains(kind)), true));
    // What is missing is said once the form was sent without it.
    let tried = ticked.map(|_| "");
    view! { <div class="stack tight" data-tried=tried>{boxes.collect_view()}</div> }.to_html()
}

/// A text in paragraphs.
fn paragraphs(text: &PublishedText) -> AnyView {
    let paragraphs = text.text.split("\n\n").map(|part| view! { <p class="pre-line">{part.to_string()}</p> });
    view! { <div class="stack" lang=text.language.code()>{paragraphs.collect_view()}</div> }.into_any()
}

/// A version of a text, for everybody.
#[component]
pub fn AgreementPage(language: Language, text: PublishedText) -> impl IntoView {
    let words = language;
    let newer = text.is_old.then(|| {
        let newest = format!("/agreements/{}", text.kind.code());
        view! {
            <Notice tone=Tone::Info>
                {words.consent_is_old()} " " <a href=newest>{words.consent_read_newest()}</a>
            </Notice>
        }
    });
    view! {
        <article class="card prose">
            <div class="stack tight">
                <h1>{words.consent_title(text.kind)}</h1>
                <p class="meta" title=text.since.exact.clone()>{words.consent_version(text.version, &text.since.short)}</p>
            </div>
            {newer}
            {paragraphs(&text)}
        </article>
    }
}

/// What stands between somebody and their pages: each text to be read, its box below it, and the way out.
#[component]
pub fn AgreePage(
    outcome: FormOutcome,
    owed: OwedConsents,
    ticked: Option<Vec<ConsentKind>>,
    here: &'static str,
    next: String,
) -> impl IntoView {
    let words = outcome.language;
    let sign_out = if here == "/agreements" { "/sign-out" } else { "/m/sign-out" };
    let tried = ticked.as_ref().map(|_| "");
    let texts = owed.texts.iter().map(|(text, before)| {
        let changed = before.filter(|_| text.kind.is_mandatory()).map(|version| words.agree_changed(version));
        let heading = format!("text-{}", text.kind.code());
        let is_ticked = ticked.as_ref().is_some_and(|ticked| ticked.contains(&text.kind));
        view! {
            <section class="stack tight" aria-labelledby=heading.clone()>
                <h2 id=heading.clone()>{words.consent_title(text.kind)}</h2>
                <p class="meta" title=text.since.exact.clone()>{words.consent_version(text.version, &text.since.short)}</p>
                {changed.map(|changed| view! { <Notice tone=Tone::Info>{changed}</Notice> })}
                <div class="agreement" tabindex="0" role="region" aria-labelledby=heading.clone()>{paragraphs(text)}</div>
                {tick(text.kind, text.version, is_ticked, false)}
            </section>
        }
    });
    let texts = texts.collect_view();
    view! {
        <form class="card" method="post" action=here data-tried=tried>
            <div class="stack tight">
                <h1>{words.agree_title()}</h1>
                <p class="muted">{words.agree_lead(&owed.name)}</p>
            </div>
            {outcome.summary()}
            {texts}
            <p class="meta" aria-hidden="true">{format!("* {}", words.required())}</p>
            <input type="hidden" name="next" value=next />
            <div class="actions">
                <button class="button primary">{words.agree_go_on()}</button>
            </div>
        </form>
        <form class="stack tight" method="post" action=sign_out>
            <p class="hint">{words.agree_or_leave()}</p>
            <button class="button">{words.sign_out()}</button>
        </form>
    }
}
