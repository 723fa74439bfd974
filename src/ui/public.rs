//! The pages before sign-in: plain documents, rendered once, without WebAssembly, but for the registration page and the
//! fields for a new password, which come alive. In here is what surrounds each of them and how each says what was refused.

mod asked;
mod checks;
mod confirm;
mod consents;
mod demonstration;
mod exchange;
mod forgot;
mod handed;
mod invitation;
mod join;
mod mobile;
mod new_password;
mod own_password;
mod paste;
mod refused;
mod register;
mod reset;
mod set_up;
mod sign_in;
mod spoken;

pub use confirm::{ConfirmPage, ConfirmedPage};
pub use consents::{AgreePage, AgreementPage};
pub use demonstration::DemonstrationPage;
pub use forgot::{ForgotPage, LinkSentPage};
pub use handed::HandedPage;
pub use invitation::{DeadInvitation, DeadInvitationPage, DeclinePage, DeclinedPage, OtherAccountPage, RenewedPage};
pub use join::JoinPage;
pub use mobile::{
    MobileHomePage, MobilePasswordPage, MobileProfilePage, MobileSignInPage, TypedProfile, mobile_password,
};
pub use new_password::{NewPassword, PLACE};
pub use own_password::OwnPasswordPage;
pub use paste::LetterCodePage;
pub use refused::RefusedDocument;
pub use register::{RegistrationPage, Typed, registration};
pub use reset::{DeadResetPage, ResetPage, next_password};
pub use set_up::{FirstAnswers, SetUpPage, first_password};
pub use sign_in::SignInPage;
pub use spoken::spoken;

use crate::domain::error::{Conflict, Invalid, UseCaseError};
use crate::domain::password::PasswordPolicy;
use crate::ui::components::ErrorSummary;
use crate::view_models::KnownPage;
use crate::words::Language;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

/// What surrounds a page, as far as the server alone knows it.
#[derive(Clone, Debug)]
pub struct Surroundings {
    pub language: Language,
    /// Stands in the head of the page; the product's name where no organisation is known yet.
    pub organisation: String,
    /// `light` or `dark`, when chosen.
    pub theme: Option<&'static str>,
    /// Every script carries it.
    pub nonce: String,
    /// What makes the page an app on a phone.
    pub manifest: &'static str,
    pub style: String,
    /// Scripts, in order: small helps, no page needs them.
    pub scripts: Vec<String>,
    /// The app's script and WebAssembly, where the app is likely to be opened next.
    pub ahead: Option<(String, String)>,
    /// What brings the page to life, where something does.
    pub life: Option<PageLife>,
}

/// Script and WebAssembly of a page that comes alive, and what it is to know, as JSON.
#[derive(Clone, Debug)]
pub struct PageLife {
    pub script: String,
    pub wasm: String,
    pub data: String,
}

/// The element that holds what a page is to know when it comes alive.
const DATA: &str = "page-data";

impl PageLife {
    /// Whatever does not come leaves the page as it is: it works without.
    fn view(self, nonce: &str) -> AnyView {
        let Self { script, wasm, data } = self;
        let start = format!(
            "import('{script}').then(page => page.default({{ module_or_path: '{wasm}' }}).then(() => page.hydrate())).catch(() => {{}});"
        );
        // No text in it can end the element.
        let data = data.replace('<', "\\u003c");
        view! {
            <link rel="modulepreload" href=script nonce=nonce.to_string() />
            <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
            <script type="application/json" id=DATA nonce=nonce.to_string() inner_html=data></script>
            <script type="module" nonce=nonce.to_string() inner_html=start></script>
        }
        .into_any()
    }
}

/// What the server wrote into the page, for the script that brings it to life.
pub fn known_page() -> Option<KnownPage> {
    let known = document().get_element_by_id(DATA)?.text_content()?;
    serde_json::from_str(&known).ok()
}

/// The title of a page's window.
fn window_title(title: &str, organisation: &str) -> String {
    format!("{title} · {organisation}")
}

