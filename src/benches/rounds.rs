//! A round of as many people as one form may have: how long its request takes, and how long until the last of them is in the
//! outbox, with nobody to send from it and with a relay that takes everything.

use super::browser::Browser;
use super::measure::{ms, note};
use super::people::Dice;
use super::sink;
use super::site::TestSite;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use usher::domain::review::MOST_IN_A_FORM;
use usher::domain::settings::Settings;
use usher::server::config::Relay;
use usher::server::delivery::worker;
use usher::server::{http, jobs};
use usher::values;

/// The longest that a round may take.
const LONGEST: Duration = Duration::from_secs(120);

const FIRST: [&str; 16] = [
    "Agata", "Boris", "Carla", "Dmitry", "Elena", "Felix", "Galina", "Henrik", "Ingrid", "Jakub", "Ksenia", "Lukas",
    "Marta", "Nikita", "Olga", "Pavel",
];

const LAST: [&str; 16] = [
    "Andersen", "Bondar", "Cermak", "Dubois", "Egorov", "Fischer", "Golubev", "Hansen", "Ilves", "Jansen", "Kowalski",
    "Lebedev", "Moroz", "Novak", "Orlov", "Petersen",
];

/// Lines as somebody pastes them, in no order.
fn pasted(round: &str) -> String {
    let mut dice = Dice::new(11);
    let line = |n: usize| {
        let (first, last) = (FIRST[dice.below(FIRST.len())], LAST[dice.below(LAST.len())]);
        let address = format!("{first}.{last}.{round}{n}@guests.example").to_lowercase();
        format!("{first} {last} <{address}>")
    };
    (0..MOST_IN_A_FORM).map(line).collect::<Vec<_>>().join("\n")
}

/// Sends two rounds, the second while their letters leave.
pub async fn measure(site: &TestSite) {
    let settings = site.settings().await;
    site.save_settings(&Settings { hold: usher::domain::timestamp::Duration(0), letters_a_day: 100_000, ..settings })
        .await;
    send(site, "r1-", "nobody sends").await;
    let relay = sink::start().await;
    let mut site = site.clone();
    site.change_config(|config| config.relay = Some(Relay::parse(&relay.into()).expect("a relay")));
    let stop = CancellationToken::new();
    let sending = tokio::spawn(worker::run(site.app.clone(), stop.clone()));
    send(&site, "r2-", "a relay takes all").await;
    stop.cancel();
    sending.await.expect("the worker");
}

async fn send(site: &TestSite, round: &str, what: &str) {
    let (stop, meter) = (CancellationToken::new(), site.app.db.meter());
    let working = tokio::spawn(jobs::run(site.app.clone(), stop.clone()));
    let mut browser = Browser::on(http::router(site.app.clone()));
    browser.sign_in_as(&site.app, &site.anna).await;
    let (unit, role) = (site.company.id.to_string(), site.role("employee").id.to_string());
    let typed = pasted(round);
    let fields = [("addresses", typed.as_str()), ("unit", &unit), ("role", &role), ("language", "en")];
    let queued = async || {
        let mut tx = site.app.db.read().await.expect("a connection");
        let sql =
            "select count(*) as n from messages m join invitations i on i.id = m.invitation_id where i.address like $1";
        let like = format!("%.{round}%@guests.example");
        tx.row(sql, &values![like]).await.expect("a row").number("n").expect("a number")
    };
    let left = async || {
        let mut tx = site.app.db.read().await.expect("a connection");
        tx.row("select count(*) as n from jobs", &[]).await.expect("a row").number("n").expect("a number")
    };
    meter.reset();
    let begin = Instant::now();
    let answer = browser.post_from("/users/invite", "/api/invite", &fields).await;
    let asked = begin.elapsed();
    assert!(answer.status.is_redirection(), "{}: {}", answer.status, answer.text());
    let (statements, longest) = (meter.statements(), meter.longest_hold());
    while left().await > 0 && begin.elapsed() < LONGEST {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let (all, held, in_one) = (begin.elapsed(), meter.longest_hold(), meter.most_in_a_hold());
    stop.cancel();
    working.await.expect("the jobs");
    note(&format!("a round of {MOST_IN_A_FORM}, {what}: its request (P9: 600 ms)"), &format!("{} ms", ms(asked)));
    note("  until all are in the outbox (P9: 5,000 ms more)", &format!("{} ms", ms(all - asked)));
    note("  who are there", &queued().await.to_string());
    note(
        "  statements: of the request, in all, in one hold",
        &format!("{statements}, {}, {in_one}", meter.statements()),
    );
    note("  the longest hold: of the request, of all", &format!("{} ms, {} ms", ms(longest), ms(held)));
}
