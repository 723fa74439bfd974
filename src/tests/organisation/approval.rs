//! Roles that take two (rule 53): nothing leaves before a second administrator agrees, who is never the first one.

use super::Chain;
use crate::people::caller;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::tables::Dump;
use usher::domain::error::{Conflict, UseCaseError};
use usher::domain::id::UserId;
use usher::domain::invitation::DeadLink;
use usher::domain::listing::InvitationQuery;
use usher::domain::permission::{Permission, Permissions};
use usher::domain::policy::Denied;
use usher::domain::proposal::ProposalOutcome;
use usher::domain::review::Verdict;
use usher::domain::settings::{InvitesBy, Settings};
use usher::domain::user::Status;
use usher::server::use_cases::{deletion, invitations, places, proposals, users};

/// A chain in which dispatchers take two.
async fn careful(db: usher::server::storage::Database) -> (Chain, UserId) {
    let chain = Chain::found(db).await;
    chain.site.take_two_to_give("dispatcher").await;
    let second = chain.site.add("Second", "second@acme.by", "company_administrator", &chain.north, State::Active).await;
    (chain, second)
}

/// After a change of a role the open offers are gone through some at a time; the rule does not wait for that.
#[tokio::test(flavor = "multi_thread")]
async fn an_offer_that_takes_two_opens_nothing_even_before_it_was_noted_that_it_waits() {
    both(|db| async {
        let (chain, second) = careful(db).await;
        let (site, app) = (&chain.site, &chain.site.app);
        let draft = chain.invite(&chain.admins[0], "new@acme.by", &[&chain.north], "dispatcher").await.expect("kept");
        let id = site.invitation_of(&draft.sent[0].user_id).await;
        invitations::approve(app, &caller(&second), &id).await.expect("agreed");
        let link = site.link_of(&id).await;
        let waits = UseCaseError::DeadLink(DeadLink::AwaitsApproval);
        let later = usher::values![id.as_str(), false, true];
        // As it stood before the role took two, and as if whoever gave it had agreed to it themselves.
        for (sql, values) in [
            (
                "update invitations set needs_approval = $2, approved_at = null, approved_by = null where id = $1 and $3",
                &later[..],
            ),
            (
                "update invitations set needs_approval = $3, approved_at = 1, approved_by = (select role_by from memberships \
                 where invitation_id = $1) where id = $1 and not $2",
                &later,
            ),
        ] {
            site.tamper(sql, values).await;
            let before = Dump::of(&app.db).await;
            let refused = crate::people::register(site, &link, "New").await;
            assert_eq!(refused.err(), Some(waits.clone()), "{sql}");
            before.assert_unchanged(&app.db, "a link that waits").await;
        }
        chain.site.take_two_to_give("dispatcher").await;
        usher::server::use_cases::agreement::settle(app).await.expect("settled");
        assert_eq!(site.status(&draft.sent[0].user_id).await, "awaiting_approval");
        invitations::approve(app, &caller(&second), &id).await.expect("agreed");
        let link = site.link_of(&id).await;
        crate::people::register(site, &link, "New").await.expect("registered");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_to_a_role_that_takes_two_waits_for_another_administrator() {
    both(|db| async {
        let (chain, second) = careful(db).await;
        let (app, nina) = (&chain.site.app, caller(&chain.admins[0]));
        let draft = chain.invite(&chain.admins[0], "new@acme.by", &[&chain.north], "dispatcher").await.expect("kept");
        assert!(draft.sent[0].awaits_approval);
        let user = draft.sent[0].user_id.clone();
        let id = chain.site.invitation_of(&user).await;
        assert_eq!(chain.site.status(&user).await, "awaiting_approval");
        assert_eq!(chain.site.messages_to(&user).await, 0, "nothing leaves");
        let link = chain.site.link_of(&id).await;
        let refused = crate::people::register(&chain.site, &link, "New").await;
        assert!(matches!(refused, Err(UseCaseError::DeadLink(_))), "{refused:?}");

        let before = Dump::of(&app.db).await;
        assert_eq!(invitations::approve(app, &nina, &id).await, Err(Denied::FourEyes.into()));
        assert_eq!(invitations::approve(app, &caller(&chain.employees[0]), &id).await, Err(Denied::NotInRole.into()));
        assert_eq!(invitations::approve(app, &caller(&chain.admins[1]), &id).await, Err(UseCaseError::NotFound));
        assert_eq!(invitations::resend(app, &caller(&second), &id).await, Err(Conflict::AwaitsApproval.into()));
        assert_eq!(invitations::copy_link(app, &nina, &id).await, Err(Conflict::AwaitsApproval.into()));
        before.assert_unchanged(&app.db, "what was refused").await;

        invitations::approve(app, &caller(&second), &id).await.expect("approved");
        assert_eq!(chain.site.messages_to(&user).await, 1);
        assert_eq!(invitations::approve(app, &caller(&second), &id).await, Err(Conflict::NothingToApprove.into()));
        let link = chain.site.link_of(&id).await;
        crate::people::register(&chain.site, &link, "New").await.expect("registered");
        assert_eq!(chain.site.status(&user).await, "active");
    })
    .await;
}

/// What the second one agreed to is what goes: withdrawn, or sent to another number, it waits for them again.
#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawal_and_another_number_end_what_the_second_one_agreed_to() {
    both(|db| async {
        let (chain, second) = careful(db).await;
        let settings = Settings { invites_by: InvitesBy::Both, ..chain.site.settings().await };
        chain.site.save_settings(&settings).await;
        let (app, nina) = (&chain.site.app, caller(&chain.admins[0]));
        let both_ways = "new@acme.by, +375 29 123-45-67";
        let draft = chain.invite(&chain.admins[0], both_ways, &[&chain.north], "dispatcher").await.expect("kept");
        let user = draft.sent[0].user_id.clone();
        let id = chain.site.invitation_of(&user).await;
        let card = users::card(app, &caller(&second), &user).await.expect("a card");
        let shown = card.invitations[0].revision.clone();
        let renumber = async |phone: &str| {
            let mut tx = app.db.read().await.expect("a connection");
            let row = tx.row("select version from users where id = $1", &usher::values![&user]).await.expect("them");
            let version = row.number("version").expect("a number");
            drop(tx);
            let edit = users::Edit { phone: phone.into(), version, ..users::Edit::default() };
            users::edit(app, &nina, &user, &edit).await.expect("another number");
        };
        renumber("+375 29 123-45-68").await;
        let stale = invitations::approve(app, &caller(&second).on(shown.as_str()), &id).await;
        assert_eq!(stale, Err(Conflict::InvitationChanged.into()), "it was another number that they looked at");
        invitations::approve(app, &caller(&second), &id).await.expect("agreed");
        assert_eq!(chain.site.messages_to(&user).await, 2);
        renumber("+375 29 123-45-69").await;
        assert_eq!(chain.site.status(&user).await, "awaiting_approval");
        assert_eq!(invitations::resend(app, &nina, &id).await, Err(Conflict::AwaitsApproval.into()));
        invitations::approve(app, &caller(&second), &id).await.expect("agreed");

        let sent = chain.site.messages_to(&user).await;
        invitations::withdraw(app, &caller(&second), &id).await.expect("withdrawn");
        invitations::resend(app, &nina, &id).await.expect("offered again");
        assert_eq!(chain.site.status(&user).await, "awaiting_approval");
        assert_eq!(chain.site.messages_to(&user).await, sent, "nothing leaves by one word");
    })
    .await;
}

/// No way round: not by changing the offer, not by changing the role of somebody who is in.
#[tokio::test(flavor = "multi_thread")]
async fn no_other_way_leads_to_a_role_that_takes_two() {
    both(|db| async {
        let (chain, second) = careful(db).await;
        let (app, nina) = (&chain.site.app, caller(&chain.admins[0]));
        let dispatcher = chain.role("dispatcher");
        let refused = places::change(app, &nina, &chain.employees[0], None, &dispatcher, None).await;
        assert_eq!(refused, Ok(ProposalOutcome::Proposed));
        let refused = places::add(
            app,
            &caller(&chain.chief),
            &chain.employees[0],
            &chain.south.id,
            &dispatcher,
            Default::default(),
        )
        .await;
        assert_eq!(refused, Ok(ProposalOutcome::Proposed));

        let held = chain.authority(&chain.employees[0]).await.expect("something").holdings;
        assert!(held.iter().all(|held| held.role.key == "employee"), "nothing of it counts: {held:?}");

        let draft = chain.invite(&chain.admins[0], "new@acme.by", &[&chain.north], "employee").await.expect("sent");
        let user = draft.sent[0].user_id.clone();
        let id = chain.site.invitation_of(&user).await;
        let sent = chain.site.link_of(&id).await;
        places::change(app, &nina, &user, None, &dispatcher, None).await.expect("proposed");
        assert_eq!(chain.site.status(&user).await, "awaiting_approval");
        let refused = crate::people::register(&chain.site, &sent, "New").await;
        assert!(matches!(refused, Err(UseCaseError::DeadLink(_))), "the link that was sent opens nothing: {refused:?}");
        // Back to what needs nobody: it goes on by itself, with a new link.
        places::change(app, &nina, &user, None, &chain.role("employee"), None).await.expect("changed");
        assert_eq!(chain.site.messages_to(&user).await, 2);
        places::change(app, &nina, &user, None, &dispatcher, None).await.expect("proposed");
        invitations::approve(app, &caller(&second), &id).await.expect("approved");
        let link = chain.site.link_of(&id).await;
        assert_ne!(link, sent);
        crate::people::register(&chain.site, &link, "New").await.expect("registered");
        assert!(
            chain.authority(&user).await.expect("something").holdings.iter().all(|held| held.role.id == dispatcher)
        );
    })
    .await;
}

/// Somebody who changes another part of the offer, and could not have offered this one, is not the first of the two: the
/// first one stays, and does not become the second by it.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_by_a_third_one_does_not_make_the_first_the_second() {
    both(|db| async {
        let (chain, _) = careful(db).await;
        let (app, chief, sam) = (&chain.site.app, caller(&chain.chief), caller(&chain.admins[1]));
        let draft = chain.invite(&chain.chief, "new@acme.by", &[&chain.north], "dispatcher").await.expect("kept");
        let user = draft.sent[0].user_id.clone();
        let id = chain.site.invitation_of(&user).await;
        let employee = chain.role("employee");
        places::add(app, &chief, &user, &chain.south.id, &employee, Default::default()).await.expect("added");
        let other = chain.role("agent_group_manager");
        places::change(app, &sam, &user, Some(&chain.south.id), &other, None).await.expect("changed");
        assert_eq!(invitations::approve(app, &chief, &id).await, Err(Denied::FourEyes.into()));
        assert_eq!(chain.site.messages_to(&user).await, 0);
        invitations::approve(app, &caller(&chain.site.anna), &id).await.expect("approved");
        // After the second one's word, too.
        places::change(app, &sam, &user, Some(&chain.south.id), &employee, None).await.expect("changed");
        assert_eq!(chain.site.status(&user).await, "awaiting_approval");
        assert_eq!(invitations::approve(app, &chief, &id).await, Err(Denied::FourEyes.into()));
    })
    .await;
}

/// A role that comes to take two takes two for what is on its way already; and what it takes two to give, one takes away.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_on_its_way_waits_and_what_was_given_is_taken_back_by_one() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, anna, nina) = (&chain.site.app, caller(&chain.site.anna), caller(&chain.admins[0]));
        let draft = chain.invite(&chain.admins[0], "new@acme.by", &[&chain.north], "dispatcher").await.expect("sent");
        let user = draft.sent[0].user_id.clone();
        let id = chain.site.invitation_of(&user).await;
        let link = chain.site.link_of(&id).await;
        let dora = chain.site.add("Dora", "dora@acme.by", "dispatcher", &chain.north, State::Active).await;
        let dispatcher = chain.site.role("dispatcher").clone();
        let extra: Permissions = [Permission::SeeAudit].into_iter().collect();
        places::change(app, &nina, &dora, None, &dispatcher.id, Some(extra)).await.expect("given by one, so far");

        chain.site.take_two_to_give("dispatcher").await;
        assert_eq!(chain.site.status(&user).await, "awaiting_approval");
        let refused = crate::people::register(&chain.site, &link, "New").await;
        assert!(matches!(refused, Err(UseCaseError::DeadLink(_))), "{refused:?}");
        assert_eq!(invitations::approve(app, &nina, &id).await, Err(Denied::FourEyes.into()));
        invitations::approve(app, &anna, &id).await.expect("approved");

        let more: Permissions = [Permission::SeeAudit, Permission::SeeUnits].into_iter().collect();
        let refused = places::change(app, &nina, &dora, None, &dispatcher.id, Some(more)).await;
        assert_eq!(refused, Ok(ProposalOutcome::Proposed));
        places::change(app, &nina, &dora, None, &dispatcher.id, Some(Permissions::NONE)).await.expect("taken away");
    })
    .await;
}

