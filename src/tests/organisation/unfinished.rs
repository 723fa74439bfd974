//! H-06: what concerns everybody in a unit or a role changes at once for whoever asks, and is written into the lists in small
//! parts: nobody sees too much meanwhile, and whatever ends the parts early, they are gone on with.

use super::Chain;
use crate::people::caller;
use crate::people::counts::{listed, recounted};
use crate::support::browser::Browser;
use crate::support::crowd::{State, Wanted};
use crate::support::databases::both;
use crate::support::until;
use axum::http::StatusCode;
use std::collections::BTreeSet;
use tokio_util::sync::CancellationToken;
use usher::domain::agreement::TakesTwoPart;
use usher::domain::error::UseCaseError;
use usher::domain::id::{InvitationId, MembershipId, RoleId, UnitId, UserId};
use usher::domain::listing::{Cursor, Sort, UserQuery};
use usher::domain::permission::Permissions;
use usher::domain::role::RoleWish;
use usher::domain::unit::Unit;
use usher::domain::user::Status;
use usher::server::storage::unfinished::{self, Work};
use usher::server::storage::{Database, invitations, units};
use usher::server::upkeep;
use usher::server::use_cases::{places, roles, units as tree, users};
use usher::values;

/// Many people of a unit, in all states.
async fn crowd(chain: &Chain, unit: &Unit, how_many: usize) -> Vec<UserId> {
    let states = [State::Active, State::Invited, State::Active, State::Expired, State::Blocked, State::Archived];
    let wanted: Vec<Wanted> = (0..how_many)
        .map(|n| {
            let (name, email) = (format!("{} {n:03}", unit.name), format!("{}.{n}@crowd.example", unit.id));
            Wanted::new(&name, &email, "employee", unit, states[n % states.len()])
        })
        .collect();
    chain.site.add_all(&wanted).await
}

/// What the transaction of a move, or of closing, leaves: the facts are others, the lists are not.
async fn move_only(chain: &Chain, unit: &UnitId, to: &UnitId) {
    let mut tx = chain.site.app.db.maintain().await.expect("a transaction");
    let unit = units::find(&mut tx, unit).await.expect("a look").expect("a unit");
    let to = units::find(&mut tx, to).await.expect("a look").expect("a unit");
    units::relocate(&mut tx, &unit, &to).await.expect("moved");
    tx.commit().await.expect("a commit");
}

async fn close_only(chain: &Chain, unit: &UnitId, is_closed: bool) {
    let now = chain.site.app.clock.now();
    let mut tx = chain.site.app.db.maintain().await.expect("a transaction");
    let unit = units::find(&mut tx, unit).await.expect("a look").expect("a unit");
    units::archive(&mut tx, &unit, is_closed.then_some(now)).await.expect("closed");
    tx.commit().await.expect("a commit");
}

async fn part(db: &Database, chain: &Chain) -> bool {
    unfinished::do_a_part(db, chain.site.app.clock.now()).await.expect("a part")
}

async fn finish(chain: &Chain) {
    while part(&chain.site.app.db, chain).await {}
    assert_eq!(listed(&chain.site).await, recounted(&chain.site).await);
}

/// Everybody whom a list shows, page by page, with what it says of each.
async fn walk(chain: &Chain, by: &UserId, query: &UserQuery) -> Vec<(UserId, Status)> {
    let (mut all, mut query) = (Vec::new(), query.clone());
    for _ in 0..50 {
        let page = users::list(&chain.site.app, &caller(by), &query).await.expect("a list");
        all.extend(page.rows.into_iter().map(|row| (row.id, row.status)));
        let Some(next) = page.next else { return all };
        query.from = Cursor::After(next.to_string());
    }
    panic!("a list without an end: {query:?}");
}

/// Who stands in a unit by the facts, and how.
async fn facts(chain: &Chain, unit: &UnitId) -> BTreeSet<(UserId, Status)> {
    let lines = recounted(&chain.site).await.1;
    let of_unit = lines.into_iter().filter(|((of, _), _)| of == unit.as_str());
    of_unit.map(|((_, user), status)| (UserId::new(user), Status::from_code(&status).expect("a status"))).collect()
}

