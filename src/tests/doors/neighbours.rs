//! Other programs and other installations on the same host share its cookies: theirs make no difference to ours, and ours
//! leave theirs alone (H-13, H-14).

use crate::support::browser::{Browser, ORIGIN};
use crate::support::databases::both;
use crate::support::people::PASSWORD;
use crate::support::site::TestSite;
use axum::body::Body;
use axum::http::{HeaderValue, Request, StatusCode, header};
use axum::middleware::map_request;
use url::Url;
use usher::server::http;
use usher::server::storage::Database;

/// Signed in, with another program's cookie around our own: still signed in, whatever the other one says, and however many
/// `Cookie` headers it comes in.
#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_cookie_that_cannot_be_read_signs_nobody_out_h_13() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let mut browser = Browser::new(&site.app);
        browser.post_form("/language", &[("language", "ru"), ("back", "/sign-in")]).await;
        assert_eq!(browser.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
        let own = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        browser.cookies.clear();
        let huge = "x".repeat(16_000);
        for foreign in [
            "city=Минск".as_bytes(),
            b"city=\xcc\xe8\xed\xf1\xea",
            b"\xff\xfe=\xff",
            b"no sign at all",
            b"",
            b"; ;;",
            b"=",
            b"quoted=\"a; b=c\"",
            b"__Host-usher_session",
            b"__Host-usher_session=\"in quotes\"",
            b"usher_session=of-an-older-version; __Host-usher_session_8443=of-another",
            huge.as_bytes(),
        ] {
            for lines in [
                vec![[foreign, b"; ", own.as_bytes()].concat()],
                vec![[own.as_bytes(), b"; ", foreign].concat()],
                vec![foreign.to_vec(), own.clone().into_bytes()],
                vec![own.clone().into_bytes(), foreign.to_vec()],
            ] {
                let mut request = Request::builder().uri("/me").header(header::ACCEPT, "text/html");
                for line in lines {
                    request = request.header(header::COOKIE, HeaderValue::from_bytes(&line).expect("a header"));
                }
                let answer = browser.send(request.body(Body::empty()).expect("a request")).await;
                let named = String::from_utf8_lossy(foreign);
                assert_eq!(answer.status, StatusCode::OK, "{named}");
                assert!(answer.text().contains("olga@acme.by"), "{named}");
            }
        }
        // The language of a page before sign-in as well.
        let line = ["city=Минск; ".as_bytes(), own.as_bytes()].concat();
        let request = Request::builder().uri("/forgot").header(header::ACCEPT, "text/html");
        let request = request.header(header::COOKIE, HeaderValue::from_bytes(&line).expect("a header"));
        let answer = browser.send(request.body(Body::empty()).expect("a request")).await;
        assert!(answer.text().contains("<html lang=\"ru\""), "{}", answer.text());
    })
    .await;
}

/// An installation under this address, with Olga in it.
async fn installation(db: Database, address: &'static str) -> (TestSite, Browser) {
    let mut site = TestSite::furnish(db, None).await;
    site.change_config(|config| config.public_url = Url::parse(address).expect("an address"));
    site.add_with_password("Olga", "olga@acme.by", "main_administrator").await;
    let origin = site.app.config.origin();
    let authority = address.split("://").nth(1).expect("a host");
    let router = http::router(site.app.clone()).layer(map_request(move |mut request: Request<Body>| {
        let (origin, authority) = (origin.clone(), authority);
        async move {
            let headers = request.headers_mut();
            headers.insert(header::HOST, HeaderValue::from_static(authority));
            if headers.contains_key(header::ORIGIN) {
                headers.insert(header::ORIGIN, origin.parse().expect("a header"));
                let referer = headers[header::REFERER].to_str().expect("text").replace(ORIGIN, &origin);
                headers.insert(header::REFERER, referer.parse().expect("a header"));
            }
            request
        }
    }));
    (site, Browser::on(router))
}

/// One browser at two installations: session, note, language and theme of each are its own, over http and over https.
#[tokio::test(flavor = "multi_thread")]
async fn two_installations_on_one_host_leave_each_other_alone_h_14() {
    for (one, other) in [
        ("http://acme.by", "http://acme.by:8080"),
        ("http://acme.by:8080", "http://acme.by:8081"),
        ("https://acme.by", "https://acme.by:8443"),
        ("https://acme.by:8443", "https://acme.by:9443"),
    ] {
        both(move |db| async move {
            let elsewhere = crate::support::databases::Scratch::sqlite().await;
            let (_, mut first) = installation(db, one).await;
            let (_, mut second) = installation(elsewhere.db.clone(), other).await;
            // The browser is one: it carries its cookies from the one to the other.
            assert_eq!(first.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
            first.post_form("/theme", &[("theme", "dark")]).await;
            first.post_form("/language", &[("language", "ru"), ("back", "/sign-in")]).await;
            let fields = [("name", ""), ("phone", ""), ("language", "en"), ("version", "1")];
            first.post_from("/me", "/api/change-profile", &fields).await;
            assert_eq!(first.waiting_notes().len(), 1);

            second.cookies = first.cookies.clone();
            assert!(!second.is_signed_in().await, "{one} at {other}");
            let page = second.get("/sign-in").await.text();
            assert!(page.contains("<html lang=\"en\"") && !page.contains("data-theme"), "{page}");
            assert_eq!(second.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
            second.post_form("/theme", &[("theme", "light")]).await;
            let page = second.get("/me").await.text();
            assert!(page.contains("data-theme=\"light\"") && !page.contains("aria-invalid=\"true\""), "{page}");
            second.post_from("/me", "/api/change-profile", &fields).await;
            second.post_form("/sign-out", &[]).await;

            first.cookies = second.cookies.clone();
            let page = first.get("/me").await;
            assert_eq!(page.status, StatusCode::OK, "{one} after {other}");
            let page = page.text();
            assert!(page.contains("data-theme=\"dark\"") && page.contains("aria-invalid=\"true\""), "{page}");
            assert!(first.get("/forgot").await.text().contains("<html lang=\"ru\""));
            elsewhere.remove().await;
        })
        .await;
    }
}
