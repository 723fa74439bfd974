//! What the invitation letter says: the organisation's own words for each language, with variables in double braces.

use crate::domain::error::{Invalid, UseCaseError};
use crate::domain::mail_text::{TextPart, Variable};
use crate::server_fns::settings::{ChangeTexts, RestoreTexts};
use crate::ui::components::{Fact, Facts, Field, Icon, PageHeader, Tab, Tabs, TextField};
use crate::ui::forms::plain::{Note, PlainAnswer, revision_field};
use crate::ui::pages::letter;
use crate::ui::session::words;
use crate::view_models::TextsPage;
use crate::words::Language;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// Where the words are looked at as a letter.
const PREVIEW: &str = "/settings/texts/letter";

fn field_of(refusal: &UseCaseError) -> &'static str {
    match refusal {
        UseCaseError::Invalid(Invalid::MailText { part, .. }) => part.code(),
        _ => "",
    }
}

/// The inside of the page.
pub fn texts_page(page: TextsPage) -> AnyView {
    let words = words();
    let languages = Language::ALL.map(|language| Tab {
        href: format!("/settings/texts?language={}", language.code()),
        label: language.own_name().into(),
        current: language == page.language,
        count: None,
    });
    view! {
        <a class="back" href="/settings"><Icon name="chevron-left" />{words.settings()}</a>
        <PageHeader title=words.texts_title() lead=words.texts_lead() />
        <Tabs items=languages.to_vec() label=words.texts_languages() />
        <div class="columns">
            <section class="card" aria-labelledby="invitation">
                <h2 id="invitation">{words.texts_invitation()}</h2>
                {form(page)}
            </section>
            <section class="card" aria-labelledby="variables">
                <h2 id="variables">{words.texts_variables()}</h2>
                <p class="hint">{words.texts_variables_hint()}</p>
                <Facts>
                    {Variable::ALL.map(|variable| view! {
                        <Fact label=variable.in_braces() value=words.variable(variable).to_string() />
                    }).collect_view()}
                </Facts>
            </section>
        </div>
    }
    .into_any()
}

/// The form, with what was typed last if it was refused.
fn form(page: TextsPage) -> impl IntoView {
    let words = words();
    let note = Note::about(ChangeTexts::PATH, field_of);
    let restored = Note::about(RestoreTexts::PATH, |_| "");
    let text = |part: TextPart| note.typed_or(part.code(), page.stands.part(part));
    let hint = |part: TextPart, usual: String| {
        let stands = page.stands.part(part);
        note.hint_or(part.code(), stands, stands, usual)
    };
    let most = |part: TextPart| u32::try_from(part.limit()).unwrap_or(u32::MAX);
    let restore = page.is_own.then(|| {
        view! {
            <button class="button" formaction=RestoreTexts::PATH formnovalidate=true>{words.texts_restore()}</button>
        }
    });
    let test = page.can_send.then(|| {
        view! {
            <button
                class="button"
                name="send"
                value="on"
                formaction=PREVIEW
                formtarget=letter::FRAME
                formnovalidate=true
            >
                <Icon name="send" />
                <span>{words.send_test()}</span>
            </button>
        }
        .into_any()
    });
    view! {
        <PlainAnswer note=note.clone() done=words.texts_saved() />
        <PlainAnswer note=restored done=words.texts_restored() />
        <form class="stack" method="post" action=ChangeTexts::PATH>
            <input type="hidden" name="language" value=page.language.code() />
            {revision_field(&page.revision)}
            <Field
                label=words.text_subject()
                name="subject"
                value=text(TextPart::Subject)
                hint=hint(TextPart::Subject, words.text_short_hint(TextPart::Subject.limit()))
                error=note.error("subject")
                maxlength=most(TextPart::Subject)
                autocomplete="off"
            />
            <TextField
                label=words.text_lead()
                name="lead"
                value=text(TextPart::Lead)
                hint=hint(TextPart::Lead, words.text_lead_hint(TextPart::Lead.limit()))
                error=note.error("lead")
                maxlength=most(TextPart::Lead)
                rows=6
            />
            <Field
                label=words.text_button()
                name="button"
                value=text(TextPart::Button)
                hint=hint(TextPart::Button, words.text_short_hint(TextPart::Button.limit()))
                error=note.error("button")
                maxlength=most(TextPart::Button)
                autocomplete="off"
            />
            <div class="actions">
                <button class="button primary">{words.save()}</button>
                {restore}
            </div>
            {letter::unfolding(words.preview_and_test(), words.preview_text_hint(), PREVIEW, test)}
        </form>
    }
}
