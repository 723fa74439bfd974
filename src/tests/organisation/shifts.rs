//! The plan: who sees and changes it, and that whoever is blocked, archived or deleted leaves the shifts before them (rules
//! 92–94).

use super::Chain;
use crate::people::caller;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::tables::Dump;
use usher::domain::error::{Conflict, Invalid, UseCaseError};
use usher::domain::id::{ShiftId, UserId};
use usher::domain::policy::Denied;
use usher::domain::timestamp::Duration;
use usher::server::storage::shifts as stored;
use usher::server::use_cases::{deletion, places, shifts, users};

fn wish(title: &str, day: &str) -> shifts::ShiftForm {
    shifts::ShiftForm { title: title.into(), starts: format!("{day}T09:00"), ends: format!("{day}T17:00"), version: 1 }
}

async fn people(chain: &Chain, id: &ShiftId) -> Vec<UserId> {
    let mut tx = chain.site.app.db.read().await.expect("a connection");
    stored::find(&mut tx, id).await.expect("a look").expect("the shift").people
}

#[tokio::test(flavor = "multi_thread")]
async fn the_plan_is_seen_and_changed_within_reach_and_ones_own_shifts_by_everybody() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, nina, nick) = (&chain.site.app, caller(&chain.admins[0]), &chain.employees[0]);
        let id = shifts::create(app, &nina, &chain.north.id, &wish(" Front  desk ", "2030-01-09")).await.expect("made");
        shifts::assign(app, &nina, &id, nick, true).await.expect("in");
        let week = async |by: &UserId, unit: Option<&_>, mine| {
            let page = shifts::week(app, &caller(by), unit, "2030-W02", mine).await?;
            let titles = page
                .days
                .iter()
                .flat_map(|(_, date, rows)| rows.iter().map(move |row| format!("{date} {}", row.title)));
            Ok::<_, UseCaseError>(titles.collect::<Vec<_>>())
        };
        let there = vec!["2030-01-09 Front desk".to_string()];
        assert_eq!(week(&chain.admins[0], None, false).await, Ok(there.clone()));
        assert_eq!(week(&chain.chief, None, false).await, Ok(there.clone()));
        assert_eq!(week(&chain.chief, Some(&chain.south.id), false).await, Ok(vec![]));
        assert_eq!(week(&chain.admins[1], None, false).await, Ok(vec![]));
        assert_eq!(week(&chain.admins[1], Some(&chain.north.id), false).await, Err(UseCaseError::NotFound));
        assert_eq!(week(nick, None, false).await, Ok(there.clone()), "Nick's own");
        assert_eq!(week(nick, Some(&chain.north.id), false).await, Err(Denied::NotInRole.into()));
        assert_eq!(week(&chain.admins[0], None, true).await, Ok(vec![]), "Nina works no shift");

        let before = Dump::of(&app.db).await;
        let sam = caller(&chain.admins[1]);
        assert_eq!(shifts::change(app, &sam, &id, &wish("X", "2030-01-09")).await, Err(UseCaseError::NotFound));
        assert_eq!(shifts::remove(app, &sam, &id).await, Err(UseCaseError::NotFound));
        let refused = shifts::create(app, &caller(nick), &chain.north.id, &wish("X", "2030-01-09")).await;
        assert_eq!(refused, Err(Denied::NotInRole.into()));
        assert_eq!(
            shifts::assign(app, &nina, &id, &chain.employees[1], true).await,
            Err(UseCaseError::NotFound),
            "of the south"
        );
        let odd = shifts::ShiftForm { ends: "2030-01-09T08:00".into(), ..wish("X", "2030-01-09") };
        assert_eq!(shifts::change(app, &nina, &id, &odd).await, Err(Invalid::ShiftTimes.into()));
        assert_eq!(shifts::change(app, &nina, &id, &wish(" ", "2030-01-09")).await, Err(Invalid::ShiftTitle.into()));
        let stale = shifts::ShiftForm { version: 7, ..wish("X", "2030-01-09") };
        assert_eq!(shifts::change(app, &nina, &id, &stale).await, Err(Conflict::ChangedMeanwhile.into()));
        before.assert_unchanged(&app.db, "what was refused").await;

        shifts::change(app, &nina, &id, &wish("Back desk", "2030-01-10")).await.expect("changed");
        assert_eq!(week(nick, None, true).await, Ok(vec!["2030-01-10 Back desk".to_string()]));
        shifts::assign(app, &nina, &id, nick, false).await.expect("out");
        shifts::remove(app, &nina, &id).await.expect("removed");
        assert_eq!(week(&chain.chief, None, false).await, Ok(vec![]));
    })
    .await;
}