/// What was withdrawn while it waited is not sent by changing it.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_withdrawn_while_it_waited_stays_withdrawn() {
    both(|db| async {
        let (chain, _) = careful(db).await;
        let (app, nina) = (&chain.site.app, caller(&chain.admins[0]));
        let draft = chain.invite(&chain.admins[0], "new@acme.by", &[&chain.north], "dispatcher").await.expect("kept");
        let user = draft.sent[0].user_id.clone();
        let id = chain.site.invitation_of(&user).await;
        invitations::withdraw(app, &nina, &id).await.expect("withdrawn");
        places::change(app, &nina, &user, None, &chain.role("employee"), None).await.expect("changed");
        assert_eq!(chain.site.status(&user).await, "withdrawn");
        assert_eq!(chain.site.messages_to(&user).await, 0);
    })
    .await;
}

/// The second one's word comes back with whoever is brought back out of the bin; withdrawn and sent again, it waits anew.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_agreed_to_stays_agreed_to_when_a_deletion_is_undone() {
    both(|db| async {
        let (chain, second) = careful(db).await;
        let (site, app, nina) = (&chain.site, &chain.site.app, caller(&chain.admins[0]));
        site.save_settings(&Settings { bin_days: 7, ..site.settings().await }).await;
        let draft = chain.invite(&chain.admins[0], "new@acme.by", &[&chain.north], "dispatcher").await.expect("kept");
        let user = draft.sent[0].user_id.clone();
        let id = site.invitation_of(&user).await;
        invitations::approve(app, &caller(&second), &id).await.expect("agreed");
        deletion::delete(app, &nina, &user, "").await.expect("deleted");
        users::bring_back(app, &nina, &user).await.expect("back");
        assert_eq!(site.status(&user).await, "waiting");
        invitations::withdraw(app, &nina, &id).await.expect("withdrawn");
        invitations::resend(app, &nina, &id).await.expect("sent again");
        assert_eq!(site.status(&user).await, "awaiting_approval");

        // Of what did not come back with them nobody's word is left, either.
        invitations::approve(app, &caller(&second), &id).await.expect("agreed");
        deletion::delete(app, &nina, &user, "").await.expect("deleted");
        let mut tx = app.db.maintain().await.expect("the writer");
        tx.execute("update memberships set archived_at = null where user_id = $1", &usher::values![&user])
            .await
            .expect("back by another way");
        tx.commit().await.expect("kept");
        invitations::resend(app, &nina, &id).await.expect("sent again");
        let mut tx = app.db.read().await.expect("a connection");
        let found = usher::server::storage::invitations::find(&mut tx, &id).await.expect("a look").expect("there");
        assert!(found.awaits_approval() && found.withdrawn_at.is_none());
    })
    .await;
}