/// The document of a page; the children are all of its body.
#[component]
pub fn Document(
    around: Surroundings,
    /// What the page is about.
    #[prop(into)]
    title: String,
    children: Children,
) -> impl IntoView {
    let Surroundings { language, organisation, theme, nonce, manifest, style, scripts, ahead, life } = around;
    let title = window_title(&title, &organisation);
    let life = life.map(|life| life.view(&nonce));
    let scripts = scripts
        .into_iter()
        .map(|script| view! { <script defer nonce=nonce.clone() src=script></script> })
        .collect_view();
    let ahead = ahead.map(|(script, wasm)| {
        view! {
            <meta name="ahead" content=script />
            <meta name="ahead" content=wasm />
        }
    });
    view! {
        <html lang=language.code() data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="robots" content="noindex" />
                <title>{title}</title>
                <link rel="stylesheet" href=style />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="manifest" href=manifest />
                <meta name="theme-color" media="(prefers-color-scheme: light)" content="#ffffff" />
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#14171c" />
                {scripts}
                {ahead}
                {life}
            </head>
            <body>{children()}</body>
        </html>
    }
}

/// What stands around the content of a page: whose it is, and the languages.
#[component]
pub fn PublicFrame(
    #[prop(into)] language: Signal<Language>,
    organisation: String,
    /// The page itself, to which the language buttons come back.
    here: String,
    /// Where the page changes its language by itself: what is to be done then.
    #[prop(optional_no_strip)]
    choose: Option<Callback<Language>>,
    children: Children,
) -> impl IntoView {
    // The start of the surface to which the page belongs.
    let home = if here == "/m" || here.starts_with("/m/") { "/m" } else { "/" };
    view! {
        <a class="skip-link" href="#main">{move || language.get().skip_to_content()}</a>
        <div class="public">
            <header>
                <a class="brand" href=home>
                    <img src="/favicon.svg" alt="" width="24" height="24" />
                    <span>{organisation}</span>
                </a>
                <LanguageChoice language=language here=here choose=choose />
            </header>
            <main id="main" tabindex="-1">{children()}</main>
            <footer>
                <ThemeChoice language=language />
                "Usher"
            </footer>
        </div>
    }
}

/// One button for each language; pressing it changes nothing but a cookie.
#[component]
fn LanguageChoice(language: Signal<Language>, here: String, choose: Option<Callback<Language>>) -> impl IntoView {
    let buttons = Language::ALL.map(|one| {
        let pressed = move || if language.get() == one { "true" } else { "false" };
        view! {
            <button name="language" value=one.code() lang=one.code() aria-pressed=pressed>
                {one.own_name()}
            </button>
        }
    });
    let chosen = move |event: SubmitEvent| {
        let code = event.submitter().and_then(|button| button.get_attribute("value"));
        if let (Some(choose), Some(language)) = (choose, code.and_then(|code| Language::read(&code))) {
            event.prevent_default();
            choose.run(language);
        }
    };
    view! {
        <form
            class="languages"
            method="post"
            action="/language"
            aria-label=move || language.get().page_language()
            on:submit=chosen
        >
            <input type="hidden" name="back" value=here />
            {buttons.into_iter().collect_view()}
        </form>
    }
}

/// One button for each theme; which one is on, the script says where it runs, and the page itself shows.
#[component]
fn ThemeChoice(language: Signal<Language>) -> impl IntoView {
    let buttons = [0, 1, 2].map(|at: usize| {
        let theme = Language::English.themes()[at].0;
        view! { <button name="theme" value=theme>{move || language.get().themes()[at].1}</button> }
    });
    view! {
        <form class="languages" method="post" action="/theme" aria-label=move || language.get().own_theme()>
            {buttons.into_iter().collect_view()}
        </form>
    }
}

/// What came of the last try, in the page's language.
#[derive(Clone, Debug)]
pub struct FormOutcome {
    pub language: Language,
    pub refusal: Option<UseCaseError>,
    /// What else is wrong with the answers, as far as they tell by themselves.
    pub more: Vec<UseCaseError>,
}

