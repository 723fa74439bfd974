//! The main job from end to end, as the people in it live it: set up, invite, get the mail, register, stand as active in the
//! table. With forms as they stand in the pages, without script; through a relay, through the built-in mailbox, and
//! through a power cut (FT-01).

mod by_sms;
mod cut;

use crate::support::browser::{Answer, Browser};
use crate::support::databases::both;
use crate::support::html::{Form, form_to, tags};
use crate::support::people::PASSWORD;
use crate::support::site::config;
use crate::support::smtp::Sink;
use crate::support::until;
use axum::http::StatusCode;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use usher::server::app::App;
use usher::server::clock::Clock;
use usher::server::delivery::worker::{self, Timing};
use usher::server::http;
use usher::server::secrets::Key;
use usher::server::storage::Database;
use usher::server::upkeep;

/// A server on an empty database, with its worker and its upkeep.
struct Installation {
    app: App,
    stop: CancellationToken,
    tasks: [JoinHandle<()>; 2],
}

impl Installation {
    fn start(db: Database, relay: Option<&str>) -> Self {
        let app = App::new(config(relay), db, Key::from_bytes([9; 32]), Clock::default());
        let stop = CancellationToken::new();
        let timing = Timing { interval: Duration::from_millis(100), ..Timing::default() };
        let tasks = [
            tokio::spawn(worker::run_at(app.clone(), stop.clone(), timing)),
            tokio::spawn(upkeep::run_every(app.clone(), stop.clone(), timing.interval)),
        ];
        Self { app, stop, tasks }
    }

    async fn end(self) {
        self.stop.cancel();
        for task in self.tasks {
            task.await.expect("a task that stops");
        }
    }
}

/// Opens a page, fills in its form as it stands, and sends it.
async fn fill_in(browser: &mut Browser, page: &str, action: &str, values: &[(&str, &str)]) -> Answer {
    let shown = browser.get(page).await;
    assert_eq!(shown.status, StatusCode::OK, "{page}");
    let form = values.iter().fold(form_to(&shown.text(), action), |form: Form, (name, value)| {
        // A dispatch desk asks for both names of whoever comes in.
        match (*name, form.value("first_name").is_some(), value.split_once(' ')) {
            ("name", true, Some((first, last))) => form.with("first_name", first).with("last_name", last),
            _ => form.with(name, value),
        }
    });
    assert_eq!(form.method, "post");
    browser.post_form(&form.action, &form.pairs()).await
}

