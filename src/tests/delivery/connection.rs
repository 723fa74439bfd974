//! What can be wrong with the way to the relay, before anything was said of a person (FT-06, ML-08).

use super::Running;
use crate::support::databases::both;
use crate::support::site::TestSite;
use crate::support::smtp::{Answer, Sink, Stage};
use crate::support::until;
use usher::domain::message::outcome::DeliveryReason;
use usher::server::storage::messages::MessageEvent;
use usher::words::Language;

/// What the list shows, what happened, and why.
type Answered = (String, Vec<(MessageEvent, String)>, Option<DeliveryReason>);

/// Invites Ivan with this relay in front, and waits until the message has this many lines of history.
async fn invite_ivan(site: &TestSite, lines: usize) -> Answered {
    let ivan = site.invite("Ivan", "ivan@acme.by").await;
    until("the relay has answered", || async { site.history(&ivan.invitation).await.len() >= lines }).await;
    let history = site.history(&ivan.invitation).await;
    (site.status(&ivan.user).await, history, site.reason(&ivan.invitation).await)
}

/// A connection that went away while it rested is no trouble of the next message.
#[tokio::test(flavor = "multi_thread")]
async fn a_rested_connection_that_is_gone_is_replaced() {
    both(|db| async {
        let sink = Sink::scripted(|now| match (now.stage, now.connection, now.before) {
            (Stage::Sender, 0, 1) => Answer::Say("421 4.4.2 Idle too long"),
            (Stage::Sender, 1, 3) => Answer::Drop,
            _ => Answer::Usual,
        })
        .await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let worker = Running::start(&site);
        for number in 0..3 {
            let ivan = site.invite("Ivan", &format!("ivan{number}@acme.by")).await;
            until("it is invited", || async { site.status(&ivan.user).await == "invited" }).await;
            assert_eq!(site.history(&ivan.invitation).await.len(), 2, "no line of trouble");
        }
        assert_eq!(sink.connections(), 3);
        worker.end().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_cannot_be_reached_costs_nobody_their_invitation() {
    both(|db| async {
        // A port on which nobody listens any more.
        let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
        let site = TestSite::furnish(db, Some(&format!("smtp://127.0.0.1:{port}"))).await;
        let worker = Running::start(&site);
        let (status, history, reason) = invite_ivan(&site, 2).await;
        assert_eq!((status.as_str(), history[1].0), ("waiting", MessageEvent::PutOff));
        assert_eq!(reason, Some(DeliveryReason::Unreachable), "{}", history[1].1);
        worker.end().await;
    })
    .await;
}

/// ML-08: no mail and no password leave without the encryption that the operator asked for.
#[tokio::test(flavor = "multi_thread")]
async fn a_relay_stripped_of_starttls_gets_neither_mail_nor_password() {
    both(|db| async {
        let sink = Sink::start().await;
        sink.offer(&["AUTH PLAIN LOGIN"]);
        let mut site = TestSite::furnish(db, Some(&format!("smtp://user:secret@127.0.0.1:{}", sink.port()))).await;
        site.change_config(|config| {
            config.relay.as_mut().expect("a relay").security = usher::server::config::Security::StartTls;
        });
        let worker = Running::start(&site);
        let (status, history, reason) = invite_ivan(&site, 2).await;
        assert_eq!((status.as_str(), history[1].0), ("waiting", MessageEvent::PutOff));
        assert_eq!(reason, Some(DeliveryReason::NotEncrypted), "{}", history[1].1);
        assert!(sink.commands().iter().all(|command| !command.contains("AUTH") && !command.contains("MAIL")));
        worker.end().await;
    })
    .await;
}

/// A wrong password is the operator's to mend: the message waits and goes out when it has been.
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_sign_in_fails_nobodys_message() {
    both(|db| async {
        let sink = Sink::scripted(|now| match now.stage {
            Stage::SignIn => Answer::Say("535 5.7.8 Bad credentials"),
            _ => Answer::Usual,
        })
        .await;
        sink.offer(&["AUTH PLAIN LOGIN"]);
        let site = TestSite::furnish(db, Some(&format!("smtp://user:secret@127.0.0.1:{}", sink.port()))).await;
        let worker = Running::start(&site);
        let (status, history, reason) = invite_ivan(&site, 2).await;
        assert_eq!((status.as_str(), history[1].0), ("waiting", MessageEvent::PutOff));
        assert!(!history[1].1.contains("secret"));
        let words = Language::Russian.explain_delivery(usher::domain::contact::Channel::Email, reason, &history[1].1);
        assert!(words.starts_with("Почтовый сервер не принимает наше имя"), "{words}");
        worker.end().await;
    })
    .await;
}
