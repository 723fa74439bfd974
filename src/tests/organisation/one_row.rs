//! W-11: whoever sees all the places of an address sees one person with one row, and what is offered beside it as an offer;
//! whoever sees one place alone learns of no other (rule 40).

use super::Chain;
use crate::people::caller;
use crate::people::counts::{listed, recounted};
use crate::support::browser::Browser;
use crate::support::crowd::State;
use crate::support::databases::both;
use usher::domain::id::{InvitationId, UnitId, UserId};
use usher::domain::listing::UserQuery;
use usher::domain::timestamp::Duration;
use usher::domain::user::Status;
use usher::server::storage::{roster, unfinished};
use usher::server::use_cases::{deletion, invitations, users};
use usher::view_models::{UserSummary, UsersPage};

const ADDRESS: &str = "known@acme.by";

/// The rows of a list that have the address, whatever is asked; the counts say what the list shows.
async fn asked(chain: &Chain, by: &UserId, query: UserQuery) -> Vec<UserSummary> {
    let page: UsersPage = users::list(&chain.site.app, &caller(by), &query).await.expect("a list");
    page.rows.into_iter().filter(|row| row.email.as_deref() == Some(ADDRESS)).collect()
}

async fn rows(chain: &Chain, by: &UserId, unit: Option<&UnitId>) -> Vec<UserSummary> {
    asked(chain, by, UserQuery { unit: unit.cloned(), ..UserQuery::default() }).await
}

/// The only row of the address in the list of everybody, however it is looked for; the lists are what the facts say.
async fn only(chain: &Chain, what: &str) -> UserSummary {
    let site = &chain.site;
    while unfinished::do_a_part(&site.app.db, site.app.clock.now()).await.expect("a part") {}
    assert_eq!(listed(site).await, recounted(site).await, "{what}");
    let mut found = rows(chain, &site.anna, None).await;
    assert_eq!(found.len(), 1, "{what}: {found:?}");
    let row = found.remove(0);
    chain.names(&site.anna, None).await;
    let status = Some(row.status);
    let role = Some(row.held[0].place.role.clone());
    let search = ADDRESS.to_string();
    for query in [
        UserQuery { search: search.clone(), ..UserQuery::default() },
        UserQuery { status, ..UserQuery::default() },
        UserQuery { role: role.clone(), ..UserQuery::default() },
        UserQuery { search, status, role, ..UserQuery::default() },
    ] {
        assert_eq!(asked(chain, &site.anna, query.clone()).await, std::slice::from_ref(&row), "{what}: {query:?}");
    }
    for other in Status::ALL.into_iter().filter(|other| *other != row.status) {
        let query = UserQuery { status: Some(other), ..UserQuery::default() };
        assert!(asked(chain, &site.anna, query).await.is_empty(), "{what}: also {other:?}");
    }
    row
}

fn offered(row: &UserSummary) -> Vec<&str> {
    row.also_offered.iter().map(|held| held.unit.as_str()).collect()
}

async fn invite(chain: &Chain, nth: usize) -> (UserId, InvitationId) {
    let unit = [&chain.north, &chain.south][nth];
    let draft = chain.invite(&chain.admins[nth], ADDRESS, &[unit], "employee").await.expect("sent");
    let sent = &draft.sent[0];
    (sent.user_id.clone(), sent.invitation.clone())
}

