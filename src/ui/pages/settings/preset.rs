//! What kind of organisation this is, and what would change if it were another: looked at first, changed then.

use crate::domain::consent::ConsentKind;
use crate::domain::error::UseCaseError;
use crate::domain::preset::PRESETS;
use crate::domain::settings::Setting;
use crate::server_fns::settings::ChangePreset;
use crate::ui::components::{Choice, Icon, Notice, SelectField, Tone};
use crate::ui::forms::plain::{Note, PlainAnswer, revision_field};
use crate::ui::session::words;
use crate::view_models::{PresetChange, SettingsView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// Its card.
pub fn card(view: &SettingsView) -> AnyView {
    let words = words();
    let own = view.settings.preset.clone();
    let (name, meaning) = words.preset(&own);
    let note = Note::about(ChangePreset::PATH, |_: &UseCaseError| "");
    let chosen = view.preset_change.as_ref().map_or(own, |change| change.preset.clone());
    let choices = PRESETS.iter().map(|preset| Choice::new(preset.key, words.preset(preset.key).0)).collect();
    let change = view.preset_change.as_ref().map(|change| would_change(view, change));
    let unasked = (!view.unasked.is_empty()).then(|| unasked(&view.unasked));
    view! {
        <section class="card" aria-labelledby="kind">
            <h2 id="kind">{words.settings_preset()}</h2>
            <PlainAnswer note=note done=words.preset_changed(name) />
            <p><strong>{name}</strong>": "{meaning}</p>
            <form class="stack form-width" method="get" action="/settings">
                <SelectField
                    label=words.settings_preset_other()
                    name="preset"
                    choices=choices
                    selected=chosen
                    hint=words.settings_preset_hint()
                />
                <div class="actions">
                    <button class="button"><Icon name="eye" /><span>{words.settings_preset_look()}</span></button>
                </div>
            </form>
            {change}
            {unasked}
        </section>
    }
    .into_any()
}

/// What such an organisation usually has people agree to, where nobody is asked: no text of ours is put before people unread.
fn unasked(kinds: &[ConsentKind]) -> AnyView {
    let words = words();
    let links = kinds.iter().map(move |kind| {
        let href = format!("/settings/agreements?kind={}", kind.code());
        view! { <li><a href=href>{words.consent_title(*kind)}</a></li> }
    });
    let links = links.collect_view();
    view! {
        <Notice tone=Tone::Info>
            <p>{words.preset_unasked()}</p>
            <ul>{links}</ul>
        </Notice>
    }
    .into_any()
}

fn would_change(view: &SettingsView, change: &PresetChange) -> AnyView {
    let words = words();
    let (name, meaning) = words.preset(&change.preset);
    let rows = change.settings.iter().filter_map(|(code, old, new)| {
        let setting = Setting::from_code(code)?;
        let (old, new) = (words.setting_value(setting, old), words.setting_value(setting, new));
        Some(view! { <li>{words.setting(setting)}": "{words.from_to(&old, &new)}</li> })
    });
    let rows = rows.collect_view();
    view! {
        <form
            class="stack form-width"
            method="post"
            action=ChangePreset::PATH
            aria-labelledby="would-change"
            tabindex="-1"
            data-focus=""
        >
            <h3 id="would-change">{words.preset_would(name)}</h3>
            <p class="muted">{meaning}</p>
            <ul>{rows}<li>{words.preset_words_change()}</li></ul>
            <p class="hint">{words.preset_stays()}</p>
            <input type="hidden" name="preset" value=change.preset.clone() />
            {revision_field(&view.revision)}
            <div class="actions">
                <button class="button primary">{words.preset_change()}</button>
                <a class="button" href="/settings">{words.cancel()}</a>
            </div>
        </form>
    }
    .into_any()
}
