//! Many people are brought into a unit at once, or moved there; each as whoever asks may do it one by one.

use super::{ask, look, named, people};
use crate::people::caller;
use crate::support::browser::Browser;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::html::form_to;
use crate::support::site::TestSite;
use usher::domain::bulk::BulkOutcome;
use usher::domain::error::{Conflict, Invalid, UseCaseError};
use usher::domain::id::UserId;
use usher::domain::timestamp::{Duration, Timestamp};
use usher::domain::user::UserAction;
use usher::server::use_cases::bulk::{self, BulkTerms};

async fn units(site: &TestSite, id: &UserId) -> Vec<String> {
    let card = Browser::signed_in(&site.app, &site.anna).await.card(id).await;
    let mut units: Vec<String> = card.user.held.iter().map(|held| held.unit.clone()).collect();
    units.sort();
    units
}

/// Since when somebody stands in the first of their units.
async fn since_when(site: &TestSite, id: &UserId) -> Timestamp {
    Browser::signed_in(&site.app, &site.anna).await.card(id).await.user.held[0].since
}

#[tokio::test(flavor = "multi_thread")]
async fn many_are_brought_into_a_unit_or_moved_there() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let (north, south) = (
            site.add_branch("North branch", &site.company).await,
            site.add_branch("South branch", &site.company).await,
        );
        let company = site.company.name.clone();
        let all = people(&site, 3, State::Active).await;
        let invited = site.add("Invited", "invited@acme.by", "employee", &site.company, State::Invited).await;
        let both_places = site.add("Both", "both@acme.by", "employee", &site.company, State::Active).await;
        let who: Vec<&UserId> = all.iter().chain([&invited, &both_places]).collect();
        let terms = |unit: &str, leaves| BulkTerms { unit: unit.into(), leaves, ..BulkTerms::default() };

        let id = ask(&site, &site.anna, &named(UserAction::AddPlace, &who)).await.expect("asked");
        let page = look(&site, &site.anna, &id).await;
        assert!(page.units.iter().any(|unit| unit.name == "North branch"), "{:?}", page.units);
        for unit in ["", "nowhere"] {
            let refused = bulk::start(&site.app, &caller(&site.anna), &id, &terms(unit, false)).await;
            assert_eq!(refused, Err(UseCaseError::Invalid(Invalid::Unit)), "{unit}");
        }
        bulk::start(&site.app, &caller(&site.anna), &id, &terms(north.id.as_str(), false)).await.expect("done");
        assert_eq!(look(&site, &site.anna, &id).await.people(BulkOutcome::Done), 5);
        for id in &who {
            assert_eq!(units(&site, id).await, [company.clone(), "North branch".into()]);
        }

        // Who stands in two units is moved by hand; who is there already stays.
        let one = site.add("One", "one@acme.by", "employee", &north, State::Active).await;
        let there = site.add("There", "there@acme.by", "employee", &south, State::Active).await;
        let id =
            ask(&site, &site.anna, &named(UserAction::AddPlace, &[&one, &there, &both_places])).await.expect("asked");
        let page = look(&site, &site.anna, &id).await;
        assert_eq!((page.to_come(), page.people(BulkOutcome::PassedOver)), (2, 1));
        let why = page
            .groups
            .iter()
            .find(|group| group.outcome == BulkOutcome::PassedOver)
            .and_then(|group| group.refusal.clone());
        assert_eq!(why, Some(UseCaseError::Conflict(Conflict::SeveralPlaces)));
        let since = since_when(&site, &one).await;
        site.pass(Duration::hours(2));
        // As the page does it, without script.
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let shown = anna.get(&format!("/users/many/{id}")).await.text();
        let form = form_to(&shown, "/api/start-bulk").with("unit", south.id.as_str());
        let mut fields = form.pairs();
        fields.push(("leaves", "on"));
        let answer = anna.post_form("/api/start-bulk", &fields).await;
        assert_eq!(answer.status.as_u16(), 303, "{}", answer.text());
        let page = look(&site, &site.anna, &id).await;
        assert_eq!((page.people(BulkOutcome::Done), page.people(BulkOutcome::Failed)), (1, 1), "{:?}", page.groups);
        assert_eq!(units(&site, &one).await, ["South branch"]);
        assert_eq!(since_when(&site, &one).await, since, "they are no newer for having moved");
        assert_eq!(units(&site, &there).await, ["South branch"]);
    })
    .await;
}
