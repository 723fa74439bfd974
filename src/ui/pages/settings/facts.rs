//! What can only be looked at: the settings, for those who may not change them, and what the operator configured.

use crate::domain::permission::Permission;
use crate::domain::settings::Settings;
use crate::server_fns::settings::SendTest;
use crate::ui::components::{Fact, Facts, Icon};
use crate::ui::forms::plain::{Note, PlainAnswer};
use crate::ui::session::{may_use, viewer, words};
use crate::view_models::SettingsView;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The settings as facts.
pub fn settings(settings: Settings) -> impl IntoView {
    let words = words();
    let classes = if settings.password.classes { words.settings_yes() } else { words.settings_no() };
    let checks = if settings.checks_domains { words.settings_yes() } else { words.settings_no() };
    view! {
        <Facts>
            <Fact label=words.setting_organisation() value=settings.organisation />
            <Fact label=words.setting_language() value=settings.language.own_name().to_string() />
            <Fact label=words.setting_zone() value=settings.zone />
            <Fact label=words.setting_validity() value=words.span(settings.invitation_valid_for.as_hours()) />
            <Fact label=words.setting_hold() value=words.seconds_short(settings.hold.0 / 1_000) />
            <Fact label=words.setting_letters_a_day() value=settings.letters_a_day.to_string() />
            <Fact label=words.settings_min_length() value=settings.password.min_length.to_string() />
            <Fact label=words.settings_classes() value=classes.to_string() />
            <Fact label=words.setting_unit_field() value=words.unit_field(settings.unit_field).0.to_string() />
            <Fact label=words.setting_name_policy() value=words.name_policy(settings.name_policy).0.to_string() />
            <Fact label=words.setting_support() value=settings.support_contact />
            <Fact label=words.setting_invites_by() value=words.invites_by(settings.invites_by).0.to_string() />
            <Fact label=words.setting_checks_domains() value=checks.to_string() />
        </Facts>
    }
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
