//! SMS leave through the operator's gateway, an HTTP server that may do anything: what becomes of a message, and that nothing is
//! waited for, followed or repeated that should not be (WB-09, FT-07).

use crate::support::gateway::{Reply, SmsSink};
use crate::support::site::config;
use crate::support::smtp::Identity;
use std::time::{Duration, Instant};
use usher::domain::contact::{Address, Phone};
use usher::domain::message::outcome::{DeliveryOutcome, DeliveryReason};
use usher::server::authorities::Authorities;
use usher::server::config::{SmsGateway, SmsParts, SmsRule, SmsUrl, read_headers};
use usher::server::delivery::{SmsSender, TextMessage};

/// What becomes of a message at a gateway with this address.
async fn send_to(url: &str, parts: SmsParts, timeout: Duration) -> DeliveryOutcome {
    let mut config = config(None);
    config.sms = Some(SmsGateway::new(SmsUrl::parse(url).expect("an address"), parts).expect("a gateway"));
    let sender = SmsSender::with_timeout(&config, timeout).expect("a sender");
    let to = Address::from(Phone::parse("+375291234567").expect("a number"));
    let text = "ACME: register https://users.acme.by/s/aBcDeFgH_12-aBcDeFgH";
    sender.send(&TextMessage { to, text: text.into(), id: "7.1".into() }).await
}

fn inside() -> SmsParts {
    SmsParts { allows_private: true, ..SmsParts::default() }
}

