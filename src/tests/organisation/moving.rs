//! A unit that is moved comes under those above its new place. Where that gives them what two give, or takes from those above the
//! old one what two take away, moving it takes two as well (rule 53).

use super::Chain;
use crate::people::caller;
use crate::support::browser::Browser;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::html::form_to;
use crate::support::tables::Dump;
use usher::domain::error::Conflict;
use usher::domain::id::{ProposalId, UnitId, UserId};
use usher::domain::listing::InvitationQuery;
use usher::domain::policy::Denied;
use usher::domain::proposal::ProposalOutcome;
use usher::domain::timestamp::Duration;
use usher::domain::unit::Unit;
use usher::server::storage::units as stored;
use usher::server::use_cases::{invitations, proposals, units, users};

/// A team in North, which Nina runs; South, which Sam runs.
struct Team {
    chain: Chain,
    id: UnitId,
}

impl Team {
    async fn found(db: usher::server::storage::Database) -> Self {
        let chain = Chain::found(db).await;
        let id = units::create(&chain.site.app, &caller(&chain.chief), &chain.north.id, "team", "Night").await;
        Self { id: id.expect("a unit"), chain }
    }

    async fn relocate(&self, by: &UserId, to: &Unit) -> Result<ProposalOutcome, usher::domain::error::UseCaseError> {
        units::relocate(&self.chain.site.app, &caller(by), &self.id, &to.id).await
    }

    /// Below which unit it stands.
    async fn parent(&self) -> UnitId {
        let mut tx = self.chain.site.app.db.read().await.expect("a connection");
        let unit = stored::find(&mut tx, &self.id).await.expect("a look").expect("the unit");
        unit.path.parent().expect("not the top").id()
    }

    async fn waiting(&self) -> Vec<ProposalId> {
        let site = &self.chain.site;
        let page =
            invitations::list(&site.app, &caller(&site.anna), &InvitationQuery::default()).await.expect("a page");
        page.proposals.into_iter().map(|proposal| proposal.id).collect()
    }