/// The lists of a unit, by name and by age, searched and filtered: nobody is in it whom the facts do not put there, each stands as
/// the facts say, and nobody comes twice. `is_whole` says that nobody is missing either.
async fn check(chain: &Chain, by: &UserId, unit: &UnitId, is_whole: bool) {
    let facts = facts(chain, unit).await;
    let role = chain.role("employee");
    for sort in [Sort::Name, Sort::Added] {
        for search in ["", "00"] {
            for status in [None, Some(Status::Active), Some(Status::Archived), Some(Status::Invited)] {
                for role in [None, Some(&role)] {
                    let query = UserQuery {
                        search: search.into(),
                        status,
                        role: role.cloned(),
                        unit: Some(unit.clone()),
                        sort,
                        ..UserQuery::default()
                    };
                    let shown = walk(chain, by, &query).await;
                    let once: BTreeSet<(UserId, Status)> = shown.iter().cloned().collect();
                    assert_eq!(once.len(), shown.len(), "twice: {query:?}");
                    let odd: Vec<_> = once.difference(&facts).collect();
                    assert!(odd.is_empty(), "{odd:?} in {query:?}");
                    let is_asked = |is: Status| status.map_or(is != Status::Archived, |status| status == is);
                    assert!(once.iter().all(|(_, is)| is_asked(*is)), "{query:?}");
                    if is_whole && search.is_empty() && role.is_none() {
                        let wanted = facts.iter().filter(|(_, is)| is_asked(*is)).count();
                        assert_eq!(once.len(), wanted, "missing: {query:?}");
                    }
                }
            }
        }
    }
}

/// However many people a unit or a role has, no transaction of a change asks more statements.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_a_whole_unit_or_role_holds_the_writer_for_as_many_statements_as_one_of_a_few_people_h_06() {
    both(|db| async {
        let mut most = Vec::new();
        let chain = Chain::found(db).await;
        let (app, anna) = (&chain.site.app, caller(&chain.site.anna));
        for (round, people) in [60, 600].into_iter().enumerate() {
            let team = chain.site.add_branch(&format!("Team {round}"), &chain.north).await;
            crowd(&chain, &team, people).await;
            let two = RoleWish { needs_approval: true, ..RoleWish::from(chain.site.role("employee")) };
            let higher = RoleWish { rank: two.rank + 1, ..two.clone() };
            let role = chain.role("employee");
            app.db.meter().reset();
            tree::relocate(app, &anna, &team.id, &chain.south.id).await.expect("moved");
            tree::archive(app, &anna, &team.id, true).await.expect("closed");
            tree::archive(app, &anna, &team.id, false).await.expect("opened");
            most.push(app.db.meter().most_in_a_hold());
            for wish in [&two, &higher, &two] {
                roles::save(app, &anna, Some(&role), wish).await.expect("saved");
            }
            // What waits already is looked through a hundred at a time.
            assert!(app.db.meter().most_in_a_hold() < 60, "{}", app.db.meter().most_in_a_hold());
            assert_eq!(listed(&chain.site).await, recounted(&chain.site).await);
            // Moving below holders of what takes two looks for the second one as well.
            let one = RoleWish { needs_approval: false, ..two };
            roles::save(app, &anna, Some(&role), &one).await.expect("saved");
        }
        assert!(most[1] <= most[0], "{most:?}");
    })
    .await;
}

/// The people of a unit that was moved leave the lists above its old place at once, and nobody sees them whom the new place does
/// not let; closed ones are not among those who are there, and are not here any more.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_shows_neither_too_much_nor_nonsense_while_the_people_of_a_unit_are_written_anew_h_06() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let db = &chain.site.app.db;
        let team = chain.site.add_branch("Team", &chain.north).await;
        crowd(&chain, &team, 130).await;
        // Somebody who stands in both places stays in one.
        let nick = &chain.employees[0];
        let dispatcher = chain.role("dispatcher");
        let anna = caller(&chain.site.anna);
        places::add(&chain.site.app, &anna, nick, &team.id, &dispatcher, Default::default()).await.expect("added");
        move_only(&chain, &team.id, &chain.south.id).await;
        for _ in 0..3 {
            check(&chain, &chain.admins[0], &chain.north.id, true).await;
            check(&chain, &chain.admins[1], &chain.south.id, false).await;
            check(&chain, &chain.admins[1], &team.id, true).await;
            let gone = users::list(
                &chain.site.app,
                &caller(&chain.admins[0]),
                &UserQuery { unit: Some(team.id.clone()), ..UserQuery::default() },
            )
            .await;
            assert_eq!(gone.map(drop), Err(UseCaseError::NotFound));
            assert!(part(db, &chain).await);
        }
        // Closed while the move is still being written.
        close_only(&chain, &team.id, true).await;
        for _ in 0..3 {
            check(&chain, &chain.admins[0], &chain.north.id, true).await;
            check(&chain, &chain.admins[1], &chain.south.id, false).await;
            check(&chain, &chain.chief, &team.id, false).await;
            assert!(part(db, &chain).await);
        }
        close_only(&chain, &team.id, false).await;
        for _ in 0..2 {
            check(&chain, &chain.chief, &team.id, false).await;
            assert!(part(db, &chain).await);
        }
        finish(&chain).await;
        check(&chain, &chain.chief, &chain.site.company.id, true).await;
        check(&chain, &chain.admins[0], &chain.north.id, true).await;
        check(&chain, &chain.admins[1], &chain.south.id, true).await;
    })
    .await;
}

