//! The rule of two is not taken off by one (rule 53, H-26): whatever loosens it is itself proposed to a second main administrator.
//! Where there is only one, they are told so, and what they did alone stands in the history (W-10).

use super::Chain;
use crate::people::caller;
use crate::support::browser::Browser;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::html::{form_to, forms};
use crate::support::tables::Dump;
use usher::domain::audit::AuditAction;
use usher::domain::deletion::Deletion;
use usher::domain::error::{Conflict, UseCaseError};
use usher::domain::id::{ProposalId, RoleId, UserId};
use usher::domain::listing::InvitationQuery;
use usher::domain::permission::{Permission, Permissions};
use usher::domain::policy::Denied;
use usher::domain::proposal::ProposalOutcome;
use usher::domain::role::{Role, RoleWish};
use usher::domain::settings::Settings;
use usher::domain::timestamp::Duration;
use usher::server::storage::{Database, roles as stored};
use usher::server::use_cases::{deletion, invitations, places, proposals, roles, users};
use usher::view_models::InvitationsPage;

fn set(permissions: &[Permission]) -> Permissions {
    permissions.iter().copied().collect()
}

/// A chain in which dispatchers take two, and with them whoever gives that role.
struct Careful {
    chain: Chain,
}

impl Careful {
    async fn found(db: Database) -> Self {
        let careful = Self { chain: Chain::found(db).await };
        let dispatcher = RoleWish { needs_approval: true, ..RoleWish::from(careful.chain.site.role("dispatcher")) };
        let saved = careful.save(&careful.chain.site.anna.clone(), "dispatcher", dispatcher).await;
        assert_eq!(saved, Ok(ProposalOutcome::Done), "what makes it stricter one does");
        careful
    }

    /// Another main administrator.
    async fn boris(&self) -> UserId {
        let root = self.chain.site.root.clone();
        self.chain.site.add("Boris", "boris@acme.by", "main_administrator", &root, State::Active).await
    }

    async fn role(&self, key: &str) -> Role {
        let mut tx = self.chain.site.app.db.read().await.expect("a connection");
        let id = &self.chain.site.role(key).id;
        stored::all(&mut tx).await.expect("the roles").into_iter().find(|role| &role.id == id).expect("the role")
    }

    async fn save(&self, by: &UserId, key: &str, wish: RoleWish) -> Result<ProposalOutcome, UseCaseError> {
        let id = &self.chain.site.role(key).id;
        roles::save(&self.chain.site.app, &caller(by), Some(id), &wish).await.map(|saved| saved.outcome)
    }

    async fn waiting(&self, by: &UserId) -> InvitationsPage {
        invitations::list(&self.chain.site.app, &caller(by), &InvitationQuery::default()).await.expect("a page")
    }

    /// The one proposal that waits.
    async fn proposal(&self) -> ProposalId {
        let page = self.waiting(&self.chain.site.anna).await;
        assert_eq!(page.proposals.len(), 1, "{:?}", page.proposals);
        page.proposals[0].id.clone()
    }

    async fn actions(&self, action: AuditAction) -> i64 {
        let mut tx = self.chain.site.app.db.read().await.expect("a connection");
        let sql = "select count(*) as n from audit_events where action = $1";
        tx.row(sql, &usher::values![action.code()]).await.expect("a count").number("n").expect("a number")
    }
}