/// Rules 92–94: out of the shifts to come in the same transaction, counted before; unblocking does not put back.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_blocked_archived_or_deleted_leaves_the_shifts_before_them_and_no_other() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, chief, nick) = (&chain.site.app, caller(&chain.chief), &chain.employees[0]);
        let mut ids = Vec::new();
        for (title, unit) in [("One", &chain.north), ("Two", &chain.north)] {
            let id = chain.site.add_shift(unit).await;
            shifts::assign(app, &chief, &id, nick, true).await.expect("in");
            ids.push((title, id));
        }
        let past = chain.site.add_shift(&chain.north).await;
        shifts::assign(app, &chief, &past, nick, true).await.expect("in");
        chain
            .site
            .tamper("update shifts set starts_at = 0, ends_at = 1000 where id = $1", &usher::values![&past])
            .await;
        let card = users::card(app, &chief, nick).await.expect("a card");
        assert_eq!(card.shifts_ahead, 2, "counted before it is done");

        users::block(app, &chief, nick, "").await.expect("blocked");
        for (title, id) in &ids {
            assert_eq!(people(&chain, id).await, Vec::<UserId>::new(), "{title}");
        }
        assert_eq!(people(&chain, &past).await, std::slice::from_ref(nick), "what was, was");
        users::unblock(app, &chief, nick).await.expect("unblocked");
        assert_eq!(people(&chain, &ids[0].1).await, Vec::<UserId>::new(), "shifts do not come back (rule 93)");

        shifts::assign(app, &chief, &ids[0].1, nick, true).await.expect("in");
        users::archive(app, &chief, nick).await.expect("archived");
        assert_eq!(people(&chain, &ids[0].1).await, Vec::<UserId>::new());
        let refused = shifts::assign(app, &chief, &ids[0].1, nick, true).await;
        assert_eq!(refused, Err(UseCaseError::NotFound), "nobody who is not active works");
        users::bring_back(app, &chief, nick).await.expect("back");
        shifts::assign(app, &chief, &ids[0].1, nick, true).await.expect("in");
        deletion::delete(app, &chief, nick, "nick.north@acme.by").await.expect("deleted");
        assert_eq!(people(&chain, &ids[0].1).await, Vec::<UserId>::new());
        assert_eq!(people(&chain, &past).await, Vec::<UserId>::new(), "a deleted person stands nowhere");
        app.clock.advance(Duration::hours(1));
    })
    .await;
}

/// A shift of the company, in which people of its branches work: whoever stands in none of them any more leaves it.
#[tokio::test(flavor = "multi_thread")]
async fn shifts_above_ones_unit_are_left_with_the_last_place_below_them() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, chief, nick) = (&chain.site.app, caller(&chain.chief), &chain.employees[0]);
        let employee = chain.role("employee");
        places::add(app, &chief, nick, &chain.south.id, &employee, Default::default()).await.expect("added");
        let (above, north) =
            (chain.site.add_shift(&chain.site.company).await, chain.site.add_shift(&chain.north).await);
        for id in [&above, &north] {
            shifts::assign(app, &chief, id, nick, true).await.expect("in");
        }
        let nina = caller(&chain.admins[0]);
        let seen = |by| async move { users::card(app, by, nick).await.expect("a card").shifts_ahead };
        assert_eq!((seen(&nina).await, seen(&chief).await), (1, 2), "what each of them would end");
        users::block(app, &nina, nick, "").await.expect("blocked");
        assert_eq!(people(&chain, &north).await, Vec::<UserId>::new());
        assert_eq!(people(&chain, &above).await, std::slice::from_ref(nick), "Nick still stands in the south");
        users::block(app, &caller(&chain.admins[1]), nick, "").await.expect("blocked");
        assert_eq!(people(&chain, &above).await, Vec::<UserId>::new());
    })
    .await;
}

