//! Two administrators who reach parts of one person: who is above lifts what the other one did, undoing gives back the state
//! before, and the card offers exactly what the server does.

use super::Chain;
use crate::people::caller;
use crate::support::browser::Browser;
use crate::support::databases::both;
use usher::domain::error::Conflict;
use usher::domain::id::UnitId;
use usher::domain::membership::Standing;
use usher::domain::permission::Permissions;
use usher::server::use_cases::{places, users};

/// Nick, an employee in the north and in the south.
async fn in_two_branches(chain: &Chain) -> usher::domain::id::UserId {
    let (app, chief, nick) = (&chain.site.app, caller(&chain.chief), &chain.employees[0]);
    let employee = chain.role("employee");
    places::add(app, &chief, nick, &chain.south.id, &employee, Permissions::NONE).await.expect("added");
    nick.clone()
}

async fn standing(chain: &Chain, unit: &UnitId) -> Standing {
    let card = users::card(&chain.site.app, &caller(&chain.chief), &chain.employees[0]).await.expect("a card");
    card.user.held.iter().find(|held| &held.place.unit.id() == unit).expect("a place").standing
}

async fn both_standings(chain: &Chain) -> (Standing, Standing) {
    (standing(chain, &chain.north.id).await, standing(chain, &chain.south.id).await)
}

/// Design, sentence 5: block acts within reach; unblock returns the state before.
#[tokio::test(flavor = "multi_thread")]
async fn a_block_in_one_branch_is_lifted_by_whoever_stands_above_it() {
    use Standing::{Active, Blocked};
    both(|db| async {
        let chain = Chain::found(db).await;
        let nick = in_two_branches(&chain).await;
        let (app, chief, nina) = (&chain.site.app, caller(&chain.chief), caller(&chain.admins[0]));
        users::block(app, &nina, &nick, "").await.expect("blocked");
        assert_eq!(both_standings(&chain).await, (Blocked, Active));

        let card = Browser::signed_in(app, &chain.chief).await.get(&format!("/users/{nick}")).await.text();
        for offered in ["?do=unblock", "?do=block", "?do=archive"] {
            assert!(card.contains(offered), "{offered}");
        }
        assert!(!card.contains("?do=back"), "nothing of Nick's is archived");
        users::unblock(app, &chief, &nick).await.expect("unblocked");
        assert_eq!(both_standings(&chain).await, (Active, Active));
        assert_eq!(users::unblock(app, &chief, &nick).await, Err(Conflict::NotBlocked.into()));

        // Who blocks the rest and takes that back leaves what the other one had blocked before.
        users::block(app, &nina, &nick, "").await.expect("blocked");
        app.clock.advance(usher::domain::timestamp::Duration::seconds(1));
        users::block(app, &chief, &nick, "").await.expect("the rest");
        assert_eq!(both_standings(&chain).await, (Blocked, Blocked));
        assert_eq!(users::block(app, &chief, &nick, "").await, Err(Conflict::AlreadyBlocked.into()));
        users::unblock(app, &chief, &nick).await.expect("unblocked");
        assert_eq!(both_standings(&chain).await, (Blocked, Active));
    })
    .await;
}

/// Rule 1: back with the previous role and units, those from which they were taken last.
#[tokio::test(flavor = "multi_thread")]
async fn who_was_archived_in_one_branch_is_brought_back_by_whoever_stands_above_it() {
    use Standing::{Active, Archived};
    both(|db| async {
        let chain = Chain::found(db).await;
        let nick = in_two_branches(&chain).await;
        let (app, chief, nina) = (&chain.site.app, caller(&chain.chief), caller(&chain.admins[0]));
        users::archive(app, &nina, &nick).await.expect("archived");
        assert_eq!(both_standings(&chain).await, (Archived, Active));
        app.clock.advance(usher::domain::timestamp::Duration::seconds(1));
        users::archive(app, &chief, &nick).await.expect("the rest");
        assert_eq!(users::archive(app, &chief, &nick).await, Err(Conflict::AlreadyArchived.into()));
        users::bring_back(app, &chief, &nick).await.expect("back");
        assert_eq!(both_standings(&chain).await, (Archived, Active), "the state before");
        users::bring_back(app, &chief, &nick).await.expect("back");
        assert_eq!(both_standings(&chain).await, (Active, Active));
        assert_eq!(users::bring_back(app, &chief, &nick).await, Err(Conflict::NotArchived.into()));
    })
    .await;
}
