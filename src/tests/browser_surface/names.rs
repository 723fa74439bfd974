//! Under which names the installation answers, and from which origin a form may come, over https and over http (H-32).

use super::town::{PLAIN, Town};
use crate::support::browser::{Answer, Browser, form};
use crate::support::databases::both;
use crate::support::tables::Dump;
use axum::body::Body;
use axum::http::{HeaderValue, Method, Request, StatusCode};
use std::net::SocketAddr;
use url::Url;
use usher::domain::error::UseCaseError;
use usher::server::http::routes::table;

async fn look(browser: &mut Browser, path: &str, hosts: &[&str], accept: &str) -> Answer {
    let mut request = Request::builder().uri(path).header("accept", accept);
    for host in hosts {
        request = request.header("host", HeaderValue::from_bytes(host.as_bytes()).expect("a header"));
    }
    browser.send(request.body(Body::empty()).expect("a request")).await
}

/// Sends a form by a name, from an origin.
async fn send(browser: &mut Browser, path: &str, host: Option<&str>, origins: &[&str], site: Option<&str>) -> Answer {
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header("accept", "application/json")
        .header("content-type", "application/x-www-form-urlencoded");
    for origin in origins {
        request = request.header("origin", *origin);
    }
    for (name, value) in [("host", host), ("sec-fetch-site", site)] {
        if let Some(value) = value {
            request = request.header(name, HeaderValue::from_bytes(value.as_bytes()).expect("a header"));
        }
    }
    browser.send(request.body(Body::from(form(&[("theme", "dark")]))).expect("a request")).await
}

/// The installation at another address.
fn move_to(town: &mut Town, public: &str, listen: &str) -> Browser {
    let listen: SocketAddr = listen.parse().expect("an address");
    town.site.change_config(|config| {
        config.public_url = Url::parse(public).expect("an address");
        config.listen = listen;
    });
    Browser::new(&town.site.app)
}

const HTTPS: &str = "https://users.acme.by";
const LAN: &str = "http://people.lan:8080";