/// A shift that was, moved to a day to come: whoever was blocked since does not work there (rule 92).
#[tokio::test(flavor = "multi_thread")]
async fn a_past_shift_that_is_moved_ahead_takes_nobody_along_who_has_left() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, chief, nick) = (&chain.site.app, caller(&chain.chief), &chain.employees[0]);
        let stays = chain.site.add("Stays", "stays@acme.by", "employee", &chain.north, State::Active).await;
        let id = chain.site.add_shift(&chain.north).await;
        for user in [nick, &stays] {
            shifts::assign(app, &chief, &id, user, true).await.expect("in");
        }
        let past = "update shifts set starts_at = 0, ends_at = 1000 where id = $1";
        chain.site.tamper(past, &usher::values![&id]).await;
        users::block(app, &chief, nick, "").await.expect("blocked");
        assert_eq!(people(&chain, &id).await.len(), 2, "what was, was");
        shifts::change(app, &chief, &id, &wish("Again", "2090-01-09")).await.expect("moved");
        assert_eq!(people(&chain, &id).await, std::slice::from_ref(&stays));
    })
    .await;
}

/// L-12: the second 02:30 of the night in which clocks go back stays what it is when the form is saved untouched; the half hour
/// that they skip in spring is refused in words.
#[tokio::test(flavor = "multi_thread")]
async fn a_shift_keeps_its_moment_when_clocks_go_back_and_has_none_where_they_skip() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, nina) = (&chain.site.app, caller(&chain.admins[0]));
        let mut tx = app.db.maintain().await.expect("a transaction");
        let before = usher::server::storage::settings::load(&mut tx).await.expect("a look").expect("settings");
        let berlin = usher::domain::settings::Settings { zone: "Europe/Berlin".into(), ..before };
        usher::server::storage::settings::save(&mut tx, &berlin).await.expect("settings");
        tx.commit().await.expect("a commit");
        let night = shifts::ShiftForm {
            title: "Night".into(),
            starts: "2026-10-25T02:30".into(),
            ends: "2026-10-25T06:00".into(),
            version: 1,
        };
        let id = shifts::create(app, &nina, &chain.north.id, &night).await.expect("made");
        // The second one, an hour later: 01:30 UTC.
        let second = usher::domain::timestamp::Timestamp(1_792_891_800_000);
        chain.site.tamper("update shifts set starts_at = $2 where id = $1", &usher::values![&id, second]).await;
        let renamed = shifts::ShiftForm { title: "Late night".into(), ..night.clone() };
        shifts::change(app, &nina, &id, &renamed).await.expect("saved");
        let mut tx = app.db.read().await.expect("a connection");
        let kept = stored::find(&mut tx, &id).await.expect("a look").expect("the shift");
        drop(tx);
        assert_eq!((kept.title.as_str(), kept.starts_at), ("Late night", second));
        for (starts, ends) in [("2027-03-28T02:30", "2027-03-28T09:00"), ("2027-03-27T20:00", "2027-03-28T02:15")] {
            let skipped = shifts::ShiftForm { starts: starts.into(), ends: ends.into(), ..night.clone() };
            let refused = shifts::create(app, &nina, &chain.north.id, &skipped).await;
            assert_eq!(refused.err(), Some(Invalid::TimeSkipped.into()), "{starts} {ends}");
        }
    })
    .await;
}
