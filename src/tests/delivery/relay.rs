//! What a relay can answer, and what the lists then show (FT-04, FT-06, FT-07, ML-08).

use super::{QUICK, Running};
use crate::support::databases::both;
use crate::support::site::TestSite;
use crate::support::smtp::{Answer, Sink, Stage};
use crate::support::until;
use std::time::Duration as StdDuration;
use usher::domain::message::MOST_ATTEMPTS;
use usher::domain::message::outcome::DeliveryReason;
use usher::domain::timestamp::Duration;
use usher::server::delivery::worker::Timing;
use usher::server::storage::messages::MessageEvent;
use usher::words::Language;

/// Rule 76, FT-07.
#[tokio::test(flavor = "multi_thread")]
async fn invited_is_shown_after_the_relay_took_the_message_and_never_before() {
    both(|db| async {
        let sink = Sink::scripted(|now| match now.stage {
            Stage::End => Answer::Late(StdDuration::from_millis(250)),
            _ => Answer::Usual,
        })
        .await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        assert_eq!(site.status(&ivan.user).await, "waiting");
        let worker = Running::start(&site);
        until("the message is at the relay", || async { sink.reached(Stage::End) == 1 }).await;
        assert_eq!(site.status(&ivan.user).await, "waiting");
        until("the lists say so", || async { site.status(&ivan.user).await == "invited" }).await;
        assert_eq!(sink.taken().len(), 1);
        let history = site.history(&ivan.invitation).await;
        assert_eq!(history[0], (MessageEvent::Queued, String::new()));
        assert_eq!(history[1], (MessageEvent::HandedOver, "250 2.0.0 Ok: queued as SINK".into()));
        worker.end().await;
    })
    .await;
}

/// FT-07: put off, at every stage that can; the same Message-ID when it goes out.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_relay_puts_off_waits_and_is_sent_later() {
    const CASES: [(Stage, &str); 8] = [
        (Stage::Connect, "421 4.3.2 Closing"),
        (Stage::Sender, "451 4.3.0 Try later"),
        (Stage::Recipient, "421 4.4.5 Too many connections"),
        (Stage::Recipient, "450 4.7.1 Greylisted"),
        (Stage::Recipient, "452 4.2.2 Over quota"),
        (Stage::Data, "451 4.3.0 Not now"),
        (Stage::End, "450 4.2.0 Not now"),
        (Stage::End, "451 4.7.1 Not now"),
    ];
    both(|db| async {
        let sink = Sink::start().await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let worker = Running::start(&site);
        for (number, (stage, reply)) in CASES.into_iter().enumerate() {
            let (before, arrived) = (sink.taken().len(), sink.received().len());
            sink.follow(move |now| if now.stage == stage { Answer::Say(reply) } else { Answer::Usual });
            // A rested connection would not meet this stage.
            site.pass(Duration::minutes(1));
            let ivan = site.invite("Ivan", &format!("ivan{number}@acme.by")).await;
            until("it is put off", || async { site.history(&ivan.invitation).await.len() == 2 }).await;
            let (event, words) = site.history(&ivan.invitation).await.remove(1);
            assert_eq!(event, MessageEvent::PutOff, "{reply}");
            assert!(words.starts_with(reply), "{words}");
            assert!(site.reason(&ivan.invitation).await.is_some(), "{words}");
            assert_eq!(site.status(&ivan.user).await, "waiting", "{reply}");
            sink.follow(|_| Answer::Usual);
            site.pass(Duration::seconds(11));
            until("it is invited", || async { site.status(&ivan.user).await == "invited" }).await;
            assert_eq!(sink.taken().len(), before + 1);
            let ids: Vec<String> = sink.received()[arrived..].iter().map(|received| received.message_id()).collect();
            assert!(ids.iter().all(|id| *id == format!("<{}@users.acme.by>", ivan.message)), "{ids:?}");
        }
        worker.end().await;
    })
    .await;
}

