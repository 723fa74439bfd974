//! Who may make this browser change something: only a form on a page of ours (WB-01, WB-03).

use super::GATEWAY;
use super::town::{PLAIN, Town};
use crate::support::browser::{Browser, ORIGIN, form};
use crate::support::databases::both;
use crate::support::people::PASSWORD;
use crate::support::tables::Dump;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use std::collections::{BTreeMap, BTreeSet};
use usher::domain::error::UseCaseError;
use usher::server::http::routes::table;

const FORM: &str = "application/x-www-form-urlencoded";

/// One way to send something.
#[derive(Clone, Copy, Debug)]
struct Way {
    site: Option<&'static str>,
    origin: Option<&'static str>,
    kind: Option<&'static str>,
}

impl Way {
    fn all() -> Vec<Self> {
        let sites = [Some("cross-site"), Some("same-site"), Some("none"), Some("same-origin"), None];
        let origins = [Some(ORIGIN), Some("https://evil.example"), Some("null"), None];
        let kinds =
            [Some(FORM), Some("application/json"), Some("text/plain"), Some("multipart/form-data; boundary=x"), None];
        let mut ways = Vec::new();
        for site in sites {
            for origin in origins {
                ways.extend(kinds.iter().map(|kind| Self { site, origin, kind: *kind }));
            }
        }
        assert_eq!(ways.len(), 100);
        ways
    }

    /// A page of ours sends this: by what the browser says of it, else by its origin.
    fn is_ours(self) -> bool {
        match self.site {
            Some("same-origin") => self.origin != Some("https://evil.example"),
            None => self.origin == Some(ORIGIN),
            _ => false,
        }
    }

    async fn send(self, browser: &mut Browser, path: &str, body: &str) -> (StatusCode, Option<UseCaseError>) {
        let mut request = Request::builder().method(Method::POST).uri(path).header("accept", "application/json");
        for (name, value) in [("sec-fetch-site", self.site), ("origin", self.origin), ("content-type", self.kind)] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        let answer = browser.send(request.body(Body::from(body.to_string())).expect("a request")).await;
        (answer.status, answer.refusal())
    }
}

/// Every route that takes a POST, with the parameters filled in; the functions come from their own list.
fn routes(fill: &BTreeMap<&str, String>) -> BTreeSet<String> {
    let mut routes = BTreeSet::new();
    // The gateway is no page: what it says is believed for its signature.
    for (path, methods) in table().iter().filter(|(path, _)| !path.starts_with("/api/") && *path != GATEWAY) {
        for (method, _) in methods.iter().filter(|(method, _)| method != Method::GET) {
            assert_eq!(method, Method::POST, "a method that this test does not know: {path}");
            let filled = fill.iter().fold(path.clone(), |path, (name, value)| path.replace(name, value));
            assert!(!filled.contains('{'), "a parameter that this test does not know: {path}");
            routes.insert(filled);
        }
    }
    assert!(routes.len() >= 10, "{routes:?}");
    routes
}

