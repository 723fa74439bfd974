//! The first visit: one page from an empty installation to its first main administrator.

use super::FormOutcome;
use super::new_password::{NewPassword, PLACE};
use crate::domain::preset::PRESETS;
use crate::domain::settings::LONGEST_CONTACT;
use crate::ui::components::{Choice, Field, Icon, RadioGroup, SelectField};
use crate::view_models::NewPasswordView;
use crate::words::Language;
use leptos::prelude::*;

/// What stands in the form when it is shown: nothing yet, or what was typed; never the password.
#[derive(Clone, Debug, Default)]
pub struct FirstAnswers {
    pub code: String,
    pub name: String,
    pub email: String,
    pub organisation: String,
    /// A language's code.
    pub language: String,
    pub zone: String,
    /// A preset's key.
    pub preset: String,
    pub support_contact: String,
}

/// The field of the first administrator's password; `said` comes from the server.
pub fn first_password(language: Language) -> NewPasswordView {
    let rules = PRESETS.iter().map(|preset| preset.password).collect();
    NewPasswordView {
        language,
        rules,
        said: None,
        takes_focus: false,
        repeats: false,
        said_again: None,
        is_first: true,
    }
}

/// Set-up.
#[component]
pub fn SetUpPage(
    outcome: FormOutcome,
    answers: FirstAnswers,
    /// The names of the time zones to choose from.
    zones: Vec<String>,
    /// Through which mail server messages leave, if one is configured.
    relay: Option<String>,
) -> impl IntoView {
    let words = outcome.language;
    let sending = relay.map_or_else(|| words.sends_to_mailbox().to_string(), |relay| words.sends_by_relay(&relay));
    let languages = Language::ALL.map(|one| Choice::new(one.code(), one.own_name())).to_vec();
    let presets = PRESETS
        .map(|preset| {
            let (name, meaning) = words.preset(preset.key);
            Choice::new(preset.key, name).meaning(meaning)
        })
        .to_vec();
    // Each kind of organisation asks for other passwords.
    let password = NewPasswordView { said: outcome.at("password"), ..first_password(words) };
    let is_first = outcome.refusal.is_none();
    view! {
        <form class="card" method="post" action="/set-up">
            <div class="stack tight">
                <h1>{words.set_up_usher()}</h1>
                <p class="muted">{words.set_up_explained()}</p>
            </div>
            {outcome.summary()}
            <Field
                label=words.set_up_code()
                name="code"
                value=answers.code
                hint=words.set_up_code_hint()
                error=outcome.at("code")
                placeholder="K7QM-4WXD"
                autocomplete="off"
                mono=true
                required=true
                autofocus=is_first
            />
            <h2>{words.about_you()}</h2>
            <Field
                label=words.your_name()
                name="name"
                value=answers.name
                error=outcome.at("name")
                autocomplete="name"
                required=true
            />
            <Field
                label=words.your_email()
                name="email"
                kind="email"
                value=answers.email
                error=outcome.at("email")
                autocomplete="username"
                required=true
            />
            <div id=PLACE><NewPassword view=password /></div>
            <h2>{words.about_organisation()}</h2>
            <Field
                label=words.organisation_name()
                name="organisation"
                value=answers.organisation
                hint=words.organisation_name_hint()
                error=outcome.at("organisation")
                autocomplete="organization"
                required=true
            />
            <RadioGroup
                legend=words.kind_of_organisation()
                name="preset"
                hint=words.kind_of_organisation_hint()
                choices=presets
                selected=answers.preset
                error=outcome.at("preset")
            />
            <SelectField
                label=words.page_language()
                name="language"
                choices=languages
                selected=answers.language
                error=outcome.at("language")
            />
            <ZoneField language=words value=answers.zone error=outcome.at("zone") zones=zones is_first=is_first />
            <h2>{words.about_messages()}</h2>
            <p>{sending}</p>
            <Field
                label=words.support_contact()
                name="support_contact"
                value=answers.support_contact
                hint=words.support_contact_hint()
                autocomplete="off"
                maxlength=LONGEST_CONTACT
            />
            <div class="actions">
                <button class="button primary">{words.finish_set_up()}</button>
            </div>
        </form>
    }
}

/// The time zone: typed, with the names to choose from; the browser's own is offered by door.js.
#[component]
fn ZoneField(
    language: Language,
    value: String,
    error: Option<String>,
    zones: Vec<String>,
    is_first: bool,
) -> impl IntoView {
    let options = zones.into_iter().map(|zone| view! { <option value=zone></option> }).collect_view();
    let invalid = error.is_some().then_some("true");
    let described_by = if error.is_some() { "zone-error zone-hint" } else { "zone-hint" };
    let error = error.map(|error| view! { <Icon name="alert" /><span>{error}</span> });
    view! {
        <div class="field">
            <label for="zone">
                {language.time_zone()} <span class="required-mark" aria-hidden="true">"*"</span>
            </label>
            <p class="hint" id="zone-hint">{language.time_zone_hint()}</p>
            <input
                class="input"
                id="zone"
                name="zone"
                list="zones"
                value=value
                required=true
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                data-own-zone=is_first.then_some("")
                aria-describedby=described_by
                aria-invalid=invalid
            />
            <datalist id="zones">{options}</datalist>
            <p class="field-error" id="zone-error">{error}</p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An administrator of a portal was told of twelve characters, and refused for the lack of a capital letter.
    #[test]
    fn the_rule_of_every_kind_of_organisation_stands_in_the_order_of_the_choices_w_23() {
        let owner = Owner::new();
        owner.set();
        let outcome = FormOutcome { language: Language::English, refusal: None, more: Vec::new() };
        let answers = FirstAnswers::default();
        let html = view! { <SetUpPage outcome=outcome answers=answers zones=vec![] relay=None /> }.to_html();
        let html = html.replace("<!>", "");
        let rules =
            html.split("rule-of-choice").nth(1).and_then(|rest| rest.split("</div>").next()).expect("the rules");
        let lists: Vec<&str> = rules.split("<ul").skip(1).collect();
        let words = Language::English;
        assert_eq!(lists.len(), PRESETS.len());
        for (list, preset) in lists.iter().zip(PRESETS) {
            let said = preset.password.asked().into_iter().map(|asked| words.password_asks(asked));
            assert!(said.into_iter().all(|said| list.contains(&said.to_string())), "{}: {list}", preset.key);
        }
        let places: Vec<_> = PRESETS.iter().map(|preset| html.find(&format!("value=\"{}\"", preset.key))).collect();
        assert!(places.is_sorted() && places.iter().all(Option::is_some), "{places:?}");
        // The browser itself holds nothing back that any of them takes.
        assert!(html.contains("minlength=\"8\""), "{html}");
    }
}
