//! Everything that answers: each endpoint stands in a reviewed list, asks who is there, writes nothing when it only reads,
//! and says the same of what is elsewhere as of what is nowhere (AZ-08, AZ-09, TE-01, WB-02).

mod elsewhere;
mod ended;
mod reads;
pub mod reviewed;
mod strangers;

pub use strangers::ask;

use leptos::server_fn::axum::server_fn_paths;
use reviewed::{FUNCTIONS, PAGES, ROUTES};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use usher::ui::app;

/// AZ-08: a server function without a row fails, and so does a row without its function.
#[test]
fn every_server_function_stands_in_the_reviewed_list() {
    let known: BTreeSet<(String, String)> =
        server_fn_paths().map(|(path, method)| (path.to_string(), method.to_string())).collect();
    let reviewed: BTreeSet<(String, String)> =
        FUNCTIONS.iter().map(|function| (function.path.to_string(), function.method.to_string())).collect();
    assert_eq!(known, reviewed);
    assert_eq!(reviewed.len(), FUNCTIONS.len(), "each once");
}

/// AZ-08: the routes as the source of the door for browsers writes them.
#[test]
fn every_route_stands_in_the_reviewed_list() {
    let mut known = BTreeSet::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/server");
    for source in sources(&root) {
        known.extend(routes_in(&source));
    }
    let reviewed: BTreeSet<(String, String)> =
        ROUTES.iter().map(|(path, methods, _)| (path.to_string(), methods.to_string())).collect();
    assert_eq!(known, reviewed);
}

/// AZ-08: the pages of the app.
#[test]
fn every_page_stands_in_the_reviewed_list() {
    assert_eq!(app::PAGES.to_vec(), PAGES.map(|(path, _)| path).to_vec());
}

fn sources(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else {
            found.push(fs::read_to_string(&path).expect("a source"));
        }
    }
    found
}

/// `(path, methods)` of each `.route(path, handlers)`, and of anything else that could add a handler.
fn routes_in(source: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for other in [".route_service(", ".nest(", ".nest_service(", ".method_not_allowed_fallback("] {
        assert!(!source.contains(other), "{other} must be looked at here first");
    }
    for (_, rest) in source.match_indices(".route(").map(|(at, mark)| source.split_at(at + mark.len())) {
        let inner = &rest[..end_of_arguments(rest)];
        let (path, handlers) = inner.split_once(',').expect("a path and its handlers");
        let path = path.trim();
        let path = path.strip_prefix('"').and_then(|path| path.strip_suffix('"')).unwrap_or(path);
        let has = |method: &str| {
            let name = format!("{}(", method.to_lowercase());
            handlers.trim_start().starts_with(&name) || handlers.contains(&format!(".{name}")) || path.starts_with('&')
        };
        let methods: Vec<&str> = match path.starts_with('&') {
            true => vec!["GET"],
            false => ["GET", "POST", "PUT", "PATCH", "DELETE", "ANY", "ON"]
                .into_iter()
                .filter(|method| has(method))
                .collect(),
        };
        found.push((path.to_string(), methods.join(" ")));
    }
    found
}

/// Where the arguments end that begin here: at the bracket that was not opened in them.
fn end_of_arguments(text: &str) -> usize {
    let mut open = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => open += 1,
            ')' if open == 0 => return at,
            ')' => open -= 1,
            _ => {}
        }
    }
    panic!("arguments without an end")
}
