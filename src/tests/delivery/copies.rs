//! How many copies of a message go out when the other side got all of it and never says whether it took it: few. What never left
//! is tried as long as ever (FT-02, FT-06, FT-07).

use super::{QUICK, Running};
use crate::support::databases::both;
use crate::support::gateway::{Reply, SmsSink};
use crate::support::site::{Invited, TestSite};
use crate::support::smtp::{Answer, Received, Sink, Stage};
use crate::support::until;
use std::time::Duration as StdDuration;
use usher::domain::contact::{Address, Channel};
use usher::domain::message::outcome::DeliveryReason;
use usher::domain::timestamp::Duration;
use usher::server::config::{SmsGateway, SmsParts, SmsUrl};
use usher::server::delivery::worker::Timing;
use usher::server::storage::Database;
use usher::server::storage::messages::MessageEvent;
use usher::words::Language;

const IMPATIENT: Timing = Timing { reply_timeout: StdDuration::from_millis(200), ..QUICK };

fn to(sink: &Sink, address: &str) -> Vec<Received> {
    sink.received().into_iter().filter(|mail| mail.to.iter().any(|to| to == address)).collect()
}

async fn events(site: &TestSite, ivan: &Invited) -> Vec<MessageEvent> {
    site.history(&ivan.invitation).await.into_iter().map(|(event, _)| event).collect()
}

/// Lets two days pass, in which a message is tried as often as it is.
async fn wait_two_days(site: &TestSite, ivan: &Invited) {
    for _ in 0..20 {
        let before = events(site, ivan).await.len();
        site.pass(Duration::hours(7));
        for _ in 0..200 {
            let now = events(site, ivan).await;
            if now.len() > before || !matches!(now.last(), Some(MessageEvent::Queued | MessageEvent::PutOff)) {
                break;
            }
            tokio::time::sleep(StdDuration::from_millis(25)).await;
        }
    }
}

/// Somebody who is invited, for as long as anything is tried.
async fn invite(site: &TestSite, to: Option<Address>, email: &str) -> Invited {
    site.invite_with("Ivan", email, |new| {
        new.expires_at = Some(new.created_at + Duration::days(30));
        if let Some(to) = to {
            new.address = to;
        }
    })
    .await
}

async fn with_gateway(db: Database, url: &str) -> TestSite {
    let mut site = TestSite::furnish(db, None).await;
    let parts = SmsParts { allows_private: true, ..SmsParts::default() };
    let gateway = SmsGateway::new(SmsUrl::parse(url).expect("an address"), parts).expect("a gateway");
    site.change_config(|config| config.sms = Some(gateway));
    site
}