/// What somebody agreed to was another offer: it does not count for a role that takes two only since.
#[tokio::test(flavor = "multi_thread")]
async fn an_old_agreement_does_not_count_for_what_is_offered_now() {
    both(|db| async {
        let (chain, second) = careful(db).await;
        let (app, nina) = (&chain.site.app, caller(&chain.admins[0]));
        let draft = chain.invite(&chain.admins[0], "new@acme.by", &[&chain.north], "dispatcher").await.expect("kept");
        let user = draft.sent[0].user_id.clone();
        let id = chain.site.invitation_of(&user).await;
        invitations::approve(app, &caller(&second), &id).await.expect("approved");
        let employee = chain.site.role("employee").clone();
        places::change(app, &nina, &user, None, &employee.id, None).await.expect("changed");
        chain.site.take_two_to_give("employee").await;
        assert_eq!(chain.site.status(&user).await, "awaiting_approval");
        let refused = crate::people::register(&chain.site, &chain.site.link_of(&id).await, "New").await;
        assert!(matches!(refused, Err(UseCaseError::DeadLink(_))), "{refused:?}");
        invitations::approve(app, &caller(&second), &id).await.expect("approved anew");
        crate::people::register(&chain.site, &chain.site.link_of(&id).await, "New").await.expect("registered");
    })
    .await;
}

