//! Where a role's box says so, taking it away takes two as well (rule 53): whatever would take it from somebody is proposed, or
//! refused until it has been. A block takes one, as it is undone as fast.

use super::Chain;
use crate::people::caller;
use crate::support::browser::Browser;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::html::form_to;
use crate::support::tables::Dump;
use usher::domain::error::{Conflict, UseCaseError};
use usher::domain::id::{ProposalId, UserId};
use usher::domain::listing::InvitationQuery;
use usher::domain::permission::Permission;
use usher::domain::policy::Denied;
use usher::domain::proposal::ProposalOutcome;
use usher::domain::role::RoleWish;
use usher::domain::timestamp::Duration;
use usher::server::storage::Database;
use usher::server::use_cases::{deletion, invitations, places, proposals, roles, units, users};

/// A chain whose dispatchers are taken away by two, with one of them in North and a second main administrator.
struct Kept {
    chain: Chain,
    boris: UserId,
    dina: UserId,
}

impl Kept {
    async fn found(db: Database) -> Self {
        let chain = Chain::found(db).await;
        let boris = chain.site.add("Boris", "boris@acme.by", "main_administrator", &chain.site.root, State::Active);
        let boris = boris.await;
        let dina = chain.site.add("Dina", "dina@acme.by", "dispatcher", &chain.north, State::Active).await;
        let kept = Self { chain, boris, dina };
        let saved = kept.save(|wish| wish.losing_takes_two = true).await;
        assert_eq!(saved, Ok(ProposalOutcome::Done), "what is stricter one does");
        kept
    }

    async fn save(&self, change: impl Fn(&mut RoleWish)) -> Result<ProposalOutcome, UseCaseError> {
        self.chain.change_role("dispatcher", change).await
    }

    async fn take_out(&self, by: &UserId) -> Result<ProposalOutcome, UseCaseError> {
        places::remove(&self.chain.site.app, &caller(by), &self.dina, &self.chain.north.id).await
    }

    async fn proposal(&self) -> ProposalId {
        let site = &self.chain.site;
        let page =
            invitations::list(&site.app, &caller(&site.anna), &InvitationQuery::default()).await.expect("a page");
        assert_eq!(page.proposals.len(), 1, "{:?}", page.proposals);
        page.proposals[0].id.clone()
    }

