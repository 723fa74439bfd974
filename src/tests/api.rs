//! The API for programs: what a token opens and how it ends, what is read through it, and the document that says so.

mod document;
mod reading;
mod sessions;
mod tokens;

use crate::support::browser::{Answer, Browser};
use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::Value;

/// A program: it asks with a token, or without one, and keeps no cookies.
struct Program {
    browser: Browser,
    token: Option<String>,
}

impl Program {
    fn new(browser: &Browser, token: &str) -> Self {
        Self { browser: browser.clone(), token: Some(token.into()) }
    }

    async fn send(&mut self, method: Method, path: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        self.browser.cookies.clear();
        self.browser.send(request.body(Body::empty()).expect("a request")).await
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path).await
    }

    /// What is read, which must be there.
    async fn read(&mut self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status.as_u16(), 200, "{path}: {}", answer.text());
        serde_json::from_slice(&answer.body).expect("JSON")
    }
}

/// A problem as programs read it: its status and code; everything else about it is looked at, too.
fn problem(answer: &Answer) -> (u16, String) {
    let status = answer.status.as_u16();
    let header = |name: header::HeaderName| answer.headers.get(name).map(|value| value.to_str().expect("text"));
    assert_eq!(header(header::CONTENT_TYPE), Some("application/problem+json"), "{}", answer.text());
    assert_eq!(header(header::CACHE_CONTROL), Some("no-store"));
    assert_eq!(header(header::WWW_AUTHENTICATE), (status == 401).then_some("Bearer"));
    let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
    assert_eq!(body["status"], status);
    assert_eq!(body["type"], "about:blank");
    for text in ["title", "detail"] {
        assert!(body[text].as_str().is_some_and(|text| !text.is_empty()), "{body}");
    }
    (status, body["code"].as_str().expect("a code").into())
}

/// The parameter that a refused request names.
fn named(answer: &Answer) -> String {
    assert_eq!(problem(answer), (400, "invalid_parameter".into()));
    let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
    body["parameter"].as_str().expect("a name").into()
}

const UNAUTHORIZED: (u16, &str) = (401, "unauthorized");

fn is(found: (u16, String), expected: (u16, &str), what: &str) {
    assert_eq!((found.0, found.1.as_str()), expected, "{what}");
}
