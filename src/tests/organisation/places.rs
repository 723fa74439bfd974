//! Memberships: several units, roles and extra permissions at each, out of one of them, archived and back.

use super::Chain;
use crate::people::caller;
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::tables::Dump;
use usher::domain::error::{Conflict, UseCaseError};
use usher::domain::id::UserId;
use usher::domain::invitation::DeadLink;
use usher::domain::permission::{Permission, Permissions};
use usher::domain::policy::{Denied, Request, decide};
use usher::domain::review::Verdict;
use usher::domain::role::RoleWish;
use usher::domain::user::Status;
use usher::server::use_cases::{Visitor, accept, deletion, invitations, mailbox, places, roles, settings, users};

fn set(permissions: &[Permission]) -> Permissions {
    permissions.iter().copied().collect()
}

/// The card names the role at each unit, with what goes beside it there, and only the units that are seen.
#[tokio::test(flavor = "multi_thread")]
async fn a_card_shows_roles_and_permissions_unit_by_unit() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, chief, nick) = (&chain.site.app, caller(&chain.chief), &chain.employees[0]);
        let dispatcher = chain.role("dispatcher");
        places::add(app, &chief, nick, &chain.south.id, &dispatcher, set(&[Permission::SeeUnits]))
            .await
            .expect("added");
        users::block(app, &caller(&chain.admins[0]), nick, "").await.expect("blocked in the north");
        let lines = async |by: &UserId| {
            let page = Browser::signed_in(app, by).await.get(&format!("/users/{nick}")).await.text();
            let (_, access) = page.split_once("id=\"access\"").unwrap_or_else(|| panic!("{page}"));
            let list = access.split("</ul>").next().expect("a list");
            let texts = list.split("<li").skip(1).map(|item| {
                let item = item.split("</p></div>").next().expect("a text").split_once('>').expect("a tag").1;
                let mut text = String::new();
                let mut is_tag = false;
                for c in item.chars() {
                    match c {
                        '<' => is_tag = true,
                        '>' => is_tag = false,
                        c if !is_tag => text.push(c),
                        _ => {}
                    }
                }
                text.trim().to_string()
            });
            texts.collect::<Vec<_>>()
        };
        let north = "Employee, North";
        let south = "Dispatcher, South";
        let all = lines(&chain.chief).await;
        assert_eq!(all.len(), 2, "{all:?}");
        let of =
            |unit: &str| all.iter().find(|line| line.starts_with(unit)).unwrap_or_else(|| panic!("{unit}: {all:?}"));
        assert!(of(north).contains("blocked") && !of(north).contains("Extra permissions"), "{all:?}");
        assert!(!of(south).contains("blocked") && of(south).contains("Extra permissions"), "{all:?}");
        let seen = lines(&chain.admins[1]).await;
        assert!(seen.len() == 1 && seen[0].starts_with(south), "{seen:?}");
    })
    .await;
}

/// Rules 41, 59, TE-05: a role at each unit of its own; block acts within reach and leaves the rest.
#[tokio::test(flavor = "multi_thread")]
async fn somebody_holds_a_role_at_each_of_their_units_and_a_block_acts_within_reach() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, chief, nick) = (&chain.site.app, caller(&chain.chief), &chain.employees[0]);
        let dispatcher = chain.role("dispatcher");
        places::add(app, &chief, nick, &chain.south.id, &dispatcher, Permissions::NONE).await.expect("added");
        let again = places::add(app, &chief, nick, &chain.south.id, &dispatcher, Permissions::NONE).await;
        assert_eq!(again, Err(Conflict::AlreadyThere.into()));
        let authority = chain.authority(nick).await.expect("something");
        assert!(decide(&authority, Request::UseAt(Permission::SeeUsers, &chain.south.path)).is_allowed());
        assert!(!decide(&authority, Request::UseAt(Permission::SeeUsers, &chain.north.path)).is_allowed());

        // In the north Nick is blocked, in the south Nick goes on; the lists of both say what holds there.
        let nina = caller(&chain.admins[0]);
        let mut browser = Browser::signed_in(app, nick).await;
        users::block(app, &nina, nick, "left the north").await.expect("blocked");
        assert_eq!(browser.get("/users").await.status.as_u16(), 200, "Nick still has the south");
        assert_eq!(chain.site.status(nick).await, "active");
        let status = async |by: &_, unit: &_| {
            let page = chain.list(by, Some(unit)).await.expect("a list");
            page.rows.into_iter().find(|row| &row.id == nick).expect("Nick").status.code()
        };
        assert_eq!(status(&chain.admins[0], &chain.north.id).await, "blocked");
        assert_eq!(status(&chain.admins[1], &chain.south.id).await, "active");
        assert_eq!(users::block(app, &nina, nick, "").await, Err(Conflict::AlreadyBlocked.into()));
        // What concerns all of a person is for somebody above all of them.
        let refused = deletion::delete(app, &nina, nick, "nick.north@acme.by").await;
        assert_eq!(refused, Err(Denied::NotAbove.into()));

        users::block(app, &caller(&chain.admins[1]), nick, "").await.expect("blocked");
        assert_eq!(browser.ask_shown("/me").await.status.as_u16(), 401, "nothing is left");
        assert_eq!(chain.site.status(nick).await, "blocked");
        users::unblock(app, &nina, nick).await.expect("unblocked");
        assert_eq!(status(&chain.admins[1], &chain.south.id).await, "blocked", "each has taken back their own");
        assert_eq!(chain.site.status(nick).await, "active");
    })
    .await;
}