async fn send(sink: &SmsSink, parts: SmsParts) -> DeliveryOutcome {
    send_to(&format!("http://127.0.0.1:{}/send", sink.port()), parts, Duration::from_secs(2)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_gets_number_text_and_id_and_says_under_which_name_it_took_them() {
    let sink = SmsSink::start().await;
    let parts = SmsParts { headers: Some(read_headers("Authorization: Bearer hush").expect("headers")), ..inside() };
    assert_eq!(send(&sink, parts).await, DeliveryOutcome::accepted("201 G1").named("G1"));
    let [asked] = &sink.asked()[..] else { panic!("{:?}", sink.asked()) };
    assert!(asked.head.starts_with("POST /send HTTP/1.1\r\n"), "{}", asked.head);
    let head = asked.head.to_lowercase();
    assert!(head.contains("authorization: bearer hush") && head.contains("content-type: application/json"), "{head}");
    assert!(head.contains(&format!("host: 127.0.0.1:{}", sink.port())) && !head.contains("expect"), "{head}");
    assert_eq!((asked.field("to").as_str(), asked.field("id").as_str()), ("+375291234567", "7.1"));
    assert!(asked.field("text").starts_with("ACME: register https://"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_gateway_does_the_message_is_taken_put_off_or_refused_in_time() {
    use DeliveryReason::*;
    let put_off = |reason: DeliveryReason| move |outcome: &DeliveryOutcome| matches!(outcome, DeliveryOutcome::PutOff { reason: why, .. } if *why == reason);
    let failed = |reason: DeliveryReason| move |outcome: &DeliveryOutcome| matches!(outcome, DeliveryOutcome::Failed { reason: why, .. } if *why == reason);
    let taken = |outcome: &DeliveryOutcome| matches!(outcome, DeliveryOutcome::Accepted { .. });
    type Expected = Box<dyn Fn(&DeliveryOutcome) -> bool>;
    let cases: Vec<(Reply, Expected)> = vec![
        (Reply::says(200, ""), Box::new(taken)),
        (Reply::says(204, ""), Box::new(taken)),
        (Reply::says(500, "down"), Box::new(put_off(TryLater))),
        (Reply::says(503, ""), Box::new(put_off(TryLater))),
        (Reply::says(429, "slow down"), Box::new(put_off(RelayBusy))),
        (Reply::says(401, "who?"), Box::new(put_off(SignInRefused))),
        (Reply::says(404, "<html>nothing</html>"), Box::new(put_off(RelayRefuses))),
        (Reply::says(400, "bad number"), Box::new(failed(Refused))),
        (Reply::says(422, "{}"), Box::new(failed(Refused))),
        (Reply::Says(302, "Location: http://127.0.0.1:1/\r\n", String::new()), Box::new(put_off(RelayRefuses))),
        (Reply::Late(Duration::from_millis(300)), Box::new(taken)),
        (Reply::Hangs, Box::new(put_off(NoAnswer))),
        (Reply::Drops, Box::new(put_off(NoAnswer))),
        // The status is known: it was taken, whatever more it wanted to say.
        (Reply::Breaks, Box::new(taken)),
        (Reply::Drips, Box::new(taken)),
        (Reply::Floods(30_000_000), Box::new(taken)),
        (Reply::Bytes("SSH-2.0-OpenSSH\r\n"), Box::new(put_off(NoAnswer))),
        (Reply::Bytes("HTTP/1.1 abc\r\n\r\n"), Box::new(put_off(NoAnswer))),
        (Reply::Bytes("HTTP/1.1 100 Continue\r\n\r\n"), Box::new(put_off(NoAnswer))),
    ];
    for (reply, expected) in cases {
        let said = reply.clone();
        let sink = SmsSink::scripted(move |_, _| said.clone()).await;
        let begin = Instant::now();
        let outcome = send(&sink, inside()).await;
        assert!(expected(&outcome), "{reply:?}: {outcome:?}");
        assert!(begin.elapsed() < Duration::from_secs(4), "{reply:?}: {:?}", begin.elapsed());
        assert_eq!(sink.asked().len(), 1, "{reply:?}: asked once, and nobody else");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_not_what_was_agreed_is_never_asked_for_again() {
    for (reply, reason) in [
        (Reply::says(200, "<html>maintenance</html>"), DeliveryReason::UnclearAnswer),
        (Reply::says(200, ""), DeliveryReason::UnclearAnswer),
        (Reply::Breaks, DeliveryReason::UnclearAnswer),
        (Reply::Floods(200_000), DeliveryReason::UnclearAnswer),
        (Reply::says(202, r#"{"status": 0}"#), DeliveryReason::UnclearAnswer),
        (Reply::says(200, r#"{"status": 6}"#), DeliveryReason::Refused),
    ] {
        let said = reply.clone();
        let sink = SmsSink::scripted(move |_, _| said.clone()).await;
        let rule = Some(SmsRule::parse("200 /status=0 later=/status=1").expect("a rule"));
        let outcome = send(&sink, SmsParts { rule, ..inside() }).await;
        let is_expected = matches!(&outcome, DeliveryOutcome::Failed { reason: why, .. } if *why == reason);
        assert!(is_expected, "{reply:?}: {outcome:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_is_busy_is_left_alone_for_as_long_as_it_says() {
    let busy = |_: &_, _| Reply::Says(429, "Retry-After: 420\r\n", String::new());
    let sink = SmsSink::scripted(busy).await;
    let DeliveryOutcome::PutOff { wait, .. } = send(&sink, inside()).await else { panic!("taken") };
    assert_eq!(wait, Some(usher::domain::timestamp::Duration::seconds(420)));
}

/// WB-09: a name of this machine, and each way to write its address.
#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_in_a_private_network_is_not_asked_unless_that_is_allowed() {
    let identity = Identity::made_for("localhost", 1);
    let sink = SmsSink::encrypted(&identity).await;
    for host in ["localhost", "127.0.0.1", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "10.0.0.1"]
    {
        let url = format!("https://{host}:{}/", sink.port());
        let outcome = send_to(&url, SmsParts::default(), Duration::from_secs(2)).await;
        let is_refused = matches!(&outcome, DeliveryOutcome::PutOff { reason: DeliveryReason::PrivateAddress, .. });
        assert!(is_refused, "{host}: {outcome:?}");
    }
    assert_eq!(sink.asked().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_is_not_who_it_says_gets_nothing() {
    let good = Identity::made_for("localhost", 1);
    let elsewhere = Identity::made_for("gateway.example", 1);
    let expired = Identity::made_for("localhost", -1);
    let plain = SmsSink::start().await;
    for (what, shown, trusted, is_taken) in [
        ("a good one", &good, &good, true),
        ("a wrong name", &elsewhere, &elsewhere, false),
        ("an expired certificate", &expired, &expired, false),
        ("a certificate that nobody vouches for", &good, &elsewhere, false),
    ] {
        let sink = SmsSink::encrypted(shown).await;
        let authorities = Some(Authorities::parse(trusted.authority().as_bytes()).expect("an authority"));
        let url = format!("https://localhost:{}/", sink.port());
        let outcome = send_to(&url, SmsParts { authorities, ..inside() }, Duration::from_secs(2)).await;
        let is_refused = matches!(&outcome, DeliveryOutcome::PutOff { reason: DeliveryReason::NotEncrypted, .. });
        assert_eq!((is_refused, sink.asked().len()), (!is_taken, usize::from(is_taken)), "{what}: {outcome:?}");
    }
    let url = format!("https://localhost:{}/", plain.port());
    let outcome = send_to(&url, inside(), Duration::from_secs(2)).await;
    // Whichever of the two waits ends first.
    let reasons = [DeliveryReason::NotEncrypted, DeliveryReason::TooSlow];
    let is_put_off = matches!(&outcome, DeliveryOutcome::PutOff { reason, .. } if reasons.contains(reason));
    assert!(is_put_off && plain.asked().is_empty(), "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_secret_stands_in_what_is_kept_of_an_answer() {
    let echo = |asked: &crate::support::gateway::Asked, _: usize| {
        Reply::says(400, &format!("no: {} {}", asked.head.replace("\r\n", " "), asked.body))
    };
    let sink = SmsSink::scripted(echo).await;
    let parts = SmsParts { headers: Some(read_headers("X-Key: hush-hush-1").expect("headers")), ..inside() };
    let url = format!("http://user-of-ours:hush-hush-2@127.0.0.1:{}/send?key=hush-hush-3", sink.port());
    let outcome = send_to(&url, parts, Duration::from_secs(2)).await;
    let DeliveryOutcome::Failed { words, .. } = outcome else { panic!("{outcome:?}") };
    assert!(words.starts_with("400 no:"), "{words}");
    for secret in ["hush", "dXNlci1vZi1vdXJz", "aBcDeFgH"] {
        assert!(!words.contains(secret), "{words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_is_not_there_is_named() {
    for (url, reason) in [
        ("http://127.0.0.1:1/", DeliveryReason::Unreachable),
        ("https://gateway.invalid/", DeliveryReason::HostUnknown),
    ] {
        let outcome = send_to(url, inside(), Duration::from_secs(3)).await;
        let is_expected = matches!(&outcome, DeliveryOutcome::PutOff { reason: why, .. } if *why == reason);
        assert!(is_expected, "{url}: {outcome:?}");
    }
}
