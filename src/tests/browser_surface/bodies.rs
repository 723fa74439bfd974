//! Bodies that nobody types: too large, endless, with too many fields, in pieces of no known language (DS-01, DS-04).

use super::town::{PLAIN, Town};
use crate::support::browser::{Answer, Browser, ORIGIN};
use crate::support::databases::both;
use crate::support::tables::Dump;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio_util::io::{InspectReader, ReaderStream};
use usher::domain::error::UseCaseError;
use usher::server::http::routes::table;

const ENOUGH: Duration = Duration::from_secs(5);

async fn send(browser: &mut Browser, path: &str, accept: &str, length: Option<usize>, body: Body) -> Answer {
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header("accept", accept)
        .header("origin", ORIGIN)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded");
    if let Some(length) = length {
        request = request.header("content-length", length);
    }
    tokio::time::timeout(ENOUGH, browser.send(request.body(body).expect("a request"))).await.expect("an answer in time")
}

/// A body without an end, and how much of it was read.
fn endless() -> (Body, Arc<AtomicUsize>) {
    let read = Arc::new(AtomicUsize::new(0));
    let count = read.clone();
    let letters = InspectReader::new(tokio::io::repeat(b'a'), move |letters: &[u8]| {
        count.fetch_add(letters.len(), Ordering::Relaxed);
    });
    (Body::from_stream(ReaderStream::new(letters)), read)
}

/// Forms that hold a list of people, or a long text.
const LARGE: [&str; 10] = [
    "/api/publish-agreement",
    "/api/import-group",
    "/api/import-list",
    "/api/import-row",
    "/api/import-run",
    "/api/invite",
    "/api/judge-rows",
    "/api/take-back",
    "/api/send-now",
    "/users/invite/letter",
];

/// How many bytes a path takes.
fn most(path: &str) -> u64 {
    match path {
        "/import/file" => 4 * 1024 * 1024,
        path if LARGE.contains(&path) => 1024 * 1024,
        _ => 256 * 1024,
    }
}

const DOORS: [&str; 7] =
    ["/sign-in", "/forgot", "/reset/x", "/i/x", "/api/invite", "/api/change-settings", "/api/change-profile"];

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_too_large_is_refused_before_it_is_read_to_its_end_ds_01() {
    both(|db| async {
        let mut town = Town::settle(db, None, PLAIN).await;
        let before = Dump::of(&town.site.app.db).await;
        for path in DOORS {
            for accept in ["text/html", "application/json"] {
                let anna = town.anna();
                let large = format!("addresses={}", "a".repeat(1_100_000));
                let answer = send(anna, path, accept, Some(large.len()), Body::from(large)).await;
                assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{path} for {accept}");
                let (body, read) = endless();
                let answer = send(anna, path, accept, None, body).await;
                assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{path} for {accept}, endless");
                let read = read.load(Ordering::Relaxed);
                assert!(
                    read < usize::try_from(most(path)).expect("small") + 750_000,
                    "{path} for {accept} read {read} bytes"
                );
                // A length that promises little does not let more in.
                let (body, read) = endless();
                let answer = send(anna, path, accept, Some(10), body).await;
                assert!(
                    answer.status.is_client_error() && read.load(Ordering::Relaxed) < 2_000_000,
                    "{path} for {accept}"
                );
            }
        }
        before.assert_unchanged(&town.site.app.db, "a large body").await;
    })
    .await;
}