/// H-26: every way of loosening it waits, none of it counts before another main administrator agrees, and whoever proposed it
/// is not the one.
#[tokio::test(flavor = "multi_thread")]
async fn what_loosens_the_rule_is_itself_proposed_to_a_second_main_administrator() {
    both(|db| async {
        let careful = Careful::found(db).await;
        let (boris, site) = (careful.boris().await, &careful.chain.site);
        let (app, anna) = (&site.app, site.anna.clone());
        let dispatcher = careful.role("dispatcher").await;
        let employee = careful.role("employee").await;
        let with = |role: &Role, more: &[Permission]| RoleWish {
            permissions: role.permissions.union(set(more)),
            ..RoleWish::from(role)
        };
        let deputy = RoleWish {
            name: "Deputy".into(),
            rank: 25,
            permissions: set(&[Permission::SeeUsers, Permission::SeeUnits]),
            ..RoleWish::default()
        };
        let loosening: Vec<(Option<RoleId>, RoleWish)> = vec![
            (Some(dispatcher.id.clone()), RoleWish { needs_approval: false, ..RoleWish::from(&dispatcher) }),
            (Some(employee.id.clone()), with(&employee, &[Permission::SeeAudit])),
            (Some(employee.id.clone()), with(&employee, &[Permission::SeeUsers, Permission::SeeUnits])),
            (None, deputy),
        ];
        for (id, wished) in loosening {
            let before = stored_roles(&careful).await;
            let saved = roles::save(app, &caller(&anna), id.as_ref(), &wished).await.expect("proposed");
            assert_eq!(saved.outcome, ProposalOutcome::Proposed, "{wished:?}");
            assert_eq!(stored_roles(&careful).await, before, "nothing has changed yet");
            let draft = careful
                .chain
                .invite(&anna, &format!("x{}@acme.by", before.len()), &[&careful.chain.north], "dispatcher")
                .await;
            assert!(draft.is_ok_and(|draft| draft.sent.iter().all(|row| row.awaits_approval)), "it still takes two");
            let proposal = careful.proposal().await;
            let tables = Dump::of(&app.db).await;
            assert_eq!(proposals::agree(app, &caller(&anna), &proposal).await, Err(Denied::FourEyes.into()));
            assert_eq!(
                proposals::agree(app, &caller(&careful.chain.chief), &proposal).await,
                Err(UseCaseError::NotFound)
            );
            assert_eq!(
                proposals::drop_it(app, &caller(&careful.chain.chief), &proposal).await,
                Err(UseCaseError::NotFound)
            );
            tables.assert_unchanged(&app.db, "what was refused").await;
            proposals::agree(app, &caller(&boris), &proposal).await.expect("agreed");
            assert_ne!(stored_roles(&careful).await, before, "{wished:?}");
            assert_eq!(proposals::agree(app, &caller(&boris), &proposal).await, Err(UseCaseError::NotFound), "once");
            // Back to what it was; stricter is done at once, so the next way is tried on the same roles.
            for role in before.iter().filter(|role| !role.is_top) {
                let saved =
                    roles::save(app, &caller(&anna), Some(&role.id), &RoleWish::from(role)).await.expect("back");
                assert_eq!(saved.outcome, ProposalOutcome::Done, "{role:?}");
            }
            let new: Vec<Role> = stored_roles(&careful)
                .await
                .into_iter()
                .filter(|role| before.iter().all(|old| old.id != role.id))
                .collect();
            for role in new {
                assert_eq!(roles::remove(app, &caller(&anna), &role.id).await, Ok(ProposalOutcome::Done));
            }
        }
        assert_eq!(careful.actions(AuditAction::DecidedAlone).await, 0);
    })
    .await;
}

async fn stored_roles(careful: &Careful) -> Vec<Role> {
    let mut tx = careful.chain.site.app.db.read().await.expect("a connection");
    stored::all(&mut tx).await.expect("the roles")
}

