//! Why the session with the relay is ours and not lettre's: a test for each reason that `server::delivery::email::session` gives
//! (FT-04, FT-07, ML-08).

use super::Running;
use crate::support::databases::both;
use crate::support::site::{TestSite, config};
use crate::support::smtp::{Answer, Identity, Sink, Stage};
use crate::support::until;
use usher::domain::contact::Address;
use usher::domain::message::outcome::{DeliveryOutcome, DeliveryReason};
use usher::domain::settings::Settings;
use usher::domain::timestamp::{Duration, Timestamp};
use usher::server::authorities::Authorities;
use usher::server::config::Security;
use usher::server::delivery::{Mailer, render_test};
use usher::server::storage::Database;
use usher::server::storage::messages::MessageEvent;
use usher::words::Language;

/// What becomes of a message when the relay answers a stage with these bytes.
async fn answered(
    db: Database,
    stage: Stage,
    bytes: &'static [u8],
    is_yes: bool,
) -> (MessageEvent, Option<DeliveryReason>, String, Sink) {
    let sink =
        Sink::scripted(move |now| if now.stage == stage { Answer::Bytes(bytes, is_yes) } else { Answer::Usual }).await;
    let site = TestSite::furnish(db, Some(&sink.url())).await;
    let worker = Running::start(&site);
    let ivan = site.invite("Ivan", "ivan@acme.by").await;
    until("the relay has answered", || async { site.history(&ivan.invitation).await.len() == 2 }).await;
    let (event, words) = site.history(&ivan.invitation).await.remove(1);
    let reason = site.reason(&ivan.invitation).await;
    // Long enough for another attempt, if there were to be one.
    site.pass(Duration::seconds(11));
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    worker.end().await;
    (event, reason, words, sink)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bare_250_is_a_yes_and_the_message_leaves_once() {
    both(|db| async {
        let (event, reason, words, sink) = answered(db, Stage::End, b"250\r\n", true).await;
        assert_eq!((event, reason, words.as_str()), (MessageEvent::HandedOver, None, "250"));
        assert_eq!(sink.received().len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_is_not_utf_8_is_a_reply() {
    both(|db| async {
        // "Нет" as an old Windows server writes it.
        let (event, reason, words, sink) = answered(db, Stage::Recipient, b"550 \xed\xe5\xf2\r\n", false).await;
        let said = "550 \u{fffd}\u{fffd}\u{fffd}";
        assert_eq!(
            (event, reason, words.as_str()),
            (MessageEvent::Failed, Some(DeliveryReason::NoSuchRecipient), said)
        );
        assert_eq!(sink.reached(Stage::Recipient), 1);
    })
    .await;
    both(|db| async {
        let (event, _, _, sink) = answered(db, Stage::End, b"250 \xcf\xf0\xe8\xed\xff\xf2\xee\r\n", true).await;
        assert_eq!((event, sink.received().len()), (MessageEvent::HandedOver, 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_571_is_a_refusal_and_no_broken_connection() {
    both(|db| async {
        let (event, reason, words, sink) = answered(db, Stage::Recipient, b"571 5.7.1 Refused\r\n", false).await;
        let refused = (MessageEvent::Failed, Some(DeliveryReason::Unwanted), "571 5.7.1 Refused");
        assert_eq!((event, reason, words.as_str()), refused);
        assert_eq!(sink.reached(Stage::Recipient), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_kept_after_a_refusal() {
    both(|db| async {
        let sink = Sink::scripted(|now| match (now.stage, now.to) {
            (Stage::Recipient, "ivan0@acme.by") => Answer::Say("550 5.1.1 No such user"),
            (Stage::Recipient, "ivan1@acme.by") => Answer::Say("450 4.2.1 Busy"),
            (Stage::End, "ivan2@acme.by") => Answer::Say("554 5.7.1 Looks like spam"),
            _ => Answer::Usual,
        })
        .await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let worker = Running::start(&site);
        for (number, status) in ["error", "waiting", "error", "invited"].into_iter().enumerate() {
            let ivan = site.invite("Ivan", &format!("ivan{number}@acme.by")).await;
            until("the relay has answered", || async { site.history(&ivan.invitation).await.len() == 2 }).await;
            assert_eq!(site.status(&ivan.user).await, status);
        }
        worker.end().await;
        assert_eq!((sink.connections(), sink.reached(Stage::Hello)), (1, 1));
        assert_eq!(sink.taken().len(), 1);
    })
    .await;
}

/// What becomes of a mail to a relay that answers STARTTLS like this.
async fn starttls_answered(answer: Answer) -> (DeliveryOutcome, Sink) {
    let identity = Identity::made_for("localhost", 1);
    let sink = Sink::encrypted(false, &identity).await;
    sink.follow(move |now| if now.stage == Stage::Encrypt { answer.clone() } else { Answer::Usual });
    sink.offer(&["STARTTLS", "AUTH PLAIN"]);
    let mut config = config(Some(&format!("smtp://user:secret@localhost:{}", sink.port())));
    let relay = config.relay.as_mut().expect("a relay");
    relay.security = Security::StartTls;
    relay.authorities = Authorities::parse(identity.authority().as_bytes()).expect("an authority");
    let mailer = Mailer::new(&config).expect("a relay");
    let to = Address::parse("ivan@acme.by").expect("an address");
    let now = Timestamp(1_795_186_800_000);
    let mail = render_test(&Settings::default(), Language::English, &to, "<x@users.acme.by>", now).expect("a mail");
    (mailer.send(&mail).await, sink)
}

/// ML-08: whoever is in between could put answers there for the encrypted session.
#[tokio::test(flavor = "multi_thread")]
async fn plain_text_before_the_encryption_ends_the_session() {
    let (outcome, sink) = starttls_answered(Answer::Usual).await;
    assert!(matches!(outcome, DeliveryOutcome::Accepted { .. }), "{outcome:?}");
    assert_eq!(sink.taken().len(), 1);
    for injected in [
        &b"220 Go ahead\r\n250 injected\r\n"[..],
        b"220 Go ahead\r\n250-injected\r\n250 AUTH PLAIN\r\n",
        b"220 Go\r\n2",
    ] {
        let (outcome, sink) = starttls_answered(Answer::Bytes(injected, true)).await;
        let DeliveryOutcome::PutOff { reason: DeliveryReason::NotEncrypted, words, .. } = &outcome else {
            panic!("{outcome:?}")
        };
        assert_eq!(words, "words before the encryption [STARTTLS]");
        let commands = sink.commands().join("\n");
        assert!(!commands.contains("AUTH") && !commands.contains("MAIL"), "{commands}");
    }
    let (outcome, _) = starttls_answered(Answer::Say("454 4.7.0 TLS not available")).await;
    assert!(matches!(outcome, DeliveryOutcome::PutOff { .. }), "{outcome:?}");
}

/// A relay that answers twice would be one answer ahead from there on: a refusal would look like a yes, or a yes like a refusal.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_nobody_asked_for_is_the_answer_to_nothing() {
    const TWICE: [(Stage, &[u8]); 5] = [
        (Stage::Hello, b"250 sink\r\n250 Ok\r\n"),
        (Stage::Sender, b"250 Ok\r\n550 5.1.1 No such user\r\n"),
        (Stage::Recipient, b"250 Ok\r\n354 Go ahead\r\n"),
        (Stage::Recipient, b"250 Ok\r\n550 5.1.1 No such user\r\n"),
        (Stage::Data, b"354 Go ahead\r\n250 Ok\r\n"),
    ];
    for (stage, twice) in TWICE {
        both(move |db| async move {
            let (event, reason, words, sink) = answered(db, stage, twice, true).await;
            assert_eq!((event, reason), (MessageEvent::PutOff, Some(DeliveryReason::Dropped)), "{stage:?}: {words}");
            assert!(words.contains("a reply that nobody asked for"), "{stage:?}: {words}");
            assert!(sink.taken().is_empty(), "{stage:?}");
        })
        .await;
    }
    both(|db| async {
        // At the end the message has left; the connection is not used for another one.
        let (event, _, _, sink) = answered(db, Stage::End, b"250 Ok\r\n550 5.1.1 No such user\r\n", true).await;
        assert_eq!((event, sink.received().len()), (MessageEvent::HandedOver, 1));
    })
    .await;
    both(|db| async {
        // By 421 a relay may leave at any time.
        let (event, reason, words, _) = answered(db, Stage::Sender, b"250 Ok\r\n421 4.3.2 Closing\r\n", true).await;
        let busy = (MessageEvent::PutOff, Some(DeliveryReason::RelayBusy), "421 4.3.2 Closing");
        assert_eq!((event, reason, words.as_str()), busy);
    })
    .await;
}
