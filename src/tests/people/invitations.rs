//! The list of invitations: whichever way it is read, with few people or with many, it is the same one; each row carries
//! its own timeline and nobody else's.

use super::caller;
use crate::support::crowd::{State, Wanted};
use crate::support::databases::both;
use crate::support::site::TestSite;
use usher::domain::audit::AuditAction;
use usher::domain::id::InvitationId;
use usher::domain::listing::{Cursor, PAGE};
use usher::domain::timestamp::{Duration, Timestamp};
use usher::domain::unit::Unit;
use usher::domain::user::Status;
use usher::server::random;
use usher::server::storage::invitations as stored;
use usher::server::use_cases::invitations;
use usher::view_models::{Happening, InvitationsPage};

/// More than the people of whom a list is put together by sorting them.
const MANY: i64 = 100_000;

async fn page(site: &TestSite, unit: &Unit, status: Option<Status>, from: &Cursor) -> InvitationsPage {
    invitations::list(&site.app, &caller(&site.anna), Some(&unit.id), status, from).await.expect("a page")
}

/// Somebody of two companies among them, people in every state, and more than a page.
async fn crowded(site: &TestSite) -> Unit {
    let other = site.add_company("Beta").await;
    let mut wanted = Vec::new();
    for n in 0..80 {
        let unit = if n % 4 == 0 { &other } else { &site.company };
        let email = format!("p{n:02}@acme.by");
        wanted.push(Wanted::new("", &email, "employee", unit, State::ALL[n % State::ALL.len()]));
    }
    let both = vec![site.company.id.clone(), other.id.clone()];
    wanted.push(Wanted { units: both, ..Wanted::new("", "both@acme.by", "employee", &other, State::Invited) });
    site.add_all(&wanted).await;
    other
}

#[tokio::test(flavor = "multi_thread")]
async fn few_and_many_people_are_read_in_other_ways_and_give_the_same_pages() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let other = crowded(&site).await;
        for unit in [&site.root, &site.company, &other] {
            for status in [None, Some(Status::Invited), Some(Status::Expired), Some(Status::Active)] {
                let first = page(&site, unit, status, &Cursor::Start).await;
                assert!(!first.rows.is_empty(), "{} {status:?}", unit.name);
                assert!(first.rows.windows(2).all(|two| two[0].id > two[1].id), "newest first");
                let middle = first.rows[first.rows.len() / 2].id.as_str().to_string();
                for from in [Cursor::Start, Cursor::After(middle.clone()), Cursor::Before(middle)] {
                    let mut tx = site.app.db.read().await.expect("a connection");
                    let mut ways: Vec<Vec<InvitationId>> = Vec::new();
                    for people in [1, MANY] {
                        let found = stored::page(&mut tx, &unit.path, status, people, &from).await.expect("a page");
                        ways.push(found.into_iter().map(|invitation| invitation.id).collect());
                    }
                    assert_eq!(ways[0], ways[1], "{} {status:?} {from:?}", unit.name);
                }
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_join_up_and_every_row_tells_its_own_story() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        crowded(&site).await;
        let first = page(&site, &site.root, None, &Cursor::Start).await;
        assert_eq!(first.rows.len(), PAGE);
        let second = page(&site, &site.root, None, &Cursor::After(first.next.clone().expect("a next page"))).await;
        assert_eq!(first.rows.len() + second.rows.len(), 81);
        assert_eq!(second.next, None);
        let back = page(&site, &site.root, None, &Cursor::Before(second.previous.clone().expect("a way back"))).await;
        assert_eq!(back.rows, first.rows);

        let of_both = first.rows.iter().find(|row| row.address == "both@acme.by").expect("the row");
        assert_eq!(of_both.held.len(), 2);
        let [invited, plain] = [of_both, &first.rows[1]].map(|row| row.id.clone());
        invitations::withdraw(&site.app, &caller(&site.anna), &invited).await.expect("withdrawn");
        let now = page(&site, &site.root, None, &Cursor::Start).await;
        let story = |id: &InvitationId| {
            let row = now.rows.iter().find(|row| row.id == *id).expect("the row");
            row.history.iter().map(|line| line.happening.clone()).collect::<Vec<_>>()
        };
        assert!(story(&invited).contains(&Happening::AuditAction(AuditAction::Withdrawn)), "{:?}", story(&invited));
        assert!(!story(&plain).contains(&Happening::AuditAction(AuditAction::Withdrawn)), "{:?}", story(&plain));
        let row = now.rows.iter().find(|row| row.id == invited).expect("the row");
        assert_eq!(row.status, Status::Withdrawn);
        assert_eq!(row.invited_by.as_ref().map(|person| &person.id), Some(&site.anna));
    })
    .await;
}

/// Whoever has not come in for days is found without turning pages.
#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_read_on_from_an_age() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        // Made by hand: beside tests that let years pass, ids are made as if it were later.
        let made = |id: &mut InvitationId, ago: Duration| {
            *id = InvitationId::new(random::first_id_at(Timestamp(site.app.clock.now().0 - ago.0)));
        };
        let old = site.invite_with("Ivan", "ivan@acme.by", |new| made(&mut new.id, Duration::days(5))).await.user;
        let new = site.invite_with("Olga", "olga@acme.by", |new| made(&mut new.id, Duration(0))).await.user;
        let found = page(&site, &site.root, None, &Cursor::Start).await;
        let older = async |days: i64| {
            let (_, row) = found.older.iter().find(|(age, _)| *age == days).expect("an age").clone();
            let rows = page(&site, &site.root, None, &Cursor::After(row)).await.rows;
            rows.into_iter().map(|row| row.user_id).collect::<Vec<_>>()
        };
        assert_eq!(found.rows.iter().map(|row| row.user_id.clone()).collect::<Vec<_>>(), [new, old.clone()]);
        assert_eq!(older(3).await, [old]);
        assert_eq!(older(7).await, []);
    })
    .await;
}

/// L-13: behind the last page of a view stands that the page is empty, and the way to the first; never that there are none.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_past_the_end_leads_to_the_first_one() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        site.invite("Ivan", "ivan@acme.by").await;
        let mut anna = crate::support::browser::Browser::signed_in(&site.app, &site.anna).await;
        let (oldest, newest) = ("0000", "ffff");
        for page in [
            format!("/invitations?status=waiting&after={oldest}"),
            format!("/invitations?after={oldest}"),
            format!("/invitations?status=waiting&before={newest}"),
            format!("/users?after={oldest}"),
            format!("/users?status=waiting&q=ivan&after={newest}"),
            format!("/audit?after={oldest}"),
        ] {
            let text = anna.get(&page).await.text();
            let says = text.contains("This page of the list is empty")
                || text.contains("No more events here")
                || text.contains("Ivan");
            assert!(says, "{page}: {text}");
            assert!(!text.contains("No invitations") && !text.contains("No users yet"), "{page}");
        }
    })
    .await;
}