impl FormOutcome {
    /// Everything that was refused.
    fn refusals(&self) -> impl Iterator<Item = &UseCaseError> {
        self.refusal.iter().chain(&self.more)
    }

    /// What is wrong with the answer in this field, if that is what was refused.
    pub fn at(&self, field: &str) -> Option<String> {
        let of_field = self.refusals().filter(|refusal| field_of(refusal) == Some(field));
        let said: Vec<String> = of_field.map(|refusal| self.language.refusal(refusal)).collect();
        (!said.is_empty()).then(|| said.join(" "))
    }

    /// The words above the form; they take the focus and lead to the fields.
    fn summary(&self) -> Option<AnyView> {
        let refusal = self.refusal.as_ref()?;
        let text = self.language.refusal(refusal);
        if field_of(refusal).is_none() {
            return Some(view! { <ErrorSummary title=text /> }.into_any());
        }
        let lines = self.refusals().filter_map(|refusal| {
            let field = field_of(refusal)?;
            let text = self.language.refusal(refusal);
            Some(view! { <li><a href=format!("#{field}")>{text}</a></li> })
        });
        let lines = lines.collect_view();
        let title = match self.more.is_empty() {
            true => self.language.one_answer_again(),
            false => self.language.some_answers_again(),
        };
        Some(view! { <ErrorSummary title=title>{lines}</ErrorSummary> }.into_any())
    }
}

/// The field that a refusal is about; on these pages a field's id is its name.
fn field_of(refusal: &UseCaseError) -> Option<&'static str> {
    Some(match refusal {
        UseCaseError::WrongSetUpCode | UseCaseError::WrongMailCode | UseCaseError::MailCodeExpired => "code",
        UseCaseError::Invalid(Invalid::Email(_)) | UseCaseError::Conflict(Conflict::EmailTaken) => "email",
        UseCaseError::Invalid(Invalid::Phone(_)) => "phone",
        UseCaseError::Invalid(Invalid::Name(_)) => "name",
        UseCaseError::Invalid(Invalid::FirstName(_)) => "first_name",
        UseCaseError::Invalid(Invalid::LastName(_)) => "last_name",
        UseCaseError::Invalid(Invalid::Password(_) | Invalid::PasswordIsTemporary) => "password",
        UseCaseError::Invalid(Invalid::PasswordsDiffer) => "password_again",
        UseCaseError::Invalid(Invalid::CurrentPasswordWrong) => "current_password",
        UseCaseError::Invalid(Invalid::NotAgreed(kind)) => kind.code(),
        UseCaseError::Invalid(Invalid::OrganisationName) => "organisation",
        UseCaseError::Invalid(Invalid::Language) => "language",
        UseCaseError::Invalid(Invalid::Zone) => "zone",
        UseCaseError::Invalid(Invalid::Preset) => "preset",
        _ => return None,
    })
}

/// The shortest password, as browsers and password managers read it.
fn minlength(rule: PasswordPolicy) -> u32 {
    u32::try_from(rule.min_length).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::EmailProblem;

    fn outcome(refusal: UseCaseError) -> FormOutcome {
        FormOutcome { language: Language::English, refusal: Some(refusal), more: Vec::new() }
    }

    #[test]
    fn a_refusal_stands_at_its_field_and_leads_there() {
        let owner = Owner::new();
        owner.set();
        let outcome = outcome(EmailProblem::NoAt.into());
        assert_eq!(outcome.at("email").as_deref(), Some("This is not an address: there is no “@”."));
        assert_eq!(outcome.at("name"), None);
        let html = outcome.summary().expect("a summary").to_html();
        assert!(html.contains("href=\"#email\"") && html.contains("data-focus"), "{html}");
    }

    #[test]
    fn a_refusal_of_no_field_is_said_above_the_form_alone() {
        let owner = Owner::new();
        owner.set();
        let outcome = outcome(UseCaseError::WrongCredentials);
        assert_eq!(outcome.at("password"), None);
        let html = outcome.summary().expect("a summary").to_html();
        assert!(html.contains("is not right") && !html.contains("<a "), "{html}");
    }
}
