//! What the installation decides for itself, what the server was given, and what each role may do.

mod agreements;
mod facts;
mod form;
mod preset;
mod texts;

pub use agreements::agreements_page;
pub use texts::texts_page;

use crate::domain::permission::Permission;
use crate::domain::settings::SettingsPart;
use crate::ui::components::{Chip, Icon, PageHeader, Tone};
use crate::ui::pages::parts::history_entries;
use crate::ui::session::{may_use, words};
use crate::view_models::{HistoryLine, SettingsView};
use leptos::prelude::*;

/// Its inside: the form, or facts for those who may only look.
pub fn page(view: SettingsView) -> AnyView {
    let words = words();
    let may_change = may_use(Permission::ChangeSettings);
    let (first, second) = match may_change {
        true => form::parts(&view.settings, &view.revision),
        false => {
            let facts = view! {
                <section class="card" aria-labelledby="installation">
                    <h2 id="installation">{words.settings_installation()}</h2>
                    {facts::settings(&view.settings)}
                </section>
            };
            (facts.into_any(), ().into_any())
        }
    };
    let texts = may_change.then(|| {
        view! {
            <a class="button" href="/settings/texts"><Icon name="mail" />{words.texts_link()}</a>
            <a class="button" href="/settings/agreements"><Icon name="check" />{words.agreements_link()}</a>
        }
    });
    let changed = view.changed.as_ref().map(last_change);
    let kind = may_change.then(|| preset::card(&view));
    view! {
        <PageHeader title=words.settings()>
            {(!may_change).then(|| view! { <Chip tone=Tone::Neutral icon="eye">{words.view_only()}</Chip> })}
        </PageHeader>
        {changed}
        {may_change.then(index)}
        <div class="columns">
            <div class="stack">{first}</div>
            <div class="stack">
                <section class="card" aria-labelledby="roles">
                    <h2 id="roles">{words.settings_roles()}</h2>
                    <p class="muted">{words.settings_roles_lead()}</p>
                    <div class="cluster">
                        <a class="button" href="/settings/roles"><Icon name="shield" />{words.settings_roles()}</a>
                        <a class="button" href="/settings/who"><Icon name="search" />{words.who_may_title()}</a>
                        {texts}
                    </div>
                </section>
                {second}
                {kind}
                {facts::server(view)}
            </div>
        </div>
    }
    .into_any()
}

/// The way to each part of the page.
fn index() -> AnyView {
    let words = words();
    let parts = SettingsPart::ALL.map(|part| (format!("#part-{}", part.code()), words.settings_part(part)));
    let others =
        [("#roles", words.settings_roles()), ("#kind", words.settings_preset()), ("#server", words.settings_server())];
    let others = others.map(|(href, name)| (href.to_string(), name));
    let links =
        parts.into_iter().chain(others).map(|(href, name)| view! { <a class="button small" href=href>{name}</a> " " });
    view! { <nav class="cluster" aria-label=words.settings_parts()>{links.collect_view()}</nav> }.into_any()
}

/// Who changed the settings last, and what; the way to everything before.
fn last_change(line: &HistoryLine) -> impl IntoView + use<> {
    let words = words();
    let history = may_use(Permission::SeeAudit).then(|| view! { " · "<a href="/audit">{words.audit()}</a> });
    history_entries(std::slice::from_ref(line)).into_iter().next().map(|entry| {
        view! {
            <p class="meta">
                <span title=entry.exact>{words.settings_last_change(&entry.at)}</span>
                " "
                {entry.text}
                {history}
            </p>
        }
    })
}
