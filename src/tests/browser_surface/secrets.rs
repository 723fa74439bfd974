//! No answer to anybody holds anything that opens a door (IN-11).

use super::town::{PLAIN, Town};
use crate::support::databases::both;
use crate::support::smtp::Sink;
use axum::http::StatusCode;
use std::collections::{BTreeMap, BTreeSet};
use usher::server::secrets::hash;
use usher::values;

/// Everything secret in this installation, by name.
async fn secrets_of(town: &Town) -> BTreeMap<String, String> {
    let mut secrets = BTreeMap::new();
    for (role, browser) in &town.visitors {
        if let Some(secret) = browser.cookies.get("__Host-usher_session") {
            secrets.insert(format!("the session of {role}"), secret.clone());
            secrets.insert(format!("the hash of the session of {role}"), hash(secret));
        }
    }
    for (name, page) in [
        ("an open invitation's link", town.site.page_of(&town.invited).await),
        ("an expired invitation's link", town.site.page_of(&town.expired).await),
        ("a reset link", town.site.reset_page_of(&town.active).await),
    ] {
        secrets.insert(name.into(), page.rsplit('/').next().expect("a link").to_string());
    }
    secrets.insert("a password's hash".into(), "$argon2id$".into());
    secrets.insert("the set-up code".into(), town.site.app.set_up_code.clone());
    assert!(secrets.len() >= 15, "{:?}", secrets.keys());
    secrets
}

/// Long words that could be a key: 40 letters or more of those in which keys are written.
fn long_words(text: &str) -> BTreeSet<String> {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let words = text.split(|c: char| !is_letter(c)).map(|word| word.trim_start_matches("nonce-"));
    // An id is no secret, whatever stands around it: `do-0190…-button`.
    let has_id = |word: &str| (0..=word.len() - 36).any(|at| uuid::Uuid::parse_str(&word[at..at + 36]).is_ok());
    words
        .filter(|word| word.len() >= 40 && word.chars().any(|c| c.is_ascii_digit()) && !has_id(word))
        .map(String::from)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_and_no_function_shows_a_secret_to_anybody_in_11() {
    both(|db| async {
        let sink = Sink::start().await;
        let mut town = Town::settle(db, Some(&sink.url()), PLAIN).await;
        let secrets = secrets_of(&town).await;
        let mut problems = BTreeSet::new();
        for look in town.look_around().await {
            let is_holder = look.address.starts_with("/i/") || look.address.starts_with("/reset/");
            let mut said = look.answer.text();
            for (name, value) in &look.answer.headers {
                said.push_str(&format!("\n{name}: {}", String::from_utf8_lossy(value.as_bytes())));
            }
            for (name, secret) in &secrets {
                // Whoever opens a link has it, and the form on its page is sent to it.
                let is_own = is_holder && look.address.contains(secret.as_str());
                if said.contains(secret) && !is_own {
                    problems.insert(format!("{} shows {name}", look.name()));
                }
            }
            // And nothing that merely looks like one, but the nonce of this very answer and files' checksums.
            let policy = look.header("content-security-policy");
            let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or("-");
            let is_file = !look.header("etag").is_empty();
            for word in long_words(&said) {
                if !is_file && word != nonce && !(is_holder && look.address.contains(&word)) {
                    problems.insert(format!("{} shows {word:?}", look.name()));
                }
            }
        }
        assert!(
            problems.is_empty(),
            "{} problems:\n{}",
            problems.len(),
            problems.into_iter().take(30).collect::<Vec<_>>().join("\n")
        );
    })
    .await;
}

/// The two places where a link may be read: when it is asked for by name, which the history keeps, and in the built-in
/// mailbox, where a main administrator reads mails as they would arrive.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_shown_to_whoever_may_copy_it_and_in_the_mailbox_only_in_11() {
    both(|db| async {
        let mut town = Town::settle(db, None, PLAIN).await;
        let id = town.invited.invitation.as_str().to_string();
        // It was sent twice.
        let handed = town.site.app.key.handed_invitation_link(&town.invited.invitation, 2, "invited@acme.by");
        let link = town.site.page_of(&town.invited).await;
        for (role, browser) in &mut town.visitors {
            let answer = browser.call("/api/copy-link", &[("id", id.as_str())]).await;
            let may = ["main_administrator", "company_administrator"].contains(role);
            assert_eq!(answer.text().contains(&handed), may, "{role}: {}", answer.status);
            assert_eq!(answer.status == StatusCode::OK, may, "{role}: {}", answer.status);
        }
        let mut tx = town.site.app.db.read().await.expect("a connection");
        let sql = "select count(*) as times from audit_events where action = 'link_copied' and subject_id = $1";
        let times =
            tx.row(sql, &values![&town.invited.user]).await.expect("a count").number("times").expect("a number");
        assert_eq!(times, 2, "each is a line of history");
        drop(tx);

        let secret = link.trim_start_matches("/i/").to_string();
        let mut seen = BTreeSet::new();
        for look in town.look_around().await {
            if look.answer.text().contains(&secret) && !look.address.starts_with("/i/") {
                seen.insert((look.role, look.address.split("&q=").next().unwrap_or_default().to_string()));
            }
        }
        assert!(seen.iter().any(|(_, address)| address.starts_with("/api/page?address=/mailbox/")), "{seen:?}");
        for (role, address) in seen {
            let places = ["/mailbox/", "/api/page?address=/mailbox/"];
            let is_mailbox = places.iter().any(|place| address.starts_with(place));
            assert!(role == "main_administrator" && is_mailbox, "{role} reads a link at {address}");
        }
    })
    .await;
}