/// What would be done if the form came from us: by address, the fields.
fn forms(town: &Town, link: &str) -> BTreeMap<String, Vec<(&'static str, String)>> {
    let mut forms: BTreeMap<String, Vec<(&'static str, String)>> = BTreeMap::new();
    let text = |text: &str| text.to_string();
    // The functions take what they know of these and leave the rest.
    let role = town.site.role("employee").id.as_str();
    let all = vec![
        ("id", text(town.active.as_str())),
        ("name", text("Mallory")),
        ("phone", text("+375297654321")),
        ("role", text(role)),
        ("unit", text(town.site.company.id.as_str())),
        ("version", text("1")),
        ("reason", text("forged")),
        ("below", text(town.site.root.id.as_str())),
        ("to", text(town.site.root.id.as_str())),
        ("kind", text("company")),
        ("user", text(town.active.as_str())),
        ("title", text("forged")),
        ("starts", text("2026-12-01T09:00")),
        ("ends", text("2026-12-01T17:00")),
        ("typed", text("active@acme.by")),
        ("addresses", text("forged@acme.by")),
        ("email", text("forged-right@acme.by")),
        ("language", text("ru")),
        ("personal_text", text("forged")),
        ("valid_for", text("8h")),
        ("organisation", text("Evil")),
        ("preset", text("learning")),
        ("zone", text("UTC")),
        ("hold_seconds", text("5")),
        ("letters_a_day", text("2000")),
        ("min_length", text("8")),
        ("name_policy", text("admin")),
        ("current_password", text(PASSWORD)),
        ("new_password", text("quiet stone bridge")),
        ("days", text("30")),
    ];
    for (path, method) in leptos::server_fn::axum::server_fn_paths() {
        if method != Method::GET {
            // What these take has a meaning of its own there.
            let fields = match path {
                "/api/import-group" => vec![("id", text("none")), ("answer", text("misspelt-keep"))],
                "/api/select-people" => vec![("action", text("block")), ("all", text("on")), ("list", text("/users"))],
                "/api/publish-agreement" | "/api/withdraw-agreement" => vec![("kind", text("user-agreement"))],
                "/api/hand-over" => vec![("id", text("none")), ("way", text("qr"))],
                // Without one, all parts of the settings are meant.
                "/api/change-settings" => all.iter().filter(|(name, _)| *name != "id").cloned().collect(),
                "/api/import-row" => vec![("id", text("none")), ("answer", text("1-keep"))],
                _ => all.clone(),
            };
            forms.insert(path.into(), fields);
        }
    }
    assert!(forms.len() >= 15, "{:?}", forms.keys());
    let fill = BTreeMap::from([("{link}", text(link)), ("{*link}", text(link)), ("{*rest}", text("x"))]);
    for path in routes(&fill) {
        let fields = match path.as_str() {
            "/sign-in" => {
                vec![("username", text("active@acme.by")), ("password", text(PASSWORD)), ("keep", text("on"))]
            }
            "/forgot" => vec![("email", text("active@acme.by"))],
            "/language" => vec![("language", text("ru")), ("back", text("/sign-in"))],
            "/theme" => vec![("theme", text("dark"))],
            "/set-up" => ["code", "name", "email", "password", "organisation", "language", "zone"]
                .map(|name| (name, text("x")))
                .to_vec(),
            "/import/file" => vec![("cells", text("forged@acme.by"))],
            "/users/letters" => vec![("list", text("/users"))],
            "/users/export" => vec![("list", text("/users"))],
            "/users/invite/letter" | "/settings/texts/letter" => all.clone(),
            "/demonstration" => vec![("minutes", text("60"))],
            "/sign-out" | "/m/sign-out" => Vec::new(),
            "/m/sign-in" => vec![("username", text("active@acme.by")), ("password", text(PASSWORD))],
            "/agreements" | "/m/agreements" => vec![("user-agreement", text("1")), ("next", text("/me"))],
            "/m/me/agreements" => vec![("kind", text("messages")), ("wanted", text("on"))],
            "/m/me" => vec![("name", text("Mallory")), ("language", text("ru")), ("version", text("1"))],
            "/m/password" => vec![("current_password", text(PASSWORD)), ("password", text("quiet stone bridge"))],
            path if path.starts_with("/own-password/") => vec![("password", text("quiet stone bridge"))],
            path if path.starts_with("/reset/") => vec![("password", text("quiet stone bridge"))],
            path if path.starts_with("/confirm/") => Vec::new(),
            path if path.ends_with("/code") && path.starts_with("/i/") => vec![("code", text("12345678"))],
            path if ["/renew", "/opened", "/send-code", "/x"].iter().any(|end| path.ends_with(end)) => Vec::new(),
            path if path.ends_with("/strength") => vec![("name", text("Mallory")), ("password", text(PASSWORD))],
            path if path.starts_with("/i/") => {
                vec![("name", text("Mallory")), ("phone", text("")), ("password", text(PASSWORD))]
            }
            path => panic!("{path} changes something and is not known here: add its form"),
        };
        forms.insert(path, fields);
    }
    forms
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_form_of_ours_changes_anything_wb_01() {
    both(|db| async {
        let mut town = Town::settle(db, None, PLAIN).await;
        let link = town.site.page_of(&town.invited).await.trim_start_matches("/i/").to_string();
        let reset = town.site.reset_page_of(&town.active).await;
        let mut forms = forms(&town, &link);
        forms.insert(reset, vec![("password", "quiet stone bridge".to_string())]);
        let mut number = 0_u16;
        let mut from_elsewhere = |browser: &Browser| {
            // Each from another address, or the limits would answer.
            let mut other = browser.clone();
            let [high, low] = number.to_be_bytes();
            other.address = ([198, 18, high, low], 1).into();
            number = number.wrapping_add(1);
            other
        };
        let anna = town.anna().clone();
        let before = Dump::of(&town.site.app.db).await;
        for (path, fields) in &forms {
            let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            for way in Way::all() {
                let is_file = path == "/import/file" && way.kind.is_some_and(|kind| kind.starts_with("multipart/"));
                let is_right = way.is_ours() && (way.kind == Some(FORM) || is_file);
                if is_right {
                    continue;
                }
                let (status, refusal) = way.send(&mut from_elsewhere(&anna), path, &form(&pairs)).await;
                let expected = if way.is_ours() { StatusCode::UNSUPPORTED_MEDIA_TYPE } else { StatusCode::FORBIDDEN };
                assert_eq!(status, expected, "{path} {way:?}");
                assert_eq!(refusal == Some(UseCaseError::CrossSite), !way.is_ours(), "{path} {way:?}");
            }
        }
        before.assert_unchanged(&town.site.app.db, "a form of another site").await;

        // The same fields sent from a page of ours are read and judged: nothing above was refused for another reason.
        let mut unread = Vec::new();
        for (path, fields) in &forms {
            let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            for way in Way::all().into_iter().filter(|way| way.is_ours() && way.kind == Some(FORM)) {
                let mut browser = from_elsewhere(&anna);
                browser.sign_in_as(&town.site.app, &town.site.anna).await;
                let (status, refusal) = way.send(&mut browser, path, &form(&pairs)).await;
                let is_read = !matches!(refusal, Some(UseCaseError::CrossSite | UseCaseError::Unreadable))
                    && status != StatusCode::UNSUPPORTED_MEDIA_TYPE
                    && !status.is_server_error();
                if !is_read {
                    unread.push(format!("{path} {way:?}: {status} {refusal:?}"));
                }
            }
        }
        assert!(unread.is_empty(), "{unread:#?}");
        let changes = before.changes_to(&Dump::of(&town.site.app.db).await);
        assert!(changes.len() > 20, "forms of ours do change things: {changes:#?}");
    })
    .await;
}

/// Reading is free of all that: a GET changes nothing, so nothing is to be guarded, and no writing function answers one
/// (WB-02).
#[tokio::test(flavor = "multi_thread")]
async fn no_get_reaches_a_function_that_writes_wb_02() {
    both(|db| async {
        let mut town = Town::settle(db, None, PLAIN).await;
        let link = town.site.page_of(&town.invited).await.trim_start_matches("/i/").to_string();
        let forms = forms(&town, &link);
        let mut browser = town.anna().clone();
        let before = Dump::of(&town.site.app.db).await;
        for (path, fields) in &forms {
            let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            for method in [Method::GET, Method::HEAD] {
                let request = Request::builder()
                    .method(method)
                    .uri(format!("{path}?{}", form(&pairs)))
                    .header("content-type", FORM);
                let answer = browser.send(request.body(Body::from(form(&pairs))).expect("a request")).await;
                if path.starts_with("/api/") {
                    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
                }
            }
        }
        before.assert_unchanged(&town.site.app.db, "a GET").await;
    })
    .await;
}
