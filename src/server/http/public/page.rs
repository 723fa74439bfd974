//! From a view to an answer: the document as a text, its content policy with a nonce of its own, its status.

use super::super::asked::RequestContext;
use super::super::assets::address;
use super::super::cookies::OwnCookies;
use super::super::{headers, language, no_store};
use crate::domain::authorization::Surface;
use crate::domain::error::UseCaseError;
use crate::server::http::status::status_of;
use crate::server::random;
use crate::ui::components::DemonstrationBar;
use crate::ui::public::{Document, PageLife, PublicFrame, RefusedDocument, RegistrationPage, Surroundings};
use crate::view_models::{KnownPage, NewPasswordView, RegistrationView};
use crate::words::Language;
use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderValue, Method, Request, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use leptos::prelude::*;
use std::convert::Infallible;

/// What stands in the head of a page where no organisation is known.
const PRODUCT: &str = "Usher";

/// What a page needs besides its content.
#[derive(Clone, Debug)]
pub struct Frame<'a> {
    pub language: Language,
    pub organisation: &'a str,
    pub theme: Option<&'static str>,
    /// The page's own path: there the language buttons come back to.
    pub here: &'a str,
    pub title: &'a str,
    /// Whether the app is likely to be opened next.
    pub fetches_ahead: bool,
    /// Of which surface the page is.
    pub surface: Surface,
    /// Whether everybody here is invented.
    pub is_demonstration: bool,
}

/// The files of the build that brings the registration page to life; scripts/site.sh makes them.
const REGISTRATION: [&str; 2] = ["/pkg/register.js", "/pkg/register.wasm"];

/// Renders a page. Its status is that of the refusal which it shows, if it shows one.
pub fn render(frame: &Frame<'_>, refusal: Option<&UseCaseError>, content: impl FnOnce() -> AnyView) -> Response {
    let (html, nonce) = document(frame, None, || framed(frame, content()));
    // Marks for a script that would take over; none does, and in a title they would be read as text.
    answer(refusal, html.replace("<!>", ""), &nonce)
}

/// Renders a page whose field for a new password comes alive.
pub fn render_with_password(
    frame: &Frame<'_>,
    refusal: Option<&UseCaseError>,
    password: NewPasswordView,
    content: impl FnOnce() -> AnyView,
) -> Response {
    alive(frame, refusal, &KnownPage::NewPassword(password), || framed(frame, content()))
}

/// Renders the registration page, which comes alive: what it shows goes along with it.
pub fn render_registration(frame: &Frame<'_>, refusal: Option<&UseCaseError>, view: RegistrationView) -> Response {
    let known = KnownPage::Registration(Box::new(view.clone()));
    alive(frame, refusal, &known, || view! { <RegistrationPage view=view /> }.into_any())
}

fn framed(frame: &Frame<'_>, content: AnyView) -> AnyView {
    let (language, here) = (frame.language, frame.here.to_string());
    let bar = frame.is_demonstration.then(|| view! { <DemonstrationBar text=language.demonstration_bar() /> });
    view! {
        {bar}
        <PublicFrame language=language organisation=organisation_of(frame).to_string() here=here choose=None>
            {content}
        </PublicFrame>
    }
    .into_any()
}

fn alive(
    frame: &Frame<'_>,
    refusal: Option<&UseCaseError>,
    known: &KnownPage,
    body: impl FnOnce() -> AnyView,
) -> Response {
    let [script, wasm] = REGISTRATION.map(address);
    let data = serde_json::to_string(known).unwrap_or_default();
    let (html, nonce) = document(frame, Some(PageLife { script, wasm, data }), body);
    // In the body the marks stay: by them the script finds its way. In a title they would be read as text.
    let html = match html.split_once("<body>") {
        Some((head, body)) => format!("{}<body>{body}", head.replace("<!>", "")),
        None => html,
    };
    answer(refusal, html, &nonce)
}

/// What stands in the head of the page.
pub fn organisation_of<'a>(frame: &Frame<'a>) -> &'a str {
    if frame.organisation.is_empty() { PRODUCT } else { frame.organisation }
}

/// The document as a text, and the nonce of its scripts.
fn document(frame: &Frame<'_>, life: Option<PageLife>, body: impl FnOnce() -> AnyView) -> (String, String) {
    let nonce = URL_SAFE_NO_PAD.encode(random::bytes::<16>());
    let around = Surroundings {
        language: frame.language,
        organisation: organisation_of(frame).to_string(),
        theme: frame.theme,
        nonce: nonce.clone(),
        manifest: match frame.surface {
            Surface::Panel => "/site.webmanifest",
            Surface::Mobile => "/mobile.webmanifest",
        },
        style: address("/pkg/usher.css"),
        scripts: vec![address("/usher.js"), address("/door.js")],
        ahead: frame.fetches_ahead.then(|| (address("/pkg/usher.js"), address("/pkg/usher.wasm"))),
        life,
    };
    let title = frame.title.to_string();
    let owner = Owner::new();
    let html = owner.with(|| {
        let body = body();
        view! { <Document around=around title=title>{body}</Document> }.to_html()
    });
    (html, nonce)
}

