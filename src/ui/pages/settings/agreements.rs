//! What people are asked to agree to (rules 48, 49): each text by itself, with its versions and who published them.

use crate::domain::consent::{ConsentKind, LONGEST_TEXT};
use crate::domain::error::{Invalid, UseCaseError};
use crate::server_fns::settings::PublishAgreement;
use crate::ui::components::{CheckField, Chip, Icon, PageHeader, Tab, Tabs, TextField, Tone};
use crate::ui::forms::plain::{Note, PlainAnswer, revision_field};
use crate::ui::pages::parts::person_name;
use crate::ui::session::words;
use crate::view_models::{AgreementsPage, ConsentVersion};
use crate::words::Language;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

fn field_in(language: Language) -> &'static str {
    match language {
        Language::English => "text_en",
        Language::Russian => "text_ru",
    }
}

fn field_of(refusal: &UseCaseError) -> &'static str {
    match refusal {
        UseCaseError::Invalid(Invalid::ConsentText) => field_in(Language::English),
        UseCaseError::Invalid(Invalid::ConsentTextTooLong { language }) => field_in(*language),
        _ => "",
    }
}

/// The inside of the page.
pub fn agreements_page(page: AgreementsPage) -> AnyView {
    let words = words();
    let kinds = ConsentKind::ALL.map(|kind| Tab {
        href: format!("/settings/agreements?kind={}", kind.code()),
        label: words.consent_title(kind).into(),
        current: kind == page.kind,
        count: None,
    });
    let title = words.consent_title(page.kind);
    let versions = versions(page.kind, &page.versions);
    view! {
        <a class="back" href="/settings"><Icon name="chevron-left" />{words.settings()}</a>
        <PageHeader title=words.agreements() lead=words.agreements_lead() />
        <Tabs items=kinds.to_vec() label=words.agreements() />
        <div class="columns">
            <section class="card" aria-labelledby="agreement">
                <h2 id="agreement">{title}</h2>
                {form(page)}
            </section>
            <section class="card" aria-labelledby="versions">
                <h2 id="versions">{words.consent_versions()}</h2>
                {versions}
            </section>
        </div>
    }
    .into_any()
}

/// The form, with what was typed last if it was refused.
fn form(page: AgreementsPage) -> impl IntoView {
    let words = words();
    let note = Note::about(PublishAgreement::PATH, field_of);
    let hint = match page.kind.is_mandatory() {
        true => words.consent_asked_mandatory_hint(),
        false => words.consent_asked_free_hint(),
    };
    let fields = page.texts.iter().map(|(language, text)| {
        let name = field_in(*language);
        let shown: String = text.chars().take(200).collect();
        view! {
            <TextField
                label=words.consent_text_in(language.own_name())
                name=name
                value=note.typed_or(name, text.clone())
                hint=note.hint_or(name, text, &shown, words.consent_text_hint())
                error=Signal::stored(note.error(name))
                maxlength=LONGEST_TEXT
                rows=14
            />
        }
    });
    let fields = fields.collect_view();
    view! {
        <PlainAnswer note=note.clone() done=words.consent_saved() />
        <form class="stack" method="post" action=PublishAgreement::PATH>
            <input type="hidden" name="kind" value=page.kind.code() />
            {revision_field(&page.revision)}
            <CheckField
                label=words.consent_asked_kind()
                name="is_asked"
                checked=note.ticked_or("is_asked", "on", page.is_asked)
                hint=note.box_hint_or("is_asked", "on", page.is_asked, hint)
            />
            {fields}
            <p class="hint">{words.consent_publish_hint()}</p>
            <div class="actions">
                <button class="button primary">{words.consent_publish()}</button>
            </div>
        </form>
    }
}

/// Every version, newest first, each with the way to its text.
fn versions(kind: ConsentKind, versions: &[ConsentVersion]) -> AnyView {
    let words = words();
    if versions.is_empty() {
        return view! { <p class="muted">{words.consent_no_versions()}</p> }.into_any();
    }
    let row = |version: &ConsentVersion| {
        let href = format!("/agreements/{}/{}", kind.code(), version.version);
        let when = version.when.short.clone();
        let when = match &version.who {
            Some(who) => words.when_by(&when, &person_name(who)),
            None => when,
        };
        let asked = version.is_asked.then(|| view! { " "<Chip tone=Tone::Ok>{words.consent_is_asked()}</Chip> });
        view! {
            <li>
                <a href=href target="_blank" rel="external noopener">{words.consent_version_number(version.version)}</a>
                {asked}
                <p class="meta" title=version.when.exact.clone()>{when}</p>
            </li>
        }
    };
    view! { <ol class="stack tight" reversed=true>{versions.iter().map(row).collect_view()}</ol> }.into_any()
}