/// H-26: what was agreed to is what was proposed, by somebody who could still do it; a newer proposal takes an older one's place,
/// and either of the two takes one back.
#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_is_agreed_to_as_it_was_made_or_not_at_all() {
    both(|db| async {
        let careful = Careful::found(db).await;
        let (boris, site) = (careful.boris().await, &careful.chain.site);
        let (app, anna) = (&site.app, site.anna.clone());
        let dispatcher = careful.role("dispatcher").await;
        let untick = RoleWish { needs_approval: false, ..RoleWish::from(&dispatcher) };
        assert_eq!(careful.save(&anna, "dispatcher", untick.clone()).await, Ok(ProposalOutcome::Proposed));
        let first = careful.proposal().await;
        assert_eq!(
            careful.save(&anna, "dispatcher", RoleWish { rank: 29, ..untick.clone() }).await,
            Ok(ProposalOutcome::Proposed)
        );
        assert_eq!(proposals::agree(app, &caller(&boris), &first).await, Err(UseCaseError::NotFound), "replaced");
        // The role became another one in between.
        careful
            .save(&boris, "dispatcher", RoleWish { name: "Radio".into(), ..RoleWish::from(&dispatcher) })
            .await
            .expect("saved");
        let second = careful.proposal().await;
        assert_eq!(proposals::agree(app, &caller(&boris), &second).await, Err(Conflict::ChangedMeanwhile.into()));
        proposals::drop_it(app, &caller(&boris), &second).await.expect("refused by the second");
        assert!(careful.waiting(&anna).await.proposals.is_empty());
        let now = careful.role("dispatcher").await;
        let untick = RoleWish { needs_approval: false, ..RoleWish::from(&now) };
        assert_eq!(careful.save(&anna, "dispatcher", untick.clone()).await, Ok(ProposalOutcome::Proposed));
        let third = careful.proposal().await;
        proposals::drop_it(app, &caller(&anna), &third).await.expect("taken back by the first");
        assert_eq!(careful.save(&anna, "dispatcher", untick).await, Ok(ProposalOutcome::Proposed));
        let fourth = careful.proposal().await;
        users::block(app, &caller(&boris), &anna, "").await.expect("blocked");
        assert_eq!(proposals::agree(app, &caller(&boris), &fourth).await, Err(Conflict::ProposerLost.into()));
        assert!(careful.role("dispatcher").await.needs_approval);
    })
    .await;
}

/// Nobody comes to decide alone by shutting the other one out first: for a month somebody whom they blocked still counts.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_shuts_the_second_one_out_does_not_decide_alone() {
    both(|db| async {
        let careful = Careful::found(db).await;
        let (boris, site) = (careful.boris().await, &careful.chain.site);
        let (app, anna) = (&site.app, site.anna.clone());
        let untick = RoleWish { needs_approval: false, ..RoleWish::from(&careful.role("dispatcher").await) };
        users::block(app, &caller(&anna), &boris, "").await.expect("blocked");
        assert_eq!(careful.save(&anna, "dispatcher", untick.clone()).await, Ok(ProposalOutcome::Proposed));
        users::archive(app, &caller(&anna), &boris).await.expect("archived");
        assert_eq!(careful.save(&anna, "dispatcher", untick.clone()).await, Ok(ProposalOutcome::Proposed));
        assert!(careful.role("dispatcher").await.needs_approval);
        site.pass(Duration::days(31));
        assert_eq!(careful.save(&anna, "dispatcher", untick).await, Ok(ProposalOutcome::DecidedAlone));
        assert_eq!(careful.actions(AuditAction::DecidedAlone).await, 1);
    })
    .await;
}