fn answer(refusal: Option<&UseCaseError>, html: String, nonce: &str) -> Response {
    let status = refusal.map_or(StatusCode::OK, status_of);
    let mut response = (status, Html(format!("<!DOCTYPE html>{html}"))).into_response();
    // Whoever counts tries asks how this one ended.
    if let Some(refusal) = refusal {
        response.extensions_mut().insert(refusal.clone());
    }
    if let Ok(policy) = HeaderValue::from_str(&headers::page_policy(nonce)) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if let Some(seconds) = refusal.and_then(UseCaseError::retry_after) {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    no_store(response)
}

/// A request as far as it can be read without the database: enough to refuse it on a page.
#[derive(Clone, Debug)]
pub struct Bare {
    language: Language,
    theme: Option<&'static str>,
    here: String,
    again: Option<String>,
}

impl Bare {
    pub fn of_request(request: &Request<Body>) -> Self {
        Self::read(request.method(), request.uri(), request.headers(), request.extensions())
    }

    fn read(method: &Method, uri: &Uri, headers: &HeaderMap, extensions: &Extensions) -> Self {
        let again = page_again(method, uri.path());
        // The limits stand before the session is looked up: there the request has to do.
        let (language, theme) = match extensions.get::<RequestContext>() {
            Some(asked) => (asked.language, asked.theme),
            None => {
                let own = extensions.get::<OwnCookies>().cloned().unwrap_or_default();
                (own.language.or_else(|| language::preferred(headers)), own.theme)
            }
        };
        Self { language: language.unwrap_or_default(), theme, here: again.clone().unwrap_or_else(|| "/".into()), again }
    }

    /// The refusal's page.
    pub fn refused(&self, refusal: &UseCaseError) -> Response {
        let makes_sense = refusal.passes() || *refusal == UseCaseError::Unreadable;
        let again = self.again.clone().filter(|_| makes_sense);
        let frame = Frame {
            language: self.language,
            organisation: PRODUCT,
            theme: self.theme,
            here: &self.here,
            title: self.language.refusal_title(refusal),
            fetches_ahead: false,
            surface: Surface::Panel,
            is_demonstration: false,
        };
        render(&frame, Some(refusal), || {
            view! { <RefusedDocument language=self.language refusal=refusal.clone() again=again /> }.into_any()
        })
    }
}

impl<S: Sync> FromRequestParts<S> for Bare {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::read(&parts.method, &parts.uri, &parts.headers, &parts.extensions))
    }
}

/// The page from which a refused request came, as far as its address tells: a form's own page has the form's address.
pub fn page_again(method: &Method, path: &str) -> Option<String> {
    if matches!(*method, Method::GET | Method::HEAD) {
        return Some(super::super::forms::local_path(path));
    }
    let mut parts = path.trim_matches('/').split('/');
    match (parts.next()?, parts.next()) {
        (page @ ("sign-in" | "set-up" | "forgot"), None) => Some(format!("/{page}")),
        ("m", Some("sign-in")) => Some("/m/sign-in".into()),
        ("m", _) => Some("/m".into()),
        (page @ ("i" | "reset" | "own-password"), Some(link)) => {
            Some(super::super::forms::local_path(&format!("/{page}/{link}")))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_form_leads_back_to_its_page_and_never_away() {
        let back = |path: &str| page_again(&Method::POST, path);
        assert_eq!(back("/sign-in").as_deref(), Some("/sign-in"));
        assert_eq!(back("/i/abc/renew").as_deref(), Some("/i/abc"));
        assert_eq!(back("/sign-out"), None);
        assert_eq!(page_again(&Method::GET, "//evil.example").as_deref(), Some("/"));
    }

    #[tokio::test]
    async fn every_script_carries_the_nonce_of_its_own_answer_and_text_stays_text() {
        let frame = Frame {
            language: Language::English,
            organisation: "<script>alert(1)</script> & co",
            theme: Some("dark"),
            here: "/i/\"><script>",
            title: "</title><script> <!> &amp;",
            fetches_ahead: true,
            surface: Surface::Panel,
            is_demonstration: false,
        };
        let mut nonces = Vec::new();
        for _ in 0..2 {
            let response = render(&frame, None, || view! { <p>"hello"</p> }.into_any());
            assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
            let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().expect("a policy").to_string();
            let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce");
            let html = axum::body::to_bytes(response.into_body(), 100_000).await.expect("a body");
            let html = String::from_utf8_lossy(&html);
            assert!(html.starts_with("<!DOCTYPE html><html"), "{html}");
            assert_eq!(html.matches("<script").count(), html.matches(&format!("nonce=\"{nonce}\"")).count(), "{html}");
            assert!(html.contains("&lt;/title&gt;&lt;script&gt; &lt;!&gt; &amp;amp; · "), "{html}");
            assert!(html.contains("data-theme=\"dark\"") && html.contains("name=\"ahead\""), "{html}");
            nonces.push(nonce.to_string());
        }
        assert_ne!(nonces[0], nonces[1]);
    }
}