/// Rule 59, AZ-02: extra permissions, never more than the giver holds, and nobody without them takes them away.
#[tokio::test(flavor = "multi_thread")]
async fn extra_permissions_are_given_by_those_who_hold_them_and_act_at_once() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, nina, nick) = (&chain.site.app, caller(&chain.admins[0]), &chain.employees[0]);
        let employee = chain.role("employee");
        let give = async |by: &_, extra| places::change(app, by, nick, None, &employee, Some(extra)).await;
        let mut browser = Browser::signed_in(app, nick).await;
        assert_eq!(browser.get("/users").await.status.as_u16(), 403);
        assert_eq!(give(&nina, set(&[Permission::ChangeSettings])).await, Err(Denied::MoreThanYours.into()));
        give(&nina, set(&[Permission::SeeUsers, Permission::EditShifts])).await.expect("given");
        assert_eq!(browser.get("/users").await.status.as_u16(), 200);
        // A main administrator adds what Nina does not hold: from then on Nick is out of Nina's hands.
        let anna = caller(&chain.site.anna);
        let runs = chain.site.role("company_administrator");
        let less = runs.permissions.without(set(&[Permission::SeeAudit]));
        let wish = RoleWish { permissions: less, ..RoleWish::from(runs) };
        roles::save(app, &anna, Some(&runs.id), &wish).await.expect("saved");
        give(&anna, set(&[Permission::SeeUsers, Permission::SeeAudit])).await.expect("given");
        let before = Dump::of(&app.db).await;
        assert_eq!(give(&nina, Permissions::NONE).await, Err(Denied::NotAbove.into()));
        assert_eq!(users::block(app, &nina, nick, "").await, Err(Denied::NotAbove.into()));
        before.assert_unchanged(&app.db, "what was refused").await;
        give(&anna, Permissions::NONE).await.expect("taken");
        assert_eq!(browser.get("/users").await.status.as_u16(), 403);
    })
    .await;
}

/// Rule 26: the mailbox holds everybody's reset links, and the settings are everybody's: neither belongs to anybody below
/// the root, whatever stands in their membership.
#[tokio::test(flavor = "multi_thread")]
async fn what_concerns_the_installation_is_held_at_the_top_only() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, anna, chief) = (&chain.site.app, caller(&chain.site.anna), &chain.chief);
        let runs = chain.role("company_administrator");
        let all = [Permission::SeeMailbox, Permission::SeeSettings, Permission::EditRoles, Permission::ChangeSettings];
        for permission in all {
            let given = places::change(app, &anna, chief, None, &runs, Some(set(&[permission]))).await;
            assert_eq!(given, Err(Denied::NotAtTheTop.into()), "{permission:?}");
        }
        let codes = set(&all).to_codes();
        let as_if = "update memberships set extra = $2 where user_id = $1";
        chain.site.tamper(as_if, &usher::values![chief, codes]).await;
        let me = caller(chief);
        let not_theirs = UseCaseError::from(Denied::NotInRole);
        assert_eq!(mailbox::list(app, &me).await.map(drop), Err(not_theirs.clone()));
        assert_eq!(settings::view(app, &me, "").await.map(drop), Err(not_theirs.clone()));
        let wished = [("organisation".to_string(), "Mine".to_string())].into();
        assert_eq!(settings::change(app, &me, "", &wished).await, Err(not_theirs.clone()));
        assert_eq!(roles::list(app, &me).await.map(drop), Err(not_theirs));
        let mut browser = Browser::signed_in(app, chief).await;
        for page in ["/mailbox", "/settings", "/settings/roles", "/settings/who"] {
            assert_eq!(browser.get(page).await.status.as_u16(), 403, "{page}");
        }
        // The administrator gives none of it on, either.
        let nick = &chain.employees[0];
        let given = places::change(app, &me, nick, None, &chain.role("employee"), Some(set(&all[..1]))).await;
        assert_eq!(given, Err(Denied::MoreThanYours.into()));
    })
    .await;
}