/// Everything that somebody who sees one branch can learn of the address.
async fn learned(chain: &Chain, by: &UserId, id: &UserId) -> String {
    let card = users::card(&chain.site.app, &caller(by), id).await.expect("a card");
    format!("{:?} {card:?}", rows(chain, by, None).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_in_one_place_and_invited_to_another_has_one_row() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (site, [nina, sam]) = (&chain.site, &chain.admins);
        let (app, anna) = (&site.app, caller(&site.anna));
        let known = site.add("Olga", ADDRESS, "employee", &chain.south, State::Active).await;
        let before = learned(&chain, sam, &known).await;
        let (placeholder, invitation) = invite(&chain, 0).await;

        let row = only(&chain, "invited").await;
        assert_eq!((row.id.clone(), row.status, offered(&row)), (known.clone(), Status::Active, vec!["North"]));
        assert_eq!(row.held.len(), 1, "the offer is beside what is held");
        let card = users::card(app, &anna, &known).await.expect("a card");
        assert_eq!(card.invitations.iter().map(|one| &one.id).collect::<Vec<_>>(), [&invitation]);
        assert_eq!(offered(&card.user), ["North"]);
        assert!(card.history.iter().any(|line| line.unit.as_deref() == Some("North")), "{:?}", card.history);
        // In the list of one branch, also for whoever sees both, stands who is there.
        assert_eq!(rows(&chain, &site.anna, Some(&chain.north.id)).await[0].id, placeholder);
        assert_eq!(rows(&chain, &site.anna, Some(&chain.south.id)).await[0].id, known);
        // Whoever sees one branch learns nothing of the other.
        assert_eq!(learned(&chain, sam, &known).await, before);
        let of_nina = learned(&chain, nina, &placeholder).await;
        assert!(!of_nina.contains("Olga") && !of_nina.contains("South"), "{of_nina}");
        assert!(users::card(app, &caller(nina), &known).await.is_err());
        assert!(users::card(app, &caller(sam), &placeholder).await.is_err());

        // What is dealt with from the card is the invitation itself.
        invitations::withdraw(app, &anna, &invitation).await.expect("withdrawn");
        let row = only(&chain, "withdrawn").await;
        assert!(row.id == known && row.also_offered.is_empty(), "{row:?}");
        invitations::resend(app, &anna, &invitation).await.expect("sent again");
        assert_eq!(offered(&only(&chain, "sent again").await), ["North"]);
        site.pass(Duration::hours(9));
        let mut tx = app.db.maintain().await.expect("a transaction");
        while roster::sweep(&mut tx, app.clock.now()).await.expect("a sweep") > 0 {}
        tx.commit().await.expect("a commit");
        let row = only(&chain, "expired").await;
        assert!(row.id == known && row.also_offered.is_empty(), "{row:?}");
        invitations::resend(app, &anna, &invitation).await.expect("sent again");

        users::block(app, &anna, &known, "").await.expect("blocked");
        let row = only(&chain, "blocked").await;
        assert_eq!((row.id, row.status), (known.clone(), Status::Blocked));
        users::unblock(app, &anna, &known).await.expect("unblocked");
        users::archive(app, &anna, &known).await.expect("archived");
        let row = only(&chain, "left, and invited again").await;
        assert!(row.id == placeholder && row.status != Status::Archived, "{row:?}");
        users::bring_back(app, &anna, &known).await.expect("back");
        assert_eq!(only(&chain, "back").await.id, known);
        // Offers that were blocked, archived or deleted are none.
        users::block(app, &anna, &placeholder, "").await.expect("blocked");
        assert!(only(&chain, "the offer is blocked").await.also_offered.is_empty());
        users::unblock(app, &anna, &placeholder).await.expect("unblocked");
        assert_eq!(offered(&only(&chain, "the offer is back").await), ["North"]);

        let mut olga = Browser::signed_in(app, &known).await;
        let link = format!("/i/{}", site.link_of(&invitation).await);
        assert!(olga.post_form(&format!("{link}/join"), &[]).await.is_done());
        let row = only(&chain, "joined").await;
        assert_eq!((row.id.clone(), row.held.len(), row.also_offered.len()), (known.clone(), 2, 0));
        assert_eq!(rows(&chain, &site.anna, Some(&chain.north.id)).await[0].id, known);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_two_invited_has_one_row_in_either_order() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (site, anna) = (&chain.site, caller(&chain.site.anna));
        for first in [0, 1] {
            let (one, of_one) = invite(&chain, first).await;
            let alone = learned(&chain, &chain.admins[first], &one).await;
            let (other, of_other) = invite(&chain, 1 - first).await;
            assert_ne!(one, other);
            assert_eq!(learned(&chain, &chain.admins[first], &one).await, alone, "of the second nothing is told");
            let row = only(&chain, "two offers").await;
            assert_eq!(row.id, one);
            assert_eq!(offered(&row), [["South", "North"][first]]);
            let card = users::card(&site.app, &anna, &one).await.expect("a card");
            assert_eq!(card.invitations.len(), 2);

            // The first one's offer goes: the second stands alone; then it comes back.
            invitations::withdraw(&site.app, &anna, &of_one).await.expect("withdrawn");
            assert_eq!(only(&chain, "the first is withdrawn").await.id, other);
            invitations::resend(&site.app, &anna, &of_one).await.expect("sent again");
            assert_eq!(only(&chain, "sent again").await.id, one);

            // By the second one's link.
            let link = format!("/i/{}", site.link_of(&of_other).await);
            let mut browser = Browser::new(&site.app);
            assert!(browser.register_at(&link).await.is_done());
            let row = only(&chain, "came in").await;
            assert_eq!((row.status, row.name.as_str()), (Status::Active, "Ivan Ivanov"));
            let person = row.id;
            deletion::delete(&site.app, &anna, &person, ADDRESS).await.expect("deleted");
            while let Some(left) = rows(&chain, &site.anna, None).await.pop() {
                assert_eq!(only(&chain, "what is left").await.id, left.id);
                deletion::delete(&site.app, &anna, &left.id, ADDRESS).await.expect("deleted");
            }
            assert_eq!(listed(site).await, recounted(site).await);
            // An address gets a few messages in an hour.
            site.pass(Duration::hours(2));
        }
    })
    .await;
}

/// Whoever is deleted leaves a row to whoever else has the address.
#[tokio::test(flavor = "multi_thread")]
async fn the_offer_to_somebody_who_is_deleted_has_its_row_again() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (site, anna) = (&chain.site, caller(&chain.site.anna));
        let known = site.add("Olga", ADDRESS, "employee", &chain.south, State::Active).await;
        let (placeholder, _) = invite(&chain, 0).await;
        assert_eq!(only(&chain, "invited").await.id, known);
        deletion::delete(&site.app, &anna, &known, ADDRESS).await.expect("deleted");
        assert_eq!(only(&chain, "deleted").await.id, placeholder);
        deletion::delete(&site.app, &anna, &placeholder, ADDRESS).await.expect("deleted");
        assert!(rows(&chain, &site.anna, None).await.is_empty());
        assert_eq!(listed(site).await, recounted(site).await);
    })
    .await;
}
