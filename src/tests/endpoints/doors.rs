//! What follows from the table of routes: what is a door, and what the log may say of a request (H-07, H-33).

use super::reviewed::FUNCTIONS;
use crate::structure::{product, root};
use crate::support::browser::{Browser, ORIGIN, form};
use crate::support::databases::both;
use crate::support::site::TestSite;
use axum::body::Body;
use axum::http::{Method, Request};
use std::io::Write;
use std::sync::{Arc, Mutex};
use tracing::Dispatch;
use tracing::subscriber::NoSubscriber;
use tracing_subscriber::fmt::format::FmtSpan;
use usher::server::http::routes::{Does, Door, table};
use usher::ui::pages::table::PAGES;

/// A path of the table with something in place of every parameter.
fn filled(path: &str, value: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { value } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// H-07: what can be sent without a session is a door; what is none asks for a session.
#[tokio::test(flavor = "multi_thread")]
async fn everything_that_can_be_sent_without_a_session_is_a_door_h_07() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut doors = 0;
        for (path, methods) in table() {
            for (method, does) in methods.iter().filter(|(method, _)| method != Method::GET) {
                assert_eq!(method, Method::POST, "{path}: a method that nobody has thought about");
                let mut stranger = Browser::new(&site.app);
                let answer = stranger.call(&filled(path, "x"), &[]).await;
                let asks_who = answer.status.as_u16() == 401;
                // An app of one's own is told by the API's own words.
                if *does == Does::Door(Door::Session) {
                    assert!(answer.status.is_client_error(), "{path}: {}", answer.status);
                    continue;
                }
                let is_function = path.starts_with("/api/");
                assert_eq!(asks_who, *does == Does::Write || is_function, "{path}: {} {does:?}", answer.status);
                doors += usize::from(matches!(does, Does::Door(_)));
            }
        }
        assert!(doors > 10, "{doors}");
    })
    .await;
}

/// H-10: behind a session, too, a password can be guessed.
#[test]
fn every_function_that_reads_a_password_or_a_code_is_a_door() {
    for function in &FUNCTIONS {
        let reads = function.fields.iter().any(|field| field.contains("password") || field.contains("code"));
        let does = table()[function.path].iter().map(|(_, does)| *does).collect::<Vec<_>>();
        let expected = match function.method {
            "GET" => Does::Read,
            _ if reads => Does::Door(Door::OwnPassword),
            _ => Does::Write,
        };
        assert_eq!(does, [expected], "{}", function.path);
    }
}

/// A route beside the table would be counted by nobody and logged by its path.
#[test]
fn routes_are_made_in_the_table_only() {
    let table = "src/server/http/routes.rs";
    let makers = [".route(", ".route_service(", ".nest(", ".nest_service(", ".fallback(", ".merge(", "MethodRouter"];
    let mut elsewhere = Vec::new();
    for source in product().iter().filter(|source| source.path != table && source.is_in("src/server")) {
        elsewhere.extend(makers.iter().flat_map(|maker| source.lines_with(maker)));
    }
    assert!(elsewhere.is_empty(), "{elsewhere:#?}");
    let text = std::fs::read_to_string(root().join(table)).expect("the table");
    assert_eq!(text.matches(".route(").count(), 1, "every route passes through one line");
}

/// A log that is kept in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("a log")).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("a log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

const SECRET: &str = "AZ8Bw2xTf0Obq4s5hPLZsQABk3dIWhh9c1tzYt0a1w";

/// Paths with the secret in them: every row's, every page's, and what becomes of a link that is mistyped.
fn paths() -> Vec<String> {
    let mut paths: Vec<String> = table().keys().map(|path| filled(path, SECRET)).collect();
    paths.extend(PAGES.map(|page| page.path.replace(":id", SECRET)));
    for door in ["i", "reset", "confirm"] {
        paths.extend(
            [
                "/{door}/{link}?link={link}",
                "/{door}/{link}/",
                "/{door}/{link}%20",
                "/{door}//{link}",
                "//{door}/{link}",
                "/./{door}/{link}",
                "/{DOOR}/{link}",
                "/x/{door}/{link}",
                "/{door}/{link}/x/y",
                "/{door}/{link}/join/",
                "/%69/{link}",
                "/users/{door}/{link}",
                "/api/{door}/{link}",
                "/api//{link}",
                "/pkg/{door}/{link}",
                "/pkg/{link}/usher.js",
                "/{door}{link}",
                "/{link}",
                "/{link}/{door}",
                "/{door}/https://users.acme.by/{door}/{link}",
                "/sign-in/{link}",
                "https://users.acme.by/{door}/{link}",
            ]
            .map(|path| path.replace("{door}", door).replace("{DOOR}", &door.to_uppercase()).replace("{link}", SECRET)),
        );
    }
    paths
}

/// H-33, IN-12: also while everything is well, and also for paths that lead nowhere.
#[tokio::test]
async fn the_log_has_the_route_and_never_the_path_h_33() {
    both(|db| async move {
        let site = TestSite::furnish(db.clone(), None).await;
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_env_filter("info,usher=trace,tower_http=info")
            .with_span_events(FmtSpan::FULL)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        // While there is one subscriber only, whatever line another test comes upon first counts as one that nobody wants.
        let _another = Dispatch::new(NoSubscriber::new());
        let _guard = tracing::subscriber::set_default(subscriber);
        let mut browser = Browser::new(&site.app);
        for is_open in [true, false] {
            if !is_open {
                db.close().await;
            }
            for path in paths() {
                for method in [
                    Method::GET,
                    Method::HEAD,
                    Method::POST,
                    Method::PUT,
                    Method::from_bytes(SECRET.as_bytes()).expect("a method"),
                ] {
                    let request = Request::builder()
                        .method(method)
                        .uri(&path)
                        .header("accept", "text/html")
                        .header("origin", ORIGIN)
                        .header("referer", format!("{ORIGIN}/i/{SECRET}"))
                        .header("authorization", format!("Bearer {SECRET}"))
                        .header("x-request-id", format!("/i/{SECRET}"))
                        .header("content-type", "application/x-www-form-urlencoded");
                    browser.send(request.body(Body::from(form(&[("link", SECRET)]))).expect("a request")).await;
                }
            }
        }
        let text = log.text();
        let told: Vec<&str> = text.lines().filter(|line| line.contains(SECRET)).take(5).collect();
        assert!(told.is_empty(), "{told:#?}");
        for path in table().keys().filter(|path| path.contains('{')) {
            assert!(text.contains(&format!("route=\"{path}\"")), "{path} is not named");
        }
        assert!(text.contains("route=\"/users/:id\"") && text.contains("route=\"unknown\""), "pages and nothing");
        assert!(text.contains("a request broke") || text.contains("response failed"), "{}", text.len());
    })
    .await;
}