/// Rule 54: out of a unit is not deleted; out of the last one is archived, in nobody's blind spot.
#[tokio::test(flavor = "multi_thread")]
async fn out_of_a_unit_is_not_deleted_and_out_of_the_last_one_is_archived() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, chief, nick) = (&chain.site.app, caller(&chain.chief), &chain.employees[0]);
        let employee = chain.role("employee");
        places::add(app, &chief, nick, &chain.south.id, &employee, Permissions::NONE).await.expect("added");
        places::remove(app, &caller(&chain.admins[0]), nick, &chain.north.id).await.expect("taken out");
        assert_eq!(chain.names(&chain.admins[0], None).await, ["Nina North"]);
        assert_eq!(chain.names(&chain.admins[1], None).await, ["Nick North", "Sam South", "Sue South"]);
        places::remove(app, &caller(&chain.admins[1]), nick, &chain.south.id).await.expect("taken out");
        assert_eq!(chain.site.status(nick).await, "archived");
        assert!(chain.authority(nick).await.is_none());
        users::bring_back(app, &caller(&chain.admins[1]), nick).await.expect("back");
        assert_eq!(chain.site.status(nick).await, "active");
        let refused = places::remove(app, &caller(&chain.admins[1]), nick, &chain.north.id).await;
        assert_eq!(refused, Err(UseCaseError::NotFound), "Nick is not in there");
    })
    .await;
}

/// Rule 1: archived people are kept, hidden, shut out, and come back with role and units.
#[tokio::test(flavor = "multi_thread")]
async fn archived_people_are_hidden_and_come_back_as_they_were() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, nina, nick) = (&chain.site.app, caller(&chain.admins[0]), &chain.employees[0]);
        let extra = set(&[Permission::SeeShifts]);
        places::change(app, &nina, nick, None, &chain.role("dispatcher"), Some(extra)).await.expect("changed");
        let before = chain.authority(nick).await;
        let mut browser = Browser::signed_in(app, nick).await;
        users::archive(app, &nina, nick).await.expect("archived");
        assert_eq!(browser.ask_shown("/me").await.status.as_u16(), 401);
        assert_eq!(chain.names(&chain.admins[0], None).await, ["Nina North"]);
        for refused in [
            users::block(app, &nina, nick, "").await,
            users::archive(app, &nina, nick).await,
            places::change(app, &nina, nick, None, &chain.role("employee"), None).await.map(drop),
        ] {
            assert!(
                matches!(refused, Err(UseCaseError::Conflict(Conflict::Archived | Conflict::AlreadyArchived))),
                "{refused:?}"
            );
        }
        let told =
            chain.invite(&chain.admins[0], "nick.north@acme.by", &[&chain.north], "employee").await.expect("told");
        assert!(told.sent.is_empty());
        users::bring_back(app, &nina, nick).await.expect("back");
        assert_eq!(chain.authority(nick).await, before);
        assert_eq!(users::bring_back(app, &nina, nick).await, Err(Conflict::NotArchived.into()));
    })
    .await;
}

/// Rule 51, IN-04: what is offered can be changed while it waits, and acceptance uses what stands then.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_offered_changes_while_it_waits_and_counts_at_acceptance() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, chief) = (&chain.site.app, caller(&chain.chief));
        let draft =
            chain.invite(&chain.chief, "new@acme.by", &[&chain.north, &chain.south], "employee").await.expect("sent");
        let user = draft.sent[0].user_id.clone();
        let link = chain.site.link_of(&chain.site.invitation_of(&user).await).await;
        let extra = set(&[Permission::EditShifts]);
        let north = Some(&chain.north.id);
        places::change(app, &chief, &user, north, &chain.role("dispatcher"), Some(extra)).await.expect("changed");
        places::remove(app, &chief, &user, &chain.south.id).await.expect("taken out");
        let last = places::remove(app, &chief, &user, &chain.north.id).await;
        assert_eq!(last, Err(Conflict::LastPlace.into()));
        let company = chain.site.company.id.clone();
        places::add(app, &chief, &user, &company, &chain.role("employee"), Permissions::NONE).await.expect("added");
        assert!(chain.authority(&user).await.is_none(), "nothing counts before it is accepted");
        crate::people::register(&chain.site, &link, "New").await.expect("registered");
        let holdings = chain.authority(&user).await.expect("something").holdings;
        let held: Vec<(&str, String, String)> = holdings
            .iter()
            .map(|held| (held.role.key.as_str(), held.unit.id().to_string(), held.extra.to_codes()))
            .collect();
        let expected = [
            ("dispatcher", chain.north.id.to_string(), "shifts.edit".to_string()),
            ("employee", company.to_string(), String::new()),
        ];
        assert_eq!(held, expected);
    })
    .await;
}

