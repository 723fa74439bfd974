//! What a write transaction remembers by itself: a deed without a line in the history is not kept, the lists show whoever was
//! touched, and bells ring after the commit. No test in here refreshes or rings anything.

use crate::people::counts::{listed, recounted};
use crate::support::databases::both;
use crate::support::site::TestSite;
use std::time::Duration as StdDuration;
use tokio::sync::Notify;
use usher::domain::audit::AuditAction;
use usher::domain::contact::Channel;
use usher::domain::id::{EventId, InvitationId, JobId, MembershipId, MessageId, NoteId, UserId};
use usher::domain::job::JobKind;
use usher::domain::message::outcome::{DeliveryOutcome, DeliveryReason};
use usher::domain::message::{Lane, MessageKind};
use usher::domain::permission::Permissions;
use usher::domain::timestamp::{Duration, Timestamp};
use usher::server::random;
use usher::server::storage::audit::{self, NewEvent};
use usher::server::storage::memberships::NewMembership;
use usher::server::storage::messages::{Claimed, NewMessage, Postage};
use usher::server::storage::unfinished::{self, Work};
use usher::server::storage::{
    Bells, Error, Tx, attempts, invitations, jobs, memberships, messages, notes, rounds, users,
};
use usher::values;

/// Changes of rows that ask for a line, by the table that they change: written in every way in which a statement can be run.
const CHANGES: [(&str, &str); 12] = [
    ("users", "update users set name = 'Other' where name = 'Ivan'"),
    ("users", "update users set name = 'Other' where name = 'Ivan' returning id"),
    ("memberships", "delete from memberships where active_at is null"),
    ("memberships", "delete from memberships where active_at is null returning id"),
    ("invitations", "update invitations set personal_text = 'Other'"),
    ("units", "update units set name = 'Other'"),
    ("roles", "update roles set rank = rank + 1 returning id"),
    ("role_assigns", "delete from role_assigns"),
    ("settings", "insert into settings (name, value) values ('other', '1')"),
    ("sessions", "delete from sessions"),
    (
        "api_tokens",
        "insert into api_tokens (secret_hash, id, user_id, name, created_at, expires_at) \
      select 'hash', 'token', id, 'Other', 0, 1 from users where name = 'Ivan' returning id",
    ),
    (
        "password_resets",
        "insert into password_resets (id, user_id, created_at, expires_at) \
      select 'reset', id, 0, 1 from users where name = 'Ivan'",
    ),
];

async fn change(tx: &mut Tx, sql: &'static str) {
    let changed = match sql.contains("returning") {
        true => tx.rows(sql, &[]).await.map(|rows| rows.len() as u64),
        false => tx.execute(sql, &[]).await,
    };
    assert!(changed.expect(sql) > 0, "{sql}");
}

async fn write_a_line(tx: &mut Tx, by: &UserId, now: Timestamp) {
    let event = NewEvent {
        actor: Some(by),
        action: AuditAction::Renamed,
        subject: Some(by),
        unit: None,
        before: "",
        after: "",
    };
    audit::write(tx, &[(EventId::new(random::id(now)), event)], now).await.expect("a line");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deed_without_a_line_of_the_history_is_not_kept() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        site.invite("Ivan", "ivan@acme.by").await;
        let (db, now) = (&site.app.db, site.app.clock.now());
        let before = (recounted(&site).await, listed(&site).await);
        for (table, sql) in CHANGES {
            let mut tx = db.write().await.expect("a transaction");
            change(&mut tx, sql).await;
            let refused = tx.commit().await;
            assert!(matches!(&refused, Err(Error::Unrecorded(of)) if of == table), "{sql}: {refused:?}");
            // Nothing of it happened: the same can be done again, with its line before it or behind it.
            for line_comes_first in [true, false] {
                let mut tx = db.write().await.expect("a transaction");
                if line_comes_first {
                    write_a_line(&mut tx, &site.anna, now).await;
                }
                change(&mut tx, sql).await;
                if !line_comes_first {
                    write_a_line(&mut tx, &site.anna, now).await;
                }
                // Given back: each change begins with the same rows.
                drop(tx);
            }
        }
        assert_eq!((recounted(&site).await, listed(&site).await), before);
        let (_, sql) = CHANGES[0];
        let mut tx = db.write().await.expect("a transaction");
        change(&mut tx, sql).await;
        write_a_line(&mut tx, &site.anna, now).await;
        tx.commit().await.expect("a deed with its line");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_nothing_or_is_no_deed_is_kept_without_a_line() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let (db, now) = (&site.app.db, site.app.clock.now());
        let mut tx = db.write().await.expect("a transaction");
        assert_eq!(tx.execute("update users set name = 'Other' where id = 'nobody'", &[]).await.expect("none"), 0);
        tx.commit().await.expect("nothing was changed");

        let form = site.keep_form(&site.anna).await;
        let mut tx = db.write().await.expect("a transaction");
        attempts::count_in(&mut tx, "tries", Duration::hours(1), now).await.expect("counted");
        notes::insert(&mut tx, &NoteId::new(random::id(now)), &site.anna, "text", now).await.expect("a note");
        messages::hurry(&mut tx, std::slice::from_ref(&ivan.invitation), now).await.expect("hurried");
        rounds::begin(&mut tx, &form, None).await.expect("begun");
        tx.commit().await.expect("kept");

        for (_, sql) in &CHANGES[..1] {
            let mut tx = db.maintain().await.expect("a transaction");
            change(&mut tx, sql).await;
            tx.commit().await.expect("upkeep");
        }
    })
    .await;
}

