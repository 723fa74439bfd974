//! People who are known before anybody invites them (rule 20): they stand in the lists, nothing is sent to them, and whoever is
//! invited later has lost nothing.

use super::{caller, listed, register};
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::site::TestSite;
use std::time::Duration as StdDuration;
use tokio_util::sync::CancellationToken;
use usher::domain::error::{Conflict, UseCaseError};
use usher::domain::id::{DraftId, UserId};
use usher::domain::preset::{BOOKING, LEARNING, Preset};
use usher::domain::settings::Settings;
use usher::domain::timestamp::Duration;
use usher::domain::user::Status;
use usher::server::jobs;
use usher::server::storage::Database;
use usher::server::use_cases::invite::{self, InviteForm};
use usher::server::use_cases::{deletion, held, invitations, users};

async fn site_that_adds(preset: &'static Preset, db: Database) -> TestSite {
    let site = TestSite::furnish_as(preset, db, None).await;
    let settings = Settings { adds_people: true, hold: Duration::minutes(5), ..site.settings().await };
    site.save_settings(&settings).await;
    site
}

fn wish(site: &TestSite, addresses: &str, role: &str) -> InviteForm {
    InviteForm {
        addresses: addresses.into(),
        units: vec![site.company.id.to_string()],
        role: site.role(role).id.to_string(),
        language: "ru".into(),
        personal_text: "See you in spring".into(),
        valid_for: "48h".into(),
        only_add: true,
        ..InviteForm::default()
    }
}

async fn add(site: &TestSite, wish: &InviteForm) -> DraftId {
    invite::invite(&site.app, &caller(&site.anna), wish).await.expect("added")
}

