//! Importing people from a file: it is looked at before anything happens, mended in place, run by a job, reported, and undone for a day
//! (rules 20, 28–32); with a plain form as a browser without script sends it, and by use cases.

mod existing;
mod files;
mod lists;
mod round_trip;
mod screen;
mod sheets;

use crate::support::browser::{Answer, Browser, ORIGIN};
use crate::support::site::{TestSite, caller};
use crate::support::until_at_last;
use axum::body::Body;
use axum::http::{Method, Request, header};
use std::time::Duration as StdDuration;
use tokio_util::sync::CancellationToken;
use usher::domain::error::UseCaseError;
use usher::domain::id::ImportId;
use usher::domain::import::ListWish;
use usher::domain::preset::LEARNING;
use usher::domain::settings::Settings;
use usher::domain::timestamp::Duration;
use usher::server::jobs;
use usher::server::spreadsheets;
use usher::server::storage::Database;
use usher::server::use_cases::import;
use usher::view_models::ImportView;

/// A learning platform, where people are added without inviting them.
async fn platform(db: Database) -> TestSite {
    let site = TestSite::furnish_as(&LEARNING, db, None).await;
    site.save_settings(&Settings { hold: Duration(0), letters_a_day: 50_000, bin_days: 0, ..site.settings().await })
        .await;
    site
}

/// A list of the rows of this text.
async fn open(site: &TestSite, text: &str) -> Result<ImportId, UseCaseError> {
    let cells = spreadsheets::read(text.as_bytes()).expect("cells");
    import::open(&site.app, &caller(&site.anna), "people.csv", cells).await
}

/// What the page of a list shows, all rows of it.
async fn seen(site: &TestSite, id: &ImportId) -> ImportView {
    let page = import::page(&site.app, &caller(&site.anna), Some(id), "all", 0).await.expect("the page");
    *page.view.expect("a list")
}

async fn run(site: &TestSite, id: &ImportId) -> ImportView {
    import::run(&site.app, &caller(&site.anna), id, &ListWish::default(), "").await.expect("begun");
    finish(site, id).await
}

/// Does the jobs of a list to their end.
async fn finish(site: &TestSite, id: &ImportId) -> ImportView {
    let stop = CancellationToken::new();
    let worker = tokio::spawn(jobs::run_every(site.app.clone(), stop.clone(), StdDuration::from_millis(20)));
    until_at_last("the list is imported", || async {
        seen(site, id).await.state.is_some_and(|state| !state.is_under_way)
    })
    .await;
    stop.cancel();
    worker.await.expect("the worker");
    seen(site, id).await
}

/// Sends a file as a browser without script does.
async fn upload(browser: &mut Browser, name: &str, content: &[u8]) -> Answer {
    let mut body = Vec::new();
    body.extend(
        format!("--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n")
            .into_bytes(),
    );
    body.extend(content);
    body.extend(b"\r\n--cut\r\nContent-Disposition: form-data; name=\"cells\"\r\n\r\n\r\n--cut--\r\n");
    let request = Request::builder()
        .method(Method::POST)
        .uri("/import/file")
        .header(header::ACCEPT, "text/html,*/*;q=0.8")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut")
        .header(header::ORIGIN, ORIGIN)
        .header(header::REFERER, format!("{ORIGIN}/import"))
        .header("sec-fetch-site", "same-origin");
    browser.send(request.body(Body::from(body)).expect("a request")).await
}

/// The list to which an answer leads.
fn id_in(answer: &Answer) -> ImportId {
    let id = answer.location().strip_prefix("/import?id=").unwrap_or_else(|| panic!("{answer:?}"));
    ImportId::new(id)
}