fn number(last: usize) -> Address {
    Address::stored(Channel::Sms, format!("+37529123456{last}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_sms_that_the_gateway_has_is_sent_once_more_and_then_said_to_have_perhaps_left() {
    both(|db| async {
        let sink = SmsSink::start().await;
        let site = with_gateway(db, &format!("http://127.0.0.1:{}/send", sink.port())).await;
        let worker = Running::at(&site, IMPATIENT);
        let replies = [
            Reply::Drops,
            Reply::Hangs,
            Reply::Late(StdDuration::from_secs(1)),
            Reply::Bytes("SSH-2.0-OpenSSH\r\n"),
            Reply::Bytes("HTTP/1.1 abc\r\n\r\n"),
            Reply::Bytes("HTTP/1.1 100 Continue\r\n\r\n"),
            Reply::says(504, "<html>Gateway Timeout</html>"),
        ];
        for (nth, reply) in replies.into_iter().enumerate() {
            let before = sink.asked().len();
            let said = reply.clone();
            sink.script(move |_, _| said.clone());
            let ivan = invite(&site, Some(number(nth)), "").await;
            until("it was tried", || async { events(&site, &ivan).await.len() == 2 }).await;
            assert_eq!(site.reason(&ivan.invitation).await, Some(DeliveryReason::NoAnswer), "{reply:?}");
            site.pass(Duration::minutes(1));
            wait_two_days(&site, &ivan).await;
            let asked = sink.asked().split_off(before);
            assert_eq!(asked.len(), 2, "{reply:?}");
            assert_eq!(asked[0].field("id"), asked[1].field("id"), "{reply:?}");
            use MessageEvent::{Failed, PutOff, Queued};
            assert_eq!(events(&site, &ivan).await, [Queued, PutOff, Failed], "{reply:?}");
            assert_eq!(site.reason(&ivan.invitation).await, Some(DeliveryReason::NoAnswer), "{reply:?}");
            assert_eq!(site.status(&ivan.user).await, "error", "{reply:?}");
        }
        assert!(Language::English.sms_reason(DeliveryReason::NoAnswer).contains("may have left"));
        // What a gateway takes at the second try is taken.
        let before = sink.asked().len();
        sink.script(move |_, n| if n == before { Reply::Drops } else { Reply::taken() });
        let ivan = invite(&site, Some(number(9)), "").await;
        until("it was tried", || async { events(&site, &ivan).await.len() == 2 }).await;
        site.pass(Duration::minutes(3));
        until("it is invited", || async { site.status(&ivan.user).await == "invited" }).await;
        worker.end().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_sms_that_never_left_is_tried_as_long_as_ever() {
    both(|db| async {
        let site = with_gateway(db, "http://127.0.0.1:1/send").await;
        let worker = Running::at(&site, IMPATIENT);
        let ivan = invite(&site, Some(number(1)), "").await;
        for attempt in 1..=5 {
            until("it was tried", || async { events(&site, &ivan).await.len() == attempt + 1 }).await;
            assert_eq!(site.reason(&ivan.invitation).await, Some(DeliveryReason::Unreachable));
            assert_eq!(events(&site, &ivan).await.last(), Some(&MessageEvent::PutOff));
            site.pass(Duration::hours(1));
        }
        worker.end().await;
    })
    .await;
}

/// A server that is restarted again and again while the gateway is slow sends no more copies than one that stays.
#[tokio::test(flavor = "multi_thread")]
async fn an_sms_under_way_when_the_server_stops_is_one_of_its_copies() {
    both(|db| async {
        let sink = SmsSink::scripted(|_, _| Reply::Hangs).await;
        let site = with_gateway(db, &format!("http://127.0.0.1:{}/send", sink.port())).await;
        let ivan = invite(&site, Some(number(1)), "").await;
        for _ in 0..4 {
            let patient =
                Timing { reply_timeout: StdDuration::from_secs(20), drain: StdDuration::from_millis(300), ..QUICK };
            let before = sink.asked().len();
            let worker = Running::at(&site, patient);
            for _ in 0..40 {
                if sink.asked().len() > before {
                    break;
                }
                tokio::time::sleep(StdDuration::from_millis(25)).await;
            }
            worker.end().await;
            site.pass(Duration::minutes(10));
        }
        assert_eq!(sink.asked().len(), 2);
        assert_eq!(site.reason(&ivan.invitation).await, Some(DeliveryReason::NoAnswer));
        assert_eq!(events(&site, &ivan).await.last(), Some(&MessageEvent::Failed));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_mail_whose_end_nobody_answers_three_copies_leave() {
    both(|db| async {
        let sink = Sink::start().await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let worker = Running::at(&site, IMPATIENT);
        let answers = [
            Answer::Drop,
            Answer::Hang,
            Answer::Bytes(b"+OK queued\r\n", false),
            Answer::Bytes(b"354 go on\r\n", false),
        ];
        for (nth, answer) in answers.into_iter().enumerate() {
            let (said, address) = (answer.clone(), format!("ivan{nth}@acme.by"));
            sink.follow(move |now| if now.stage == Stage::End { said.clone() } else { Answer::Usual });
            let ivan = invite(&site, None, &address).await;
            until("it was tried", || async { events(&site, &ivan).await.len() == 2 }).await;
            wait_two_days(&site, &ivan).await;
            let copies = to(&sink, &address);
            assert_eq!(copies.len(), 3, "{answer:?}");
            assert!(copies.iter().all(|copy| copy.message_id() == copies[0].message_id()), "{answer:?}");
            assert_eq!(site.reason(&ivan.invitation).await, Some(DeliveryReason::NoAnswer), "{answer:?}");
            assert_eq!(site.status(&ivan.user).await, "error", "{answer:?}");
        }
        assert!(Language::English.delivery_reason(DeliveryReason::NoAnswer).contains("may have left"));
        worker.end().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_250_takes_the_mail_however_the_reply_goes_on() {
    both(|db| async {
        let sink = Sink::start().await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let worker = Running::at(&site, IMPATIENT);
        let long: &'static [u8] = format!("250 {}\r\n", "x".repeat(5_000)).into_bytes().leak();
        let endless: &'static [u8] = format!("250 {}", "x".repeat(50_000)).into_bytes().leak();
        let flood: &'static [u8] = "250-more\r\n".repeat(300).into_bytes().leak();
        for (nth, bytes) in [long, endless, flood, b"250", b"250 Ok", b"250-queued\r\n??\r\n"].into_iter().enumerate() {
            sink.follow(move |now| if now.stage == Stage::End { Answer::Bytes(bytes, true) } else { Answer::Usual });
            let ivan = invite(&site, None, &format!("ivan{nth}@acme.by")).await;
            until("it is invited", || async { site.status(&ivan.user).await == "invited" }).await;
            // The next one goes its way, whatever was left of the answer.
            sink.follow(|_| Answer::Usual);
            let next = invite(&site, None, &format!("next{nth}@acme.by")).await;
            until("the next is invited", || async { site.status(&next.user).await == "invited" }).await;
            wait_two_days(&site, &ivan).await;
            assert_eq!(to(&sink, &format!("ivan{nth}@acme.by")).len(), 1, "{nth}");
        }
        worker.end().await;
    })
    .await;
}