/// The first of a form.
async fn first(site: &TestSite, id: &DraftId) -> UserId {
    let draft = held::draft(&site.app, &caller(&site.anna), id).await.expect("the form");
    draft.sent.first().expect("somebody").user_id.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_added_stands_in_the_list_and_is_invited_later_with_everything_that_was_chosen() {
    both(|db| async {
        let site = site_that_adds(&LEARNING, db).await;
        let form = add(&site, &wish(&site, "Vera Orlova <vera@acme.by>\nbroken@", "learning_learner")).await;
        let draft = held::draft(&site.app, &caller(&site.anna), &form).await.expect("the form");
        assert!(draft.only_adds && draft.held_until.is_none() && draft.sent_in_all == 1 && draft.rows.len() == 1);
        let vera = first(&site, &form).await;
        assert_eq!(listed(&site, &vera).await.as_deref(), Some("not_invited"));
        assert_eq!(site.messages_to(&vera).await, 0, "nothing is sent");
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let page = anna.get("/users?status=not_invited").await.text();
        assert!(page.contains("vera@acme.by") && page.contains("Not invited"), "{page}");
        let card = anna.get(&format!("/users/{vera}")).await.text();
        assert!(card.contains("?do=resend") && card.contains("Invite"), "{card}");
        assert!(card.contains("added Vera Orlova without inviting") && !card.contains("?do=withdraw"), "{card}");
        let list = anna.get("/invitations").await.text();
        assert!(!list.contains("vera@acme.by"), "what was never sent is no invitation: {list}");

        // No link of it opens anything, and there is none to hand over.
        let invitation = site.invitation_of(&vera).await;
        let link = site.link_of(&invitation).await;
        assert!(register(&site, &link, "Vera").await.is_err());
        let copied = invitations::copy_link(&site.app, &caller(&site.anna), &invitation).await;
        assert_eq!(copied, Err(UseCaseError::Conflict(Conflict::NotInvited)));
        let withdrawn = invitations::withdraw(&site.app, &caller(&site.anna), &invitation).await;
        assert_eq!(withdrawn, Err(UseCaseError::Conflict(Conflict::NotInvited)));

        let asked = anna.get(&format!("/users/{vera}?do=resend")).await.text();
        assert!(asked.contains("Invite Vera Orlova?"), "{asked}");
        site.app.clock.advance(Duration::days(100));
        assert_eq!(listed(&site, &vera).await.as_deref(), Some("not_invited"), "it does not run out");
        invitations::resend(&site.app, &caller(&site.anna), &invitation).await.expect("invited");
        assert_eq!(listed(&site, &vera).await.as_deref(), Some("waiting"));
        assert_eq!(site.messages_to(&vera).await, 1);
        let mut tx = site.app.db.read().await.expect("a connection");
        let sent = usher::server::storage::invitations::find(&mut tx, &invitation).await.expect("a look").expect("it");
        drop(tx);
        assert_eq!(
            (sent.personal_text.as_str(), sent.valid_for, sent.generation),
            ("See you in spring", Duration::hours(48), 1)
        );
        assert_eq!(sent.expires_at, Some(sent.renewed_at + Duration::hours(48)), "its time begins when it is sent");
        let link = site.link_of(&invitation).await;
        let person = register(&site, &link, "Vera Orlova").await.expect("registered");
        assert_eq!(listed(&site, &person).await.as_deref(), Some("active"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_only_added_is_archived_brought_back_blocked_and_deleted() {
    both(|db| async {
        let site = site_that_adds(&LEARNING, db).await;
        let vera = first(&site, &add(&site, &wish(&site, "vera@acme.by", "learning_learner")).await).await;
        let anna = caller(&site.anna);
        users::archive(&site.app, &anna, &vera).await.expect("archived");
        assert_eq!(listed(&site, &vera).await.as_deref(), Some("archived"));
        let invitation = site.invitation_of(&vera).await;
        assert_eq!(
            invitations::resend(&site.app, &anna, &invitation).await,
            Err(UseCaseError::Conflict(Conflict::Archived))
        );
        users::bring_back(&site.app, &anna, &vera).await.expect("back");
        users::block(&site.app, &anna, &vera, "").await.expect("blocked");
        assert_eq!(listed(&site, &vera).await.as_deref(), Some("blocked"));
        users::unblock(&site.app, &anna, &vera).await.expect("unblocked");
        assert_eq!(listed(&site, &vera).await.as_deref(), Some("not_invited"));
        deletion::delete(&site.app, &anna, &vera, "").await.expect("into the bin");
        assert_eq!(listed(&site, &vera).await.as_deref(), Some("archived"));
        deletion::delete(&site.app, &anna, &vera, "vera@acme.by").await.expect("deleted");
        assert_eq!(listed(&site, &vera).await, None);
        let again = first(&site, &add(&site, &wish(&site, "vera@acme.by", "learning_learner")).await).await;
        assert_eq!(listed(&site, &again).await.as_deref(), Some("not_invited"), "nothing of it stands in the way");
    })
    .await;
}

/// A setting, and the button of a form says no more than the server.
#[tokio::test(flavor = "multi_thread")]
async fn where_people_come_by_invitations_only_nobody_is_added_by_a_forged_form_either() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        assert!(!anna.get("/users/invite").await.text().contains("only_add"), "no button");
        let refused = invite::invite(&site.app, &caller(&site.anna), &wish(&site, "vera@acme.by", "employee")).await;
        assert_eq!(refused.err(), Some(UseCaseError::Conflict(Conflict::OnlyByInvitation)));
        assert_eq!(site.number("select count(*) as n from invitations").await, 0);
        site.save_settings(&Settings { adds_people: true, ..site.settings().await }).await;
        assert!(anna.get("/users/invite").await.text().contains("name=\"only_add\""), "the button");
        add(&site, &wish(&site, "vera@acme.by", "employee")).await;
        assert_eq!(site.number("select count(*) as n from messages").await, 0);
    })
    .await;
}

/// Rule 53: whoever is added waits for nobody; the second administrator is asked when somebody invites.
#[tokio::test(flavor = "multi_thread")]
async fn what_takes_two_waits_when_it_is_sent_and_not_before() {
    both(|db| async {
        let site = site_that_adds(&BOOKING, db).await;
        let form = add(&site, &wish(&site, "vera@acme.by", "booking_chain_administrator")).await;
        let vera = first(&site, &form).await;
        let page = invitations::list(&site.app, &caller(&site.anna), &Default::default()).await.expect("a list");
        assert_eq!((page.to_approve, page.rows.len()), (0, 0));
        invitations::resend(&site.app, &caller(&site.anna), &site.invitation_of(&vera).await).await.expect("proposed");
        assert_eq!(listed(&site, &vera).await.as_deref(), Some("awaiting_approval"));
        assert_eq!(site.messages_to(&vera).await, 0, "nothing leaves by one word");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_are_added_by_a_job_at_once_and_nobody_is_sent_anything() {
    both(|db| async {
        let site = site_that_adds(&LEARNING, db).await;
        let all: Vec<String> = (0..450).map(|n| format!("p{n}@guests.example")).collect();
        let form = add(&site, &wish(&site, &all.join("\n"), "learning_learner")).await;
        let stop = CancellationToken::new();
        let worker = tokio::spawn(jobs::run_every(site.app.clone(), stop.clone(), StdDuration::from_millis(50)));
        crate::support::until_at_last("everybody is added", || async {
            held::draft(&site.app, &caller(&site.anna), &form).await.is_ok_and(|draft| draft.progress.is_none())
        })
        .await;
        stop.cancel();
        worker.await.expect("the worker");
        let draft = held::draft(&site.app, &caller(&site.anna), &form).await.expect("the form");
        assert_eq!((draft.sent_in_all, draft.rows.len(), draft.only_adds), (450, 0, true));
        assert_eq!(site.number("select count(*) as n from messages").await, 0);
        let not_invited = "select count(distinct person) as n from roster where status = 'not_invited'";
        assert_eq!(site.number(not_invited).await, 450);
        // Once more: they are here, and the list says as what.
        let again = InviteForm { only_check: true, ..wish(&site, "p7@guests.example", "learning_learner") };
        let seen = held::draft(&site.app, &caller(&site.anna), &add(&site, &again).await).await.expect("the form");
        let status = match &seen.rows[0].verdict {
            usher::domain::review::Verdict::Known { status, .. } => *status,
            other => panic!("{other:?}"),
        };
        assert_eq!(status, Status::NotInvited);
    })
    .await;
}