    async fn add_boris(&self) -> UserId {
        let site = &self.chain.site;
        site.add("Boris", "boris@acme.by", "main_administrator", &site.root, State::Active).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_takes_two_to_make_comes_above_a_unit_by_two() {
    both(|db| async {
        let team = Team::found(db).await;
        let (chain, app, anna) = (&team.chain, &team.chain.site.app, &team.chain.site.anna);
        let boris = team.add_boris().await;
        let plain = chain.site.add_branch("Plain", &chain.site.company).await;
        let stricter = chain.change_role("company_administrator", |wish| wish.needs_approval = true).await;
        assert_eq!(stricter, Ok(ProposalOutcome::Done));

        assert_eq!(team.relocate(anna, &plain).await, Ok(ProposalOutcome::Done), "nobody holds anything there");
        assert_eq!(team.relocate(anna, &chain.south).await, Ok(ProposalOutcome::Proposed));
        assert_eq!(team.parent().await, plain.id, "nothing of it counts yet");
        assert_eq!(team.relocate(anna, &chain.north).await, Ok(ProposalOutcome::Proposed));
        let waiting = team.waiting().await;
        assert_eq!(waiting.len(), 1, "the newer wish takes the place of the older one");
        // The unit's own page says so to whoever could agree, and who would come to reach it.
        let page = units::page(app, &caller(&boris), Some(&team.id), "").await.expect("the unit");
        let [shown] = page.waiting.as_slice() else { panic!("{:?}", page.waiting) };
        let gain = shown.reach.as_ref().map(|reach| &reach.gain.some[0]);
        let administrator = chain.site.role("company_administrator").id.clone();
        assert_eq!(gain, Some(&("Nina North".to_string(), vec![administrator])));
        let elsewhere = units::page(app, &caller(&boris), Some(&plain.id), "").await.expect("the unit");
        assert!(elsewhere.waiting.is_empty(), "it is about the team alone");
        let before = Dump::of(&app.db).await;
        assert_eq!(proposals::agree(app, &caller(anna), &waiting[0]).await, Err(Denied::FourEyes.into()));
        // Whoever does not give such administrators does not agree either.
        assert!(proposals::agree(app, &caller(&chain.chief), &waiting[0]).await.is_err());
        assert!(proposals::drop_it(app, &caller(&chain.admins[0]), &waiting[0]).await.is_err());
        before.assert_unchanged(&app.db, "what was refused").await;
        proposals::agree(app, &caller(&boris), &waiting[0]).await.expect("agreed");
        assert_eq!(team.parent().await, chain.north.id);
        assert!(team.waiting().await.is_empty());
        assert!(chain.list(&chain.admins[0], Some(&team.id)).await.is_ok(), "Nina reaches it now");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_proposed_about_a_unit_that_moved_meanwhile_is_not_done() {
    both(|db| async {
        let team = Team::found(db).await;
        let (chain, app, anna) = (&team.chain, &team.chain.site.app, &team.chain.site.anna);
        let boris = team.add_boris().await;
        let plain = chain.site.add_branch("Plain", &chain.site.company).await;
        chain.change_role("company_administrator", |wish| wish.needs_approval = true).await.expect("stricter");
        assert_eq!(team.relocate(anna, &chain.south).await, Ok(ProposalOutcome::Proposed));
        let waiting = team.waiting().await;
        assert_eq!(team.relocate(&boris, &plain).await, Ok(ProposalOutcome::Done));
        let agreed = proposals::agree(app, &caller(&boris), &waiting[0]).await;
        assert_eq!(agreed, Err(Conflict::ChangedMeanwhile.into()));
        assert_eq!(team.parent().await, plain.id);
        proposals::drop_it(app, &caller(&boris), &waiting[0]).await.expect("dropped");
        // A place that closed meanwhile takes nothing in.
        assert_eq!(team.relocate(anna, &chain.south).await, Ok(ProposalOutcome::Proposed));
        let waiting = team.waiting().await;
        units::archive(app, &caller(&boris), &chain.south.id, true).await.expect("archived");
        assert_eq!(proposals::agree(app, &caller(&boris), &waiting[0]).await, Err(Conflict::UnitClosed.into()));
        assert_eq!(team.parent().await, plain.id);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_take_away_is_not_lost_by_a_move_of_one() {
    both(|db| async {
        let team = Team::found(db).await;
        let (chain, anna) = (&team.chain, &team.chain.site.anna);
        team.add_boris().await;
        let plain = chain.site.add_branch("Plain", &chain.site.company).await;
        chain.change_role("company_administrator", |wish| wish.losing_takes_two = true).await.expect("stricter");
        assert_eq!(team.relocate(anna, &plain).await, Ok(ProposalOutcome::Proposed), "Nina would lose it");
        assert_eq!(team.parent().await, chain.north.id);
    })
    .await;
}

/// The way out of an organisation with a single main administrator, which the history keeps.
#[tokio::test(flavor = "multi_thread")]
async fn a_single_main_administrator_moves_alone_but_not_by_shutting_out_the_other_one() {
    both(|db| async {
        let team = Team::found(db).await;
        let (chain, app, anna) = (&team.chain, &team.chain.site.app, &team.chain.site.anna);
        let boris = team.add_boris().await;
        chain.change_role("company_administrator", |wish| wish.needs_approval = true).await.expect("stricter");
        users::block(app, &caller(anna), &boris, "").await.expect("blocked");
        assert_eq!(team.relocate(anna, &chain.south).await, Ok(ProposalOutcome::Proposed));
        chain.site.pass(Duration::days(31));
        assert_eq!(team.relocate(anna, &chain.south).await, Ok(ProposalOutcome::DecidedAlone));
        assert_eq!(team.parent().await, chain.south.id);
        let mut browser = Browser::signed_in(app, anna).await;
        let history = browser.get("/audit").await.text();
        assert!(history.contains("decided alone to move"), "{history}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_say_that_a_move_takes_two_and_what_waits() {
    both(|db| async {
        let team = Team::found(db).await;
        let (chain, app, anna) = (&team.chain, &team.chain.site.app, &team.chain.site.anna);
        let boris = team.add_boris().await;
        chain.change_role("company_administrator", |wish| wish.needs_approval = true).await.expect("stricter");
        let mut first = Browser::signed_in(app, anna).await;
        let mut second = Browser::signed_in(app, &boris).await;
        let page = format!("/units/{}/move?to={}", team.id, chain.south.id);
        let html = first.get(&page).await.text();
        assert!(html.contains("A second administrator has to agree first"), "{html}");
        let form = form_to(&html, "/api/move-unit");
        let answer = first.post_form("/api/move-unit", &form.pairs()).await;
        let html = first.get(answer.location()).await.text();
        assert!(html.contains("Nothing has moved yet"), "{html}");
        let html = second.get("/invitations?status=awaiting_approval").await.text();
        assert!(html.contains("proposed to move"), "{html}");
        let form = form_to(&html, "/api/agree");
        second.post_form("/api/agree", &form.pairs()).await;
        assert_eq!(team.parent().await, chain.south.id);
    })
    .await;
}
