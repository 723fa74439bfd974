//! The mail of a security report, in both languages: what calls for a look first, everything that is known behind it, nothing secret
//! anywhere; and what becomes of it when its reader may not know it any more (rule 67).

use super::Running;
use crate::support::databases::both;
use crate::support::site::{TestSite, caller};
use crate::support::smtp::{Received, Sink};
use crate::support::until;
use usher::domain::id::UserId;
use usher::domain::permission::Permission;
use usher::domain::timestamp::{Duration, Timestamp};
use usher::server::storage::users;
use usher::server::use_cases::security_reports;
use usher::values;
use usher::words::Language;

/// Fri 20 Nov 2026, 18:00 in Minsk.
const FRIDAY: Timestamp = Timestamp(1_795_186_800_000);

/// The site on that Friday, and somebody who has a temporary password, two tokens and an address that nobody confirmed, and has not
/// been here for long.
async fn with_somebody(db: usher::server::storage::Database, relay: &str) -> (TestSite, UserId) {
    let site = TestSite::furnish(db, Some(relay)).await;
    site.app.clock.advance(FRIDAY - site.app.clock.now());
    let ivan = site.add_active("Ivan. Ivanov", "ivan@acme.by", "company_administrator").await;
    site.give_token(&ivan).await;
    let long_ago = Timestamp(FRIDAY.0 - Duration::days(214).0);
    let sql = "update users set registered_at = $2, last_seen_at = $2, created_by = $3, password_hash = $4, \
               temporary_until = $5 where id = $1";
    let hash = crate::support::site::NO_PASSWORD;
    site.tamper(sql, &values![&ivan, long_ago, &site.anna, hash, long_ago + Duration::days(3)]).await;
    (site, ivan)
}

async fn speak(site: &TestSite, language: Language) {
    let mut tx = site.app.db.maintain().await.expect("a transaction");
    let mut anna = users::find(&mut tx, &site.anna).await.expect("a look").expect("Anna");
    anna.language = language;
    users::update(&mut tx, &anna, site.app.clock.now()).await.expect("done");
    tx.commit().await.expect("a commit");
}

/// Hours and minutes run on while the test does, and ids are others in every run.
fn without_figures(mail: &Received) -> String {
    let text = mail.text();
    let mut out = format!("Subject: {}\n\n", mail.header("Subject"));
    for line in text.lines() {
        let line = line.split_once("/users/").map_or(line.to_string(), |(before, _)| format!("{before}/users/…"));
        let mut was_digit = false;
        for letter in line.chars() {
            if !(letter.is_ascii_digit() && was_digit) {
                out.push(if letter.is_ascii_digit() { '0' } else { letter });
            }
            was_digit = letter.is_ascii_digit();
        }
        out.push('\n');
    }
    out
}

#[tokio::test(flavor = "multi_thread")]
async fn a_security_report_says_first_what_calls_for_a_look() {
    both(|db| async {
        let sink = Sink::start().await;
        let (site, ivan) = with_somebody(db, &sink.url()).await;
        let worker = Running::start(&site);
        for (at, language) in Language::ALL.into_iter().enumerate() {
            speak(&site, language).await;
            security_reports::send_of_person(&site.app, &caller(&site.anna), &ivan).await.expect("queued");
            until("it has left", || async { sink.taken().len() == at + 1 }).await;
            let mail = sink.taken().pop().expect("the mail");
            assert_eq!(mail.to, ["anna@acme.by"]);
            insta::with_settings!({
                snapshot_path => "../snapshots",
                prepend_module_to_snapshot => false,
                omit_expression => true,
            }, {
                insta::assert_snapshot!(format!("mail_report_{}", language.code()), without_figures(&mail));
            });
            let html = mail.html();
            assert!(html.contains(&language.finding_never_changed_over().replace('\'', "&#x27;")), "{html}");
            assert!(
                !html.contains("$argon2") && !html.contains("href=\"http://Ivan"),
                "a name is never a link: {html}"
            );
        }
        worker.end().await;
    })
    .await;
}

/// The policy is asked when it leaves, too.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_know_it_any_more_gets_no_report() {
    both(|db| async {
        let sink = Sink::start().await;
        let (site, ivan) = with_somebody(db, &sink.url()).await;
        let olga = site.add_active("Olga", "olga@acme.by", "company_administrator").await;
        let below = site.add_active("Petr", "petr@acme.by", "employee").await;
        security_reports::send_of_person(&site.app, &caller(&olga), &below).await.expect("queued");
        let refusal = security_reports::send_of_person(&site.app, &caller(&olga), &ivan).await;
        assert!(refusal.is_err(), "one's like is not below one");
        let less = site.role("company_administrator").permissions.without([Permission::SeeAudit].into_iter().collect());
        site.tamper(
            "update roles set permissions = $2 where id = $1",
            &values![&site.role("company_administrator").id, less.to_codes(),],
        )
        .await;
        security_reports::send_of_person(&site.app, &caller(&site.anna), &below).await.expect("queued");
        let worker = Running::start(&site);
        until("Anna's has left", || async { !sink.taken().is_empty() }).await;
        worker.end().await;
        let to: Vec<_> = sink.taken().into_iter().flat_map(|mail| mail.to).collect();
        assert_eq!(to, ["anna@acme.by"]);
    })
    .await;
}

/// A report goes to an address that is known to be one's own, and nowhere else.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_without_an_address_of_their_own_is_sent_a_report() {
    both(|db| async {
        let (site, ivan) = with_somebody(db, "smtp://127.0.0.1:1").await;
        site.tamper("update users set created_by = $1 where id = $1", &values![&site.anna]).await;
        let asked = security_reports::send_of_person(&site.app, &caller(&site.anna), &ivan).await;
        assert_eq!(asked, Err(usher::domain::error::Conflict::OwnAddressNotConfirmed.into()));
        let shown = security_reports::of_person(&site.app, &caller(&site.anna), &ivan).await.expect("shown");
        assert_eq!(shown.send_to, None);
        site.tamper("update users set confirmed_at = 1 where id = $1", &values![&site.anna]).await;
        security_reports::send_of_person(&site.app, &caller(&site.anna), &ivan).await.expect("queued");
    })
    .await;
}