/// Everything that storage writes of people, one after the other, each in a transaction of its own.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_touched_is_fresh_in_the_lists_without_anybody_asking() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let olga = site.add_active("Olga", "olga@acme.by", "employee").await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let (place, offer) = (place_of(&site, &olga).await, place_of(&site, &ivan.user).await);
        let dispatcher = site.role("dispatcher").id.clone();
        let (anna, offered) = (&site.anna, &ivan.invitation);
        let mut seen = Vec::new();
        for step in 0..STEPS {
            let now = site.app.clock.now();
            let mut tx = site.app.db.maintain().await.expect("a transaction");
            let tx_ = &mut tx;
            match step {
                0 => memberships::block(tx_, &place, anna, "", now).await,
                1 => memberships::unblock(tx_, &place, now).await,
                2 => memberships::archive(tx_, &place, Some(anna), now).await,
                3 => memberships::bring_back(tx_, &place, now).await,
                4 => memberships::change(tx_, &place, &dispatcher, Permissions::NONE, anna, now).await,
                5 => invitations::withdraw(tx_, offered, now).await,
                6 => {
                    let invitation = invitations::find(tx_, offered).await.expect("a look").expect("there");
                    invitations::reopen(tx_, &invitation, now).await
                }
                7 => invitations::propose(tx_, offered, now).await,
                8 => invitations::approve(tx_, offered, anna, now).await,
                9 => invitations::needs_no_approval(tx_, offered, now).await,
                10 => messages::cancel_of_invitation(tx_, offered, now).await,
                11 => {
                    let mut next = invitations::find(tx_, offered).await.expect("a look").expect("there");
                    next.generation += 1;
                    next.renewed_at = now;
                    invitations::renew(tx_, &next).await.expect("renewed");
                    queue(tx_, &ivan.user, MessageKind::Invitation, Some(offered), next.generation, now).await;
                    Ok(())
                }
                12 => {
                    drop(std::mem::replace(&mut tx, site.app.db.read().await.expect("a connection")));
                    let line = EventId::new(random::id(now));
                    let claimed = messages::claim(
                        &site.app.db,
                        usher::domain::contact::Channel::Email,
                        Lane::Round,
                        line.clone(),
                        now,
                    )
                    .await
                    .expect("a claim");
                    let Some(Claimed::Message(message)) = claimed else { panic!("a message") };
                    let outcome = DeliveryOutcome::failed(DeliveryReason::BadAddress, "");
                    tx = site.app.db.write().await.expect("a message has a history of its own");
                    let line = EventId::new(random::id(now));
                    messages::settle(&mut tx, &message, &outcome, None, line, now).await.map(drop)
                }
                13 => memberships::remove_offered_by(tx_, std::slice::from_ref(offered), now).await,
                14 => {
                    let again = NewMembership {
                        id: offer.clone(),
                        user_id: &ivan.user,
                        unit_id: &site.company.id,
                        role: &dispatcher,
                        extra: Permissions::NONE,
                        by: Some(anna),
                        invitation: Some(offered),
                        active_at: None,
                    };
                    memberships::insert(tx_, &again, now).await
                }
                15 => {
                    let user = users::find(tx_, &ivan.user).await.expect("a look").expect("Ivan");
                    users::make_person(tx_, &user, now).await
                }
                16 => memberships::activate(tx_, offered, now).await.map(drop),
                17 => {
                    let mut user = users::find(tx_, &olga).await.expect("a look").expect("Olga");
                    user.name = "Zoya".into();
                    users::update(tx_, &user, now).await
                }
                18 => memberships::remove(tx_, &place, now).await,
                _ => {
                    let user = users::find(tx_, &ivan.user).await.expect("a look").expect("Ivan");
                    users::erase(tx_, &[user], str::to_string, now).await.expect("erased");
                    memberships::remove_all(tx_, std::slice::from_ref(&ivan.user), now).await
                }
            }
            .unwrap_or_else(|error| panic!("step {step}: {error}"));
            tx.commit().await.unwrap_or_else(|error| panic!("step {step}: {error}"));
            assert_eq!(listed(&site).await, recounted(&site).await, "after step {step}");
            seen.push(format!("{} {}", site.status(&olga).await, site.status(&ivan.user).await));
            if step == 17 {
                let mut tx = site.app.db.read().await.expect("a connection");
                let sql = "select r.name_key from roster r join users u on u.number = r.person where u.id = $1";
                let key =
                    tx.rows(sql, &values![&olga]).await.expect("lines").remove(0).text("name_key").expect("a key");
                assert_eq!(key, usher::server::collation::sort_key("Zoya"));
            }
        }
        // They went somewhere: the lists did not merely stay as they were.
        seen.dedup();
        assert!(seen.len() > 10, "{seen:?}");
        assert_eq!(seen.last().map(String::as_str), Some("nobody nobody"));
    })
    .await;
}

