//! What is left of an offer that is over: withdrawn, run out, not delivered, archived with its person. It keeps no role in use,
//! closes no unit, and is in nobody's way (H-40).

use super::Chain;
use crate::people::caller;
use crate::support::browser::Browser;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::html::tags;
use usher::domain::error::{Conflict, Invalid, UseCaseError};
use usher::domain::id::{RoleId, UserId};
use usher::domain::invitation::DeadLink;
use usher::domain::permission::Permissions;
use usher::domain::policy::Denied;
use usher::domain::role::{RoleRefused, RoleWish};
use usher::domain::timestamp::Duration;
use usher::domain::user::Status;
use usher::server::use_cases::{invitations, places, roles, units, users};
use usher::values;

/// A role of the test's own.
async fn trainee(chain: &Chain) -> RoleId {
    let wish = RoleWish { name: "Trainee".into(), rank: 3, ..RoleWish::default() };
    roles::save(&chain.site.app, &caller(&chain.site.anna), None, &wish).await.expect("a role").id
}

/// Somebody invited to a role at the north.
async fn invited(chain: &Chain, address: &str, role: &RoleId) -> UserId {
    let draft = chain.invite(&chain.site.anna, address, &[&chain.north], "employee").await.expect("sent");
    let user = draft.sent[0].user_id.clone();
    let anna = caller(&chain.site.anna);
    places::change(&chain.site.app, &anna, &user, None, role, None).await.expect("another role");
    user
}

async fn has_not_arrived(chain: &Chain, user: &UserId) {
    let sql = "update messages set failed_at = created_at, next_try_at = null where user_id = $1";
    chain.site.tamper(sql, &values![user]).await;
}

/// H-40: the only invitation with a role was withdrawn, ran out, did not arrive, or was archived.
#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_only_old_offers_name_can_be_removed() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, anna) = (&chain.site.app, caller(&chain.site.anna));
        for end in ["withdrawn", "expired", "failed", "archived"] {
            let role = trainee(&chain).await;
            let address = format!("{end}@acme.by");
            let user = invited(&chain, &address, &role).await;
            let id = chain.site.invitation_of(&user).await;
            let link = chain.site.link_of(&id).await;
            assert_eq!(roles::remove(app, &anna, &role).await, Err(Conflict::RoleInUse.into()), "{end}: it is open");
            match end {
                "withdrawn" => drop(invitations::withdraw(app, &anna, &id).await.expect("withdrawn")),
                "expired" => chain.site.pass(Duration::hours(9)),
                "failed" => has_not_arrived(&chain, &user).await,
                _ => {
                    let sql = "update memberships set archived_at = created_at where user_id = $1";
                    chain.site.tamper(sql, &values![&user]).await;
                }
            }
            let page = roles::page(app, &anna, Some(&role)).await.expect("a page");
            assert_eq!((page.holders, page.some.len()), (0, 0), "{end}");
            roles::remove(app, &anna, &role).await.expect(end);

            // Whoever was invited stays where they stood, and the role has a name; nothing leads to it any more.
            assert_eq!(roles::page(app, &anna, Some(&role)).await.map(drop), Err(RoleRefused::Unknown.into()));
            let shown = users::viewer(app, &anna).await.expect("a viewer");
            assert!(
                shown.role(&role).expect("its name").is_removed && shown.standing_roles().all(|one| one.id != role)
            );
            users::card(app, &anna, &user).await.expect("a card");
            if end == "archived" {
                users::bring_back(app, &anna, &user).await.expect("brought back");
            }
            let refused = invitations::resend(app, &anna, &id).await;
            assert_eq!(refused, Err(Conflict::RoleRemoved.into()), "{end}");
            let refused = crate::people::register(&chain.site, &link, "Late").await;
            let why = match end {
                "withdrawn" => DeadLink::Withdrawn,
                "expired" => DeadLink::Expired,
                _ => DeadLink::InviterLost,
            };
            assert_eq!(refused, Err(UseCaseError::DeadLink(why)), "{end}");
            let given = places::add(app, &anna, &chain.employees[0], &chain.south.id, &role, Permissions::NONE).await;
            assert_eq!(given, Err(Invalid::Role.into()));
            // With another role it goes on.
            places::change(app, &anna, &user, None, &chain.role("employee"), None).await.expect("another role");
            invitations::resend(app, &anna, &id).await.expect("sent again");
            let link = chain.site.link_of(&id).await;
            crate::people::register(&chain.site, &link, "New").await.expect("registered");
        }
        // The name is free again, and whoever edits the roles meanwhile keeps what they could end.
        trainee(&chain).await;
    })
    .await;
}

