//! Where an answer sends the browser: to a path of ours, whatever the form, the address or the Referer say (WB-04).

use super::town::{PLAIN, Town};
use crate::support::browser::{Answer, Browser, ORIGIN, form};
use crate::support::databases::both;
use crate::support::people::PASSWORD;
use axum::body::Body;
use axum::http::{HeaderValue, Method, Request, StatusCode};
use usher::domain::listing::escape;
use usher::server::http::routes::{Does, table};

/// Ways out that browsers are known to take.
const HOSTILE: [&str; 22] = [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "///evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "/\n/evil.example",
    "/%09/evil.example\t",
    "https:evil.example",
    "https://evil.example/",
    "https:/evil.example",
    "HTTPS://evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "@evil.example",
    "evil.example",
    "users.acme.by.evil.example",
    "/users//evil.example",
    "/users/..//evil.example",
    "/\u{e9}//evil.example",
    "/users\r\nset-cookie: a=b",
];

/// A path as every browser reads it: on this host, and nothing but printable letters.
fn assert_local(answer: &Answer, what: &str) {
    let to = answer.headers.get("location").map(|to| to.to_str().expect("text"));
    assert_eq!(
        answer.headers.get_all("location").iter().count(),
        usize::from(answer.status.is_redirection()),
        "{what}"
    );
    if let Some(to) = to {
        let base = url::Url::parse(ORIGIN).expect("an address");
        let reached = base.join(to).expect("an address");
        assert_eq!(reached.origin(), base.origin(), "{what} leads to {to}");
        assert!(
            to.starts_with('/') && !to.starts_with("//") && to.bytes().all(|byte| byte.is_ascii_graphic()),
            "{what}: {to}"
        );
        assert!(!to.contains("__err"), "{what}: {to}");
    }
    assert!(!answer.headers.get_all("set-cookie").iter().any(|cookie| cookie.as_bytes().starts_with(b"a=")), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_signing_in_or_out_or_choosing_nobody_is_sent_elsewhere_wb_04() {
    both(|db| async {
        let town = Town::settle(db, None, PLAIN).await;
        let stranger = Browser::new(&town.site.app);
        for (number, hostile) in (0..).zip(HOSTILE) {
            let mut browser = stranger.stranger(number);
            // Carried through the page and back.
            let page = browser.get(&format!("/sign-in?next={}", escape(hostile))).await;
            assert!(!page.text().contains("evil.example") && !page.text().contains("javascript:"), "{hostile:?}");
            let wrong = browser
                .post_form("/sign-in", &[("username", "active@acme.by"), ("password", "x"), ("next", hostile)])
                .await;
            assert!(!wrong.text().contains("evil.example"), "{hostile:?}");
            let fields = [("username", "active@acme.by"), ("password", PASSWORD), ("next", hostile)];
            let entered = browser.post_form("/sign-in", &fields).await;
            assert!(entered.status.is_redirection(), "{hostile:?}: {}", entered.status);
            assert_local(&entered, hostile);
            assert_local(&browser.get(&format!("/sign-in?next={}", escape(hostile))).await, hostile);
            let answer = browser.post_form("/language", &[("language", "ru"), ("back", hostile)]).await;
            assert!(answer.status.is_redirection());
            assert_local(&answer, hostile);
            let answer = browser.post_form("/sign-out", &[("back", hostile)]).await;
            assert!(answer.status.is_redirection());
            assert_local(&answer, hostile);
            assert_local(&browser.get(&format!("/i?link={}", escape(hostile))).await, hostile);
        }
        // Where one wanted to go, one gets.
        let mut browser = stranger.stranger(1_000);
        let page = browser.get("/users?q=a%26b&sort=-added").await;
        assert_eq!(page.location(), "/sign-in?next=%2Fusers%3Fq%3Da%2526b%26sort%3D-added");
        let wanted = crate::support::html::form_to(&browser.get(page.location()).await.text(), "/sign-in");
        let fields = wanted.with("username", "active@acme.by").with("password", PASSWORD);
        assert_eq!(browser.post_form("/sign-in", &fields.pairs()).await.location(), "/users?q=a%26b&sort=-added");
    })
    .await;
}

/// Referers as hostile pages and broken programs send them.
fn referers() -> Vec<String> {
    let mut all: Vec<String> = HOSTILE.iter().map(|path| path.to_string()).collect();
    all.extend(HOSTILE.iter().map(|path| format!("{ORIGIN}{path}")));
    all.extend(
        [
            "https://evil.example",
            "https://evil.example/?__err=x&__path=/api/profile",
            "https://users.acme.by@evil.example/users",
            "https://evil.example@users.acme.by/users",
            "https://users.acme.by:8443/users",
            "http://users.acme.by/users",
            "ftp://users.acme.by/users",
            "https://users.acme.by.evil.example/users",
            "https://users.acme.by%2eevil.example/",
            "https://users.acme.by/users?__err=x&__path=/api/profile",
            "https://users.acme.by/users?q=a&%5F%5Ferr=x",
            "https://users.acme.by/users#__err=x",
            "about:blank",
            "about:client",
            "blob:https://users.acme.by/x",
            "file:///etc/passwd",
            "https://[::1",
            "https://",
            "//",
            "",
        ]
        .map(String::from),
    );
    all
}

/// H-23: no function and no form leads away, whoever sent the person here, however it is called.
#[tokio::test(flavor = "multi_thread")]
async fn no_function_and_no_form_leads_away_whatever_the_referer_says_h_23() {
    both(|db| async {
        let mut town = Town::settle(db, None, PLAIN).await;
        let anna = town.anna().clone();
        let mut number = 0_u16;
        for (path, methods) in table() {
            let does = methods.iter().map(|(_, does)| *does);
            let is_page = does.into_iter().all(|does| matches!(does, Does::Page | Does::File | Does::Health));
            if is_page {
                continue;
            }
            let filled: Vec<&str> =
                path.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect();
            let filled = filled.join("/");
            for referer in referers() {
                let Ok(value) = HeaderValue::from_bytes(referer.as_bytes()) else { continue };
                for method in [Method::GET, Method::HEAD, Method::POST, Method::PUT] {
                    let hostile = [("back", "//evil.example"), ("next", "/\\evil.example"), ("language", "ru")];
                    let request = Request::builder()
                        .method(method.clone())
                        .uri(&filled)
                        .header("accept", "text/html,*/*;q=0.8")
                        .header("content-type", "application/x-www-form-urlencoded")
                        .header("origin", ORIGIN)
                        .header("referer", value.clone());
                    let mut browser = anna.stranger(number);
                    browser.cookies = anna.cookies.clone();
                    number += 1;
                    let answer = browser.send(request.body(Body::from(form(&hostile))).expect("a request")).await;
                    let what = format!("{method} {path} from {referer:?}");
                    assert_local(&answer, &what);
                    // Programs are answered in their own form, and are led nowhere.
                    let is_for_programs = path.starts_with("/api/v1");
                    if path.starts_with("/api/") && !is_for_programs && method != Method::POST && method != Method::PUT
                    {
                        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{what}");
                        assert!(
                            answer.headers["content-type"].to_str().expect("text").starts_with("text/html"),
                            "{what}"
                        );
                    }
                }
            }
        }
        // Without a session, too, and when the address says it itself.
        let mut stranger = anna.stranger(number);
        for path in ["/users?__err=x&q=a", "/api/page?address=/me&__err=x", "/?__err=x"] {
            assert_local(&stranger.get(path).await, path);
        }
        // The page's script, and a program, read as before.
        for accept in ["application/json", "*/*"] {
            let request = Request::builder()
                .uri("/api/page?address=/me")
                .header("accept", accept)
                .header("referer", "//evil.example");
            let answer = anna.clone().send(request.body(Body::empty()).expect("a request")).await;
            assert_eq!((answer.status, answer.location()), (StatusCode::OK, ""), "{accept}");
        }
    })
    .await;
}

/// A plain form is answered by going back to its page; who says what its page was is not believed.
#[tokio::test(flavor = "multi_thread")]
async fn a_plain_form_goes_back_to_a_page_of_ours_whatever_the_referer_says_wb_04() {
    both(|db| async {
        let mut town = Town::settle(db, None, PLAIN).await;
        let id = town.active.as_str().to_string();
        let anna = town.anna().clone();
        let mut strange: Vec<String> = HOSTILE.iter().map(|path| path.to_string()).collect();
        strange.extend(HOSTILE.iter().map(|path| format!("{ORIGIN}{path}")));
        strange.extend(
            [
                "https://users.acme.by.evil.example/users",
                "https://users.acme.by@evil.example/",
                "http://users.acme.by/users",
            ]
            .map(String::from),
        );
        strange.push(format!("{ORIGIN}/users?__path=/x&x=//evil.example"));
        for (number, referer) in (0..).zip(&strange) {
            for (path, fields, user) in [
                ("/api/edit-user", vec![("id", id.as_str()), ("phone", "no phone"), ("version", "1")], true),
                ("/api/edit-user", vec![("nonsense", "1")], true),
                ("/api/none", vec![], true),
                ("/api/change-profile", vec![("name", "x")], false),
                ("/theme", vec![("theme", "dark")], true),
                ("/theme", vec![("theme", "nonsense")], true),
                ("/sign-in", vec![("nonsense", "1")], false),
            ] {
                let Ok(value) = axum::http::HeaderValue::from_bytes(referer.as_bytes()) else { continue };
                let request = Request::builder()
                    .method(Method::POST)
                    .uri(path)
                    .header("accept", "text/html")
                    .header("content-type", "application/x-www-form-urlencoded")
                    .header("origin", ORIGIN)
                    .header("referer", value);
                let mut browser = anna.stranger(number);
                if user {
                    browser.cookies = anna.cookies.clone();
                }
                let answer = browser.send(request.body(Body::from(form(&fields))).expect("a request")).await;
                assert_local(&answer, &format!("{path} from {referer:?}"));
            }
        }
        // From a page of ours it goes back there.
        let request = Request::builder()
            .method(Method::POST)
            .uri("/api/edit-user")
            .header("accept", "text/html")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("origin", ORIGIN)
            .header("referer", format!("{ORIGIN}/users/{id}/edit?from=list"));
        let body = form(&[("id", id.as_str()), ("phone", "no phone"), ("version", "1")]);
        let answer = anna.clone().send(request.body(Body::from(body)).expect("a request")).await;
        assert_eq!(answer.location(), format!("/users/{id}/edit?from=list"));
        // The same over http under another name, by which somebody of the same network came.
        town.site.change_config(|config| {
            config.public_url = url::Url::parse("http://people.lan:3000").expect("an address");
            config.listen = ([192, 168, 1, 5], 3000).into();
        });
        let mut lan = Browser::new(&town.site.app);
        lan.cookies.insert("usher_session_3000".into(), anna.cookies["__Host-usher_session"].clone());
        for (host, referer, back) in [
            ("192.168.1.5:3000", format!("http://192.168.1.5:3000/users/{id}/edit"), format!("/users/{id}/edit")),
            ("192.168.1.5:3000", format!("http://people.lan:3000/users/{id}/edit"), format!("/users/{id}/edit")),
            ("192.168.1.5:3000", format!("http://192.168.1.6:3000/users/{id}/edit"), "/".into()),
            ("192.168.1.5:3000", format!("https://192.168.1.5:3000/users/{id}/edit"), "/".into()),
            ("192.168.1.5:3000", format!("http://192.168.1.5/users/{id}/edit"), "/".into()),
        ] {
            let request = Request::builder()
                .method(Method::POST)
                .uri("/api/edit-user")
                .header("accept", "text/html")
                .header("content-type", "application/x-www-form-urlencoded")
                .header("host", host)
                .header("origin", format!("http://{host}"))
                .header("referer", &referer);
            let body = form(&[("id", id.as_str()), ("phone", "no phone"), ("version", "1")]);
            let answer = lan.send(request.body(Body::from(body)).expect("a request")).await;
            assert_eq!(answer.location(), back, "{host} from {referer}");
        }
    })
    .await;
}