/// L-24: whoever sends too much learns how much it was and how much fits, at every door and from every function.
#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_too_large_says_its_size_and_the_limit_l_24() {
    both(|db| async {
        let mut town = Town::settle(db, None, PLAIN).await;
        let before = Dump::of(&town.site.app.db).await;
        let writes = table().iter().filter(|(_, methods)| methods.iter().any(|(method, _)| method == Method::POST));
        // A gateway is answered by the status alone, and not at all where there is none.
        let writes = writes.filter(|(path, _)| *path != super::GATEWAY);
        for (path, _) in writes {
            let path: Vec<&str> = path.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect();
            let path = path.join("/");
            let most = most(&path);
            let (kb, more) = (most / 1024, most + 44 * 1024);
            let in_words = [format!("at most {kb} KB"), format!("не больше {kb} КБ")];
            for (size, announced, kb) in [
                (more, Some(more), Some(kb + 44)),
                (most + 1, Some(most + 1), Some(kb + 1)),
                (more, None, None),
                (most + 1, None, None),
            ] {
                for (accept, language, says) in [
                    ("text/html", "en", in_words[0].as_str()),
                    ("text/html", "ru", in_words[1].as_str()),
                    ("application/json", "en", ""),
                ] {
                    let mut request = Request::builder()
                        .method(Method::POST)
                        .uri(&path)
                        .header("accept", accept)
                        .header("accept-language", language)
                        .header("origin", ORIGIN)
                        .header("content-type", "application/x-www-form-urlencoded");
                    if let Some(length) = announced {
                        request = request.header("content-length", length);
                    }
                    let pieces = ReaderStream::new(tokio::io::AsyncReadExt::take(tokio::io::repeat(b'a'), size));
                    let answer = town.anna().send(request.body(Body::from_stream(pieces)).expect("a request")).await;
                    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{path} for {accept}");
                    let text = answer.text();
                    // Programs are answered in their own form.
                    if path.starts_with("/api/v1") {
                        assert!(text.contains("\"status\":413"), "{path}: {text}");
                        continue;
                    }
                    if accept == "text/html" {
                        assert!(text.contains(says), "{path} in {language}: {text}");
                        assert!(kb.is_none_or(|kb| text.contains(&format!("{kb} "))), "{path} in {language}: {text}");
                    } else {
                        assert_eq!(answer.refusal(), Some(UseCaseError::TooLarge { size: announced, most }), "{path}");
                    }
                }
            }
        }
        before.assert_unchanged(&town.site.app.db, "a large body").await;
        // As much as fits, to the last byte, is read: "username=x&password=" has twenty.
        let password = "a".repeat(usize::try_from(most("/sign-in")).expect("small") - 20);
        let answer = town.anna().stranger(1).post_form("/sign-in", &[("username", "x"), ("password", &password)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_fields_and_deep_ones_cost_little_and_change_nothing_ds_01_ds_04() {
    both(|db| async {
        let mut town = Town::settle(db, None, PLAIN).await;
        let before = Dump::of(&town.site.app.db).await;
        let bodies = [
            "a&".repeat(100_000),
            "a=&".repeat(80_000),
            "&".repeat(250_000),
            "=".repeat(250_000),
            format!("rows{}=x", "[a]".repeat(60_000)),
            (0..12_000).map(|number| format!("rows[{number}][a]=b&")).collect::<String>(),
            "rows[]=&".repeat(25_000),
            "%".repeat(250_000),
            "%ff%fe%00".repeat(25_000),
            "valid_for=99999999999999999999999999999h".to_string(),
            "id=\u{0}\u{1}&version=-1".to_string(),
        ];
        for path in DOORS {
            for (number, body) in bodies.iter().enumerate() {
                for accept in ["text/html", "application/json"] {
                    let mut anna = town.anna().clone();
                    anna.address = ([198, 18, 0, u8::try_from(number).expect("few")], 1).into();
                    let started = Instant::now();
                    let answer = send(&mut anna, path, accept, Some(body.len()), Body::from(body.clone())).await;
                    let is_no = answer.status.is_client_error() || answer.status.is_redirection();
                    assert!(is_no, "{path} for {accept}, body {number}: {}", answer.status);
                    assert!(
                        started.elapsed() < Duration::from_secs(2),
                        "{path}, body {number}: {:?}",
                        started.elapsed()
                    );
                }
            }
        }
        let mut changes = before.changes_to(&Dump::of(&town.site.app.db).await);
        // What a refused form had typed is kept for an hour, within a quota (H-04).
        changes.retain(|line| !line.starts_with("+ notes: ") && !line.starts_with("+ attempts: notes "));
        assert!(changes.is_empty(), "{changes:#?}");
    })
    .await;
}