/// TE-05: whoever holds a link gets all that it offers, so nobody takes or touches one that offers more than they could.
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_that_offers_more_than_the_caller_could_is_not_theirs() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, nina) = (&chain.site.app, caller(&chain.admins[0]));
        let units = [&chain.north, &chain.south];
        let draft = chain.invite(&chain.chief, "new@acme.by", &units, "employee").await.expect("sent");
        let user = draft.sent[0].user_id.clone();
        let id = chain.site.invitation_of(&user).await;
        let card = users::card(app, &nina, &user).await.expect("a card");
        assert!(card.invitations[0].elsewhere && card.invitations[0].held.len() == 1);
        let before = Dump::of(&app.db).await;
        for refused in [
            invitations::copy_link(app, &nina, &id).await.map(drop),
            invitations::withdraw(app, &nina, &id).await.map(drop),
            invitations::resend(app, &nina, &id).await.map(drop),
        ] {
            assert_eq!(refused, Err(Denied::NotAbove.into()));
        }
        before.assert_unchanged(&app.db, "what was refused").await;
        // What lies within the reach can be taken back, and then the rest is no business of Nina's.
        places::remove(app, &nina, &user, &chain.north.id).await.expect("taken out");
        assert_eq!(invitations::copy_link(app, &nina, &id).await, Err(UseCaseError::NotFound));
        invitations::copy_link(app, &caller(&chain.chief), &id).await.expect("a link");
    })
    .await;
}

/// TE-05: whoever holds a link gets all that it offers, blocked parts as well; so they count when somebody asks for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_blocked_part_of_an_offer_is_still_part_of_it() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, nina, sam) = (&chain.site.app, caller(&chain.admins[0]), caller(&chain.admins[1]));
        let both = [&chain.north, &chain.south];
        let draft = chain.invite(&chain.chief, "new@acme.by", &both, "employee").await.expect("sent");
        let user = draft.sent[0].user_id.clone();
        let id = chain.site.invitation_of(&user).await;
        users::block(app, &sam, &user, "").await.expect("blocked");
        for refused in [
            invitations::copy_link(app, &nina, &id).await.map(drop),
            invitations::resend(app, &nina, &id).await.map(drop),
            invitations::withdraw(app, &nina, &id).await.map(drop),
        ] {
            assert_eq!(refused, Err(Denied::NotAbove.into()));
        }
        invitations::copy_link(app, &caller(&chain.chief), &id).await.expect("a link");
    })
    .await;
}

/// Nobody comes in by a link of which everything was blocked or archived, in whichever order.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_of_which_everything_was_ended_is_dead() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, chief, nick) = (&chain.site.app, caller(&chain.chief), &chain.employees[0]);
        let draft = chain.invite(&chain.chief, "new@acme.by", &[&chain.north], "employee").await.expect("sent");
        let new = draft.sent[0].user_id.clone();
        let link = chain.site.link_of(&chain.site.invitation_of(&new).await).await;
        users::block(app, &chief, &new, "").await.expect("blocked");
        users::archive(app, &chief, &new).await.expect("archived");
        let refused = crate::people::register(&chain.site, &link, "New").await;
        assert_eq!(refused, Err(UseCaseError::DeadLink(DeadLink::Blocked)));

        // Active in one branch, invited to the other, archived as a whole.
        chain.invite(&chain.chief, "nick.north@acme.by", &[&chain.south], "employee").await.expect("sent");
        let link = chain.site.link_of(&chain.site.invitation_of(nick).await).await;
        users::archive(app, &chief, nick).await.expect("archived");
        let refused = accept::join(app, &link, Some(&caller(nick)), None, &Visitor::default()).await;
        assert_eq!(refused.map(drop), Err(UseCaseError::DeadLink(DeadLink::Blocked)));
    })
    .await;
}

/// Whoever is blocked is unblocked by those who may; no invitation leads round that.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_blocked_is_not_invited_to_another_unit() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, chief, nick) = (&chain.site.app, caller(&chain.chief), &chain.employees[0]);
        users::block(app, &chief, nick, "").await.expect("blocked");
        let address = "nick.north@acme.by";
        let draft = chain.invite(&chain.chief, address, &[&chain.south], "employee").await.expect("looked at");
        assert!(draft.sent.is_empty());
        let status = Status::Blocked;
        let known = Verdict::Known { user_id: nick.clone(), title: "Nick North".into(), status };
        assert_eq!(draft.rows[0].verdict, known);
    })
    .await;
}
