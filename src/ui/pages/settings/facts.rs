//! What can only be looked at: the settings, for those who may not change them, and what the operator configured.

use crate::domain::permission::Permission;
use crate::domain::settings::{Setting, Settings};
use crate::server_fns::settings::SendTest;
use crate::ui::components::{Fact, Facts, Icon};
use crate::ui::forms::plain::{Note, PlainAnswer};
use crate::ui::session::{may_use, viewer, words};
use crate::view_models::SettingsView;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The settings as facts.
pub fn settings(settings: &Settings) -> impl IntoView + use<> {
    let words = words();
    let facts = Setting::ALL.map(|setting| {
        let value = words.setting_value(setting, &setting.read(settings));
        view! { <Fact label=words.setting(setting) value=value /> }
    });
    view! { <Facts>{facts.into_iter().collect_view()}</Facts> }
}

/// What the operator configured, and how to change it.
pub fn server(view: SettingsView) -> impl IntoView {
    let words = words();
    let has_mailbox = viewer().with_value(|viewer| viewer.has_mailbox);
    // Tried by those who answer for it.
    let test = (view.relay.is_some() && may_use(Permission::ChangeSettings)).then(|| {
        let note = Note::about(SendTest::PATH, |_| "");
        let address = note.answer().unwrap_or_default();
        view! {
            <PlainAnswer note=note done=words.test_sent(&address) />
            <form method="post" action=SendTest::PATH>
                <button class="button"><Icon name="send" /><span>{words.send_test()}</span></button>
            </form>
        }
    });
    let relay = match view.relay {
        Some(relay) => view! { <span class="mono">{relay}</span> }.into_any(),
        None => view! {
            {words.settings_no_relay()}
            {has_mailbox.then(|| view! { " "<a href="/mailbox">{words.mailbox()}</a> })}
        }
        .into_any(),
    };
    view! {
        <section class="card" aria-labelledby="server">
            <h2 id="server">{words.settings_server()}</h2>
            <Facts>
                <Fact label=words.settings_relay()>{relay}</Fact>
                <Fact label=words.settings_sender() value=view.sender />
                <Fact label=words.settings_address()><span class="mono">{view.public_url}</span></Fact>
            </Facts>
            <p class="hint">{words.settings_server_note()}</p>
            {test}
        </section>
    }
}