#[tokio::test(flavor = "multi_thread")]
async fn another_name_is_answered_with_the_right_one_h_32() {
    both(|db| async {
        let mut town = Town::settle(db, None, PLAIN).await;
        for (public, listen, known, unknown) in [
            (
                HTTPS,
                "127.0.0.1:3000",
                vec!["users.acme.by", "users.acme.by:443", "USERS.Acme.By"],
                vec![
                    "users.acme.by:80",
                    "users.acme.by:8443",
                    "127.0.0.1:3000",
                    "localhost:3000",
                    "localhost",
                    "[::1]:3000",
                    "users.acme.by.",
                    "acme.by",
                    "x.users.acme.by",
                    "users.acme.by.evil.example",
                ],
            ),
            // nginx passes the name on without the port.
            (
                "https://users.acme.by:8443",
                "127.0.0.1:3000",
                vec!["users.acme.by:8443", "users.acme.by"],
                vec!["users.acme.by:443"],
            ),
            (
                LAN,
                "192.168.1.5:3000",
                vec![
                    "people.lan:8080",
                    "people.lan",
                    "PEOPLE.LAN:8080",
                    "192.168.1.5:3000",
                    "192.168.1.5:8080",
                    "localhost:3000",
                    "localhost:8080",
                    "127.0.0.1:3000",
                    "[::1]:3000",
                ],
                vec![
                    "192.168.1.6:3000",
                    "people.lan:3001",
                    "192.168.1.5",
                    "localhost",
                    "localhost:3001",
                    "x.localhost:3000",
                ],
            ),
            (
                "http://127.0.0.1:3000",
                "0.0.0.0:3000",
                vec!["127.0.0.1:3000", "localhost:3000", "192.168.1.6:3000", "[2001:db8::1]:3000"],
                vec!["192.168.1.6:80", "192.168.1.6", "people.lan:3000"],
            ),
        ] {
            let mut browser = move_to(&mut town, public, listen);
            for host in known {
                for path in ["/sign-in", "/health/live"] {
                    let answer = look(&mut browser, path, &[host], "text/html").await;
                    assert_eq!(answer.status, StatusCode::OK, "{public}: {path} at {host}");
                }
                let answer = send(&mut browser, "/theme", Some(host), &[public], Some("same-origin")).await;
                assert_eq!(answer.status, StatusCode::SEE_OTHER, "{public}: a form at {host}");
            }
            let always = [
                "evil.example",
                "evil.example:3000",
                "evil.example:8080",
                "",
                " ",
                "users.acme.by@evil.example",
                "users.acme.by/x",
                "users.acme.by, evil.example",
                "users.acme.by:x",
                "\u{e9}.example",
                "evil.example#users.acme.by",
                "users.acme.by:99999",
                "[::1",
                ".",
            ];
            for host in unknown.into_iter().chain(always) {
                for path in ["/sign-in", "/users", "/api/page?address=/me", "/favicon.svg", "/nowhere", "/i/x"] {
                    let answer = look(&mut browser, path, &[host], "text/html").await;
                    let page = answer.text();
                    assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{public}: {path} at {host}");
                    assert!(!page.contains("evil.example"), "{page}");
                    if path != "/favicon.svg" {
                        assert!(page.contains("USHER_PUBLIC_URL") && page.contains(public), "{page}");
                    }
                }
                let refused = UseCaseError::OtherName { address: public.into() };
                assert_eq!(
                    look(&mut browser, "/api/page?address=/me", &[host], "*/*").await.refusal(),
                    Some(refused),
                    "{host}"
                );
                for path in ["/health/live", "/health/ready"] {
                    assert_eq!(
                        look(&mut browser, path, &[host], "*/*").await.status,
                        StatusCode::OK,
                        "{path} at {host}"
                    );
                }
                let answer = send(&mut browser, "/theme", Some(host), &[public], Some("same-origin")).await;
                assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{public}: a form at {host}");
                let origin = format!("{}://{host}", &public[..public.find(':').expect("a scheme")]);
                if HeaderValue::from_str(&origin).is_ok() {
                    let answer = send(&mut browser, "/theme", Some(host), &[&origin], None).await;
                    assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{public}: a form at {host} from there");
                }
            }
            // Two names are one too many, wherever they stand; no name at all is a program of the last century.
            let ours = public.split("//").nth(1).expect("a name");
            assert_eq!(
                look(&mut browser, "/sign-in", &[ours, "evil.example"], "*/*").await.status,
                StatusCode::MISDIRECTED_REQUEST
            );
            let whole = look(&mut browser, "http://evil.example/sign-in", &[ours], "*/*").await;
            assert_eq!(whole.status, StatusCode::MISDIRECTED_REQUEST);
            assert_eq!(look(&mut browser, "/sign-in", &[], "*/*").await.status, StatusCode::OK);
        }
    })
    .await;
}