/// Whoever holds nothing any more is out on the very next request, also before anybody's sessions are ended.
#[tokio::test(flavor = "multi_thread")]
async fn people_of_a_closed_unit_are_shut_out_before_their_lines_are_written_h_06() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let mut nina = Browser::signed_in(&chain.site.app, &chain.admins[0]).await;
        assert_eq!(nina.get("/users").await.status, StatusCode::OK);
        chain.site.reset(&chain.admins[0]).await;
        close_only(&chain, &chain.north.id, true).await;
        assert!(chain.authority(&chain.admins[0]).await.is_none());
        assert_ne!(nina.get("/users").await.status, StatusCode::OK);
        assert_eq!(chain.list(&chain.admins[0], None).await.map(drop), Err(UseCaseError::SignInFirst));
        assert_eq!(crate::people::sessions(&chain.site, &chain.admins[0]).await, 1, "still to be ended");
        finish(&chain).await;
        assert_eq!(crate::people::sessions(&chain.site, &chain.admins[0]).await, 0);
        let open = "select count(*) as n from password_resets where used_at is null";
        let mut tx = chain.site.app.db.read().await.expect("a connection");
        assert_eq!(tx.row(open, &[]).await.expect("a row").number("n").expect("a number"), 0);
    })
    .await;
}

/// Rule 53: from the moment at which a role takes two, no open offer of it is accepted, and every list says why, whether its
/// line was written anew or not.
#[tokio::test(flavor = "multi_thread")]
async fn open_offers_of_a_role_wait_for_the_second_one_before_their_lines_say_so_h_06() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let app = &chain.site.app;
        let mut offers: Vec<(UserId, InvitationId)> = Vec::new();
        for n in 0..2 {
            let email = format!("new{n}@acme.by");
            let draft = chain.invite(&chain.admins[0], &email, &[&chain.north], "dispatcher").await.expect("sent");
            let user = draft.sent[0].user_id.clone();
            offers.push((user.clone(), chain.site.invitation_of(&user).await));
        }
        let link = chain.site.link_of(&offers[0].1).await;
        let role = chain.role("dispatcher");
        let mut tx = app.db.maintain().await.expect("a transaction");
        let sql = "update roles set needs_approval = $2 where id = $1";
        tx.execute(sql, &values![&role, true]).await.expect("a role");
        tx.commit().await.expect("a commit");
        let refused = crate::people::register(&chain.site, &link, "New").await;
        assert!(matches!(refused, Err(UseCaseError::DeadLink(_))), "{refused:?}");

        let mut tx = app.db.maintain().await.expect("a transaction");
        let kind = (role.clone(), Permissions::NONE, vec![TakesTwoPart::Role]);
        let first = MembershipId::new("");
        let found = invitations::to_wait(&mut tx, &kind, &first, 10, app.clock.now()).await.expect("offers");
        assert_eq!(found.len(), 2);
        let ids: Vec<InvitationId> = found.into_iter().map(|(_, invitation)| invitation).collect();
        invitations::wait_for_second(&mut tx, &role, &ids).await.expect("written");
        assert!(invitations::to_wait(&mut tx, &kind, &first, 10, app.clock.now()).await.expect("offers").is_empty());
        tx.commit().await.expect("a commit");
        let refused = crate::people::register(&chain.site, &link, "New").await;
        assert!(matches!(refused, Err(UseCaseError::DeadLink(_))), "{refused:?}");
        let query = UserQuery { unit: Some(chain.north.id.clone()), ..UserQuery::default() };
        let shown = walk(&chain, &chain.admins[0], &query).await;
        assert!(offers.iter().all(|(user, _)| shown.contains(&(user.clone(), Status::AwaitingApproval))), "{shown:?}");
        assert_ne!(chain.site.status(&offers[0].0).await, "awaiting_approval", "still to be written");
        finish(&chain).await;
        assert_eq!(chain.site.status(&offers[0].0).await, "awaiting_approval");
    })
    .await;
}

