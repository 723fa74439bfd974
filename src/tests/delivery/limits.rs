//! How much one address gets and one person causes (H-09, RL-07), and that what somebody waits for goes before a round (H-45).

use super::Running;
use crate::people::caller;
use crate::support::claim;
use crate::support::databases::both;
use crate::support::site::TestSite;
use crate::support::smtp::{Answer, Sink, Stage};
use crate::support::until;
use std::time::{Duration as StdDuration, Instant};
use usher::domain::error::UseCaseError;
use usher::domain::message::{MessageKind, Rest};
use usher::domain::review::{InviteDraft, Verdict, WishedRow};
use usher::domain::settings::Settings;
use usher::domain::timestamp::Duration;
use usher::server::storage::settings;
use usher::server::use_cases::invite::{self, InviteForm};
use usher::server::use_cases::{Visitor, deletion, held, invitations, passwords};

async fn send(site: &TestSite, addresses: &str) -> InviteDraft {
    let anna = caller(&site.anna);
    let wish = InviteForm {
        addresses: addresses.into(),
        units: vec![site.company.id.to_string()],
        role: site.role("employee").id.to_string(),
        language: "en".into(),
        valid_for: "72h".into(),
        ..InviteForm::default()
    };
    let id = invite::invite(&site.app, &anna, &wish).await.expect("a form");
    held::draft(&site.app, &anna, &id).await.expect("the draft")
}

/// How many messages wait to leave.
async fn queued(site: &TestSite) -> i64 {
    let mut tx = site.app.db.read().await.expect("a connection");
    let sql = "select count(*) as n from messages where next_try_at is not null";
    tx.row(sql, &[]).await.expect("a count").number("n").expect("a number")
}

/// H-09: inviting and deleting in a circle fills nobody's mailbox, however often the person is made anew.
#[tokio::test(flavor = "multi_thread")]
async fn an_address_gets_five_messages_an_hour_and_ten_a_day_whoever_is_deleted_in_between() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let anna = caller(&site.anna);
        let mut sent = 0;
        for _ in 0..8 {
            let draft = send(&site, "Ivan <ivan@acme.by>").await;
            let Some(row) = draft.sent.first() else {
                let [row] = &draft.rows[..] else { panic!("{draft:?}") };
                assert!(matches!(row.verdict, Verdict::Rests(Rest::Address { seconds: 1..=3_600 })), "{row:?}");
                continue;
            };
            sent += 1;
            deletion::delete(&site.app, &anna, &row.user_id, "ivan@acme.by").await.expect("deleted");
        }
        assert_eq!(sent, 5);
        site.pass(Duration::minutes(61));
        for _ in 0..8 {
            let draft = send(&site, "ivan@acme.by").await;
            let Some(row) = draft.sent.first() else { continue };
            sent += 1;
            deletion::delete(&site.app, &anna, &row.user_id, "ivan@acme.by").await.expect("deleted");
        }
        assert_eq!(sent, 10);
        site.pass(Duration::hours(2));
        let rests = send(&site, "ivan@acme.by, olga@acme.by").await;
        assert_eq!((rests.sent.len(), rests.rows.len()), (1, 1), "others go");
        assert!(
            matches!(rests.rows[0].verdict, Verdict::Rests(Rest::Address { seconds: 3_601..=86_400 })),
            "who is at the limit is told when it ends: {rests:?}"
        );
        site.pass(Duration::hours(24));
        assert_eq!(send(&site, "ivan@acme.by").await.sent.len(), 1);
    })
    .await;
}