/// Whoever proposed a part that takes two and still stands does not agree to it, whoever changed another part since; and whoever
/// changed another part is not the first one by it.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_another_part_makes_nobody_the_first_or_the_second() {
    both(|db| async {
        let (chain, second) = careful(db).await;
        let (app, chief, anna) = (&chain.site.app, caller(&chain.chief), caller(&chain.site.anna));
        let draft = chain.invite(&chain.chief, "new@acme.by", &[&chain.north], "dispatcher").await.expect("kept");
        let (user, id) = (draft.sent[0].user_id.clone(), draft.sent[0].invitation.clone());
        let (employee, manager) = (chain.role("employee"), chain.role("agent_group_manager"));
        places::add(app, &chief, &user, &chain.south.id, &employee, Default::default()).await.expect("added");
        // Another part, which takes one: Anna becomes the first of nothing that takes two.
        places::change(app, &anna, &user, Some(&chain.south.id), &manager, None).await.expect("changed");
        assert_eq!(invitations::approve(app, &chief, &id).await, Err(Denied::FourEyes.into()), "proposed it");
        // The extra permissions of the very part, which take two as well: now both have proposed something.
        let extra: Permissions = [Permission::SeeUnits].into_iter().collect();
        let dispatcher = chain.role("dispatcher");
        places::change(app, &caller(&second), &user, Some(&chain.north.id), &dispatcher, Some(extra))
            .await
            .expect("changed");
        for by in [&chief, &caller(&second)] {
            let refused = invitations::approve(app, by, &id).await;
            assert!(matches!(refused, Err(UseCaseError::Denied(Denied::FourEyes | Denied::NotAbove))), "{refused:?}");
        }
        assert_eq!(chain.site.messages_to(&user).await, 0);
        invitations::approve(app, &anna, &id).await.expect("agreed by somebody else");
        assert_eq!(chain.site.messages_to(&user).await, 1);
        // And a part that is put in after the word waits for another one.
        places::change(app, &anna, &user, Some(&chain.south.id), &dispatcher, None).await.expect("proposed");
        assert_eq!(chain.site.status(&user).await, "awaiting_approval");
        for by in [&chief, &anna] {
            assert_eq!(invitations::approve(app, by, &id).await, Err(Denied::FourEyes.into()));
        }
        places::remove(app, &chief, &user, &chain.north.id).await.expect("taken out");
        invitations::approve(app, &chief, &id).await.expect("nothing of theirs is left in it");
    })
    .await;
}