/// H-40: what is open keeps the role, and the page names whoever holds it with a link; who is blocked or has left holds it still.
#[tokio::test(flavor = "multi_thread")]
async fn a_role_in_use_names_whoever_holds_it() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, anna) = (&chain.site.app, caller(&chain.site.anna));
        let role = trainee(&chain).await;
        let user = invited(&chain, "new@acme.by", &role).await;
        for state in ["open", "blocked", "active", "archived"] {
            match state {
                "blocked" => users::block(app, &anna, &user, "").await.expect("blocked"),
                "active" => {
                    users::unblock(app, &anna, &user).await.expect("unblocked");
                    let link = chain.site.link_of(&chain.site.invitation_of(&user).await).await;
                    crate::people::register(&chain.site, &link, "New").await.map(drop).expect("registered");
                }
                "archived" => users::archive(app, &anna, &user).await.expect("archived"),
                _ => {}
            }
            let mut browser = Browser::signed_in(app, &chain.site.anna).await;
            let page = browser.get(&format!("/settings/roles/{role}")).await.text();
            let link = format!("/users/{user}");
            assert!(tags(&page).iter().any(|tag| tag.get("href") == Some(&link)), "{state}: {page}");
            assert!(!page.contains("do=remove"), "{state}");
            assert_eq!(roles::remove(app, &anna, &role).await, Err(Conflict::RoleInUse.into()), "{state}");
        }
    })
    .await;
}

/// H-40: an offer to somebody above that is over does not keep a unit open; one that is open does.
#[tokio::test(flavor = "multi_thread")]
async fn a_unit_is_closed_over_an_offer_that_is_over() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, chief, anna) = (&chain.site.app, caller(&chain.chief), caller(&chain.site.anna));
        let team = chain.site.add_branch("Team", &chain.north).await;
        let draft =
            chain.invite(&chain.site.anna, "boss@acme.by", &[&team], "company_administrator").await.expect("sent");
        let id = chain.site.invitation_of(&draft.sent[0].user_id).await;
        assert_eq!(units::archive(app, &chief, &team.id, true).await, Err(Denied::NotAbove.into()));
        invitations::withdraw(app, &anna, &id).await.expect("withdrawn");
        units::archive(app, &chief, &team.id, true).await.expect("closed");
        units::archive(app, &chief, &team.id, false).await.expect("opened");
    })
    .await;
}

/// H-40: who is here already is put into, or invited to, a unit to which an invitation of theirs is over.
#[tokio::test(flavor = "multi_thread")]
async fn an_offer_that_is_over_is_in_nobodys_way() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, chief) = (&chain.site.app, caller(&chain.chief));
        let (nick, address) = (&chain.employees[0], "nick.north@acme.by");
        let dispatcher = chain.role("dispatcher");
        let invite = async || chain.invite(&chain.chief, address, &[&chain.south], "employee").await.expect("a draft");
        let add = async || places::add(app, &chief, nick, &chain.south.id, &dispatcher, Permissions::NONE).await;
        assert_eq!(invite().await.sent.len(), 1);
        assert_eq!(add().await, Err(Conflict::AlreadyThere.into()), "it is open");
        assert!(invite().await.sent.is_empty(), "it is open");
        let id = chain.site.invitation_of(nick).await;
        invitations::withdraw(app, &chief, &id).await.expect("withdrawn");
        assert_eq!(invite().await.sent.len(), 1, "invited anew");
        let newest = chain.site.invitation_of(nick).await;
        assert_ne!(newest, id);
        chain.site.pass(Duration::hours(9));
        add().await.expect("added");
        assert_eq!(chain.authority(nick).await.expect("something").holdings.len(), 2);
        assert_eq!(add().await, Err(Conflict::AlreadyThere.into()));
    })
    .await;
}

/// The one text for both databases says of every state what the rule in the domain says.
#[tokio::test(flavor = "multi_thread")]
async fn the_lists_count_a_role_as_the_rule_does() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, anna) = (&chain.site.app, caller(&chain.site.anna));
        for state in State::ALL {
            let role = trainee(&chain).await;
            let address = format!("{state:?}@acme.by").to_lowercase();
            let user = chain.site.add("Somebody", &address, "employee", &chain.north, state).await;
            chain.site.tamper("update memberships set role_id = $2 where user_id = $1", &values![&user, &role]).await;
            let is_over = matches!(state.status(), Status::Expired | Status::Withdrawn);
            let page = roles::page(app, &anna, Some(&role)).await.expect("a page");
            assert_eq!(page.holders, i64::from(!is_over), "{state:?}");
            chain
                .site
                .tamper(
                    "update memberships set role_id = $2 where user_id = $1",
                    &values![&user, &chain.role("employee")],
                )
                .await;
            roles::remove(app, &anna, &role).await.expect("nobody holds it");
        }
    })
    .await;
}
