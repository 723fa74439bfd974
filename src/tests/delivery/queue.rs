//! One queue, one worker or two, and stops in between: every message leaves, and none twice without need (CO-07, FT-01,
//! FT-02, FT-05).

use super::{QUICK, Running};
use crate::support::claim;
use crate::support::databases::both;
use crate::support::site::TestSite;
use crate::support::smtp::{Answer, Sink, Stage};
use crate::support::until;
use std::collections::BTreeSet;
use std::time::{Duration as StdDuration, Instant};
use usher::domain::id::EventId;
use usher::domain::message::outcome::DeliveryOutcome;
use usher::domain::message::{LEASE, Lane};
use usher::domain::timestamp::{Duration, Timestamp};
use usher::server::delivery::worker::Timing;
use usher::server::random;
use usher::server::storage::messages::{self, MessageEvent};
use usher::server::storage::{invitations, memberships, roster, users};

/// FT-05.
#[tokio::test(flavor = "multi_thread")]
async fn two_workers_on_one_queue_send_each_message_once() {
    both(|db| async {
        let sink = Sink::start().await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let mut all = Vec::new();
        for number in 0..40 {
            all.push(site.invite("Ivan", &format!("ivan{number}@acme.by")).await);
        }
        let (one, two) = (Running::start(&site), Running::start(&site));
        until("all are at the relay", || async { sink.taken().len() >= all.len() }).await;
        for ivan in &all {
            until("each is invited", || async { site.status(&ivan.user).await == "invited" }).await;
        }
        one.end().await;
        two.end().await;
        let taken = sink.taken();
        let to: BTreeSet<&String> = taken.iter().flat_map(|received| &received.to).collect();
        assert_eq!((taken.len(), to.len()), (all.len(), all.len()));
        // Connections are used again: three senders each.
        let used: BTreeSet<usize> = taken.iter().map(|received| received.connection).collect();
        assert!(used.len() <= 6 && sink.connections() <= 8, "{} connections", sink.connections());
    })
    .await;
}

/// CO-07: whoever was too slow may not overwrite what the next one wrote.
#[tokio::test(flavor = "multi_thread")]
async fn a_mark_that_comes_after_the_lease_was_lost_is_refused() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let db = &site.app.db;
        let now = site.app.clock.now();
        let slow = claim(db, now).await.expect("a message");
        assert!(claim(db, now).await.is_none(), "nobody else may have it meanwhile");
        let later = now + LEASE;
        let next = claim(db, later).await.expect("the same message");
        assert_eq!((&next.id, &next.header_id), (&slow.id, &slow.header_id));
        for (message, is_ours) in [(&slow, false), (&next, true), (&slow, false)] {
            let mut tx = db.maintain().await.expect("a transaction");
            let outcome = DeliveryOutcome::accepted("250 Ok");
            let line = EventId::new(random::id(later));
            let settled = messages::settle(&mut tx, message, &outcome, None, line, later).await;
            assert_eq!(settled.expect("an answer"), is_ours);
            tx.commit().await.expect("a commit");
        }
        let history = site.history(&ivan.invitation).await;
        assert_eq!(
            history.iter().map(|(event, _)| *event).collect::<Vec<_>>(),
            [MessageEvent::Queued, MessageEvent::HandedOver]
        );
    })
    .await;
}

/// CO-07: the same with two workers, the first of which the relay keeps waiting beyond its lease.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_slower_than_its_lease_changes_nothing_any_more() {
    both(|db| async {
        let sink = Sink::scripted(|now| match (now.stage, now.before) {
            (Stage::End, 0) => Answer::Late(StdDuration::from_millis(700)),
            _ => Answer::Usual,
        })
        .await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let slow = Running::at(&site, Timing { interval: StdDuration::from_secs(60), ..QUICK });
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        until("the slow one is waiting", || async { sink.reached(Stage::End) == 1 }).await;
        site.app.clock.advance(Duration(LEASE.0 + 1));
        let next = Running::start(&site);
        until("the next one has sent it", || async { site.status(&ivan.user).await == "invited" }).await;
        until("the relay has answered the slow one too", || async { sink.taken().len() == 2 }).await;
        tokio::time::sleep(StdDuration::from_millis(200)).await;
        let history = site.history(&ivan.invitation).await;
        assert_eq!(
            history.iter().map(|(event, _)| *event).collect::<Vec<_>>(),
            [MessageEvent::Queued, MessageEvent::HandedOver]
        );
        let taken = sink.taken();
        assert_eq!(taken[0].message_id(), taken[1].message_id());
        slow.end().await;
        next.end().await;
    })
    .await;
}

/// FT-02, rule 35: told to stop while the relay is silent; after the start the message goes out under its own name.
#[tokio::test(flavor = "multi_thread")]
async fn a_restart_while_sending_loses_nothing() {
    both(|db| async {
        let sink = Sink::scripted(|now| if now.stage == Stage::End { Answer::Hang } else { Answer::Usual }).await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let mut all = Vec::new();
        for number in 0..5 {
            all.push(site.invite("Ivan", &format!("ivan{number}@acme.by")).await);
        }
        let patient = Timing { reply_timeout: StdDuration::from_secs(20), ..QUICK };
        let worker = Running::at(&site, patient);
        until("three are on their way", || async { sink.reached(Stage::End) == 3 }).await;
        let began = Instant::now();
        worker.end().await;
        assert!(began.elapsed() < QUICK.drain + StdDuration::from_secs(1));
        for ivan in &all {
            assert_eq!(site.status(&ivan.user).await, "waiting");
        }
        sink.follow(|_| Answer::Usual);
        let worker = Running::start(&site);
        for ivan in &all {
            until("each is invited", || async { site.status(&ivan.user).await == "invited" }).await;
        }
        worker.end().await;
        let ids: BTreeSet<String> = sink.received().iter().map(|received| received.message_id()).collect();
        assert_eq!((sink.taken().len(), ids.len(), sink.received().len()), (5, 5, 8));
    })
    .await;
}

