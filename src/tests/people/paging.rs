//! The pages of the list: walked forth and back, everybody stands on exactly one, in every order and with every filter.

use super::caller;
use crate::support::crowd::{State, Wanted};
use crate::support::databases::both;
use crate::support::site::TestSite;
use std::collections::BTreeSet;
use usher::domain::facet::InvitationFacet;
use usher::domain::id::UserId;
use usher::domain::listing::{Cursor, Matching, PAGE, Sort, UserQuery};
use usher::domain::user::Status;
use usher::server::use_cases::users;
use usher::view_models::UsersPage;

async fn page(site: &TestSite, query: &UserQuery) -> UsersPage {
    users::list(&site.app, &caller(&site.anna), query).await.expect("a page")
}

/// Walks forth to the end, then back to the beginning; the people in the order of each walk.
async fn walk(site: &TestSite, query: &UserQuery) -> (Vec<UserId>, Vec<UserId>) {
    let ids = |page: &UsersPage| page.rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>();
    let mut now = page(site, query).await;
    assert_eq!(now.previous, None, "the first page has none before it");
    let mut forth = ids(&now);
    while let Some(next) = now.next.clone() {
        now = page(site, &UserQuery { from: Cursor::After(next.to_string()), ..query.clone() }).await;
        forth.extend(ids(&now));
        assert!(forth.len() <= 1_000, "no end");
    }
    let mut back = ids(&now);
    while let Some(previous) = now.previous.clone() {
        now = page(site, &UserQuery { from: Cursor::Before(previous.to_string()), ..query.clone() }).await;
        assert!(!now.rows.is_empty(), "no empty page on the way back");
        back.splice(0..0, ids(&now));
        assert!(back.len() <= 1_000, "no end");
    }
    (forth, back)
}

#[tokio::test(flavor = "multi_thread")]
async fn forth_and_back_show_everybody_exactly_once_in_every_order() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        // Names that repeat, names that are missing, ё beside е, capitals, two alphabets.
        let names = ["Анна", "анна", "Ёлкин", "Елкин", "Ежов", "Zoe", "zoe", "", "Same", "Same", "Éva", "_"];
        let wanted: Vec<Wanted> = (0..156)
            .map(|n| {
                let role = ["employee", "dispatcher"][n % 2];
                let state = if n % 3 == 0 { State::Invited } else { State::Active };
                Wanted::new(names[n % names.len()], &format!("p{n:03}@acme.by"), role, &site.company, state)
            })
            .collect();
        let mut all: BTreeSet<UserId> = site.add_all(&wanted).await.into_iter().collect();
        all.insert(site.anna.clone());
        for sort in Sort::ALL {
            let (forth, back) = walk(&site, &UserQuery { sort, ..UserQuery::default() }).await;
            assert_eq!(forth.len(), 157, "{sort:?}");
            assert_eq!(forth.iter().cloned().collect::<BTreeSet<_>>(), all, "{sort:?}");
            assert_eq!(back, forth, "{sort:?}");
            // Not by chance in this order: the other direction is the same, turned round.
            let (mut other, _) = walk(&site, &UserQuery { sort: sort.reversed(), ..UserQuery::default() }).await;
            other.reverse();
            assert_eq!(other, forth, "{sort:?}");
            for (query, expected) in [
                (UserQuery { search: "acme".into(), sort, ..UserQuery::default() }, 157),
                (UserQuery { search: "p".into(), sort, ..UserQuery::default() }, 157),
                (UserQuery { status: Some(Status::Invited), sort, ..UserQuery::default() }, 52),
                (UserQuery { role: Some(site.role("dispatcher").id.clone()), sort, ..UserQuery::default() }, 78),
                (UserQuery { search: "p0".into(), status: Some(Status::Active), sort, ..UserQuery::default() }, 66),
                (UserQuery { sort, ..UserQuery::default() }.with_facet(InvitationFacet::Invited), 157),
                (UserQuery { sort, ..UserQuery::default() }.with_facet(InvitationFacet::Error), 0),
                (
                    UserQuery { search: "p0".into(), sort, ..UserQuery::default() }
                        .with_facet(InvitationFacet::Invited),
                    100,
                ),
            ] {
                let (forth, back) = walk(&site, &query).await;
                assert_eq!(forth.len(), expected, "{query:?}");
                assert_eq!(forth.iter().collect::<BTreeSet<_>>().len(), expected, "{query:?}");
                assert_eq!(back, forth, "{query:?}");
                assert_eq!(page(&site, &query).await.matching, Matching::Exactly(expected as i64), "{query:?}");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_last_page_has_no_page_after_it_and_names_sort_as_people_read_them() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let wanted: Vec<Wanted> = (1..2 * PAGE)
            .map(|n| {
                Wanted::new(&format!("Name {n:03}"), &format!("p{n}@acme.by"), "employee", &site.company, State::Active)
            })
            .collect();
        site.add_all(&wanted).await;
        let first = page(&site, &UserQuery::default()).await;
        let after = Cursor::After(first.next.clone().expect("a second page").to_string());
        let second = page(&site, &UserQuery { from: after, ..UserQuery::default() }).await;
        assert_eq!((first.rows.len(), second.rows.len(), second.next), (PAGE, PAGE, None));
        assert_eq!(first.rows[0].name, "Anna Petrova");

        let role = Some(site.role("dispatcher").id.clone());
        for name in ["Ёлкин", "ежов", "Елизаров", "Яна", "Анна", "adam", "Boris"] {
            site.add(
                name,
                &format!("d{}@acme.by", name.len() * 7 + name.chars().next().map_or(0, |c| c as usize)),
                "dispatcher",
                &site.company,
                State::Active,
            )
            .await;
        }
        let listed = page(&site, &UserQuery { role, ..UserQuery::default() }).await;
        let names: Vec<&str> = listed.rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["adam", "Boris", "Анна", "ежов", "Елизаров", "Ёлкин", "Яна"]);
    })
    .await;
}
