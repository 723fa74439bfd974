//! The headers that protect every answer, of whatever kind, and those that must never be there (WB-05, WB-07).

use super::town::{Look, PLAIN, Town};
use crate::support::browser::{Browser, ORIGIN};
use crate::support::databases::both;
use crate::support::html::tags;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use std::collections::BTreeSet;

/// What is wrong with an answer's headers.
fn faults(look: &Look) -> Vec<String> {
    let mut faults = Vec::new();
    let mut needs = |name: &str, is_right: &dyn Fn(&str) -> bool| {
        let values: Vec<_> = look.answer.headers.get_all(name).iter().collect();
        if values.len() != 1 || !is_right(look.header(name)) {
            faults.push(format!("{}: {name} is {values:?}", look.name()));
        }
    };
    let is_frame = look.address.ends_with("/html") && look.answer.status.is_success();
    needs("x-content-type-options", &|value| value == "nosniff");
    needs("x-frame-options", &|value| value == if is_frame { "SAMEORIGIN" } else { "DENY" });
    needs("referrer-policy", &|value| value == "same-origin");
    needs("cross-origin-opener-policy", &|value| value == "same-origin");
    needs("cross-origin-resource-policy", &|value| value == "same-origin");
    needs("permissions-policy", &|value| value.contains("camera=()"));
    needs("strict-transport-security", &|value| value.contains("max-age=31536000"));
    let is_file = look.header("content-type").contains("css") && look.answer.status.is_success()
        || !look.header("etag").is_empty();
    needs("cache-control", &|value| if is_file { value.starts_with("public") } else { value == "no-store" });
    needs("x-request-id", &|value| value.len() == 36);
    let is_document = look.is_page() && !is_frame;
    needs("content-security-policy", &|policy| {
        let inline = if is_frame {
            policy.contains("sandbox") && !policy.contains("script-src")
        } else {
            !policy.contains("unsafe-inline")
        };
        let frames = policy.contains(if is_frame { "frame-ancestors 'self'" } else { "frame-ancestors 'none'" });
        let scripts = !is_document || policy.contains("script-src 'nonce-") && policy.contains("form-action 'self'");
        policy.starts_with("default-src 'none'")
            && policy.contains("base-uri 'none'")
            && inline
            && frames
            && scripts
            && !policy.contains("'unsafe-eval'")
            && !policy.contains('*')
            && !policy.contains("http")
    });
    for forbidden in ["access-control-allow-origin", "access-control-allow-credentials", "server", "x-powered-by"] {
        if look.answer.headers.contains_key(forbidden) {
            faults.push(format!("{}: {forbidden}", look.name()));
        }
    }
    if is_document {
        faults.extend(faults_of_page(look));
    }
    faults
}

/// Inside a page nothing runs but what carries the nonce of this answer.
fn faults_of_page(look: &Look) -> Vec<String> {
    let policy = look.header("content-security-policy").to_string();
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or("none");
    let mut faults = Vec::new();
    if nonce.len() < 16 {
        faults.push(format!("{}: the nonce {nonce:?} is short", look.name()));
    }
    let html = look.answer.text();
    for tag in tags(&html) {
        // Inside these everything is text, so a mark of the renderer would be read by people.
        if matches!(tag.name.as_str(), "title" | "textarea") {
            let close = format!("</{}>", tag.name);
            let inside = html[tag.end..].split(&close).next().unwrap_or_default();
            if inside.contains('<') {
                faults.push(format!("{}: {inside:?} stands in <{}>", look.name(), tag.name));
            }
        }
        let is_bad = tag.name == "script" && tag.get("nonce") != Some(nonce)
            || tag.name == "style"
            || tag.name == "base"
            || tag.name == "object"
            || tag.attributes.iter().any(|(name, value)| {
                name.starts_with("on")
                    || name == "style"
                    || value.trim_start().to_lowercase().starts_with("javascript:")
                    || ["src", "href", "action"].contains(&name.as_str())
                        && (value.contains("://") || value.starts_with("//"))
            });
        if is_bad {
            faults.push(format!("{}: {tag:?}", look.name()));
        }
    }
    faults
}