/// A request that is given up in the middle, as when the process dies: what was decided is decided, and what is left is done by
/// whoever comes next.
#[tokio::test(flavor = "multi_thread")]
async fn a_move_that_is_cut_off_in_the_middle_is_gone_on_with_h_06() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, anna) = (chain.site.app.clone(), chain.site.anna.clone());
        let team = chain.site.add_branch("Team", &chain.north).await;
        crowd(&chain, &team, 300).await;
        let mut cut = 0;
        for round in 0..8 {
            let to = if round % 2 == 0 { &chain.south } else { &chain.north };
            let (action, by, unit, target) = (app.clone(), caller(&anna), team.id.clone(), to.id.clone());
            let moving = tokio::spawn(async move { tree::relocate(&action, &by, &unit, &target).await });
            let begun = "select after from unfinished where after <> ''";
            while !moving.is_finished() {
                let mut tx = app.db.read().await.expect("a connection");
                if tx.maybe_row(begun, &[]).await.expect("a look").is_some() {
                    moving.abort();
                    break;
                }
            }
            let _ = moving.await;
            let is_left = unfinished::is_any(&mut app.db.read().await.expect("a connection")).await.expect("a look");
            cut += usize::from(is_left);
            check(&chain, &chain.site.anna, &chain.site.company.id, false).await;
            if round % 3 == 2 {
                finish(&chain).await;
            }
        }
        assert!(cut > 0, "never cut off in the middle");
        // The program, started again.
        move_only(&chain, &team.id, &chain.south.id).await;
        assert!(part(&app.db, &chain).await);
        let stop = CancellationToken::new();
        let keeping_site = tokio::spawn(upkeep::run(app.clone(), stop.clone()));
        until("nothing is left to do", || async {
            !unfinished::is_any(&mut app.db.read().await.expect("a connection")).await.expect("a look")
        })
        .await;
        stop.cancel();
        keeping_site.await.expect("an end");
        assert_eq!(listed(&chain.site).await, recounted(&chain.site).await);
        assert_eq!(facts(&chain, &team.id).await.len(), 300);
    })
    .await;
}

/// Any number of moves, closings and changes of places and ranks in a row, with parts of the work in between: no list ever shows
/// what the facts do not say, and in the end all of them say all of it.
#[tokio::test(flavor = "multi_thread")]
async fn moves_in_a_row_and_in_each_other_end_in_lists_that_say_what_the_facts_say_h_06() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, anna) = (&chain.site.app, caller(&chain.site.anna));
        let team = chain.site.add_branch("Team", &chain.north).await;
        let inner = chain.site.add_branch("Inner", &team).await;
        let mut people = crowd(&chain, &team, 40).await;
        people.extend(crowd(&chain, &inner, 40).await);
        let homes = [&chain.north.id, &chain.south.id, &chain.site.company.id];
        let roles = ["employee", "dispatcher"].map(|key| chain.role(key));
        let mut seed = 11_u64;
        let mut dice = |n: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(seed >> 33).unwrap_or_default() % n
        };
        for step in 0..60 {
            let someone = &people[dice(people.len())];
            match dice(7) {
                0 => move_only(&chain, &team.id, homes[dice(3)]).await,
                1 => move_only(&chain, &inner.id, [&team.id, homes[dice(3)]][dice(2)]).await,
                2 => close_only(&chain, &[&team.id, &inner.id][dice(2)].clone(), true).await,
                3 => {
                    close_only(&chain, &team.id, false).await;
                    close_only(&chain, &inner.id, false).await;
                }
                4 => drop(places::change(app, &anna, someone, None, &roles[dice(2)], None).await),
                5 => {
                    let here: &UnitId = homes[dice(3)];
                    drop(places::add(app, &anna, someone, here, &roles[dice(2)], Default::default()).await);
                }
                _ => rank(&chain, &roles[dice(2)], 10 + i64::try_from(dice(5)).unwrap_or_default()).await,
            }
            for _ in 0..dice(3) {
                part(&app.db, &chain).await;
            }
            if step % 6 == 5 {
                for (by, unit) in [
                    (&chain.admins[0], &chain.north.id),
                    (&chain.admins[1], &chain.south.id),
                    (&chain.site.anna, &chain.site.root.id),
                ] {
                    check(&chain, by, unit, false).await;
                }
            }
            if step % 20 == 19 {
                finish(&chain).await;
            }
        }
    })
    .await;
}

async fn rank(chain: &Chain, role: &RoleId, rank: i64) {
    let mut tx = chain.site.app.db.maintain().await.expect("a transaction");
    tx.execute("update roles set rank = $2 where id = $1", &values![role, rank]).await.expect("a rank");
    unfinished::begin_with(&mut tx, Work::Rank, role).await.expect("begun");
    tx.commit().await.expect("a commit");
}