/// H-09: tags, and what a provider passes over, make no other mailbox; each of them is asked about, and meant.
#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_gets_five_messages_an_hour_however_its_address_is_spelt() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let anna = caller(&site.anna);
        for spellings in [
            ["v@gmail.com", "v+1@gmail.com", "v+2@gmail.com", "v+a+b@googlemail.com", "v+@gmail.com", "v+3@gmail.com"],
            ["a.b@ya.ru", "a-b@ya.ru", "ab@yandex.by", "a.b@yandex.com", "ab+x@yandex.ru", "a.b+y@yandex.kz"],
            ["w@acme.de", "w+1@acme.de", "w+2@acme.de", "w+3@acme.de", "w+4@acme.de", "w+5@acme.de"],
        ] {
            let row = |address: &str| WishedRow {
                typed: address.into(),
                address: Some(address.into()),
                asked: Some("1".into()),
                ..WishedRow::default()
            };
            let wish = InviteForm {
                rows: spellings.iter().map(|address| row(address)).collect(),
                units: vec![site.company.id.to_string()],
                role: site.role("employee").id.to_string(),
                language: "en".into(),
                valid_for: "72h".into(),
                ..InviteForm::default()
            };
            let id = invite::invite(&site.app, &anna, &wish).await.expect("a form");
            let draft = held::draft(&site.app, &anna, &id).await.expect("the draft");
            assert_eq!(draft.sent.len(), 5, "{spellings:?}: {draft:?}");
            assert!(matches!(draft.rows[0].verdict, Verdict::Rests(Rest::Address { .. })), "{draft:?}");
        }
    })
    .await;
}

/// H-09: whatever the messages are about, they share one count; a reset asked for at the door says nothing of it.
#[tokio::test(flavor = "multi_thread")]
async fn resends_and_resets_share_the_count_of_an_address() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let anna = caller(&site.anna);
        let invited = send(&site, "ivan@acme.by").await.sent.remove(0);
        for _ in 0..3 {
            invitations::resend(&site.app, &anna, &invited.invitation).await.expect("sent");
        }
        deletion::delete(&site.app, &anna, &invited.user_id, "ivan@acme.by").await.expect("deleted");
        let again = send(&site, "ivan@acme.by").await.sent.remove(0);
        let refused = invitations::resend(&site.app, &anna, &again.invitation).await;
        assert!(matches!(refused, Err(UseCaseError::Rests(Rest::Address { seconds: 1..=3_600 }))), "{refused:?}");

        let olga = site.add_with_password("Olga", "olga@acme.by", "employee").await;
        for _ in 0..6 {
            for _ in 0..5 {
                passwords::forget(&site.app, "olga@acme.by", &Visitor::default()).await.expect("the same answer");
            }
            site.pass(Duration::minutes(61));
        }
        assert_eq!(site.messages_to(&olga).await, 5, "three an hour, and five a day, that anybody may ask for");
        // Strangers have not used up what is the administrators'.
        for _ in 0..5 {
            passwords::send_reset(&site.app, &anna, &olga).await.expect("sent");
            site.pass(Duration::minutes(13));
        }
        let refused = passwords::send_reset(&site.app, &anna, &olga).await;
        assert!(matches!(refused, Err(UseCaseError::Rests(Rest::Address { .. }))), "{refused:?}");
    })
    .await;
}

/// H-09: what is taken back before it left does not count.
#[tokio::test(flavor = "multi_thread")]
async fn what_never_left_is_not_counted() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut tx = site.app.db.maintain().await.expect("a transaction");
        let before = settings::load(&mut tx).await.expect("a look").expect("settings");
        settings::save(&mut tx, &Settings { hold: Duration::seconds(10), ..before }).await.expect("settings");
        tx.commit().await.expect("a commit");
        let anna = caller(&site.anna);
        for _ in 0..12 {
            let wish = InviteForm {
                addresses: "ivan@acme.by".into(),
                units: vec![site.company.id.to_string()],
                role: site.role("employee").id.to_string(),
                language: "en".into(),
                valid_for: "72h".into(),
                ..InviteForm::default()
            };
            let id = invite::invite(&site.app, &anna, &wish).await.expect("a form");
            held::take_back(&site.app, &anna, &id, "").await.expect("taken back");
        }
        assert_eq!(send(&site, "ivan@acme.by").await.sent.len(), 1);
    })
    .await;
}