/// FT-07: refused for good, shown with the relay's words.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_relay_refuses_is_an_error_with_its_words() {
    const CASES: [(Stage, &str, &str); 5] = [
        (Stage::Recipient, "550 5.1.1 No such user", "This mailbox does not exist. Check the address."),
        (
            Stage::Recipient,
            "550-5.1.1 First line\r\n550 5.1.1 second line",
            "This mailbox does not exist. Check the address.",
        ),
        (Stage::Recipient, "552 5.2.2 Over quota", "The mailbox is full."),
        (Stage::Data, "554 5.5.1 No valid recipients", "The recipient's mail server refuses the message as unwanted."),
        (Stage::End, "554 5.7.1 Looks like spam", "The recipient's mail server refuses the message as unwanted."),
    ];
    both(|db| async {
        let sink = Sink::start().await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let worker = Running::start(&site);
        for (number, (stage, reply, words)) in CASES.into_iter().enumerate() {
            sink.follow(move |now| if now.stage == stage { Answer::Say(reply) } else { Answer::Usual });
            let ivan = site.invite("Ivan", &format!("ivan{number}@acme.by")).await;
            until("it has failed", || async { site.status(&ivan.user).await == "error" }).await;
            let (event, said) = site.history(&ivan.invitation).await.remove(1);
            assert_eq!(event, MessageEvent::Failed);
            assert!(said.starts_with(&reply[..3]) && said.chars().count() <= 300, "{said}");
            let reason = site.reason(&ivan.invitation).await;
            assert_eq!(
                Language::English.explain_delivery(usher::domain::contact::Channel::Email, reason, &said),
                format!("{words} ({said})")
            );
        }
        assert!(sink.taken().is_empty());
        worker.end().await;
    })
    .await;
}

/// FT-07: relays write their replies in many ways; a yes is a yes, and a no is a no.
#[tokio::test(flavor = "multi_thread")]
async fn odd_replies_are_understood() {
    const CASES: [(Stage, &[u8], bool, &str, &str); 3] = [
        (Stage::End, b"250-one\r\n250-two\r\n250 three\r\n", true, "invited", "250 one two three"),
        // "Принято" as an old Windows server writes it.
        (
            Stage::End,
            b"250 \xcf\xf0\xe8\xed\xff\xf2\xee\x1b[1m\r\n",
            true,
            "invited",
            "250 \u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}[1m",
        ),
        (Stage::Recipient, b"I am no relay\r\n", false, "waiting", "odd reply: I am no relay [RCPT]"),
    ];
    both(|db| async {
        let sink = Sink::start().await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let worker = Running::start(&site);
        for (number, (stage, reply, is_yes, status, words)) in CASES.into_iter().enumerate() {
            sink.follow(move |now| if now.stage == stage { Answer::Bytes(reply, is_yes) } else { Answer::Usual });
            let ivan = site.invite("Ivan", &format!("ivan{number}@acme.by")).await;
            until("the relay has answered", || async { site.history(&ivan.invitation).await.len() == 2 }).await;
            let (_, said) = site.history(&ivan.invitation).await.remove(1);
            assert_eq!((site.status(&ivan.user).await.as_str(), said.as_str()), (status, words));
        }
        worker.end().await;
    })
    .await;
}

/// FT-07: one refused mailbox among many is that mailbox's trouble only.
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_recipient_costs_no_other_their_message() {
    both(|db| async {
        let sink = Sink::scripted(|now| match (now.stage, now.to) {
            (Stage::Recipient, "ivan1@acme.by") => Answer::Say("550 5.1.1 No such user"),
            (Stage::Recipient, "ivan2@acme.by") => Answer::Say("450 4.2.1 Busy"),
            (Stage::End, "ivan3@acme.by") => Answer::Drop,
            _ => Answer::Usual,
        })
        .await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let mut all = Vec::new();
        for number in 0..8 {
            all.push(site.invite("Ivan", &format!("ivan{number}@acme.by")).await);
        }
        let worker = Running::start(&site);
        for (number, ivan) in all.iter().enumerate() {
            until("each has its answer", || async { site.history(&ivan.invitation).await.len() == 2 }).await;
            let wanted = ["invited", "error", "waiting", "waiting", "invited", "invited", "invited", "invited"];
            assert_eq!(site.status(&ivan.user).await, wanted[number], "{number}");
        }
        worker.end().await;
    })
    .await;
}

