//! Mail leaves encrypted to the relay that the operator named, or not at all (ML-08): a relay with a good certificate, and
//! with a wrong name, an expired one, and one that nobody vouches for.

use crate::support::databases::both;
use crate::support::site::{TestSite, config};
use crate::support::smtp::{Identity, Sink};
use usher::domain::contact::Address;
use usher::domain::message::outcome::{DeliveryOutcome, DeliveryReason};
use usher::domain::settings::Settings;
use usher::domain::timestamp::Timestamp;
use usher::server::authorities::Authorities;
use usher::server::config::Security;
use usher::server::delivery::{Mailer, render_test};
use usher::words::Language;

/// What becomes of a mail to a relay that shows this certificate.
async fn send(security: Security, identity: &Identity, trusts: &Identity) -> (DeliveryOutcome, Sink) {
    let sink = Sink::encrypted(security == Security::Tls, identity).await;
    sink.offer(&["STARTTLS", "AUTH PLAIN"]);
    let mut config = config(Some(&format!("smtp://user:secret@localhost:{}", sink.port())));
    let relay = config.relay.as_mut().expect("a relay");
    relay.security = security;
    relay.authorities = Authorities::parse(trusts.authority().as_bytes()).expect("an authority");
    let mailer = Mailer::new(&config).expect("a relay");
    let to = Address::parse("ivan@acme.by").expect("an address");
    let now = Timestamp(1_795_186_800_000);
    let mail = render_test(&Settings::default(), Language::English, &to, "<x@users.acme.by>", now).expect("a mail");
    (mailer.send(&mail).await, sink)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_with_a_good_certificate_gets_the_mail_encrypted() {
    let good = Identity::made_for("localhost", 1);
    for security in [Security::Tls, Security::StartTls] {
        let (outcome, sink) = send(security, &good, &good).await;
        assert_eq!(outcome, DeliveryOutcome::accepted("250 2.0.0 Ok: queued as SINK"), "{security:?}");
        assert_eq!(sink.taken().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_is_not_who_it_says_gets_nothing() {
    let good = Identity::made_for("localhost", 1);
    let elsewhere = Identity::made_for("relay.example", 1);
    let expired = Identity::made_for("localhost", -1);
    for security in [Security::Tls, Security::StartTls] {
        for (what, shown, trusted) in [
            ("a wrong name", &elsewhere, &elsewhere),
            ("an expired certificate", &expired, &expired),
            ("a certificate that nobody vouches for", &good, &elsewhere),
        ] {
            let (outcome, sink) = send(security, shown, trusted).await;
            let is_put_off = matches!(&outcome, DeliveryOutcome::PutOff { reason: DeliveryReason::NotEncrypted, .. });
            assert!(is_put_off, "{what}: {outcome:?}");
            let words = sink.commands().join("\n");
            assert!(!words.contains("AUTH") && !words.contains("MAIL"), "{what}: {words}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_authorities_are_the_ones_that_are_trusted() {
    both(|db| async {
        let good = Identity::made_for("localhost", 1);
        let sink = Sink::encrypted(true, &good).await;
        let site = TestSite::furnish(db, Some(&format!("smtps://localhost:{}", sink.port()))).await;
        let problem = usher::server::delivery::check_relay(&site.app.config).await.expect_err("a problem");
        assert!(problem.contains("No safe connection") && problem.contains("UnknownIssuer"), "{problem}");
    })
    .await;
}
