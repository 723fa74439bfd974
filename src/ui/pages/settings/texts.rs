//! What messages say: the organisation's own words for each kind and language, with variables in double braces, and what they were
//! before.

use crate::domain::error::{Invalid, UseCaseError};
use crate::domain::mail_text::{MailTextKind, TextPart, Variable};
use crate::server_fns::settings::{ChangeTexts, RestoreTexts};
use crate::ui::components::{Fact, Facts, Field, Icon, PageHeader, Tab, Tabs, TextField};
use crate::ui::forms::plain::{Note, PlainAnswer, revision_field};
use crate::ui::pages::letter;
use crate::ui::pages::parts::person_name;
use crate::ui::session::words;
use crate::view_models::{TextVersionView, TextsPage};
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
        href: page.kind.address(language),
        label: language.own_name().into(),
        current: language == page.language,
        count: None,
    });
    let kinds = MailTextKind::ALL.map(|kind| Tab {
        href: kind.address(page.language),
        label: words.text_kind(kind).into(),
        current: kind == page.kind,
        count: None,
    });
    let chip = |variable: &Variable| {
        let (written, meaning) = (variable.in_braces(), words.variable(*variable));
        view! {
            <Fact label=written.clone()>
                {meaning} " "
                <button type="button" class="button small by-script" data-insert=written.clone() aria-label=words.insert(&written)>
                    <Icon name="plus" />
                </button>
            </Fact>
        }
    };
    let chips = page.kind.variables().iter().map(chip).collect_view();
    let versions = versions(&page);
    let title = words.text_kind(page.kind);
    view! {
        <a class="back" href="/settings"><Icon name="chevron-left" />{words.settings()}</a>
        <PageHeader title=words.texts_title() lead=words.texts_lead() />
        <Tabs items=kinds.to_vec() label=words.texts_kinds() />
        <Tabs items=languages.to_vec() label=words.texts_languages() />
        <div class="columns">
            <section class="card" aria-labelledby="invitation">
                <h2 id="invitation">{title}</h2>
                {form(page)}
            </section>
            <section class="card" aria-labelledby="variables">
                <h2 id="variables">{words.texts_variables()}</h2>
                <p class="hint">{words.texts_variables_hint()}</p>
                <Facts>{chips}</Facts>
                {versions}
            </section>
        </div>
    }
    .into_any()
}

/// What it said before, and the way back to it.
fn versions(page: &TextsPage) -> impl IntoView + use<> {
    let words = words();
    let (kind, language, revision) = (page.kind, page.language, page.revision.clone());
    let row = |version: &TextVersionView| {
        let who = version.by.as_ref().map(person_name).unwrap_or_default();
        let what = if version.is_ours { words.texts_version_ours().to_string() } else { version.glance.clone() };
        let back = if version.stands {
            view! { <span class="hint">{words.texts_version_stands()}</span> }.into_any()
        } else {
            view! {
                <form method="post" action=RestoreTexts::PATH>
                    <input type="hidden" name="kind" value=kind.code() />
                    <input type="hidden" name="language" value=language.code() />
                    <input type="hidden" name="version" value=version.id.to_string() />
                    {revision_field(&revision)}
                    <button class="button small">{words.texts_bring_back()}</button>
                </form>
            }
            .into_any()
        };
        view! {
            <li class="stack tight">
                <span title=version.when.exact.clone()>{words.texts_version(&version.when.short, &who)}</span>
                <span class="hint">{what}</span>
                {back}
            </li>
        }
    };
    let rows = page.versions.iter().map(row).collect_view();
    let none = page.versions.is_empty().then(|| view! { <p class="hint">{words.texts_no_versions()}</p> });
    view! {
        <h2>{words.texts_versions()}</h2>
        {none}
        <ol class="stack tight">{rows}</ol>
    }
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
            <input type="hidden" name="kind" value=page.kind.code() />
            {revision_field(&page.revision)}
            <Field
                label=words.text_subject()
                name="subject"
                value=text(TextPart::Subject)
                hint=hint(TextPart::Subject, words.text_short_hint(TextPart::Subject.limit()))
                error=note.error("subject")
                maxlength=TextPart::Subject.limit()
                autocomplete="off"
            />
            <TextField
                label=words.text_lead()
                name="lead"
                value=text(TextPart::Lead)
                hint=hint(TextPart::Lead, words.text_lead_hint(TextPart::Lead.limit()))
                error=note.error("lead")
                maxlength=TextPart::Lead.limit()
                rows=6
            />
            <Field
                label=words.text_button()
                name="button"
                value=text(TextPart::Button)
                hint=hint(TextPart::Button, words.text_short_hint(TextPart::Button.limit()))
                error=note.error("button")
                maxlength=TextPart::Button.limit()
                autocomplete="off"
            />
            <TextField
                label=words.text_sms()
                name="sms"
                value=text(TextPart::Sms)
                hint=hint(TextPart::Sms, words.text_sms_hint(TextPart::Sms.limit()))
                error=note.error("sms")
                maxlength=TextPart::Sms.limit()
                rows=2
            />
            <div class="actions">
                <button class="button primary">{words.save()}</button>
                {restore}
            </div>
            {letter::unfolding(words.preview_and_test(), words.preview_text_hint(), PREVIEW, test)}
        </form>
    }
}
