//! Everything that answers: each endpoint stands in a reviewed list, asks who is there, writes nothing when it only reads,
//! and says the same of what is elsewhere as of what is nowhere (AZ-08, AZ-09, TE-01, WB-02).

mod doors;
mod elsewhere;
mod ended;
mod reads;
pub mod reviewed;
mod shown;
mod strangers;

pub use strangers::ask;

use leptos::server_fn::axum::server_fn_paths;
use reviewed::{FUNCTIONS, PAGES, ROUTES};
use std::collections::BTreeSet;
use usher::server::http::routes::table;
use usher::ui::pages::table;
use usher::words::Language;

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

/// AZ-08: the routes of the table from which the router is made; the functions have rows of their own.
#[test]
fn every_route_stands_in_the_reviewed_list() {
    let functions: BTreeSet<&str> = FUNCTIONS.iter().map(|function| function.path).collect();
    let rows = table().iter().filter(|(path, _)| !functions.contains(path.as_str()));
    let known: BTreeSet<(String, String)> = rows
        .map(|(path, methods)| {
            let methods: Vec<&str> = methods.iter().map(|(method, _)| method.as_str()).collect();
            (path.clone(), methods.join(" "))
        })
        .collect();
    let reviewed: BTreeSet<(String, String)> =
        ROUTES.iter().map(|(path, methods, _)| (path.to_string(), methods.to_string())).collect();
    assert_eq!(known, reviewed);
}

/// What was refused stands in the history in the words of its button.
#[test]
fn everything_that_can_be_refused_has_words_in_the_history() {
    let functions = FUNCTIONS.iter().map(|function| function.path.trim_start_matches("/api/"));
    let forms = ["users/export", "users/letters", "users/invite/letter", "settings/texts/letter", "import/file"];
    for name in functions.chain(forms) {
        let said = Language::Russian.call(name);
        assert!(!said.chars().any(|letter| letter.is_ascii_alphabetic()), "{name}: {said}");
    }
}

/// AZ-08: the pages of the app.
#[test]
fn every_page_stands_in_the_reviewed_list() {
    assert_eq!(table::PAGES.map(|page| page.path), PAGES.map(|(path, _)| path));
}
