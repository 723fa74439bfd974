//! What comes back after a relay took a message: it stands where every other end of it stands, and counts as one (ML-07).

use super::Running;
use crate::support::databases::both;
use crate::support::site::TestSite;
use crate::support::smtp::Sink;
use crate::support::tables::Dump;
use crate::support::until;
use usher::domain::message::outcome::DeliveryReason;
use usher::domain::timestamp::Duration;
use usher::server::delivery::read_report;
use usher::server::storage::messages::MessageEvent;
use usher::server::use_cases::{bounces, notices};

/// A mail about a mail, as relays write it.
fn report(header_id: &str, fields: &str) -> Vec<u8> {
    format!(
        "From: MAILER-DAEMON@mx.acme.by\r\nTo: usher@acme.by\r\nSubject: Undelivered Mail\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"=_b\"\r\n\r\n\
         --=_b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nYour mail could not be delivered.\r\n\
         --=_b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.acme.by\r\n\r\n\
         Final-Recipient: rfc822; ivan@acme.by\r\n{fields}\r\n\r\n\
         --=_b\r\nContent-Type: text/rfc822-headers\r\n\r\nFrom: usher@acme.by\r\nMessage-ID: {header_id}\r\n\r\n--=_b--\r\n"
    )
    .into_bytes()
}

const GONE: &str = "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 No such user";

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_is_an_error_with_its_reason_and_the_inviter_is_told_ml_07() {
    both(|db| async {
        let sink = Sink::start().await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let worker = Running::start(&site);
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        until("it is invited", || async { site.status(&ivan.user).await == "invited" }).await;
        let header_id = sink.taken()[0].message_id();

        let delivered = read_report(&report(&header_id, "Action: delivered\r\nStatus: 2.1.5")).expect("a report");
        assert_eq!(bounces::note(&site.app, &delivered).await, Ok(true));
        assert_eq!(bounces::note(&site.app, &delivered).await, Ok(false), "twice the same");
        assert_eq!(site.status(&ivan.user).await, "invited");

        let failed = read_report(&report(&header_id, GONE)).expect("a report");
        assert_eq!(bounces::note(&site.app, &failed).await, Ok(true));
        assert_eq!(site.status(&ivan.user).await, "error");
        assert_eq!(site.reason(&ivan.invitation).await, Some(DeliveryReason::NoSuchRecipient));
        let events: Vec<MessageEvent> = site.history(&ivan.invitation).await.iter().map(|(event, _)| *event).collect();
        let all = [MessageEvent::Queued, MessageEvent::HandedOver, MessageEvent::Delivered, MessageEvent::CameBack];
        assert_eq!(events, all);
        let before = Dump::of(&site.app.db).await;
        assert_eq!(bounces::note(&site.app, &failed).await, Ok(false));
        assert_eq!(bounces::note(&site.app, &delivered).await, Ok(false), "what came back is not delivered");
        before.assert_unchanged(&site.app.db, "the same report again").await;

        site.pass(Duration::seconds(21));
        assert_eq!(notices::tell(&site.app).await, Ok(1));
        until("the inviter is told", || async { sink.taken().len() == 2 }).await;
        let told = sink.taken().pop().expect("a notice").text().replace('\u{200c}', "");
        assert!(told.contains("Ivan (ivan@acme.by): "), "{told}");
        worker.end().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_about_what_never_left_or_was_never_ours_changes_nothing_ml_07() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let before = Dump::of(&site.app.db).await;
        let waiting = format!("<{}@users.acme.by>", ivan.message);
        for header_id in [waiting.as_str(), "<1.1@users.acme.by>", "<x' or '1'='1@users.acme.by>", "<@>"] {
            if let Some(forged) = read_report(&report(header_id, GONE)) {
                assert_eq!(bounces::note(&site.app, &forged).await, Ok(false), "{header_id}");
            }
        }
        before.assert_unchanged(&site.app.db, "forged reports").await;
    })
    .await;
}