/// Public address, where it listens, the name by which one came, right origins, wrong ones.
type Case = (&'static str, &'static str, Option<&'static str>, &'static [&'static str], &'static [&'static str]);

/// H-32: over https the origin is the public address, scheme and port and all; over http also the name by which one came.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_comes_from_our_own_origin_and_from_no_other_h_32() {
    both(|db| async {
        let mut town = Town::settle(db, None, PLAIN).await;
        let writes: Vec<String> = table()
            .iter()
            .filter(|(_, methods)| methods.iter().any(|(method, _)| method == Method::POST))
            // Programs send no forms, and no cookie of a page counts there.
            .filter(|(path, _)| !path.starts_with("/api/v1") && *path != super::GATEWAY)
            .map(|(path, _)| {
                path.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect::<Vec<_>>().join("/")
            })
            .collect();
        assert!(writes.len() > 40);
        let cases: [Case; 6] = [
            (
                HTTPS,
                "127.0.0.1:3000",
                None,
                &[HTTPS],
                &["http://users.acme.by", "https://users.acme.by:443", "https://users.acme.by:8443"],
            ),
            (
                HTTPS,
                "127.0.0.1:3000",
                Some("users.acme.by"),
                &[HTTPS],
                &[
                    "http://users.acme.by",
                    "https://users.acme.by:8443",
                    "https://users.acme.by/",
                    "HTTPS://users.acme.by",
                    "https://USERS.acme.by",
                    "https://x@users.acme.by",
                    "https://users.acme.by.evil.example",
                    "ftp://users.acme.by",
                    "https://acme.by",
                    "http://127.0.0.1:3000",
                    "https://127.0.0.1:3000",
                    "http://localhost:3000",
                    "users.acme.by",
                    "//users.acme.by",
                    "",
                ],
            ),
            (
                "https://users.acme.by:8443",
                "127.0.0.1:3000",
                Some("users.acme.by"),
                &["https://users.acme.by:8443"],
                &[HTTPS],
            ),
            (
                LAN,
                "192.168.1.5:3000",
                Some("people.lan:8080"),
                &[LAN],
                &["https://people.lan:8080", "http://people.lan", "http://192.168.1.5:3000", "http://localhost:8080"],
            ),
            (
                LAN,
                "192.168.1.5:3000",
                Some("192.168.1.5:3000"),
                &["http://192.168.1.5:3000", LAN],
                &["https://192.168.1.5:3000", "http://192.168.1.5", "http://192.168.1.6:3000", "http://localhost:3000"],
            ),
            (
                LAN,
                "192.168.1.5:3000",
                Some("localhost:3000"),
                &["http://localhost:3000", LAN],
                &["http://127.0.0.1:3000", "http://localhost:3001", "http://localhost", "http://evil.example:3000"],
            ),
        ];
        for (public, listen, host, right, wrong) in cases {
            let browser = move_to(&mut town, public, listen);
            let mut anna = browser.clone();
            anna.sign_in_as(&town.site.app, &town.site.anna).await;
            let before = Dump::of(&town.site.app.db).await;
            for path in &writes {
                for site in [None, Some("same-origin"), Some("cross-site")] {
                    for origin in wrong.iter().chain(&["https://evil.example", "http://evil.example:3000"]) {
                        let answer = send(&mut anna, path, host, &[origin], site).await;
                        let what = format!("{public} at {host:?}: {path} from {origin} ({site:?})");
                        assert_eq!(
                            (answer.status, answer.refusal()),
                            (StatusCode::FORBIDDEN, Some(UseCaseError::CrossSite)),
                            "{what}"
                        );
                    }
                    for origin in right {
                        for site in [Some("same-site"), Some("cross-site"), Some("none"), Some("x")] {
                            let answer = send(&mut anna, path, host, &[origin], site).await;
                            assert_eq!(answer.refusal(), Some(UseCaseError::CrossSite), "{path} {site:?}");
                        }
                    }
                    // Two origins are none.
                    let answer = send(&mut anna, path, host, &[right[0], "https://evil.example"], site).await;
                    assert_eq!(answer.refusal(), Some(UseCaseError::CrossSite), "{path}");
                }
                for nothing in [&[][..], &["null"]] {
                    assert_eq!(
                        send(&mut anna, path, host, nothing, None).await.refusal(),
                        Some(UseCaseError::CrossSite),
                        "{path}"
                    );
                }
            }
            before.assert_unchanged(&town.site.app.db, "a form of another origin").await;
            for origin in right {
                for site in [None, Some("same-origin")] {
                    let answer = send(&mut anna, "/theme", host, &[origin], site).await;
                    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{public} at {host:?} from {origin} ({site:?})");
                }
            }
            for nothing in [&[][..], &["null"]] {
                assert_eq!(
                    send(&mut anna, "/theme", host, nothing, Some("same-origin")).await.status,
                    StatusCode::SEE_OTHER
                );
            }
        }
    })
    .await;
}