/// H-09: what one person may cause in a day is a setting; the rows that do not go stay in the form.
#[tokio::test(flavor = "multi_thread")]
async fn an_inviter_sends_as_many_as_the_settings_say_and_the_rest_stays() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut tx = site.app.db.maintain().await.expect("a transaction");
        let before = settings::load(&mut tx).await.expect("a look").expect("settings");
        settings::save(&mut tx, &Settings { letters_a_day: 20, ..before }).await.expect("settings");
        tx.commit().await.expect("a commit");
        let addresses: Vec<String> = (0..25).map(|number| format!("ivan{number}@acme.by")).collect();
        let draft = send(&site, &addresses.join(", ")).await;
        assert_eq!((draft.sent.len(), draft.rows.len()), (20, 5));
        let told =
            |row: &InviteDraft| row.rows.iter().all(|row| matches!(row.verdict, Verdict::Rests(Rest::Inviter { .. })));
        assert!(told(&draft), "{:?}", draft.rows);
        assert_eq!(queued(&site).await, 20);
        site.pass(Duration::hours(23));
        assert_eq!(send(&site, "ivan24@acme.by").await.sent.len(), 0);
        site.pass(Duration::hours(2));
        assert_eq!(send(&site, "ivan24@acme.by").await.sent.len(), 1);
    })
    .await;
}

/// H-45: a reset and a single invitation leave before the rest of a round that was there first.
#[tokio::test(flavor = "multi_thread")]
async fn what_one_person_waits_for_leaves_before_a_round() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let olga = site.add_with_password("Olga", "olga@acme.by", "employee").await;
        let addresses: Vec<String> = (0..20).map(|number| format!("ivan{number}@acme.by")).collect();
        assert_eq!(send(&site, &addresses.join(", ")).await.sent.len(), 20);
        site.pass(Duration::seconds(5));
        let single = send(&site, "petr@acme.by").await.sent.remove(0);
        passwords::forget(&site.app, "olga@acme.by", &Visitor::default()).await.expect("an answer");
        let now = site.app.clock.now();
        let mut order = Vec::new();
        while let Some(message) = claim(&site.app.db, now).await {
            order.push(message);
        }
        assert_eq!(order.len(), 22);
        assert_eq!((order[0].kind, order[0].user_id.as_ref()), (MessageKind::PasswordReset, Some(&olga)));
        assert_eq!(order[1].user_id.as_ref(), Some(&single.user_id));
    })
    .await;
}

/// H-45: also while every other place is taken by a relay that is slow.
#[tokio::test(flavor = "multi_thread")]
async fn a_slow_relay_that_is_busy_with_a_round_takes_a_reset_at_once() {
    both(|db| async {
        let sink = Sink::scripted(|now| match now.stage {
            Stage::End => Answer::Late(StdDuration::from_millis(300)),
            _ => Answer::Usual,
        })
        .await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let addresses: Vec<String> = (0..60).map(|number| format!("ivan{number}@acme.by")).collect();
        site.add_with_password("Olga", "olga@acme.by", "employee").await;
        let worker = Running::start(&site);
        send(&site, &addresses.join(", ")).await;
        until("the round is under way", || async { sink.reached(Stage::End) >= 3 }).await;
        let began = Instant::now();
        passwords::forget(&site.app, "olga@acme.by", &Visitor::default()).await.expect("an answer");
        let is_for_olga = || sink.taken().iter().any(|received| received.to == ["olga@acme.by"]);
        until("the reset is at the relay", || async { is_for_olga() }).await;
        let took = began.elapsed();
        assert!(took < StdDuration::from_secs(2), "{took:?}");
        assert!(sink.taken().len() < 60, "the round was over already");
        worker.end().await;
    })
    .await;
}