fn fail_on(faults: BTreeSet<String>) {
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.into_iter().take(40).collect::<Vec<_>>().join("\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_to_everybody_carries_all_protection_wb_05_wb_07() {
    both(|db| async {
        let mut town = Town::settle(db, None, PLAIN).await;
        let looks = town.look_around().await;
        fail_on(looks.iter().flat_map(faults).collect());
        // The walk has met what it was meant to meet.
        let statuses: BTreeSet<u16> = looks.iter().map(|look| look.answer.status.as_u16()).collect();
        for status in [200, 303, 401, 403, 404, 405, 410] {
            assert!(statuses.contains(&status), "no answer was {status}: {statuses:?}");
        }
        assert!(
            !statuses.contains(&500),
            "{:?}",
            looks.iter().filter(|look| look.answer.status == 500).map(Look::name).collect::<Vec<_>>()
        );
        let pages = looks.iter().filter(|look| look.is_page() && look.answer.status == StatusCode::OK).count();
        assert!(pages > 100, "{pages} pages");
        // No two answers share a nonce.
        let nonces: Vec<&str> = looks
            .iter()
            .filter(|look| look.is_page())
            .filter_map(|look| look.header("content-security-policy").split("'nonce-").nth(1))
            .collect();
        assert_eq!(nonces.iter().collect::<BTreeSet<_>>().len(), nonces.len());
    })
    .await;
}

/// Requests that are refused for what they are, before anything looks at whom they come from.
#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_carries_all_protection_wb_05_wb_07() {
    both(|db| async {
        let mut town = Town::settle(db, None, PLAIN).await;
        let page = town.site.page_of(&town.invited).await;
        let user = format!("/users/{}", town.active.as_str());
        let big = "a".repeat(400_000);
        let form = "application/x-www-form-urlencoded";
        let mut faulty = BTreeSet::new();
        let mut statuses = BTreeSet::new();
        let style = usher::server::http::assets::address("/pkg/usher.css");
        for path in [
            "/",
            "/users",
            &user,
            &page,
            "/sign-in",
            "/api/block",
            "/api/none",
            "/api/users",
            &style,
            "/favicon.svg",
            "/health/live",
            "/nowhere",
            "/language",
        ] {
            for method in
                [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS, Method::HEAD, Method::TRACE]
            {
                for (kind, site, origin, body) in [
                    (form, "same-origin", ORIGIN, "x=1"),
                    (form, "same-origin", ORIGIN, big.as_str()),
                    (form, "same-origin", ORIGIN, "%FF=%&&&=="),
                    ("application/json", "same-origin", ORIGIN, "{}"),
                    (form, "cross-site", "https://evil.example", "x=1"),
                ] {
                    for accept in ["text/html", "application/json"] {
                        let request = Request::builder()
                            .method(method.clone())
                            .uri(path)
                            .header("accept", accept)
                            .header("content-type", kind)
                            .header("content-length", body.len())
                            .header("sec-fetch-site", site)
                            .header("origin", origin)
                            .header("access-control-request-method", "POST");
                        let mut browser: Browser = town.anna().clone();
                        browser.address = ([198, 18, 0, u8::try_from(statuses.len()).unwrap_or(0)], 1).into();
                        let answer = browser.send(request.body(Body::from(body.to_string())).expect("a request")).await;
                        statuses.insert(answer.status.as_u16());
                        faulty.extend(faults(&Look {
                            role: "anna",
                            address: format!("{method} {path} {kind} {site}"),
                            answer,
                        }));
                    }
                }
            }
        }
        let mut hasty = Browser::new(&town.site.app);
        for _ in 0..40 {
            let answer = hasty.post_form("/reset/none", &[("password", "")]).await;
            statuses.insert(answer.status.as_u16());
            faulty.extend(faults(&Look { role: "nobody", address: "POST /reset/none".into(), answer }));
        }
        fail_on(faulty);
        for status in [303, 400, 403, 404, 405, 413, 415, 422, 429] {
            assert!(statuses.contains(&status), "no answer was {status}: {statuses:?}");
        }
        assert!(!statuses.contains(&500), "{statuses:?}");
    })
    .await;
}