/// FT-06: hanging at any stage costs one wait, not the message.
#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_hangs_is_left_and_asked_again() {
    both(|db| async {
        let sink = Sink::start().await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let worker = Running::at(&site, Timing { reply_timeout: StdDuration::from_millis(150), ..QUICK });
        let stages =
            [Stage::Connect, Stage::Hello, Stage::Sender, Stage::Recipient, Stage::Data, Stage::Body, Stage::End];
        for (number, stage) in stages.into_iter().enumerate() {
            sink.follow(move |now| if now.stage == stage { Answer::Hang } else { Answer::Usual });
            site.pass(Duration::minutes(1));
            let ivan = site.invite("Ivan", &format!("ivan{number}@acme.by")).await;
            until("it is put off", || async { site.history(&ivan.invitation).await.len() == 2 }).await;
            let (event, _) = site.history(&ivan.invitation).await.remove(1);
            let reason = site.reason(&ivan.invitation).await;
            let may_have_left = matches!(stage, Stage::Body | Stage::End);
            let expected = if may_have_left { DeliveryReason::NoAnswer } else { DeliveryReason::TooSlow };
            assert_eq!((event, reason), (MessageEvent::PutOff, Some(expected)), "{stage:?}");
            sink.follow(|_| Answer::Usual);
            site.pass(Duration::seconds(if may_have_left { 121 } else { 11 }));
            until("it is invited", || async { site.status(&ivan.user).await == "invited" }).await;
        }
        worker.end().await;
    })
    .await;
}

/// FT-06, FT-02: the relay may have it or not; the second hand-over carries the same Message-ID and the same link.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_broken_off_inside_data_goes_out_again_with_the_same_message_id() {
    both(|db| async move {
        for stage in [Stage::Body, Stage::End] {
            let sink = Sink::scripted(move |now| match now.stage {
                this if this == stage && now.before == 0 => Answer::Drop,
                _ => Answer::Usual,
            })
            .await;
            let site = TestSite::furnish_again(db.clone(), &sink.url()).await;
            let worker = Running::start(&site);
            let ivan = site.invite("Ivan", &format!("ivan.{stage:?}@acme.by").to_lowercase()).await;
            until("it is put off", || async { site.history(&ivan.invitation).await.len() == 2 }).await;
            let (event, words) = site.history(&ivan.invitation).await.remove(1);
            let reason = site.reason(&ivan.invitation).await;
            assert_eq!((event, reason), (MessageEvent::PutOff, Some(DeliveryReason::NoAnswer)), "{words}");
            site.pass(Duration::seconds(121));
            until("it is invited", || async { site.status(&ivan.user).await == "invited" }).await;
            let taken = sink.taken();
            assert_eq!(taken.len(), 1);
            for received in sink.received() {
                assert_eq!(received.message_id(), format!("<{}@users.acme.by>", ivan.message));
                assert_eq!(received.text(), taken[0].text());
            }
            worker.end().await;
        }
    })
    .await;
}

/// FT-06: tries grow rarer and come to an end.
#[tokio::test(flavor = "multi_thread")]
async fn after_two_days_of_trying_a_message_has_failed() {
    both(|db| async {
        let sink = Sink::scripted(|now| match now.stage {
            Stage::Recipient => Answer::Say("450 4.7.1 Greylisted"),
            _ => Answer::Usual,
        })
        .await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let worker = Running::start(&site);
        let ivan = site
            .invite_with("Ivan", "ivan@acme.by", |new| new.expires_at = Some(new.created_at + Duration::days(30)))
            .await;
        for attempt in 1..=MOST_ATTEMPTS as usize {
            until("it is tried", || async { site.history(&ivan.invitation).await.len() == attempt + 1 }).await;
            site.pass(Duration::hours(7));
        }
        let last = site.history(&ivan.invitation).await.pop().expect("a line");
        assert_eq!(last, (MessageEvent::Failed, "450 4.7.1 Greylisted".into()));
        assert_eq!(site.status(&ivan.user).await, "error");
        worker.end().await;
        assert_eq!(sink.reached(Stage::Recipient), MOST_ATTEMPTS as usize);
    })
    .await;
}