    /// The roles that Dina holds.
    async fn held(&self) -> Vec<String> {
        let authority = self.chain.authority(&self.dina).await;
        authority.into_iter().flat_map(|all| all.holdings).map(|holding| holding.role.key).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_takes_such_a_role_away_waits_for_a_second_one_or_is_refused() {
    both(|db| async {
        let kept = Kept::found(db).await;
        let site = &kept.chain.site;
        let (app, anna, north) = (&site.app, &site.anna, &kept.chain.north.id);
        let employee = site.role("employee").id.clone();
        let change = places::change(app, &caller(anna), &kept.dina, Some(north), &employee, None).await;
        assert_eq!(change, Ok(ProposalOutcome::Proposed));
        let older = kept.proposal().await;
        assert_eq!(kept.take_out(anna).await, Ok(ProposalOutcome::Proposed));
        let newer = kept.proposal().await;
        assert_ne!(older, newer, "one at a time about one place");
        let before = Dump::of(&app.db).await;
        let two = Err(Conflict::TwoTakeItAway.into());
        assert_eq!(users::archive(app, &caller(anna), &kept.dina).await, two);
        assert_eq!(deletion::delete(app, &caller(anna), &kept.dina, "dina@acme.by").await.map(drop), two);
        assert_eq!(
            deletion::delete(app, &caller(&kept.chain.admins[0]), &kept.dina, "dina@acme.by").await.map(drop),
            two
        );
        assert_eq!(proposals::agree(app, &caller(anna), &newer).await, Err(Denied::FourEyes.into()));
        before.assert_unchanged(&app.db, "what was refused").await;
        assert_eq!(kept.held().await, ["dispatcher"]);
        // Blocked at once, and not gone by that way either.
        users::block(app, &caller(anna), &kept.dina, "").await.expect("blocked");
        assert_eq!(users::archive(app, &caller(anna), &kept.dina).await, two);
        assert_eq!(deletion::delete(app, &caller(anna), &kept.dina, "dina@acme.by").await.map(drop), two);
        users::unblock(app, &caller(anna), &kept.dina).await.expect("unblocked");
        proposals::agree(app, &caller(&kept.boris), &newer).await.expect("agreed");
        assert!(kept.held().await.is_empty());
        deletion::delete(app, &caller(anna), &kept.dina, "dina@acme.by").await.expect("nothing is held any more");
    })
    .await;
}

/// Whoever could not do it themselves refuses nothing: neither the one it is about, nor somebody below them. And what two take away
/// does not go with its unit.
#[tokio::test(flavor = "multi_thread")]
async fn neither_whoever_it_is_about_nor_whoever_stands_below_refuses_it() {
    both(|db| async {
        let kept = Kept::found(db).await;
        let site = &kept.chain.site;
        let (app, anna, nina) = (&site.app, &site.anna, &kept.chain.admins[0]);
        // Nina administers North; that role is taken away by two from now on.
        let role = site.role("company_administrator");
        let wish = RoleWish { losing_takes_two: true, ..RoleWish::from(role) };
        roles::save(app, &caller(anna), Some(&role.id), &wish).await.expect("stricter");
        let north = &kept.chain.north.id;
        let below = site.role("employee").id.clone();
        let proposed = places::change(app, &caller(anna), nina, Some(north), &below, None).await;
        assert_eq!(proposed, Ok(ProposalOutcome::Proposed));
        let proposal = kept.proposal().await;
        let before = Dump::of(&app.db).await;
        for other in [nina, &kept.dina, &kept.chain.employees[0]] {
            assert!(proposals::drop_it(app, &caller(other), &proposal).await.is_err(), "{other}");
        }
        let closed = units::archive(app, &caller(anna), north, true).await;
        assert_eq!(closed, Err(Conflict::TwoTakeItAway.into()));
        before.assert_unchanged(&app.db, "what was refused").await;
        proposals::drop_it(app, &caller(&kept.boris), &proposal).await.expect("refused by whoever could do it");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposed_removal_is_for_the_place_as_it_was_and_by_somebody_who_still_could() {
    both(|db| async {
        let kept = Kept::found(db).await;
        let site = &kept.chain.site;
        let (app, anna) = (&site.app, &site.anna);
        assert_eq!(kept.take_out(&kept.chain.admins[0]).await, Ok(ProposalOutcome::Proposed));
        let proposal = kept.proposal().await;
        assert_eq!(
            proposals::agree(app, &caller(&kept.chain.admins[1]), &proposal).await,
            Err(UseCaseError::NotFound),
            "nothing of South's"
        );
        // Whoever holds it has no say in it.
        assert!(proposals::agree(app, &caller(&kept.dina), &proposal).await.is_err());
        let dispatcher = site.role("dispatcher").id.clone();
        let extra = Some([Permission::SeeAudit].into_iter().collect());
        let north = &kept.chain.north.id;
        let more = places::change(app, &caller(anna), &kept.dina, Some(north), &dispatcher, extra).await;
        assert_eq!(more, Ok(ProposalOutcome::Done));
        assert_eq!(
            proposals::agree(app, &caller(anna), &proposal).await,
            Err(Conflict::ChangedMeanwhile.into()),
            "another place than the one that was looked at"
        );
        proposals::drop_it(app, &caller(anna), &proposal).await.expect("dropped");
        assert_eq!(kept.take_out(&kept.chain.admins[0]).await, Ok(ProposalOutcome::Proposed));
        let proposal = kept.proposal().await;
        users::block(app, &caller(anna), &kept.chain.admins[0], "").await.expect("blocked");
        assert_eq!(proposals::agree(app, &caller(anna), &proposal).await, Err(Conflict::ProposerLost.into()));
        assert_eq!(kept.held().await, ["dispatcher"]);
    })
    .await;
}

/// The way round: the box, or what the role can do, is taken off by one.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_empties_such_a_role_alone() {
    both(|db| async {
        let kept = Kept::found(db).await;
        assert_eq!(kept.save(|wish| wish.losing_takes_two = false).await, Ok(ProposalOutcome::Proposed));
        assert_eq!(kept.save(|wish| wish.permissions = Default::default()).await, Ok(ProposalOutcome::Proposed));
        assert_eq!(kept.save(|wish| wish.name = "Radio".into()).await, Ok(ProposalOutcome::Done));
        let site = &kept.chain.site;
        users::block(&site.app, &caller(&site.anna), &kept.boris, "").await.expect("blocked");
        assert_eq!(kept.save(|wish| wish.losing_takes_two = false).await, Ok(ProposalOutcome::Proposed));
        site.pass(Duration::days(31));
        assert_eq!(kept.save(|wish| wish.losing_takes_two = false).await, Ok(ProposalOutcome::DecidedAlone));
        assert_eq!(kept.take_out(&site.anna).await, Ok(ProposalOutcome::Done));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_say_that_it_takes_two_and_what_waits() {
    both(|db| async {
        let kept = Kept::found(db).await;
        let site = &kept.chain.site;
        let mut first = Browser::signed_in(&site.app, &site.anna).await;
        let mut second = Browser::signed_in(&site.app, &kept.boris).await;
        let card = format!("/users/{}", kept.dina);
        let html = first.get(&card).await.text();
        assert!(!html.contains("do=archive") && !html.contains("do=delete") && html.contains("do=block"), "{html}");
        for action in ["archive", "delete"] {
            let html = first.get(&format!("{card}?do={action}")).await.text();
            assert!(html.contains("First propose to remove them from the unit"), "{html}");
        }
        let question = format!("{card}?do=remove&unit={}", kept.chain.north.id);
        let html = first.get(&question).await.text();
        assert!(html.contains("A second administrator has to agree first"), "{html}");
        let form = form_to(&html, "/api/remove-place");
        first.post_from(&question, "/api/remove-place", &form.pairs()).await;
        let html = first.get(&card).await.text();
        assert!(html.contains("Nothing has changed yet"), "{html}");
        let html = second.get(&card).await.text();
        assert!(html.contains("Anna Petrova proposed to remove Dina from North"), "{html}");
        let agree = form_to(&html, "/api/agree");
        second.post_from(&card, "/api/agree", &agree.pairs()).await;
        assert!(second.get(&card).await.text().contains("Agreed."));
        assert!(kept.held().await.is_empty());
        let role = format!("/settings/roles/{}", site.role("dispatcher").id);
        let html = second.get(&role).await.text();
        assert!(html.contains("Taking this role away takes two administrators"), "{html}");
        let form = form_to(&html, "/api/save-role");
        assert!(form.pairs().contains(&("losing_takes_two", "on")), "{:?}", form.pairs());
    })
    .await;
}