/// FT-12: what is being sent comes to its end before the worker does.
#[tokio::test(flavor = "multi_thread")]
async fn a_stop_waits_for_what_is_being_sent() {
    both(|db| async {
        let sink = Sink::scripted(|now| match now.stage {
            Stage::End => Answer::Late(StdDuration::from_millis(300)),
            _ => Answer::Usual,
        })
        .await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let worker = Running::start(&site);
        until("it is on its way", || async { sink.reached(Stage::End) == 1 }).await;
        worker.end().await;
        assert_eq!(site.status(&ivan.user).await, "invited");
        assert_eq!(sink.taken().len(), 1);
    })
    .await;
}

/// What ended while it was queued never leaves: withdrawn, accepted, expired, renewed, blocked, deleted.
#[tokio::test(flavor = "multi_thread")]
async fn what_ended_while_it_was_queued_never_leaves() {
    both(|db| async {
        let sink = Sink::start().await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let now = site.app.clock.now();
        let mut gone = Vec::new();
        for name in ["withdrawn", "accepted", "expired", "endless", "renewed", "blocked", "deleted"] {
            let ended = site
                .invite_with("Ivan", &format!("{name}@acme.by"), |new| match name {
                    "expired" => new.expires_at = Some(now),
                    "endless" => new.expires_at = None,
                    _ => {}
                })
                .await;
            let mut tx = site.app.db.maintain().await.expect("a transaction");
            match name {
                "withdrawn" => invitations::withdraw(&mut tx, &ended.invitation, now).await.expect("done"),
                "accepted" => {
                    assert!(invitations::accept(&mut tx, &ended.invitation, 1, now).await.expect("done"));
                }
                "renewed" => {
                    let mut next =
                        invitations::find(&mut tx, &ended.invitation).await.expect("a look").expect("the invitation");
                    next.generation = 2;
                    invitations::renew(&mut tx, &next).await.expect("done");
                }
                "blocked" => {
                    for held in memberships::of_user(&mut tx, &ended.user).await.expect("a look") {
                        memberships::block(&mut tx, &held.id, &site.anna, "", now).await.expect("done");
                    }
                }
                "deleted" => {
                    let user = users::find(&mut tx, &ended.user).await.expect("a look").expect("the person");
                    users::erase(&mut tx, &[user], |_| String::new(), now).await.expect("done");
                }
                _ => {}
            }
            roster::refresh(&mut tx, std::slice::from_ref(&ended.user), now).await.expect("the lists");
            tx.commit().await.expect("a commit");
            gone.push((name, ended));
        }
        let sound = site.invite("Olga", "olga@acme.by").await;
        let worker = Running::start(&site);
        until("the sound one is invited", || async { site.status(&sound.user).await == "invited" }).await;
        for (name, ended) in &gone {
            until("it is put aside", || async {
                site.history(&ended.invitation).await.pop().is_some_and(|(event, _)| event == MessageEvent::TooLate)
            })
            .await;
            let status = site.status(&ended.user).await;
            assert!(!["invited", "active"].contains(&status.as_str()), "{name}: {status}");
        }
        worker.end().await;
        assert_eq!(sink.received().len(), 1, "only Olga's");
    })
    .await;
}

/// FT-08: without a database the worker waits; it neither breaks down nor holds up the stop.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_without_a_database_waits_and_stops_when_told() {
    both(|db| async {
        let sink = Sink::start().await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let worker = Running::start(&site);
        site.app.db.close().await;
        site.app.db.bells().outbox.notify_one();
        tokio::time::sleep(StdDuration::from_millis(300)).await;
        let began = Instant::now();
        worker.end().await;
        assert!(began.elapsed() < StdDuration::from_secs(1));
    })
    .await;
}

/// IN-03: the lists learn of the end by themselves; nothing else waits for it.
#[tokio::test(flavor = "multi_thread")]
async fn what_has_run_out_shows_as_expired() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let worker = Running::start(&site);
        assert_eq!(site.status(&ivan.user).await, "waiting");
        site.pass(Duration::hours(8));
        until("the lists say expired", || async { site.status(&ivan.user).await == "expired" }).await;
        worker.end().await;
    })
    .await;
}

/// The worker waits without asking all the time, and yet no message waits for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_was_rung_leaves_at_once() {
    both(|db| async {
        let sink = Sink::start().await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let worker = Running::at(&site, Timing { interval: StdDuration::from_secs(60), ..QUICK });
        tokio::time::sleep(StdDuration::from_millis(100)).await;
        let began = Instant::now();
        site.invite("Ivan", "ivan@acme.by").await;
        until("it has left", || async { sink.taken().len() == 1 }).await;
        assert!(began.elapsed() < StdDuration::from_secs(1));
        let due = messages::next_due(
            &mut site.app.db.read().await.expect("a connection"),
            usher::domain::contact::Channel::Email,
            Lane::Round,
        )
        .await
        .expect("a look");
        assert!(due.is_none_or(|due| due > Timestamp(0)));
        worker.end().await;
    })
    .await;
}