/// Whoever gives what takes two comes in by two: else one would invite the other one alone.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_be_one_of_the_two_takes_two() {
    both(|db| async {
        let (chain, _) = careful(db).await;
        let draft = chain.invite(&chain.site.anna, "puppet@acme.by", &[&chain.north], "company_administrator").await;
        let sent = &draft.expect("kept").sent[0];
        assert!(sent.awaits_approval);
        let refused = invitations::approve(&chain.site.app, &caller(&chain.site.anna), &sent.invitation).await;
        assert_eq!(refused, Err(Denied::FourEyes.into()));
        let draft = chain.invite(&chain.site.anna, "clerk@acme.by", &[&chain.north], "agent_group_manager").await;
        assert!(!draft.expect("sent").sent[0].awaits_approval, "who gives nothing takes one");
    })
    .await;
}

/// What waited and was withdrawn waits again when it is sent again: no letter leaves by one word.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_withdrawn_while_it_waited_waits_again() {
    both(|db| async {
        let (chain, second) = careful(db).await;
        let (app, nina) = (&chain.site.app, caller(&chain.admins[0]));
        let draft = chain.invite(&chain.admins[0], "new@acme.by", &[&chain.north], "dispatcher").await.expect("kept");
        let (user, id) = (draft.sent[0].user_id.clone(), draft.sent[0].invitation.clone());
        invitations::withdraw(app, &nina, &id).await.expect("withdrawn");
        assert_eq!(invitations::approve(app, &caller(&second), &id).await, Err(Conflict::NothingToApprove.into()));
        invitations::resend(app, &nina, &id).await.expect("proposed again");
        assert_eq!(chain.site.status(&user).await, "awaiting_approval");
        assert_eq!(chain.site.messages_to(&user).await, 0);
        assert_eq!(invitations::approve(app, &nina, &id).await, Err(Denied::FourEyes.into()));
        invitations::approve(app, &caller(&second), &id).await.expect("agreed");
        assert_eq!(chain.site.messages_to(&user).await, 1);
    })
    .await;
}