/// Rule 53: nor by any other way of taking it from them: whoever was deleted for good, given another role or taken out of the place counts
/// as long as somebody who was blocked.
#[tokio::test(flavor = "multi_thread")]
async fn however_the_second_one_is_rid_of_nobody_decides_alone_for_a_month() {
    both(|db| async {
        let careful = Careful::found(db).await;
        let site = &careful.chain.site;
        let (app, anna, root) = (&site.app, site.anna.clone(), site.root.clone());
        let by = caller(&anna);
        let tick = RoleWish { needs_approval: true, ..RoleWish::from(&careful.role("dispatcher").await) };
        let untick = RoleWish { needs_approval: false, ..tick.clone() };
        let employee = site.role("employee").id.clone();
        for (n, way) in
            ["deleted", "from the bin", "when the bin was emptied", "after the archive", "another role", "taken out"]
                .into_iter()
                .enumerate()
        {
            site.sign_in_again(&anna).await;
            let email = format!("boris{n}@acme.by");
            let boris = site.add("Boris", &email, "main_administrator", &root, State::Active).await;
            let bin = async |bin_days: i64| {
                site.save_settings(&Settings { bin_days, ..site.settings().await }).await;
            };
            let delete = async || deletion::delete(app, &by, &boris, &email).await.expect("deleted");
            match way {
                "deleted" => {
                    bin(0).await;
                    assert_eq!(delete().await, Deletion::ForGood);
                }
                "from the bin" => {
                    bin(30).await;
                    delete().await;
                    assert_eq!(delete().await, Deletion::ForGood);
                }
                "when the bin was emptied" => {
                    bin(1).await;
                    delete().await;
                    site.pass(Duration::days(2));
                    assert_eq!(deletion::empty_bin(app).await, Ok(1));
                }
                "after the archive" => {
                    bin(0).await;
                    users::archive(app, &by, &boris).await.expect("archived");
                    assert_eq!(delete().await, Deletion::ForGood);
                }
                "another role" => {
                    let changed = places::change(app, &by, &boris, Some(&root.id), &employee, None).await;
                    assert_eq!(changed, Ok(ProposalOutcome::Done));
                }
                _ => {
                    let north = &careful.chain.north.id;
                    places::add(app, &by, &boris, north, &employee, Permissions::NONE).await.expect("added");
                    places::remove(app, &by, &boris, &root.id).await.expect("taken out");
                }
            }
            let at_once = careful.save(&anna, "dispatcher", untick.clone()).await;
            assert_eq!(at_once, Ok(ProposalOutcome::Proposed), "{way}");
            assert!(careful.role("dispatcher").await.needs_approval, "{way}");
            site.pass(Duration::days(31));
            let late = careful.save(&anna, "dispatcher", untick.clone()).await;
            assert_eq!(late, Ok(ProposalOutcome::DecidedAlone), "{way}: a month later");
            careful.save(&anna, "dispatcher", tick.clone()).await.expect("ticked");
        }

        // Whoever could not have agreed is none of them.
        site.sign_in_again(&anna).await;
        site.save_settings(&Settings { bin_days: 0, ..site.settings().await }).await;
        let dora = site.add("Dora", "dora@acme.by", "dispatcher", &root, State::Active).await;
        let dina = site.add("Dina", "dina@acme.by", "dispatcher", &root, State::Active).await;
        deletion::delete(app, &by, &dora, "dora@acme.by").await.expect("deleted");
        places::change(app, &by, &dina, Some(&root.id), &employee, None).await.expect("changed");
        assert_eq!(careful.save(&anna, "dispatcher", untick).await, Ok(ProposalOutcome::DecidedAlone));
    })
    .await;
}