const STEPS: usize = 20;

async fn place_of(site: &TestSite, user: &UserId) -> MembershipId {
    let mut tx = site.app.db.read().await.expect("a connection");
    memberships::of_user(&mut tx, user).await.expect("a look").remove(0).id
}

async fn queue(
    tx: &mut Tx,
    user: &UserId,
    kind: MessageKind,
    invitation: Option<&InvitationId>,
    generation: i64,
    now: Timestamp,
) {
    let id = MessageId::new(random::id(now));
    let message = NewMessage {
        id: id.clone(),
        kind,
        channel: Channel::Email,
        user_id: user,
        invitation_id: invitation,
        reset_id: None,
        generation,
        header_id: format!("<{id}@users.acme.by>"),
        due_at: now,
        lane: Lane::Single,
        postage: Postage { address: format!("test {id}"), inviter: None },
    };
    messages::enqueue(tx, &message, EventId::new(random::id(now)), now).await.expect("a message");
}

/// A hundred are touched at once: the commit leaves their lines to upkeep, which is rung and writes them.
#[tokio::test(flavor = "multi_thread")]
async fn more_people_than_a_commit_should_write_are_left_to_upkeep() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let (db, now) = (&site.app.db, site.app.clock.now());
        let mut offers = Vec::new();
        for n in 0..51 {
            offers.push(site.invite("Somebody", &format!("s{n}@acme.by")).await.invitation);
        }
        for (how_many, are_left) in [(50, false), (51, true)] {
            let fresh = rung(&db.bells().lists).await;
            assert!(!fresh, "nobody has rung yet");
            let mut tx = db.maintain().await.expect("a transaction");
            invitations::withdraw_all(&mut tx, &offers[..how_many], now).await.expect("withdrawn");
            tx.commit().await.expect("a commit");
            assert_eq!(rung(&db.bells().lists).await, are_left);
            assert_eq!(
                unfinished::is_any(&mut db.read().await.expect("a connection")).await.expect("a look"),
                are_left
            );
            while unfinished::do_a_part(db, now).await.expect("a part") {}
            assert_eq!(listed(&site).await, recounted(&site).await);
            let mut tx = db.maintain().await.expect("a transaction");
            tx.execute("update invitations set withdrawn_at = null", &[]).await.expect("open again");
            tx.commit().await.expect("a commit");
        }
    })
    .await;
}

async fn rung(bell: &Notify) -> bool {
    tokio::time::timeout(StdDuration::from_millis(50), bell.notified()).await.is_ok()
}

/// Which of the bells have rung since they were last asked: outbox, jobs, lists.
async fn rang(bells: &Bells) -> [bool; 3] {
    [rung(&bells.outbox).await, rung(&bells.jobs).await, rung(&bells.lists).await]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bell_rings_after_the_commit_and_not_after_a_rollback() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let (db, now) = (&site.app.db, site.app.clock.now());
        let bells = db.bells();
        rang(bells).await;
        for (what, rings) in [
            ("queue", [true, false, false]),
            ("hurry", [true, false, false]),
            ("job", [false, true, false]),
            ("hurry a job", [false, true, false]),
            ("lists", [false, false, true]),
            ("nothing", [false; 3]),
        ] {
            for ends in ["rollback", "refusal", "commit"] {
                // A refusal: the same in a deed that has no line.
                let mut tx =
                    if ends == "refusal" { db.write().await } else { db.maintain().await }.expect("a transaction");
                match what {
                    "queue" => {
                        queue(&mut tx, &ivan.user, MessageKind::Invitation, Some(&ivan.invitation), 9, now).await;
                    }
                    "hurry" => {
                        messages::hurry(&mut tx, std::slice::from_ref(&ivan.invitation), now).await.expect("hurried")
                    }
                    "job" => {
                        let (id, kind) = (JobId::new(random::id(now)), JobKind::InviteRound);
                        jobs::insert(&mut tx, &id, kind, &id.to_string(), &site.anna, now, now).await.expect("a job");
                    }
                    "hurry a job" => {
                        jobs::hurry(&mut tx, JobKind::InviteRound, "any", now).await.expect("hurried");
                    }
                    "lists" => {
                        let role = &site.role("employee").id;
                        unfinished::begin_with(&mut tx, Work::Rank, role).await.expect("begun");
                    }
                    _ => {}
                }
                change(&mut tx, "update units set name = name").await;
                assert_eq!(rang(bells).await, [false; 3], "{what}, before anything stands");
                match ends {
                    "rollback" => drop(tx),
                    "refusal" => assert!(matches!(tx.commit().await, Err(Error::Unrecorded(_)))),
                    _ => tx.commit().await.expect("a commit"),
                }
                let rang = rang(bells).await;
                assert_eq!(rang, if ends == "commit" { rings } else { [false; 3] }, "{what}, after a {ends}");
            }
        }
    })
    .await;
}