/// Whoever is in is given what takes two by two: one proposes, another one who could have given it agrees, and what they agreed
/// to is what there is then.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_in_is_given_what_takes_two_by_two() {
    both(|db| async {
        let (chain, second) = careful(db).await;
        let (app, nina, chief) = (&chain.site.app, caller(&chain.admins[0]), caller(&chain.chief));
        let (nick, dispatcher, employee) = (&chain.employees[0], chain.role("dispatcher"), chain.role("employee"));
        let waiting = async |by: &UserId| {
            let query = InvitationQuery { status: Some(Status::AwaitingApproval), ..InvitationQuery::default() };
            invitations::list(app, &caller(by), &query).await.expect("a page")
        };
        let roles_of = async |user: &UserId| -> Vec<String> {
            let held = chain.authority(user).await.expect("something").holdings;
            held.into_iter().map(|held| format!("{} {}", held.role.key, held.extra.to_codes())).collect()
        };
        let extra: Permissions = [Permission::SeeAudit].into_iter().collect();
        let asked =
            [(dispatcher.clone(), Permissions::NONE, "dispatcher "), (employee.clone(), extra, "employee audit.see")];
        for (role, extra, becomes) in asked {
            let before = roles_of(nick).await;
            assert_eq!(places::change(app, &nina, nick, None, &role, Some(extra)).await, Ok(ProposalOutcome::Proposed));
            assert_eq!(roles_of(nick).await, before);
            let page = waiting(&second).await;
            assert_eq!((page.to_approve, page.proposals.len()), (1, 1));
            assert_eq!(page.proposals[0].may_agree, Ok(()));
            let id = page.proposals[0].id.clone();
            assert_eq!(waiting(&nina.user_id).await.proposals[0].may_agree, Err(Denied::FourEyes.into()));
            assert!(waiting(&chain.admins[1]).await.proposals.is_empty(), "not in the south");
            assert_eq!(proposals::agree(app, &nina, &id).await, Err(Denied::FourEyes.into()));
            assert_eq!(proposals::agree(app, &caller(&chain.admins[1]), &id).await, Err(UseCaseError::NotFound));
            assert_eq!(proposals::agree(app, &caller(nick), &id).await, Err(Denied::NotInRole.into()));
            proposals::agree(app, &caller(&second), &id).await.expect("agreed");
            assert_eq!(roles_of(nick).await, [becomes]);
            assert_eq!(proposals::agree(app, &caller(&second), &id).await, Err(UseCaseError::NotFound), "once");
            // What is only taken away one takes away.
            let taken = places::change(app, &nina, nick, None, &employee, Some(Permissions::NONE)).await;
            assert_eq!(taken, Ok(ProposalOutcome::Done));
        }
        // A further place.
        let added = places::add(app, &chief, nick, &chain.south.id, &dispatcher, Permissions::NONE).await;
        assert_eq!(added, Ok(ProposalOutcome::Proposed));
        let id = waiting(&chain.site.anna).await.proposals[0].id.clone();
        assert_eq!(roles_of(nick).await, ["employee "]);
        proposals::agree(app, &caller(&chain.site.anna), &id).await.expect("agreed");
        assert_eq!(roles_of(nick).await.len(), 2);

        // What became another place in between is looked at anew; whoever lost the right proposed nothing.
        let proposed = places::change(app, &nina, nick, Some(&chain.north.id), &dispatcher, None).await;
        assert_eq!(proposed, Ok(ProposalOutcome::Proposed));
        let id = waiting(&second).await.proposals[0].id.clone();
        let manager = chain.role("agent_group_manager");
        places::change(app, &chief, nick, Some(&chain.north.id), &manager, None).await.expect("changed");
        assert_eq!(proposals::agree(app, &caller(&second), &id).await, Err(Conflict::ChangedMeanwhile.into()));
        let proposed = places::change(app, &nina, nick, Some(&chain.north.id), &dispatcher, None).await;
        assert_eq!(proposed, Ok(ProposalOutcome::Proposed));
        let id = waiting(&second).await.proposals[0].id.clone();
        users::block(app, &caller(&chain.site.anna), &chain.admins[0], "").await.expect("blocked");
        assert_eq!(proposals::agree(app, &caller(&second), &id).await, Err(Conflict::ProposerLost.into()));
        proposals::drop_it(app, &caller(&second), &id).await.expect("dropped");
        assert_eq!(waiting(&second).await.to_approve, 0);
    })
    .await;
}

/// Nobody invites themselves, not even to what they could give to others.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_invites_themselves() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let team = chain.site.add_branch("Team", &chain.north).await;
        let draft =
            chain.invite(&chain.admins[0], "nina.north@acme.by", &[&team], "employee").await.expect("looked at");
        assert!(draft.sent.is_empty() && matches!(draft.rows[0].verdict, Verdict::Known { .. }), "{draft:?}");
    })
    .await;
}