/// H-26: the same by the forms of the pages, with script and without.
#[tokio::test(flavor = "multi_thread")]
async fn the_pages_say_who_has_to_agree_and_offer_it_to_them_alone() {
    both(|db| async {
        let careful = Careful::found(db).await;
        let boris = careful.boris().await;
        let app = &careful.chain.site.app;
        let mut first = Browser::signed_in(app, &careful.chain.site.anna).await;
        let mut second = Browser::signed_in(app, &boris).await;
        let page = format!("/settings/roles/{}", careful.chain.site.role("dispatcher").id);
        let html = first.get(&page).await.text();
        assert!(html.contains("One of these has to agree: Boris."), "{html}");
        for plain in [true, false] {
            let mut form = form_to(&first.get(&page).await.text(), "/api/save-role");
            form.fields.retain(|(name, _)| name != "needs_approval");
            if plain {
                first.post_from(&page, "/api/save-role", &form.pairs()).await;
                let list = first.get("/settings/roles").await.text();
                let waiting = "Changes that wait for a second administrator: 1";
                assert!(list.contains("Nothing has changed yet") && !list.contains(waiting), "once is enough: {list}");
                let list = first.get("/settings/roles").await.text();
                assert!(!list.contains("Nothing has changed yet") && list.contains(waiting), "{list}");
            } else {
                let answer = first.call("/api/save-role", &form.pairs()).await;
                assert!(answer.is_done() && answer.text().contains("Proposed"), "{}", answer.text());
            }
            assert!(careful.role("dispatcher").await.needs_approval);
            let list = "/invitations?status=awaiting_approval";
            let (own, other) = (first.get(list).await.text(), second.get(list).await.text());
            assert!(forms(&own).iter().all(|form| form.action != "/api/agree"), "{own}");
            let (agree, drop) = (form_to(&other, "/api/agree"), form_to(&other, "/api/drop-proposal"));
            match plain {
                true => assert!(first.call("/api/agree", &agree.pairs()).await.status.as_u16() == 403),
                false => assert!(first.post_from(list, "/api/agree", &agree.pairs()).await.status.is_redirection()),
            }
            assert!(careful.role("dispatcher").await.needs_approval, "not by whoever proposed it");
            second.post_from(list, "/api/drop-proposal", &drop.pairs()).await;
            assert!(second.get(list).await.text().contains("Dropped."));
        }
        let form = form_to(&first.get(&page).await.text(), "/api/save-role");
        let without: Vec<_> = form.pairs().into_iter().filter(|(name, _)| *name != "needs_approval").collect();
        assert!(first.call("/api/save-role", &without).await.is_done());
        let list = "/invitations?status=awaiting_approval";
        let agree = form_to(&second.get(list).await.text(), "/api/agree");
        second.post_from(list, "/api/agree", &agree.pairs()).await;
        assert!(second.get(list).await.text().contains("Agreed."));
        assert!(!careful.role("dispatcher").await.needs_approval);
    })
    .await;
}

/// W-10: a single main administrator is told, decides alone, and the history keeps it; what waited leaves at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_single_main_administrator_sees_what_to_do_and_the_way_out_leaves_a_trace() {
    both(|db| async {
        let careful = Careful::found(db).await;
        let site = &careful.chain.site;
        let anna = site.anna.clone();
        let mut browser = Browser::signed_in(&site.app, &anna).await;
        let page = format!("/settings/roles/{}", site.role("dispatcher").id);
        let html = browser.get(&page).await.text();
        assert!(html.contains("You are the only main administrator"), "{html}");
        let draft =
            careful.chain.invite(&anna, "new@acme.by", &[&careful.chain.north], "dispatcher").await.expect("kept");
        let shut =
            careful.chain.invite(&anna, "shut@acme.by", &[&careful.chain.north], "dispatcher").await.expect("kept");
        users::block(&site.app, &caller(&anna), &shut.sent[0].user_id, "").await.expect("blocked");
        let (user, id) = (draft.sent[0].user_id.clone(), draft.sent[0].invitation.clone());
        assert_eq!(site.status(&user).await, "awaiting_approval");
        let mut form = form_to(&html, "/api/save-role");
        form.fields.retain(|(name, _)| name != "needs_approval");
        browser.post_from(&page, "/api/save-role", &form.pairs()).await;
        let list = browser.get("/settings/roles").await.text();
        assert!(list.contains("your decision alone"), "{list}");
        assert!(!careful.role("dispatcher").await.needs_approval);
        assert_eq!(careful.actions(AuditAction::DecidedAlone).await, 1);
        assert!(browser.get("/audit").await.text().contains("decided alone about the role"));
        assert_eq!((site.status(&user).await.as_str(), site.messages_to(&user).await), ("waiting", 1));
        assert_eq!(site.messages_to(&shut.sent[0].user_id).await, 0, "nobody writes to whoever is blocked");
        let link = site.link_of(&id).await;
        crate::people::register(site, &link, "New").await.expect("registered");
        assert_eq!(careful.waiting(&anna).await.to_approve, 0);
    })
    .await;
}