/// The first visit, from the front page on.
async fn set_up(app: &App) -> Browser {
    let mut anna = Browser::new(app);
    assert_eq!(anna.get("/").await.location(), "/set-up");
    let answers = [
        ("code", app.set_up_code.as_str()),
        ("name", "Anna Petrova"),
        ("email", "anna@acme.by"),
        ("password", PASSWORD),
        ("organisation", "ACME School"),
        ("zone", "Europe/Minsk"),
    ];
    let wrong: Vec<_> = [("code", "AAAA-AAAA")].into_iter().chain(answers[1..].iter().copied()).collect();
    let refused = fill_in(&mut anna, "/set-up", "/set-up", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(form_to(&refused.text(), "/set-up").value("name") == Some("Anna Petrova"), "what was typed is lost");
    let done = fill_in(&mut anna, "/set-up", "/set-up", &answers).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/users"), "{}", done.text());
    let again = anna.clone().post_form("/set-up", &[answers.as_slice(), &[("language", "en")]].concat()).await;
    assert_eq!(again.location(), "/sign-in", "there is no second first visit");
    anna
}

/// The addresses in the table of a status.
async fn listed(browser: &mut Browser, status: &str, address: &str) -> bool {
    let page = browser.get(&format!("/users?status={status}")).await;
    assert_eq!(page.status, StatusCode::OK);
    // The table's cells, not what the page says to its script.
    let html = page.text();
    tags(&html).iter().any(|tag| {
        let text = html[tag.end..].split('<').next().unwrap_or_default();
        tag.name != "script" && text.trim() == address
    })
}

/// Anna invites somebody by the form of the page.
async fn invite(anna: &mut Browser, address: &str) {
    let sent = fill_in(
        anna,
        "/users/invite",
        "/api/invite",
        &[("addresses", address), ("personal_text", "See you on Monday!")],
    )
    .await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert!(sent.location().starts_with("/users/invite?draft="), "{}", sent.location());
    let told = anna.get(sent.location()).await;
    assert!(told.text().contains(address), "the page does not say who was invited");
    send_now(anna, sent.location()).await;
}

/// Presses the button by which what was sent leaves without waiting.
async fn send_now(anna: &mut Browser, result: &str) {
    let draft = result.split_once("draft=").expect("a draft").1;
    let page = anna.get(result).await.text();
    let is_there = tags(&page).iter().any(|tag| tag.get("formaction") == Some("/api/send-now"));
    assert!(is_there, "nothing is held");
    let tags = tags(&page);
    let mut inside = tags.iter().skip_while(|tag| tag.get("action") != Some("/api/invite"));
    let by_enter = inside.find(|tag| tag.name == "button").and_then(|button| button.get("name"));
    assert_eq!(by_enter, Some("only_check"), "Enter would do more than look");
    let hurried = anna.post_form("/api/send-now", &[("id", draft)]).await;
    assert_eq!(hurried.status, StatusCode::SEE_OTHER, "{}", hurried.text());
}

/// The link in a text, as a mail program would make it clickable.
fn link_in(text: &str) -> String {
    let start = text.find("https://users.acme.by/i/").unwrap_or_else(|| panic!("no link in\n{text}"));
    let link = text[start..].split_whitespace().next().expect("a link");
    link.trim_start_matches("https://users.acme.by").to_string()
}

/// Olga opens the link on another device and registers by the form of the page.
async fn register(app: &App, page: &str) -> Browser {
    let mut olga = Browser::on(http::router(app.clone()));
    let shown = olga.get(page).await.text();
    for expected in ["Anna Petrova", "ACME School", "See you on Monday!", "olga@acme.by"] {
        assert!(shown.contains(expected), "{expected} is missing");
    }
    let entered =
        fill_in(&mut olga, page, page, &[("name", "Olga Lis"), ("phone", "+375 29 123-45-67"), ("password", PASSWORD)])
            .await;
    assert_eq!((entered.status, entered.location()), (StatusCode::SEE_OTHER, "/"), "{}", entered.text());
    let me = olga.get("/me").await;
    assert_eq!(me.status, StatusCode::OK);
    assert!(me.text().contains("Olga Lis") && me.text().contains("olga@acme.by"));
    olga
}

async fn stands_as_active(anna: &mut Browser) {
    assert!(listed(anna, "active", "olga@acme.by").await, "Olga is not among the active");
    assert!(!listed(anna, "invited", "olga@acme.by").await && !listed(anna, "waiting", "olga@acme.by").await);
    let page = anna.get("/users?q=olga").await.text();
    assert!(page.contains("Olga Lis") && page.contains("Active"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn from_an_empty_database_to_a_colleague_who_is_active_through_a_relay() {
    both(|db| async {
        let sink = Sink::start().await;
        let installation = Installation::start(db, Some(&sink.url()));
        let mut anna = set_up(&installation.app).await;
        invite(&mut anna, "olga@acme.by").await;
        until("the relay has the mail", || async { sink.taken().len() == 1 }).await;
        let mail = sink.taken().remove(0);
        assert_eq!(mail.to, ["olga@acme.by"]);
        assert!(mail.header("Subject").contains("Anna Petrova"), "{}", mail.header("Subject"));
        until("the table says so", || {
            let mut anna = anna.clone();
            async move { listed(&mut anna, "invited", "olga@acme.by").await }
        })
        .await;
        let mut olga = register(&installation.app, &link_in(&mail.text())).await;
        stands_as_active(&mut anna).await;

        // Olga comes back another day.
        olga.post_form("/sign-out", &[]).await;
        assert_eq!(olga.get("/me").await.location(), "/sign-in?next=%2Fme");
        let entered = fill_in(
            &mut olga,
            "/sign-in?next=%2Fme",
            "/sign-in",
            &[("username", "olga@acme.by"), ("password", PASSWORD)],
        )
        .await;
        assert_eq!((entered.status, entered.location()), (StatusCode::SEE_OTHER, "/me"));
        assert_eq!(sink.taken().len(), 1, "one mail for one invitation");
        installation.end().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_an_empty_database_to_a_colleague_who_is_active_through_the_built_in_mailbox() {
    both(|db| async {
        let installation = Installation::start(db, None);
        let mut anna = set_up(&installation.app).await;
        invite(&mut anna, "olga@acme.by").await;
        assert!(listed(&mut anna, "waiting", "olga@acme.by").await);
        let mailbox = anna.get("/mailbox").await;
        assert_eq!(mailbox.status, StatusCode::OK);
        let html = mailbox.text();
        assert!(html.contains("olga@acme.by"), "{html}");
        let mail = tags(&html)
            .iter()
            .find_map(|tag| tag.get("href").filter(|href| href.starts_with("/mailbox/")).map(String::from))
            .unwrap_or_else(|| panic!("no mail to open in\n{html}"));
        let page = anna.get(&mail).await.text();
        let frame = format!("{mail}/html");
        assert!(tags(&page).iter().any(|tag| tag.name == "iframe" && tag.get("src") == Some(&frame)), "{page}");
        let letter = anna.get(&frame).await.text();
        let link = tags(&letter)
            .iter()
            .find_map(|tag| {
                tag.get("href").and_then(|href| href.strip_prefix("https://users.acme.by")).map(String::from)
            })
            .unwrap_or_else(|| panic!("no link in\n{letter}"));
        register(&installation.app, &link).await;
        stands_as_active(&mut anna).await;
        installation.end().await;
    })
    .await;
}
