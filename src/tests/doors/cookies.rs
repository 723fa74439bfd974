//! Every cookie that we set, with its protection (WB-06).

use crate::support::browser::{Answer, Browser};
use crate::support::databases::both;
use crate::support::people::PASSWORD;
use crate::support::site::TestSite;
use axum::body::Body;
use axum::http::{HeaderValue, Request, header};
use axum::middleware::map_request;
use url::Url;
use usher::server::http;

/// The cookies of an answer: name, value, attributes in small letters.
fn cookies(answer: &Answer) -> Vec<(String, String, Vec<String>)> {
    let lines = answer.headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().expect("text"));
    lines
        .map(|line| {
            let mut parts = line.split(';').map(str::trim);
            let (name, value) = parts.next().and_then(|first| first.split_once('=')).expect("a cookie");
            (name.into(), value.into(), parts.map(str::to_lowercase).collect())
        })
        .collect()
}

/// Whatever sets a cookie, once each: signing in both ways, a refused form's note, language, theme, signing out.
async fn all_cookies(mut browser: Browser) -> Vec<(String, String, Vec<String>)> {
    let mut all = Vec::new();
    let fields = [("username", "olga@acme.by"), ("password", PASSWORD), ("keep", "on")];
    all.extend(cookies(&browser.post_form("/sign-in", &fields[..2]).await));
    all.extend(cookies(&browser.post_form("/sign-in", &fields).await));
    all.extend(cookies(
        &browser
            .post_form("/api/change-profile", &[("name", ""), ("phone", ""), ("language", "en"), ("version", "1")])
            .await,
    ));
    all.extend(cookies(&browser.get("/me").await));
    all.extend(cookies(&browser.post_form("/language", &[("language", "ru"), ("back", "/sign-in")]).await));
    all.extend(cookies(&browser.post_form("/theme", &[("theme", "dark")]).await));
    all.extend(cookies(&browser.post_form("/theme", &[("theme", "system")]).await));
    all.extend(cookies(&browser.post_form("/sign-out", &[]).await));
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn over_https_every_cookie_is_guarded_wb_06() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let all = all_cookies(Browser::new(&site.app)).await;
        let of = |name: &str| all.iter().filter(|(this, ..)| this == name).collect::<Vec<_>>();
        assert_eq!(of("__Host-usher_session").len(), 3, "twice set, once taken away: {all:?}");
        assert_eq!((of("__Host-usher_language").len(), of("__Host-usher_theme").len()), (1, 2), "{all:?}");
        assert!(all.iter().any(|(name, ..)| name.starts_with("__Host-usher_note.")), "{all:?}");
        for (name, value, attributes) in &all {
            for needed in ["secure", "httponly", "samesite=lax", "path=/"] {
                assert!(
                    attributes.iter().any(|attribute| attribute == needed),
                    "{name} without {needed}: {attributes:?}"
                );
            }
            assert!(!attributes.iter().any(|attribute| attribute.starts_with("domain")), "{name}: {attributes:?}");
            assert!(name.starts_with("__Host-usher_"), "{name}={value}");
        }
        let sessions = of("__Host-usher_session");
        let age = |at: usize| {
            sessions[at].2.iter().find_map(|attribute| attribute.strip_prefix("max-age=").map(String::from))
        };
        assert_eq!(age(0), None, "until the browser is closed");
        assert_eq!(age(1).as_deref(), Some("2592000"), "thirty days");
        assert_eq!((age(2).as_deref(), sessions[2].1.as_str()), (Some("0"), ""));
    })
    .await;
}

/// Over plain http, for a first try on one machine, no browser would keep a `__Host-` cookie.
#[tokio::test(flavor = "multi_thread")]
async fn over_http_cookies_are_kept_as_well_as_can_be() {
    both(|db| async {
        let mut site = TestSite::furnish(db, None).await;
        site.change_config(|config| config.public_url = Url::parse("http://users.acme.by").expect("an address"));
        site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        // Without https a browser names the host, and the origin that fits it.
        let router = http::router(site.app.clone()).layer(map_request(async |mut request: Request<Body>| {
            request.headers_mut().insert(header::HOST, HeaderValue::from_static("users.acme.by"));
            request.headers_mut().insert(header::ORIGIN, HeaderValue::from_static("http://users.acme.by"));
            request
        }));
        let all = all_cookies(Browser::on(router)).await;
        assert!(all.iter().any(|(name, ..)| name == "usher_session_80"), "{all:?}");
        for (name, _, attributes) in &all {
            assert!(
                !name.starts_with("__Host-") && !attributes.iter().any(|attribute| attribute == "secure"),
                "{name}"
            );
            for needed in ["httponly", "samesite=lax", "path=/"] {
                assert!(attributes.iter().any(|attribute| attribute == needed), "{name} without {needed}");
            }
        }
    })
    .await;
}
