//! Reminders of invitations whose link ends soon, and what inviters are told of what did not arrive.

use super::Running;
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::site::{TestSite, caller};
use crate::support::smtp::{Answer, Sink, Stage};
use crate::support::until;
use axum::http::StatusCode;
use usher::domain::error::Conflict;
use usher::domain::settings::{OwnSettings, Settings};
use usher::domain::timestamp::{Duration, Timestamp};
use usher::server::storage::tx::Value;
use usher::server::use_cases::{notices, reminders, units};

/// Whatever day it is: the reminder of an invitation is due now.
async fn is_due(site: &TestSite, invitation: &str) {
    let now = site.app.clock.now();
    let values = [Value::from(invitation), Value::from(Timestamp(now.0 - 1))];
    site.tamper("update invitations set remind_at = $2 where id = $1", &values).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_not_come_in_is_reminded_once_with_the_same_link() {
    both(|db| async {
        let sink = Sink::start().await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let worker = Running::start(&site);
        let ivan = site.invite_with("Ivan", "ivan@acme.by", |new| new.valid_for = Duration::days(7)).await;
        until("it is invited", || async { site.status(&ivan.user).await == "invited" }).await;
        assert_eq!(reminders::remind(&site.app).await, Ok(0), "it is not time yet");
        is_due(&site, ivan.invitation.as_str()).await;
        assert_eq!(reminders::remind(&site.app).await, Ok(1));
        assert_eq!(reminders::remind(&site.app).await, Ok(0), "once");
        until("it has left", || async { sink.taken().len() == 2 }).await;
        let taken = sink.taken();
        let page = site.page_of(&ivan).await;
        for mail in &taken {
            assert!(mail.text().contains(&page), "{}", mail.text());
        }
        assert!(taken[1].text().contains("You have not accepted your invitation"), "{}", taken[1].text());
        assert_ne!(taken[0].message_id(), taken[1].message_id());
        assert_eq!(site.status(&ivan.user).await, "invited");
        worker.end().await;
    })
    .await;
}

/// Also of an invitation that was sent before.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_reminded_once_reminders_are_switched_off() {
    both(|db| async {
        let sink = Sink::start().await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let worker = Running::start(&site);
        let ivan = site.invite_with("Ivan", "ivan@acme.by", |new| new.valid_for = Duration::days(7)).await;
        until("it is invited", || async { site.status(&ivan.user).await == "invited" }).await;
        let settings = site.settings().await;
        site.save_settings(&Settings { remind_before: Duration(0), ..settings }).await;
        is_due(&site, ivan.invitation.as_str()).await;
        assert_eq!(reminders::remind(&site.app).await, Ok(1), "it is looked at");
        assert_eq!(reminders::remind(&site.app).await, Ok(0), "and never again");
        assert_eq!(site.messages_to(&ivan.user).await, 1);
        // The same where the company alone wants none.
        let olga = site.invite_with("Olga", "olga@acme.by", |new| new.valid_for = Duration::days(7)).await;
        until("it is invited", || async { site.status(&olga.user).await == "invited" }).await;
        site.save_settings(&Settings { remind_before: Duration::days(1), ..site.settings().await }).await;
        let none = OwnSettings::read("remind_days=0").expect("settings of a unit");
        let name = site.company.name.clone();
        units::edit(&site.app, &caller(&site.anna), &site.company.id, &name, none).await.expect("decided");
        is_due(&site, olga.invitation.as_str()).await;
        assert_eq!(reminders::remind(&site.app).await, Ok(1), "it is looked at");
        assert_eq!(reminders::remind(&site.app).await, Ok(0), "and never again");
        worker.end().await;
        assert_eq!(site.messages_to(&olga.user).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_reminded_of_what_is_over_or_never_arrived() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let waiting = site.invite("Ivan", "ivan@acme.by").await;
        let withdrawn = site.invite("Olga", "olga@acme.by").await;
        let ended = site.invite_with("Oleg", "oleg@acme.by", |new| new.valid_for = Duration::hours(1)).await;
        let withdraw = [("id", withdrawn.invitation.as_str())];
        assert_eq!(anna.call("/api/withdraw", &withdraw).await.status, StatusCode::OK);
        site.app.clock.advance(Duration::hours(2));
        for one in [&waiting, &withdrawn, &ended] {
            is_due(&site, one.invitation.as_str()).await;
        }
        let before = [&waiting, &withdrawn, &ended].map(|one| one.user.clone());
        assert_eq!(reminders::remind(&site.app).await, Ok(3), "all are looked at, and never again");
        assert_eq!(reminders::remind(&site.app).await, Ok(0));
        for user in before {
            assert_eq!(site.messages_to(&user).await, 1);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inviter_is_told_by_mail_whom_nothing_reached_and_why() {
    both(|db| async {
        let sink = Sink::scripted(|now| match now.stage {
            Stage::Recipient if now.to.contains("nobody") => Answer::Say("550 5.1.1 No such user"),
            _ => Answer::Usual,
        })
        .await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let worker = Running::start(&site);
        let lost = site.invite("Ivan", "nobody@acme.by").await;
        let fine = site.invite("Olga", "olga@acme.by").await;
        until("both are decided", || async {
            site.status(&lost.user).await == "error" && site.status(&fine.user).await == "invited"
        })
        .await;
        site.pass(Duration::seconds(21));
        assert_eq!(notices::tell(&site.app).await, Ok(1));
        until("it has left", || async { sink.taken().len() == 2 }).await;
        let told = sink.taken().pop().expect("a notice");
        let text = told.text().replace('\u{200c}', "");
        assert!(text.contains("Ivan (nobody@acme.by): "), "{text}");
        assert!(!text.contains("Olga") && text.contains("/users?status=error"), "{text}");
        worker.end().await;
    })
    .await;
}

/// Rule 65: whoever lost the message gets the same link once more when somebody asks for it; not twice within a day, and not of what
/// has not arrived or is over.
#[tokio::test(flavor = "multi_thread")]
async fn somebody_has_a_person_reminded_once_a_day_with_the_same_link() {
    both(|db| async {
        let sink = Sink::start().await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let ivan = site.invite_with("Ivan", "ivan@acme.by", |new| new.valid_for = Duration::days(7)).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let id = [("id", ivan.invitation.as_str())];
        let early = anna.call("/api/remind", &id).await;
        assert_eq!(early.refusal(), Some(Conflict::NothingArrived.into()), "it has not left yet");
        let worker = Running::start(&site);
        until("it is invited", || async { site.status(&ivan.user).await == "invited" }).await;
        // The list would remind by itself in half a day: not any more.
        let soon = Timestamp(site.app.clock.now().0 + Duration::hours(12).0);
        let values = [Value::from(ivan.invitation.as_str()), Value::from(soon)];
        site.tamper("update invitations set remind_at = $2, expires_at = $2 + 518400000 where id = $1", &values).await;

        let card = anna.get(&format!("/users/{}?do=remind", ivan.user)).await.text();
        assert!(card.contains("Remind Ivan of the invitation?"), "{card}");
        let answer = anna.call("/api/remind", &id).await;
        assert!(answer.is_done(), "{}", answer.text());
        until("it has left", || async { sink.taken().len() == 2 }).await;
        let page = site.page_of(&ivan).await;
        let taken = sink.taken();
        assert!(taken.iter().all(|mail| mail.text().contains(&page)), "the same link");
        assert!(taken[1].text().contains("You have not accepted your invitation"), "{}", taken[1].text());
        assert_eq!(anna.call("/api/remind", &id).await.refusal(), Some(Conflict::RemindedToday.into()));
        let row = anna.get("/users").await.text();
        assert!(row.contains("reminded today"), "{row}");
        let card = anna.get(&format!("/users/{}", ivan.user)).await.text();
        assert!(card.contains("had Ivan reminded of the invitation"), "{card}");
        site.pass(Duration::hours(13));
        assert_eq!(reminders::remind(&site.app).await, Ok(0), "nobody is reminded twice within a day");

        site.sign_in_again(&site.anna).await;
        site.pass(Duration::hours(12));
        let caller = caller(&site.anna);
        let again = reminders::remind_now(&site.app, &caller, &ivan.invitation).await;
        assert_eq!(again, Ok(ivan.user.clone()), "the next day");
        site.pass(Duration::days(7));
        let over = reminders::remind_now(&site.app, &caller, &ivan.invitation).await;
        assert_eq!(over, Err(Conflict::LinkEnded.into()));
        worker.end().await;
    })
    .await;
}
